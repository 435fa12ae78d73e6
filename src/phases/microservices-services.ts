import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Queues } from "../components/aws/queues.ts";
import { PodIdentity } from "../components/aws/pod-identity.ts";
import type { Registry } from "../components/aws/registry.ts";
import { StoredSecret } from "../components/aws/secret.ts";
import { serviceStatements } from "../components/aws/service-identity.ts";
import type { Storage } from "../components/aws/storage.ts";
import { WORKLOAD_LABEL } from "../components/aws/node-groups.ts";
import { Gateway } from "../components/kubernetes/gateway.ts";
import { Namespace } from "../components/kubernetes/namespace.ts";
import { type Platform, createExternalSecret } from "../components/kubernetes/platform.ts";
import { METRICS_ACCOUNT } from "../components/kubernetes/releases.ts";
import { Microservice } from "../components/kubernetes/service.ts";
import type { StackContext } from "../concepts/context.ts";
import { SERVICES, type Service } from "../concepts/services.ts";
import { stateful } from "../concepts/statefulness.ts";
import { hostDefaults } from "../host/spec.ts";
import type { MicroservicesSettings } from "../settings/microservices.ts";
import { ENTERPRISE, SERVICE_VALUES } from "./microservices-values.ts";

/** Namespace of the services in the cluster. */
export const SERVICES_NAMESPACE = "jatsmanor";

/** CloudWatch namespace of what the services count: bookings, payments, registrations, searches. */
export const metricsNamespace = ({ naming }: StackContext): string => `Jatsmanor/${naming.environment}`;

export interface ServicesArgs {
  settings: MicroservicesSettings;
  context: StackContext;
  accountId: pulumi.Input<string>;
  cluster: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  keyArn: pulumi.Input<string>;
  registry: Registry<Service>;
  queues: Queues<Service>;
  storage: Storage;
  database: { address: pulumi.Input<string>; readerAddress: pulumi.Input<string> };
  cache: { endpoint: pulumi.Output<string>; password: pulumi.Input<string> };
  search: { endpoint: pulumi.Input<string>; user: string; password: pulumi.Input<string> };
}

/** What the services need at AWS, whether they are deployed yet or not: secrets and identities, one of each. */
export class ServiceAccess extends pulumi.ComponentResource {
  readonly secrets: Record<Service, StoredSecret>;

