/**
 * What the cluster itself runs, as one table of pinned Helm charts. A chart's version is what was read and rehearsed:
 * a new one is a change like any other, seen in a preview.
 */
import * as pulumi from "@pulumi/pulumi";
import type { PodSecurity } from "./namespace.ts";

export interface ReleasePlan {
  chart: string;
  version: string;
  repository: keyof typeof REPOSITORIES;
  namespace: keyof typeof PLATFORM_NAMESPACES | "kube-system";
  /** Releases that must stand first; their custom kinds or webhooks are used. */
  after: readonly ReleaseName[];
  values: Record<string, unknown>;
}

/** What the charts must be told about the stack. */
export interface PlatformValues {
  region: string;
  clusterName: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  /** Key by which the vault opens itself after a restart. */
  unsealKeyArn: pulumi.Input<string>;
  topicArns: Record<"critical" | "warning", pulumi.Input<string>>;
  storageClass: string;
  /** Kubernetes secret with the dashboards' first user. */
  grafanaSecret: string;
  /** Pods of the mesh's door. */
  ingress: { min: number; max: number };
}

export const REPOSITORIES = {
  istio: "https://istio-release.storage.googleapis.com/charts",
  prometheus: "https://prometheus-community.github.io/helm-charts",
  elastic: "https://helm.elastic.co",
  openbao: "https://openbao.github.io/openbao-helm",
  gatekeeper: "https://open-policy-agent.github.io/gatekeeper/charts",
  eks: "https://aws.github.io/eks-charts",
  externalSecrets: "https://charts.external-secrets.io",
  autoscaler: "https://kubernetes.github.io/autoscaler",
} as const;

/** Namespaces of the platform. Only what works on the node itself may do as it likes there. */
export const PLATFORM_NAMESPACES = {
  "istio-system": "privileged", // the node agents of the mesh redirect the traffic of pods
  "node-agents": "privileged", // reads the node's logs and measures the node
  "istio-ingress": "baseline",
  observability: "baseline",
  logging: "baseline",
  vault: "baseline",
  "external-secrets": "restricted",
  "gatekeeper-system": "restricted",
} as const satisfies Record<string, PodSecurity>;

export type ReleaseName =
  | "istio-base"
  | "istiod"
  | "istio-cni"
  | "ztunnel"
  | "istio-ingress"
  | "load-balancer-controller"
  | "cluster-autoscaler"
  | "external-secrets"
  | "gatekeeper"
  | "openbao"
  | "prometheus"
  | "elastic-operator";

/** Account of what reads the services' metrics, as the mesh knows it. */
export const METRICS_ACCOUNT = "prometheus";

const ISTIO = "1.31.0"; // 1.30 leaves support at the end of November 2026
const size = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { memory } });

export function platformReleases(values: PlatformValues): Record<ReleaseName, ReleasePlan> {
  return { ...meshReleases(values), ...controllerReleases(values), ...observabilityReleases(values) };
}

type MeshRelease = "istio-base" | "istiod" | "istio-cni" | "ztunnel" | "istio-ingress";

/** Istio without sidecars ("ambient"): one agent per node encrypts what pods say to each other. */
function meshReleases({ ingress }: PlatformValues): Record<MeshRelease, ReleasePlan> {
  const istio = { version: ISTIO, repository: "istio", namespace: "istio-system" } as const;
  return {
    "istio-base": { ...istio, chart: "base", after: [], values: { defaultRevision: "default" } },
    istiod: {
      ...istio,
      chart: "istiod",
      after: ["istio-base"],
      values: { profile: "ambient", autoscaleMin: 2, autoscaleMax: 3, resources: size("250m", "1Gi") },
    },
    "istio-cni": { ...istio, chart: "cni", after: ["istio-base"], values: { profile: "ambient" } },
    ztunnel: {
      ...istio,
      chart: "ztunnel",
      after: ["istiod", "istio-cni"],
      values: { resources: size("100m", "256Mi") },
    },
    "istio-ingress": {
      ...istio,
      chart: "gateway",
      namespace: "istio-ingress",
      after: ["ztunnel"],
      values: {
        name: "istio-ingress",
        labels: { istio: "ingress" },
        service: { type: "ClusterIP" }, // the load balancer is the program's, and sends to the pods themselves
        autoscaling: { minReplicas: ingress.min, maxReplicas: ingress.max },
        podDisruptionBudget: { maxUnavailable: 1 },
        resources: size("200m", "256Mi"),
      },
    },
  };
}

type Controller = "load-balancer-controller" | "cluster-autoscaler" | "external-secrets" | "gatekeeper" | "openbao";

