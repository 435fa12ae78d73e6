import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { CACHE_GROUP, isSet } from "../common/databases.ts";

const CLUSTER = ["aws:elasticache/cluster:Cluster"] as const;
const TYPES = [...CACHE_GROUP, ...CLUSTER, "aws:elasticache/serverlessCache:ServerlessCache"];

/** Why a cache keeps no snapshots of its own, if so. */
function exempt(cache: Resource): string | undefined {
  if (cache.is(CLUSTER) && isSet(cache, "replicationGroupId"))
    return "a member: the replication group has the snapshots";
  return cache.text("engine") === "memcached" ? "memcached keeps nothing" : undefined;
}

const group = (props: object) => [{ type: CACHE_GROUP[0], name: "cache", props: { engine: "valkey", ...props } }];

export const awsCacheSnapshots = defineRule<{ minimumDays: number }>({
  id: "aws-cache-snapshots",
  title: "Sessions and queues are in a nightly snapshot",
  severity: "medium",
  levels: levels("-/-/m/m"),
  parameters: {
    minimumDays: {
      schema: { type: "number", minimum: 1, maximum: 35 },
      default: 7,
      perPhase: { growth: 1, enterprise: 7 },
    },
  },
  framework: fsbp("ElastiCache.1", "ElastiCache (Redis OSS) clusters should have automatic backups enabled"),
  tags: ["iso27001:A.8.13"],
  source: { guide: "Snapshots quotidiens (7 jours)" },
  why: "Queued jobs live only in the cache: without a snapshot a failed group loses e-mails and payments that wait. Left out, the retention is 0.",
  fix: "set snapshotRetentionLimit (days) to what the phase requires",
  examples: {
    pass: [group({ snapshotRetentionLimit: 7 })],
    fail: [group({}), group({ snapshotRetentionLimit: 0 })],
  },
  resource: {
    types: TYPES,
    check(cache, report, { minimumDays }) {
      const reason = exempt(cache);
      if (reason !== undefined) return reason;
      if ((cache.number("snapshotRetentionLimit") ?? 0) >= minimumDays) return;
      report.violation(cache, { path: "snapshotRetentionLimit", requires: `${minimumDays} or more days` });
    },
  },
  remediate: {
    types: TYPES,
    repair(cache, set, { minimumDays }) {
      if (exempt(cache) !== undefined) return;
      if (!((cache.number("snapshotRetentionLimit") ?? 0) >= minimumDays)) set("snapshotRetentionLimit", minimumDays);
    },
  },
});
