/**
 * Which metrics of AWS tell the alerts of the guide, as data: what an alarm watches is decided here, who hears it in
 * alerting.ts. Rates are in percent, storage and memory in bytes, latency in seconds, as AWS publishes them.
 */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ALERTS, type AlertId } from "../../concepts/alerts.ts";

type Text = pulumi.Input<string>;
type Comparison = "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";

export interface Alarm {
  alert: AlertId;
  /** What is watched, for example "database"; with the alert it names the alarm. */
  of: string;
  comparison: Comparison;
  threshold: number;
  /** A silent metric is a fault where it always reports, and normal where it reports only when something happens. */
  silence: "breaching" | "notBreaching" | "ignore";
  metric?: Metric;
  /** Instead of `metric`: an expression over others. */
  ratio?: { expression: string; label: string; of: Record<string, Metric> };
  /** Where the metric lives, when not in the stack's region. */
  region?: "us-east-1";
  /** Seconds per point; the number of points follows from the alert's minutes. */
  period?: number;
}

export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, Text>;
  /** "Sum", "Average", "Maximum", or a percentile such as "p95". */
  statistic: string;
}

const GIB = 1024 ** 3;
const limit = (alert: AlertId): number => ALERTS[alert].threshold;
const above = { comparison: "GreaterThanThreshold" as const };

export function loadBalancerAlarms(balancer: Text): Alarm[] {
  const metric = (name: string, statistic: string): Metric => ({
    namespace: "AWS/ApplicationELB",
    name,
    dimensions: { LoadBalancer: balancer },
    statistic,
  });
  return [
    {
      alert: "slow-responses",
      of: "web",
      ...above,
      threshold: limit("slow-responses") / 1000, // the metric is in seconds
      silence: "notBreaching",
      metric: metric("TargetResponseTime", "p95"),
    },
    {
      alert: "error-rate",
      of: "web",
      ...above,
      threshold: limit("error-rate"),
      silence: "notBreaching", // no request, no error; whether the site is up is another alarm
      ratio: {
        expression: "100 * (FILL(servers, 0) + FILL(balancer, 0)) / requests",
        label: "responses with status 5xx, percent",
        of: {
          servers: metric("HTTPCode_Target_5XX_Count", "Sum"),
          balancer: metric("HTTPCode_ELB_5XX_Count", "Sum"),
          requests: metric("RequestCount", "Sum"),
        },
      },
    },
  ];
}

export function fleetAlarms(fleet: string, groupName: Text): Alarm[] {
  const dimensions = { AutoScalingGroupName: groupName };
  // The agent's own metrics, aggregated by group in its configuration (host/fleet.ts).
  const agent = (name: string): Metric => ({ namespace: "CWAgent", name, dimensions, statistic: "Maximum" });
  const percent = (alert: AlertId, metric: Metric): Alarm => ({
    alert,
    of: fleet,
    ...above,
    threshold: limit(alert),
    silence: "notBreaching", // an idle colour has no server
    metric,
  });
  return [
    percent("cpu-high", { namespace: "AWS/EC2", name: "CPUUtilization", dimensions, statistic: "Average" }),
    percent("memory-high", agent("mem_used_percent")),
    percent("disk-low", agent("disk_used_percent")),
  ];
}

export interface WatchedDatabase {
  identifier: Text;
  storageGiB: number;
  memoryGiB: number;
  /** Connections that the engine accepts at most. */
  maxConnections: number;
}

export function databaseAlarms(database: WatchedDatabase): Alarm[] {
  const metric = (name: string, statistic = "Average"): Metric => ({
    namespace: "AWS/RDS",
    name,
    dimensions: { DBInstanceIdentifier: database.identifier },
    statistic,
  });
  const common = { of: "database", silence: "breaching" as const };
  const free = (alert: AlertId) => (100 - limit(alert)) / 100;
  return [
    { ...common, alert: "cpu-high", ...above, threshold: limit("cpu-high"), metric: metric("CPUUtilization") },
    {
      ...common,
      alert: "disk-low",
      comparison: "LessThanThreshold",
      threshold: Math.round(free("disk-low") * database.storageGiB * GIB),
      metric: metric("FreeStorageSpace", "Minimum"),
    },
    {
      ...common,
      alert: "database-memory-low",
      comparison: "LessThanThreshold",
      threshold: Math.round((limit("database-memory-low") / 100) * database.memoryGiB * GIB),
      metric: metric("FreeableMemory", "Minimum"),
    },
    {
      ...common,
      alert: "database-connections-high",
      ...above,
      threshold: Math.floor((limit("database-connections-high") / 100) * database.maxConnections),
      metric: metric("DatabaseConnections", "Maximum"),
    },
    // Never below zero: it fires only when the database has stopped to report.
    {
      ...common,
      alert: "database-unavailable",
      comparison: "LessThanThreshold",
      threshold: 0,
      metric: metric("DatabaseConnections", "Maximum"),
      period: 60,
    },
  ];
}

