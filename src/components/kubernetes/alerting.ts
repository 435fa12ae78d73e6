import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ALERTS, type AlertId } from "../../concepts/alerts.ts";
import type { StackContext } from "../../concepts/context.ts";
import { labels } from "./labels.ts";

export interface AlertingArgs {
  context: StackContext;
  /** Releases whose kinds are used: they must outlive these objects. */
  after: pulumi.Resource[];
  /** Namespace of the rules, and the one whose services are measured. */
  namespaces: Record<"rules" | "services", pulumi.Input<string>>;
}

interface Rule {
  alert: AlertId;
  /** What is watched, for example "nodes". */
  of: string;
  /** Expression of a value that must not pass the alert's threshold. */
  value: string;
}

const used = (free: string, total: string) => `100 * (1 - ${free} / ${total})`;

/** What only the cluster knows. Latency and errors of the site are measured at the load balancer, queues at SQS. */
const RULES: readonly Rule[] = [
  { alert: "payment-errors", of: "payments", value: "sum(increase(payment_gateway_errors_total[5m]))" },
  {
    alert: "cpu-high",
    of: "nodes",
    value: '100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])))',
  },
  { alert: "memory-high", of: "nodes", value: used("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes") },
  {
    alert: "disk-low",
    of: "nodes",
    value: used('node_filesystem_avail_bytes{mountpoint="/"}', 'node_filesystem_size_bytes{mountpoint="/"}'),
  },
  {
    alert: "disk-low",
    of: "volumes",
    value: used("kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"),
  },
];

/** Alerts that these rules tell, so that the phase can promise them. */
export const CLUSTER_ALERTS: readonly AlertId[] = [...new Set(RULES.map(({ alert }) => alert))];

/** The guide's alerts on what runs in the cluster, and which services are measured. */
export class Alerting extends pulumi.ComponentResource {
  constructor(name: string, args: AlertingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:kubernetes:Alerting", name, { alerts: [...CLUSTER_ALERTS] }, opts);
    const metadata = (part: string) => ({
      name: part,
      namespace: args.namespaces.rules,
      labels: labels(args.context, "internal", part),
    });
    new k8s.apiextensions.CustomResource(
      `${name}-rules`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: metadata("guide"),
        spec: { groups: [{ name: "guide", rules: RULES.map(prometheusRule) }] },
      },
      { parent: this, dependsOn: args.after },
    );
    new k8s.apiextensions.CustomResource(
      `${name}-services`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: metadata("services"),
        spec: {
          namespaceSelector: { matchNames: [args.namespaces.services] },
          selector: { matchLabels: { "app.kubernetes.io/part-of": args.context.naming.project } },
          endpoints: [{ port: "http", path: "/metrics", interval: "30s" }],
        },
      },
      { parent: this, dependsOn: args.after },
    );
    this.registerOutputs({});
  }
}

function prometheusRule({ alert, of, value }: Rule) {
  const { threshold, severity, forMinutes, check } = ALERTS[alert];
  const counted = ALERTS[alert].unit === "events";
  return {
    alert: `${alert} ${of}`,
    expr: `${value} ${counted ? ">=" : ">"} ${threshold}`,
    // A count already looks back over its minutes.
    for: counted ? "0m" : `${forMinutes}m`,
    labels: { severity },
    annotations: { summary: `look at: ${check}`, runbook_url: "docs/runbooks/README.md" },
  };
}
