/** The alarms of what a cluster of services uses: database cluster, queues, search. Their form is alarms.ts'. */
import type * as pulumi from "@pulumi/pulumi";
import { ALERTS, type AlertId } from "../../concepts/alerts.ts";
import type { Alarm, Metric } from "./alarms.ts";
import type { ServiceQueue } from "./queues.ts";

type Text = pulumi.Input<string>;

const GIB = 1024 ** 3;
const limit = (alert: AlertId): number => ALERTS[alert].threshold;
const above = { comparison: "GreaterThanThreshold" as const };

export interface WatchedCluster {
  identifier: Text;
  /** Instances by number; each has its own memory and connections. */
  instances: Text[];
  memoryGiB: number;
  maxConnections: number;
}

/** Storage of Aurora grows by itself: what can fill is an instance's local disk, for temporary tables. */
const LOCAL_DISK_GIB = 32; // of the smallest memory-optimised class

export function databaseClusterAlarms(database: WatchedCluster): Alarm[] {
  const ofCluster = (name: string): Metric => ({
    namespace: "AWS/RDS",
    name,
    dimensions: { DBClusterIdentifier: database.identifier },
    statistic: "Maximum",
  });
  const ofInstance = database.instances.flatMap((instance, index) => {
    const metric = (name: string, statistic: string): Metric => ({
      namespace: "AWS/RDS",
      name,
      dimensions: { DBInstanceIdentifier: instance },
      statistic,
    });
    const common = { of: `database-${index + 1}`, silence: "breaching" as const };
    const below = { ...common, comparison: "LessThanThreshold" as const };
    return [
      {
        ...common,
        ...above,
        alert: "cpu-high",
        threshold: limit("cpu-high"),
        metric: metric("CPUUtilization", "Average"),
      },
      {
        ...below,
        alert: "database-memory-low",
        threshold: Math.round((limit("database-memory-low") / 100) * database.memoryGiB * GIB),
        metric: metric("FreeableMemory", "Minimum"),
      },
      {
        ...below,
        alert: "disk-low",
        threshold: Math.round(((100 - limit("disk-low")) / 100) * LOCAL_DISK_GIB * GIB),
        metric: metric("FreeLocalStorage", "Minimum"),
      },
      {
        ...common,
        ...above,
        alert: "database-connections-high",
        threshold: Math.floor((limit("database-connections-high") / 100) * database.maxConnections),
        metric: metric("DatabaseConnections", "Maximum"),
      },
    ] satisfies Alarm[];
  });
  return [
    ...ofInstance,
    {
      alert: "database-replica-lag",
      of: "database",
      ...above,
      threshold: limit("database-replica-lag"), // the metric is in milliseconds
      silence: "notBreaching",
      metric: ofCluster("AuroraReplicaLagMaximum"),
    },
    // Never below zero: it fires only when the whole cluster has stopped to report.
    {
      alert: "database-unavailable",
      of: "database",
      comparison: "LessThanThreshold",
      threshold: 0,
      silence: "breaching",
      metric: ofCluster("DatabaseConnections"),
      period: 60,
    },
  ];
}

/** Waiting jobs per service; one that failed too often is looked at by a person. */
export function queueAlarms(queues: Readonly<Record<string, ServiceQueue>>): Alarm[] {
  const waiting = (queue: Text): Metric => ({
    namespace: "AWS/SQS",
    name: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue },
    statistic: "Maximum",
  });
  return Object.entries(queues).flatMap(([service, queue]) => [
    {
      alert: "queue-backlog" as const,
      of: `queue-${service}`,
      ...above,
      threshold: limit("queue-backlog"),
      silence: "notBreaching" as const,
      metric: waiting(queue.name),
    },
    {
      alert: "queue-backlog" as const,
      of: `queue-${service}-failed`,
      comparison: "GreaterThanOrEqualToThreshold" as const,
      threshold: 1,
      silence: "notBreaching" as const,
      metric: waiting(queue.deadLetterName),
    },
  ]);
}

/** AWS's search reports space in MiB. */
export function searchAlarms(domainName: Text, accountId: Text, diskGiB: number): Alarm[] {
  const metric = (name: string, statistic: string): Metric => ({
    namespace: "AWS/ES",
    name,
    dimensions: { DomainName: domainName, ClientId: accountId },
    statistic,
  });
  const common = { of: "search", silence: "breaching" as const };
  return [
    {
      ...common,
      ...above,
      alert: "cpu-high",
      threshold: limit("cpu-high"),
      metric: metric("CPUUtilization", "Average"),
    },
    {
      ...common,
      ...above,
      alert: "memory-high",
      threshold: limit("memory-high"),
      metric: metric("JVMMemoryPressure", "Maximum"),
    },
    {
      ...common,
      alert: "disk-low",
      comparison: "LessThanThreshold",
      threshold: Math.round(((100 - limit("disk-low")) / 100) * diskGiB * 1024),
      metric: metric("FreeStorageSpace", "Minimum"),
    },
  ];
}