export function cacheAlarms(nodes: readonly Text[]): Alarm[] {
  return nodes.flatMap((node, index) => {
    const metric = (name: string, statistic: string): Metric => ({
      namespace: "AWS/ElastiCache",
      name,
      dimensions: { CacheClusterId: node },
      statistic,
    });
    const common = (alert: AlertId) => ({
      alert,
      of: `cache-${index + 1}`,
      threshold: limit(alert),
      silence: "notBreaching" as const,
    });
    return [
      { ...common("cpu-high"), ...above, metric: metric("EngineCPUUtilization", "Average") },
      { ...common("cache-memory-high"), ...above, metric: metric("DatabaseMemoryUsagePercentage", "Maximum") },
      { ...common("cache-evictions"), ...above, metric: metric("Evictions", "Sum"), period: 300 },
      {
        ...common("cache-hit-rate-low"),
        comparison: "LessThanThreshold" as const,
        metric: metric("CacheHitRate", "Average"),
        period: 300,
      },
    ];
  });
}

/** What only the application knows: it writes one JSON line per event, a filter makes the metric. */
export interface LogMetric {
  /** Name of the metric, in the namespace Jatsmanor/<stack>. */
  name: string;
  /** Pattern of the log line, in CloudWatch's filter syntax. */
  pattern: string;
  /** "1" counts lines, "$.x" takes the number in the line. */
  value: string;
}

export const LOG_METRICS = {
  paymentErrors: { name: "PaymentGatewayErrors", pattern: '{ $.event = "payment.gateway.error" }', value: "1" },
  queueSize: { name: "QueueSize", pattern: '{ $.event = "queue.size" }', value: "$.size" },
} as const satisfies Record<string, LogMetric>;

export function applicationAlarms(namespace: string): Alarm[] {
  const metric = ({ name }: LogMetric, statistic: string): Metric => ({ namespace, name, dimensions: {}, statistic });
  const silence = "notBreaching" as const;
  return [
    {
      alert: "payment-errors",
      of: "application",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: limit("payment-errors"),
      silence,
      metric: metric(LOG_METRICS.paymentErrors, "Sum"),
      period: 300,
    },
    {
      alert: "queue-backlog",
      of: "application",
      ...above,
      threshold: limit("queue-backlog"),
      silence,
      metric: metric(LOG_METRICS.queueSize, "Maximum"),
    },
  ];
}

/** Seen from outside, through the content network, by checkers on several continents. Two misses and a minute: 2 min. */
export function siteAlarm(healthCheckId: Text): Alarm {
  return {
    alert: "site-down",
    of: "site",
    comparison: "LessThanThreshold",
    threshold: 1,
    silence: "breaching",
    region: "us-east-1", // where health checks report, whatever they check
    period: 60,
    metric: {
      namespace: "AWS/Route53",
      name: "HealthCheckStatus",
      dimensions: { HealthCheckId: healthCheckId },
      statistic: "Minimum",
    },
  };
}

/** Points that must be beyond the limit, one after the other. The site's own two misses are half of its two minutes. */
export function evaluationPeriods(alarm: Alarm): number {
  const minutes = alarm.alert === "site-down" ? 1 : ALERTS[alarm.alert].forMinutes;
  return Math.max(1, Math.round((minutes * 60) / (alarm.period ?? 60)));
}

/** A metric as `metricQueries` wants it. */
export const metricQuery = (
  metric: Metric,
  period: number,
): aws.types.input.cloudwatch.MetricAlarmMetricQueryMetric => ({
  namespace: metric.namespace,
  metricName: metric.name,
  dimensions: metric.dimensions,
  stat: metric.statistic,
  period,
});
