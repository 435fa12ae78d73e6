import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { AFTER_NODES, AddOns, BEFORE_NODES } from "../components/aws/add-ons.ts";
import { Alerting } from "../components/aws/alerting.ts";
import { cacheAlarms, loadBalancerAlarms, siteAlarm } from "../components/aws/alarms.ts";
import { ApiGateway } from "../components/aws/api-gateway.ts";
import { Audit } from "../components/aws/audit.ts";
import { Budget } from "../components/aws/budget.ts";
import { BUSINESS_ALERTS, BusinessAlarms } from "../components/aws/business-alarms.ts";
import { Cache } from "../components/aws/cache.ts";
import { Certificates } from "../components/aws/certificate.ts";
import { controllerIdentities } from "../components/aws/cluster-identities.ts";
import { Cluster } from "../components/aws/cluster.ts";
import { DatabaseCluster } from "../components/aws/database-cluster.ts";
import { Dns } from "../components/aws/dns.ts";
import { Edge } from "../components/aws/edge.ts";
import { EncryptionKey, type EncryptionKeyArgs } from "../components/aws/encryption.ts";
import { ImagePublisher } from "../components/aws/image-publisher.ts";
import { LoadBalancer } from "../components/aws/load-balancer.ts";
import { ManagedBackup } from "../components/aws/managed-backup.ts";
import { Network } from "../components/aws/network.ts";
import { NodeGroups } from "../components/aws/node-groups.ts";
import { databaseClusterAlarms, queueAlarms, searchAlarms } from "../components/aws/platform-alarms.ts";
import { PodIdentity } from "../components/aws/pod-identity.ts";
import { Posture } from "../components/aws/posture.ts";
import { Queues } from "../components/aws/queues.ts";
import { Registry } from "../components/aws/registry.ts";
import { Search } from "../components/aws/search.ts";
import { StoredSecret } from "../components/aws/secret.ts";
import { SecurityGroups } from "../components/aws/security-groups.ts";
import { SiteCheck } from "../components/aws/site-check.ts";
import { databaseShape } from "../components/aws/sizes.ts";
import { StandbyNetwork } from "../components/aws/standby-network.ts";
import { Storage } from "../components/aws/storage.ts";
import { Topics } from "../components/aws/topics.ts";
import { ZoneRecords } from "../components/cloudflare/dns.ts";
import { Admission } from "../components/kubernetes/admission.ts";
import { CLUSTER_ALERTS, Alerting as ClusterAlerting } from "../components/kubernetes/alerting.ts";
import { Logging } from "../components/kubernetes/logging.ts";
import { Platform } from "../components/kubernetes/platform.ts";
import { ALERTS } from "../concepts/alerts.ts";
import type { StackContext } from "../concepts/context.ts";
import { SERVICES } from "../concepts/services.ts";
import { stateful } from "../concepts/statefulness.ts";
import { hostDefaults } from "../host/spec.ts";
import type { MicroservicesSettings } from "../settings/microservices.ts";
import { SERVICES_NAMESPACE, ServiceAccess, Workloads, metricsNamespace } from "./microservices-services.ts";
import { ENTERPRISE, FLOWS, GROUPS, queuePlans } from "./microservices-values.ts";
import type { StackOutputs } from "./outputs.ts";
import { PhaseComponent } from "./phase-component.ts";

/** Region of everything that AWS keeps once for the world: content network, its certificates and firewall, site checks. */
const GLOBAL_REGION = "us-east-1";
/** Target of the load balancer: the mesh's door. */
const DOOR = "mesh";

/**
 * Phase 3 of the guide ("Enterprise"): six services on Kubernetes behind the content network, a database cluster, shards
 * of cache, search and queues. Longer than 300 lines because it is the one list of what the phase consists of.
 */
export class Microservices extends PhaseComponent {
  readonly outputs: StackOutputs;

