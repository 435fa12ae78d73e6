import { iso } from "../../engine/frameworks.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { isAurora, isReplica, isSecondary, membersOf } from "../common/aurora.ts";
import { requireAlarm } from "../common/cloudwatch.ts";
import { CACHE_CLUSTER, METRIC_ALARM, RDS_CLUSTER, RDS_INSTANCE, REPLICATION_GROUP } from "../common/types.ts";

const EVENTS = ["aws:rds/eventSubscription:EventSubscription"] as const;
type Metric = readonly [metric: string, way: "above" | "below"];
const DATABASE: readonly Metric[] = [
  ["CPUUtilization", "above"],
  ["FreeableMemory", "below"],
  ["DatabaseConnections", "above"],
];
const CACHE: readonly Metric[] = [
  ["CacheHitRate", "below"],
  ["Evictions", "above"],
];

function requireAll(stack: Stack, report: Report, of: Resource, metrics: readonly Metric[]): void {
  const cache = of.is([...REPLICATION_GROUP, ...CACHE_CLUSTER]);
  for (const [metric, way] of metrics) {
    requireAlarm(stack, report, {
      of,
      keys: cache ? ["replicationGroupId", "clusterId", "id"] : ["identifier", "clusterIdentifier", "id"],
      // A cache's metrics are of its nodes, and a cluster's of its instances, both called after it.
      members: cache || of.is(RDS_CLUSTER),
      namespace: cache ? "AWS/ElastiCache" : "AWS/RDS",
      metric,
      way,
      requires: `one, ${way} what is normal`,
    });
  }
}

function checkCluster(cluster: Resource, stack: Stack, report: Report): void {
  const { found } = membersOf(stack, cluster);
  report.each(found, (m) => requireAll(stack, report, m, DATABASE));
  if (found.length >= 2) requireAll(stack, report, cluster, [["AuroraReplicaLagMaximum", "above"]]);
}

const db = { type: RDS_INSTANCE[0], name: "db", props: { identifier: "db", engine: "mysql" } };
const events = { type: EVENTS[0], name: "events", props: { snsTopic: "arn:topic" } };
const alarm = ([metricName, way]: Metric, index: number) => ({
  type: METRIC_ALARM[0],
  name: `alarm-${index}`,
  props: {
    namespace: "AWS/RDS",
    metricName,
    dimensions: { DBInstanceIdentifier: "db" },
    comparisonOperator: way === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
  },
});

export const everyDbHasAlarms = defineRule({
  id: "every-db-has-alarms",
  title: "Every database and cache is watched",
  severity: "high",
  levels: levels("-/-/m/m"),
  framework: iso("A.8.16"),
  tags: ["fsbp:RDS.19", "fsbp:RDS.20", "fsbp:RDS.21", "fsbp:RDS.22"],
  source: { guide: "Database performance" },
  why: "Databases fail slowly: memory, connections and lag say so hours before the site does.",
  fix: "add MetricAlarms on CPUUtilization, FreeableMemory, DatabaseConnections (and ReplicaLag, AuroraReplicaLagMaximum), CacheHitRate and Evictions with the dimension of each, and an rds.EventSubscription",
  examples: {
    pass: [[db, events, ...DATABASE.map(alarm)]],
    fail: [
      [db, events],
      [db, ...DATABASE.map(alarm)],
    ],
  },
  stack: {
    check(stack, report) {
      const instances = stack.all(RDS_INSTANCE).filter((d) => !(d.has("engine") && isAurora(d)));
      const clusters = stack.all(RDS_CLUSTER);
      const caches = [
        ...stack.all(REPLICATION_GROUP),
        ...stack.all(CACHE_CLUSTER).filter((c) => !c.has("replicationGroupId")),
      ];
      if (instances.length + clusters.length + caches.length === 0) return "no database or cache at AWS in the stack";
      report.each(instances, (db) =>
        requireAll(stack, report, db, isReplica(db) ? [...DATABASE, ["ReplicaLag", "above"]] : DATABASE),
      );
      report.each(clusters, (c) => {
        if (!isSecondary(c)) checkCluster(c, stack, report);
      });
      report.each(caches, (c) => {
        if (c.text("engine") !== "memcached") requireAll(stack, report, c, CACHE);
      });
      const told = stack.all(EVENTS).some((e) => e.flag("enabled") !== false && e.has("snsTopic"));
      if (instances.length + clusters.length > 0 && !told) {
        const problem = "no EventSubscription tells of failovers and full disks";
        report.violation(null, { problem, requires: "one that is enabled" });
      }
    },
  },
});