  constructor(name: string, args: ServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:ServiceAccess", name, { services: [...SERVICES] }, opts);
    const { context, keyArn, queues, storage } = args;
    const each = <T>(make: (service: Service) => T) =>
      Object.fromEntries(SERVICES.map((service) => [service, make(service)])) as Record<Service, T>;
    this.secrets = each((service) => {
      const passwordName = `${name}-${service}-database-password`;
      const password = new random.RandomPassword(
        passwordName,
        { length: 40, special: false },
        { parent: this, ...stateful(context.guard, "key", passwordName) },
      );
      return new StoredSecret(
        `${name}-${service}`,
        {
          context,
          part: `services/${service}`,
          keyArn,
          values: {
            APP_KEY: args.settings.appKey,
            DB_PASSWORD: password.result,
            REDIS_PASSWORD: args.cache.password,
            ...(service === "property" ? { OPENSEARCH_PASSWORD: args.search.password } : {}),
          },
        },
        { parent: this },
      );
    });
    for (const service of SERVICES) {
      const { worksFor, keepsFiles } = SERVICE_VALUES[service];
      new PodIdentity(
        `${name}-${service}-identity`,
        {
          context,
          accountId: args.accountId,
          clusterName: args.cluster.name,
          clusterArn: args.cluster.arn,
          namespace: SERVICES_NAMESPACE,
          serviceAccount: service,
          allow: serviceStatements({
            own: queues.queues[service],
            metrics: metricsNamespace(context),
            others: worksFor.map((other) => queues.queues[other]),
            ...(keepsFiles ? { files: { bucketArn: storage.media.arn, prefix: `storage/${service}/`, keyArn } } : {}),
          }),
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

export interface WorkloadsArgs extends ServicesArgs {
  platform: Platform;
  secrets: Record<Service, StoredSecret>;
  targetGroupArn: pulumi.Input<string>;
}

/** The services in the cluster: their namespace, one deployment each, and the mesh's door in front of them. */
export class Workloads extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: WorkloadsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:kubernetes:Workloads", name, { images: { ...args.settings.images } }, opts);
    const { context, settings, platform } = args;
    const { releases, namespaces } = platform;
    const child = { parent: this };
    this.namespace = new Namespace(
      `${name}-namespace`,
      {
        context,
        namespace: SERVICES_NAMESPACE,
        dataClass: "personal",
        podSecurity: "restricted",
        mesh: true,
        closed: { quota: ENTERPRISE.quota, defaults: SERVICE_VALUES.translation.size },
      },
      child,
    ).namespaceName;
    const deployed = SERVICES.flatMap((service) => {
      const digest = settings.images[service];
      return digest === undefined ? [] : [{ service, microservice: this.deploy(name, args, service, digest) }];
    });
    new Gateway(
      `${name}-gateway`,
      {
        context,
        namespaces: {
          mesh: namespaces["istio-system"],
          ingress: namespaces["istio-ingress"],
          services: this.namespace,
        },
        hostNames: [settings.domain, `www.${settings.domain}`],
        routes: deployed.flatMap(({ service, microservice }) =>
          SERVICE_VALUES[service].paths.map((prefix) => ({ prefix, service, host: microservice.host })),
        ),
        callers: Object.fromEntries(deployed.map(({ service }) => [service, SERVICE_VALUES[service].calledBy])),
        targetGroupArn: args.targetGroupArn,
        metricsAccount: { namespace: namespaces.observability, account: METRICS_ACCOUNT },
        after: [releases["istio-ingress"], releases["load-balancer-controller"]],
      },
      child,
    );
    this.registerOutputs({ namespace: this.namespace });
  }

  private deploy(name: string, args: WorkloadsArgs, service: Service, digest: string): Microservice {
    const { context, platform } = args;
    const values = SERVICE_VALUES[service];
    const secret = createExternalSecret(
      `${name}-${service}-secret`,
      {
        context,
        namespace: this.namespace,
        secretName: service,
        store: platform.secretStore,
        remoteName: args.secrets[service].secretName,
      },
      this,
    );
    return new Microservice(
      `${name}-${service}`,
      {
        context,
        namespace: this.namespace,
        service,
        plan: { purpose: values.purpose, calledBy: values.calledBy, size: values.size },
        image: pulumi.interpolate`${args.registry.urls[service]}@${digest}`,
        environment: environmentOf(args, service),
        secretName: secret.metadata.name,
        replicas: ENTERPRISE.replicas,
        healthPath: hostDefaults.app.healthPath,
        data: { cidrs: ENTERPRISE.network.tiers.data, ports: [3306, 6379, 443] },
        nodes: { [WORKLOAD_LABEL]: "application" },
        ingressNamespace: platform.namespaces["istio-ingress"],
        metricsNamespace: platform.namespaces.observability,
        after: [platform.releases.ztunnel],
      },
      { parent: this },
    );
  }
}

/** Laravel's environment of a service, without secrets. Each has a schema and a database user of its own. */
function environmentOf(args: ServicesArgs, service: Service): Record<string, pulumi.Input<string>> {
  const { settings, database, cache, search, queues, storage } = args;
  const { worksFor, keepsFiles } = SERVICE_VALUES[service];
  const [cacheHost, cachePort] = [0, 1].map((part) => cache.endpoint.apply((text) => text.split(":")[part] ?? ""));
  return {
    APP_NAME: `jatsmanor-${service}`,
    APP_ENV: "production",
    APP_DEBUG: "false",
    APP_URL: `https://${settings.domain}`,
    LOG_CHANNEL: "stderr",
    TELESCOPE_ENABLED: "false",
    DB_CONNECTION: "mysql",
    DB_HOST: database.address,
    DB_READ_HOST: database.readerAddress,
    DB_PORT: "3306",
    DB_DATABASE: `jatsmanor_${service}`,
    DB_USERNAME: `jatsmanor_${service}`,
    MYSQL_ATTR_SSL_CA: "/etc/ssl/certs/ca-certificates.crt",
    REDIS_CLUSTER: "redis",
    REDIS_HOST: pulumi.interpolate`tls://${cacheHost}`,
    REDIS_PORT: cachePort ?? "6379",
    CACHE_STORE: "redis",
    SESSION_DRIVER: "redis",
    QUEUE_CONNECTION: "sqs",
    SQS_QUEUE: queues.queues[service].url,
    ...Object.fromEntries(worksFor.map((other) => [`SQS_QUEUE_${other.toUpperCase()}`, queues.queues[other].url])),
    METRICS_NAMESPACE: metricsNamespace(args.context),
    AWS_DEFAULT_REGION: ENTERPRISE.region,
    ...(keepsFiles
      ? { FILESYSTEM_DISK: "s3", AWS_BUCKET: storage.media.bucketName, AWS_PREFIX: `storage/${service}` }
      : {}),
    ...(service === "property"
      ? { SCOUT_DRIVER: "opensearch", OPENSEARCH_HOST: search.endpoint, OPENSEARCH_USER: search.user }
      : {}),
  };
}