  constructor(settings: MicroservicesSettings, context: StackContext) {
    super("Microservices", settings.platform, context, { kubernetes: settings.cluster.version });
    const name = context.naming.environment;
    const opts = { parent: this };
    const { region, copyRegion, backup } = ENTERPRISE;
    const { domain } = settings;
    const hostNames = [domain, `www.${domain}`] as const;
    const accountId = aws.getCallerIdentityOutput({}, opts).accountId;

    const key = (part: string, at: string, more: Pick<EncryptionKeyArgs, "services" | "dataClass">) =>
      new EncryptionKey(`${name}-${part}-key`, { context, accountId, region: at, part, ...more }, opts).arn;
    const dataKey = key("data", region, { dataClass: "personal", services: ["cdn"] });
    const copyKey = key("copy", copyRegion, { dataClass: "backup", services: [] });
    const logsKey = key("logs", region, { dataClass: "internal", services: ["logs", "trail"] });
    const alertsKey = key("alerts", region, { dataClass: "internal", services: ["alarms"] });
    const globalKey = key("global", GLOBAL_REGION, { dataClass: "internal", services: ["alarms", "logs"] });

    const storage = new Storage(
      `${name}-storage`,
      { context, accountId, region, copyRegion, keyArn: dataKey, copyKeyArn: copyKey, files: backup.files },
      opts,
    );
    const logs = { bucket: storage.logs.bucketName, bucketReady: storage.logsReady };
    const network = new Network(
      `${name}-network`,
      { context, region, plan: ENTERPRISE.network, flowLogBucketArn: storage.logsReady },
      opts,
    );
    const { app: appSubnets, data: dataSubnets } = network.subnetIds;

    const cluster = new Cluster(
      `${name}-cluster`,
      {
        context,
        region,
        ...settings.cluster,
        operatedNamespaces: [SERVICES_NAMESPACE],
        subnetIds: appSubnets,
        keyArn: dataKey,
        logsKeyArn: logsKey,
      },
      opts,
    );
    const addOns = { context, accountId, clusterName: cluster.clusterName, clusterArn: cluster.arn };
    const before = new AddOns(`${name}-node-add-ons`, { ...addOns, addOns: BEFORE_NODES }, opts);
    const nodes = new NodeGroups(
      `${name}-nodes`,
      {
        context,
        clusterName: cluster.clusterName,
        version: settings.cluster.version,
        subnetIds: appSubnets,
        pools: ENTERPRISE.nodePools,
        diskGiB: ENTERPRISE.nodeDiskGiB,
      },
      { ...opts, dependsOn: before.addOns },
    );
    const after = new AddOns(
      `${name}-pod-add-ons`,
      { ...addOns, addOns: AFTER_NODES },
      { ...opts, dependsOn: nodes.groups },
    );
    const groups = new SecurityGroups(
      `${name}-groups`,
      {
        context,
        vpcId: network.vpcId,
        groups: GROUPS,
        existing: { cluster: cluster.securityGroupId },
        flows: FLOWS,
      },
      opts,
    ).ids;

    const databaseClass = settings.database.instanceClass ?? ENTERPRISE.database.instanceClass;
    const standby = settings.database.secondRegion
      ? new StandbyNetwork(
          `${name}-standby`,
          {
            context,
            region: copyRegion,
            ...ENTERPRISE.standby,
            zones: ENTERPRISE.network.zones,
            flowLogBucketArn: storage.logsReady,
          },
          opts,
        )
      : undefined;
    const database = new DatabaseCluster(
      `${name}-database`,
      {
        context,
        accountId,
        ...ENTERPRISE.database,
        instanceClass: databaseClass,
        instances: settings.database.instances,
        subnetIds: dataSubnets,
        securityGroupId: groups.database,
        keyArn: dataKey,
        logsKeyArn: logsKey,
        backup,
        ...(standby === undefined
          ? {}
          : {
              secondary: {
                region: copyRegion,
                subnetIds: standby.dataSubnetIds,
                securityGroupId: standby.databaseGroupId,
                keyArn: copyKey,
              },
            }),
      },
      opts,
    );
    const cache = new Cache(
      `${name}-cache`,
      { context, ...ENTERPRISE.cache, subnetIds: dataSubnets, securityGroupId: groups.cache, keyArn: dataKey },
      opts,
    );
    const search = new Search(
      `${name}-search`,
      {
        context,
        accountId,
        region,
        ...ENTERPRISE.search,
        subnetIds: dataSubnets,
        securityGroupId: groups.search,
        keyArn: dataKey,
        logsKeyArn: logsKey,
      },
      opts,
    );
    const queues = new Queues(
      `${name}-queues`,
      {
        context,
        queues: queuePlans(),
      },
      opts,
    );
    const registry = new Registry(
      `${name}-registry`,
      { context, services: SERVICES, keyArn: dataKey, keep: ENTERPRISE.imagesKept },
      opts,
    );
    const publisher = new ImagePublisher(
      `${name}-publisher`,
      { context, ...settings.github, repositoryArns: registry.arns },
      opts,
    );

    const zone =
      settings.dns.provider === "route53"
        ? new Dns(`${name}-dns`, { context, domain }, opts)
        : new ZoneRecords(`${name}-dns`, { zoneId: settings.dns.zoneId }, opts);
    const certificates = new Certificates(
      `${name}-certificates`,
      { context, hostNames, regions: [region, GLOBAL_REGION], zone },
      opts,
    ).arns;
    const balancer = new LoadBalancer(
      `${name}-balancer`,
      {
        context,
        vpcId: network.vpcId,
        subnetIds: appSubnets,
        securityGroupId: groups.balancer,
        certificateArn: certificates[region],
        logs,
        healthPath: hostDefaults.app.healthPath,
        weights: { [DOOR]: 100 },
        backend: {
          targetType: "ip", // pods have addresses of the network
          protocol: "HTTPS",
          port: 443,
          health: { port: 15021, protocol: "HTTP", path: "/healthz/ready" },
        },
      },
      opts,
    );
    const targetGroupArn = balancer.targets[DOOR].arn;
    const api = new ApiGateway(
      `${name}-api`,
      {
        context,
        subnetIds: appSubnets,
        securityGroupId: groups.api,
        backend: { listenerArn: balancer.listener.arn, hostName: domain },
        tokens: settings.tokens,
        ...ENTERPRISE.api,
        logsKeyArn: logsKey,
      },
      opts,
    );
    const edge = new Edge(
      `${name}-edge`,
      {
        context,
        hostNames,
        certificateArn: certificates[GLOBAL_REGION],
        origin: { arn: balancer.arn, dnsName: balancer.dnsName },
        api: { hostName: api.hostName, pathPattern: `${ENTERPRISE.api.basePath}/*` },
        media: storage.media,
        logs,
        keyArn: globalKey,
        rateLimit: ENTERPRISE.rateLimit,
      },
      opts,
    );
    for (const hostName of hostNames) zone.site(hostName, hostName, edge);

    const topics = (part: string, at: string, keyArn: pulumi.Input<string>) =>
      new Topics(
        `${name}-${part}`,
        {
          context,
          accountId,
          region: at,
          keyArn,
          pagerUrl: settings.pagerUrl,
          emails: { critical: settings.alerts.criticalEmails, warning: settings.alerts.warningEmails },
        },
        opts,
      );
    const home = topics("topics", region, alertsKey);

    const services = {
      settings,
      context,
      accountId,
      cluster: { name: cluster.clusterName, arn: cluster.arn },
      keyArn: dataKey,
      registry,
      queues,
      storage,
      database,
      cache,
      search,
    };
    const access = new ServiceAccess(`${name}-access`, services, opts);
    const dashboards = this.createDashboardUser(name, context, dataKey);
    for (const { serviceAccount, ...identity } of controllerIdentities({
      accountId,
      region,
      clusterName: cluster.clusterName,
      targetGroupArns: [targetGroupArn],
      secretArns: [dashboards, ...Object.values(access.secrets)].map(({ arn }) => arn),
      keyArn: dataKey,
      topicArns: Object.values(home.arns),
      topicKeyArn: alertsKey,
    }))
      new PodIdentity(`${name}-${serviceAccount}`, { ...addOns, ...identity, serviceAccount }, opts);

    // Everything in the cluster depends on the provider, and so goes before the nodes go: load balancers and disks that
    // a controller made are left behind otherwise.
    const provider = new k8s.Provider(
      `${name}-kubernetes`,
      { kubeconfig: cluster.kubeconfig, enableServerSideApply: true },
      { ...opts, dependsOn: [...before.addOns, ...nodes.groups, ...after.addOns] },
    );
    const inside = { ...opts, providers: [provider] };
    const platform = new Platform(
      `${name}-platform`,
      {
        context,
        values: {
          region,
          clusterName: cluster.clusterName,
          vpcId: network.vpcId,
          unsealKeyArn: dataKey,
          topicArns: home.arns,
          ingress: ENTERPRISE.ingress,
        },
        diskKeyArn: dataKey,
        grafanaSecretName: dashboards.secretName,
      },
      inside,
    );
    const { releases, namespaces } = platform;
    const workloads = new Workloads(
      `${name}-services`,
      { ...services, platform, secrets: access.secrets, targetGroupArn },
      inside,
    );
    new Admission(
      `${name}-admission`,
      {
        context,
        after: [releases.gatekeeper],
        namespaces: [workloads.namespace],
        registry: pulumi.interpolate`${accountId}.dkr.ecr.${region}.amazonaws.com/`,
      },
      inside,
    );
    new Logging(
      `${name}-logging`,
      {
        context,
        after: [releases["elastic-operator"]],
        namespaces: { logging: namespaces.logging, agents: namespaces["node-agents"] },
        ...ENTERPRISE.logging,
      },
      inside,
    );
    new ClusterAlerting(
      `${name}-cluster-alerting`,
      {
        context,
        after: [releases.prometheus],
        namespaces: { rules: namespaces.observability, services: workloads.namespace },
      },
      inside,
    );

    const audit = new Audit(`${name}-audit`, { context, accountId, keyArn: logsKey, logs }, opts);
    new Posture(`${name}-posture`, { context, accountId, logs: { ...logs, bucketArn: storage.logs.arn } }, opts);
    const check = new SiteCheck(`${name}-site`, { context, domain, path: hostDefaults.app.healthPath }, opts);
    new Alerting(
      `${name}-alerting`,
      {
        context,
        accountId,
        alerts: ENTERPRISE.alerts,
        elsewhere: [...CLUSTER_ALERTS, ...BUSINESS_ALERTS],
        topics: { home, global: topics("global-topics", GLOBAL_REGION, globalKey) },
        slack: settings.slack,
        namespace: metricsNamespace(context),
        auditLog: audit.logGroupName,
        databaseIdentifiers: [database.identifier],
        databaseType: "db-cluster",
        alarms: [
          siteAlarm(check.healthCheckId),
          ...loadBalancerAlarms(balancer.arnSuffix),
          ...databaseClusterAlarms({
            identifier: database.identifier,
            instances: database.instanceIdentifiers,
            ...databaseShape(databaseClass),
          }),
          ...cacheAlarms(cache.nodeIds),
          ...queueAlarms(queues.queues),
          ...searchAlarms(search.domainName, accountId, ENTERPRISE.search.diskGiB),
        ],
      },
      opts,
    );
    new BusinessAlarms(
      `${name}-business`,
      { context, namespace: metricsNamespace(context), topicArns: home.arns },
      opts,
    );
    const vaults = new ManagedBackup(
      `${name}-backup`,
      {
        context,
        accountId,
        region,
        copyRegion,
        keyArn: dataKey,
        copyKeyArn: copyKey,
        snapshots: backup.snapshots,
        databaseArns: [database.arn],
        restoreTest: { kind: "Aurora", subnetGroup: database.subnetGroup, securityGroupId: groups.database },
      },
      opts,
    );
    new Budget(
      `${name}-budget`,
      {
        context,
        budget: ENTERPRISE.budget,
        usdPerEur: settings.usdPerEur.rate,
        emails: settings.alerts.warningEmails,
        topicArn: home.arns.warning,
      },
      opts,
    );

    this.outputs = {
      appUrl: `https://${domain}`,
      databaseEndpoint: pulumi.interpolate`${database.address}:3306`,
      cacheEndpoint: cache.endpoint,
      cdnDomain: edge.domainName,
      backups: {
        vault: vaults.vaultName,
        copies: vaults.copyVaultArn,
        bucket: storage.backups.bucketName,
        snapshots: `every ${backup.snapshots.everyHours} h, ${backup.snapshots.keepDays} days`,
        pointInTimeDays: backup.pointInTimeDays,
        secondRegion: settings.database.secondRegion ? copyRegion : "snapshots only",
        publishRole: publisher.roleArn,
      },
      alerts: Object.fromEntries(ENTERPRISE.alerts.map((id) => [id, ALERTS[id].severity])),
      allowReplace: context.guard.allowReplace,
    };
    this.registerOutputs(this.outputs);
  }

  /** The dashboards' first user: the chart's own password is known to everybody. */
  private createDashboardUser(name: string, context: StackContext, keyArn: pulumi.Input<string>): StoredSecret {
    const passwordName = `${name}-dashboard-password`;
    const password = new random.RandomPassword(
      passwordName,
      { length: 40, special: false },
      { parent: this, ...stateful(context.guard, "key", passwordName) },
    );
    return new StoredSecret(
      `${name}-dashboards`,
      { context, part: "dashboards", keyArn, values: { username: "admin", password: password.result } },
      { parent: this },
    );
  }
}
