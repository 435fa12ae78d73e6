import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { type Metadata, labels } from "./labels.ts";
import { STORAGE_CLASS } from "./platform.ts";

export interface LoggingArgs {
  context: StackContext;
  /** Releases whose kinds are used: they must outlive these objects. */
  after: pulumi.Resource[];
  /** Where the index and its viewer live, and where the collectors run. */
  namespaces: Record<"logging" | "agents", pulumi.Input<string>>;
  /** Elastic release, for example "9.4.0". */
  version: string;
  /** Nodes of the index, one per zone, and the disk of each. */
  nodes: number;
  diskGiB: number;
  keepDays: number;
}

const INDEX = "logs";
const COLLECTOR = "log-collector";

/** Container logs in one searchable place: a collector on each node, an index over the zones, a viewer. */
export class Logging extends pulumi.ComponentResource {
  constructor(name: string, args: LoggingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:kubernetes:Logging", name, { version: args.version, keepDays: args.keepDays }, opts);
    const { context, namespaces, version } = args;
    const object = (part: string, namespace: pulumi.Input<string>) => ({
      name: part,
      namespace,
      labels: labels(context, "personal", part),
    });
    const index = new k8s.apiextensions.CustomResource(
      `${name}-index`,
      {
        apiVersion: "elasticsearch.k8s.elastic.co/v1",
        kind: "Elasticsearch",
        metadata: object(INDEX, namespaces.logging),
        spec: { version, nodeSets: [nodeSet(args)] },
      },
      { parent: this, dependsOn: args.after },
    );
    new k8s.apiextensions.CustomResource(
      `${name}-viewer`,
      {
        apiVersion: "kibana.k8s.elastic.co/v1",
        kind: "Kibana",
        metadata: object(INDEX, namespaces.logging),
        // Reached by port-forward: a viewer of all logs has no address in the world.
        spec: { version, count: 1, elasticsearchRef: { name: index.metadata.name } },
      },
      { parent: this, dependsOn: args.after },
    );
    const account = this.createAccount(name, object(COLLECTOR, namespaces.agents));
    const lifecycle = new k8s.core.v1.ConfigMap(
      `${name}-lifecycle`,
      {
        metadata: object("log-lifecycle", namespaces.agents),
        data: { "policy.json": JSON.stringify(lifecyclePolicy(args.keepDays)) },
      },
      { parent: this },
    );
    new k8s.apiextensions.CustomResource(
      `${name}-collector`,
      {
        apiVersion: "beat.k8s.elastic.co/v1beta1",
        kind: "Beat",
        metadata: object(COLLECTOR, namespaces.agents),
        spec: {
          type: "filebeat",
          version,
          elasticsearchRef: { name: index.metadata.name, namespace: namespaces.logging },
          config: COLLECTOR_CONFIG,
          daemonSet: { podTemplate: { spec: collectorPod(account, lifecycle) } },
        },
      },
      { parent: this, dependsOn: args.after },
    );
    this.registerOutputs({});
  }

  /** Reads which pod a log file belongs to, and nothing else. */
  private createAccount(name: string, metadata: Metadata): k8s.core.v1.ServiceAccount {
    const account = new k8s.core.v1.ServiceAccount(`${name}-collector-account`, { metadata }, { parent: this });
    const clusterWide = { name: COLLECTOR, labels: metadata.labels };
    const role = new k8s.rbac.v1.ClusterRole(
      `${name}-collector-role`,
      {
        metadata: clusterWide,
        rules: [
          { apiGroups: [""], resources: ["namespaces", "nodes", "pods"], verbs: ["get", "list", "watch"] },
          { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get", "list", "watch"] },
        ],
      },
      { parent: this },
    );
    new k8s.rbac.v1.ClusterRoleBinding(
      `${name}-collector-binding`,
      {
        metadata: clusterWide,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: account.metadata.namespace }],
      },
      { parent: this },
    );
    return account;
  }
}

const nodeSet = ({ nodes, diskGiB }: LoggingArgs) => ({
  name: "default",
  count: nodes,
  config: { "node.store.allow_mmap": false }, // else every node's kernel would have to be changed
  podTemplate: {
    spec: {
      containers: [
        {
          name: "elasticsearch",
          resources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { memory: "2Gi" } },
        },
      ],
    },
  },
  volumeClaimTemplates: [
    {
      metadata: { name: "elasticsearch-data" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: `${diskGiB}Gi` } },
        storageClassName: STORAGE_CLASS,
      },
    },
  ],
});

/** A new index each day or at 10 GB; the old ones go. */
const lifecyclePolicy = (keepDays: number) => ({
  policy: {
    phases: {
      hot: { actions: { rollover: { max_age: "1d", max_primary_shard_size: "10gb" } } },
      delete: { min_age: `${keepDays}d`, actions: { delete: {} } },
    },
  },
});

const COLLECTOR_CONFIG = {
  "filebeat.inputs": [
    {
      type: "filestream",
      id: "containers",
      paths: ["/var/log/containers/*.log"],
      prospector: { scanner: { symlinks: true } },
      parsers: [{ container: {} }, { ndjson: { target: "app", ignore_decoding_error: true } }],
    },
  ],
  processors: [{ add_kubernetes_metadata: {} }],
  "setup.ilm.policy_name": "logs",
  "setup.ilm.policy_file": "/etc/log-lifecycle/policy.json",
};

const collectorPod = (account: k8s.core.v1.ServiceAccount, lifecycle: k8s.core.v1.ConfigMap) => ({
  serviceAccountName: account.metadata.name,
  automountServiceAccountToken: true,
  containers: [
    {
      name: "filebeat",
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      securityContext: { runAsUser: 0, readOnlyRootFilesystem: false }, // the node's log files belong to root
      volumeMounts: [
        { name: "logs", mountPath: "/var/log", readOnly: true },
        { name: "lifecycle", mountPath: "/etc/log-lifecycle", readOnly: true },
      ],
    },
  ],
  volumes: [
    { name: "logs", hostPath: { path: "/var/log" } },
    { name: "lifecycle", configMap: { name: lifecycle.metadata.name } },
  ],
});
