import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { type Metadata, labels, selector } from "./labels.ts";
import { type ContainerSize, MESH_PORT } from "./namespace.ts";

/** Port that PHP's server listens to in the container: above 1024, so that it needs no right to open it. */
export const SERVICE_PORT = 8080;

export interface ServicePlan {
  /** What the service is for. */
  purpose: string;
  size: ContainerSize;
  /** Services of the namespace that call this one; "ingress" = the mesh's door. */
  calledBy: readonly string[];
}

export interface MicroserviceArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  service: string;
  plan: ServicePlan;
  /** Image with its digest, so that what was tested is what runs. */
  image: pulumi.Input<string>;
  /** Environment without secrets. */
  environment: Record<string, pulumi.Input<string>>;
  /** Kubernetes secret with the rest of the environment. */
  secretName: pulumi.Input<string>;
  replicas: { min: number; max: number; cpuPercent: number };
  healthPath: string;
  /** Networks of the databases that the service reaches, and their ports. */
  data: { cidrs: readonly string[]; ports: readonly number[] };
  /** Label and value of the nodes it runs on. */
  nodes: Record<string, string>;
  /** Where the door's pods are, and those that read the services' metrics. */
  ingressNamespace: pulumi.Input<string>;
  metricsNamespace: pulumi.Input<string>;
  /** The mesh: a pod that starts before it would stay outside of it. */
  after: pulumi.Resource[];
}

/** Seconds between "stop" and the end: the mesh and the load balancer need the first ones to stop sending requests. */
const STOP = { afterSeconds: 15, withinSeconds: 60 };
/** Folders that PHP and Laravel write to; the rest of the file system cannot be changed. */
const WRITABLE = { tmp: "/tmp", cache: "/app/bootstrap/cache", storage: "/app/storage" } as const;

/** One service of the guide: what runs it, who may call it, how it grows, and what may be taken from it at once. */
export class Microservice extends pulumi.ComponentResource {
  /** Host name inside the cluster. */
  readonly host: pulumi.Output<string>;