function controllerReleases(values: PlatformValues): Record<Controller, ReleasePlan> {
  const { region, clusterName, vpcId, unsealKeyArn, storageClass } = values;
  return {
    "load-balancer-controller": {
      chart: "aws-load-balancer-controller",
      version: "3.4.2",
      repository: "eks",
      namespace: "kube-system",
      after: [],
      values: {
        clusterName,
        region,
        vpcId,
        replicaCount: 2,
        serviceAccount: { name: "aws-load-balancer-controller" },
        createIngressClassResource: false, // it binds targets; nobody else makes load balancers
        resources: size("50m", "128Mi"),
      },
    },
    "cluster-autoscaler": {
      chart: "cluster-autoscaler",
      version: "9.59.0",
      repository: "autoscaler",
      namespace: "kube-system",
      after: [],
      values: {
        autoDiscovery: { clusterName },
        awsRegion: region,
        rbac: { serviceAccount: { name: "cluster-autoscaler" } },
        extraArgs: {
          expander: "least-waste",
          "balance-similar-node-groups": true,
          "skip-nodes-with-system-pods": false,
        },
        resources: size("100m", "512Mi"),
      },
    },
    "external-secrets": {
      chart: "external-secrets",
      version: "2.6.0",
      repository: "externalSecrets",
      namespace: "external-secrets",
      after: [],
      values: {
        installCRDs: true,
        replicaCount: 2,
        leaderElect: true,
        serviceAccount: { name: "external-secrets" },
        resources: size("50m", "128Mi"),
      },
    },
    gatekeeper: {
      chart: "gatekeeper",
      version: "3.23.0",
      repository: "gatekeeper",
      namespace: "gatekeeper-system",
      after: [],
      values: {
        replicas: 2,
        auditInterval: 300,
        logDenies: true,
        controllerManager: { resources: size("100m", "512Mi") },
      },
    },
    openbao: {
      chart: "openbao",
      version: "0.29.2",
      repository: "openbao",
      namespace: "vault",
      after: ["ztunnel"],
      values: {
        injector: { enabled: false },
        server: {
          serviceAccount: { name: "openbao" },
          resources: size("100m", "256Mi"),
          dataStorage: { enabled: true, size: "10Gi", storageClass },
          auditStorage: { enabled: true, size: "10Gi", storageClass },
          ha: {
            enabled: true,
            replicas: 3,
            raft: {
              enabled: true,
              setNodeId: true,
              // Initialised by hand, once: its root token must never be in a Pulumi state.
              config: openbaoConfig(region, unsealKeyArn),
            },
          },
        },
      },
    },
  };
}

type Observability = "prometheus" | "elastic-operator";

function observabilityReleases(values: PlatformValues): Record<Observability, ReleasePlan> {
  const { region, topicArns, storageClass, grafanaSecret } = values;
  const volume = (gigabytes: number) => ({
    spec: {
      storageClassName: storageClass,
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: `${gigabytes}Gi` } },
    },
  });
  const hidden = { enabled: false }; // AWS runs these parts of the control plane and shows them to nobody
  const receiver = (severity: "critical" | "warning") => ({
    name: severity,
    sns_configs: [{ topic_arn: topicArns[severity], sigv4: { region }, send_resolved: true }],
  });
  return {
    prometheus: {
      chart: "kube-prometheus-stack",
      version: "89.2.2",
      repository: "prometheus",
      namespace: "observability",
      after: ["external-secrets", "ztunnel"],
      values: {
        kubeControllerManager: hidden,
        kubeScheduler: hidden,
        kubeEtcd: hidden,
        kubeProxy: hidden,
        grafana: {
          admin: { existingSecret: grafanaSecret, userKey: "username", passwordKey: "password" },
          persistence: { enabled: true, size: "5Gi", storageClassName: storageClass },
        },
        prometheus: {
          serviceAccount: { name: METRICS_ACCOUNT },
          prometheusSpec: {
            replicas: 2,
            retention: "15d",
            storageSpec: { volumeClaimTemplate: volume(50) },
            resources: size("250m", "2Gi"),
            // Every rule and monitor of the cluster, not only the chart's own.
            ruleSelectorNilUsesHelmValues: false,
            serviceMonitorSelectorNilUsesHelmValues: false,
          },
        },
        alertmanager: {
          serviceAccount: { name: "alertmanager" },
          config: {
            route: {
              receiver: "warning",
              group_by: ["alertname", "namespace"],
              routes: [{ receiver: "critical", matchers: ['severity = "critical"'] }],
            },
            receivers: [receiver("critical"), receiver("warning")],
          },
          alertmanagerSpec: { replicas: 2, storage: { volumeClaimTemplate: volume(5) } },
        },
        "prometheus-node-exporter": { namespaceOverride: "node-agents" },
      },
    },
    "elastic-operator": {
      chart: "eck-operator",
      version: "3.4.0",
      repository: "elastic",
      namespace: "logging",
      after: [],
      values: { installCRDs: true, managedNamespaces: ["logging", "node-agents"], resources: size("100m", "512Mi") },
    },
  };
}

const openbaoConfig = (region: string, key: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.interpolate`ui = false
listener "tcp" {
  address         = "[::]:8200"
  cluster_address = "[::]:8201"
  tls_disable     = 1 # the mesh encrypts and authenticates every connection
}
storage "raft" {
  path = "/openbao/data"
}
seal "awskms" {
  region     = "${region}"
  kms_key_id = "${key}"
}
service_registration "kubernetes" {}
`;