  constructor(name: string, args: MicroserviceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:kubernetes:Microservice", name, { service: args.service, plan: { ...args.plan } }, opts);
    const { service } = args;
    const metadata = {
      name: service,
      namespace: args.namespace,
      labels: labels(args.context, "personal", service),
    };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false }, // it asks AWS, never the API server
      { parent: this },
    );
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      // Auto-named: a change makes a new one, and so new pods; the old pods keep theirs until they are gone.
      { metadata: { namespace: args.namespace, labels: metadata.labels }, data: args.environment },
      { parent: this },
    );
    const deployment = this.createDeployment(name, args, metadata, account, config);
    const front = new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata,
        spec: {
          type: "ClusterIP",
          selector: selector(service),
          ports: [{ name: "http", port: 80, targetPort: SERVICE_PORT, protocol: "TCP" }],
        },
      },
      { parent: this },
    );
    this.createScaling(name, args, metadata, deployment);
    this.createNetworkPolicy(name, args, metadata);
    this.host = pulumi.interpolate`${front.metadata.name}.${front.metadata.namespace}.svc.cluster.local`;
    this.registerOutputs({ host: this.host });
  }

  private createDeployment(
    name: string,
    args: MicroserviceArgs,
    metadata: Metadata,
    account: k8s.core.v1.ServiceAccount,
    config: k8s.core.v1.ConfigMap,
  ): k8s.apps.v1.Deployment {
    const { service } = args;
    return new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          selector: { matchLabels: selector(service) },
          replicas: args.replicas.min,
          revisionHistoryLimit: 3,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template: {
            metadata: { labels: metadata.labels },
            spec: {
              serviceAccountName: account.metadata.name,
              automountServiceAccountToken: false,
              nodeSelector: args.nodes,
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 10_001,
                runAsGroup: 10_001,
                fsGroup: 10_001,
                seccompProfile: { type: "RuntimeDefault" },
              },
              terminationGracePeriodSeconds: STOP.withinSeconds,
              topologySpreadConstraints: [
                spread(service, "topology.kubernetes.io/zone"),
                spread(service, "kubernetes.io/hostname"),
              ],
              containers: [this.container(args, config)],
              volumes: Object.keys(WRITABLE).map((volume) => ({ name: volume, emptyDir: { sizeLimit: "256Mi" } })),
            },
          },
        },
      },
      // The autoscaler owns the number of pods: an update must not set it back in the middle of a peak.
      { parent: this, dependsOn: args.after, ignoreChanges: ["spec.replicas"] },
    );
  }

  private container(args: MicroserviceArgs, config: k8s.core.v1.ConfigMap): k8s.types.input.core.v1.Container {
    // It must not ask the database: a short failover would restart every pod of every service at once.
    const probe = { httpGet: { path: args.healthPath, port: SERVICE_PORT }, timeoutSeconds: 3 };
    return {
      name: args.service,
      image: args.image,
      imagePullPolicy: "IfNotPresent",
      ports: [{ name: "http", containerPort: SERVICE_PORT, protocol: "TCP" }],
      envFrom: [{ configMapRef: { name: config.metadata.name } }, { secretRef: { name: args.secretName } }],
      resources: args.plan.size,
      startupProbe: { ...probe, periodSeconds: 3, failureThreshold: 20 },
      readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 3 },
      livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 6 },
      lifecycle: { preStop: { sleep: { seconds: STOP.afterSeconds } } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
      volumeMounts: Object.entries(WRITABLE).map(([volume, mountPath]) => ({ name: volume, mountPath })),
    };
  }

  private createScaling(
    name: string,
    args: MicroserviceArgs,
    metadata: Metadata,
    deployment: k8s.apps.v1.Deployment,
  ): void {
    const { min, max, cpuPercent } = args.replicas;
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-scaling`,
      {
        metadata,
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name },
          minReplicas: min,
          maxReplicas: max,
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } },
            },
          ],
          behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
        },
      },
      { parent: this },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption`,
      {
        metadata,
        spec: {
          maxUnavailable: 1, // "minAvailable: all" would stop every node from being drained
          selector: { matchLabels: selector(args.service) },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      { parent: this },
    );
  }

  private createNetworkPolicy(name: string, args: MicroserviceArgs, metadata: Metadata): void {
    const tcp = (ports: readonly number[]) => ports.map((port) => ({ protocol: "TCP", port }));
    // What is in the mesh arrives on the mesh's port, whatever port was called.
    const inMesh = tcp([SERVICE_PORT, MESH_PORT]);
    const inNamespace = (pods: string) => ({ podSelector: { matchLabels: selector(pods) } });
    const namespace = (name: pulumi.Input<string>) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    });
    const callers = [
      ...args.plan.calledBy.map((caller) =>
        caller === "ingress" ? namespace(args.ingressNamespace) : inNamespace(caller),
      ),
      namespace(args.metricsNamespace),
    ];
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network`,
      {
        metadata,
        spec: {
          podSelector: { matchLabels: selector(args.service) },
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ from: callers, ports: inMesh }],
          egress: [
            // Which service may be called is that service's own affair: its ingress rule and its mesh policy say it.
            { to: [{ podSelector: {} }], ports: inMesh },
            { to: args.data.cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(args.data.ports) },
            { to: [{ ipBlock: { cidr: IDENTITY_AGENT } }], ports: tcp([80]) },
            // AWS's interfaces, payment and message providers: their addresses change, their port does not.
            { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [METADATA] } }], ports: tcp([443]) },
          ],
        },
      },
      { parent: this },
    );
  }
}

/** Hands a pod the credentials of its own role; on every node. */
const IDENTITY_AGENT = "169.254.170.23/32";
/** Hands whoever asks the credentials of the node. */
const METADATA = "169.254.169.254/32";

const spread = (service: string, topologyKey: string) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: "ScheduleAnyway", // a lost zone must not keep the pods of the others from starting
  labelSelector: { matchLabels: selector(service) },
});
