import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { CACHE_CLUSTER, REPLICATION_GROUP } from "../common/types.ts";

/** Nodes of a group, over all its shards. @throws Undetermined while a number is not known. */
function nodesOf(group: Resource): { path: string; nodes: number } {
  if (group.has("numNodeGroups") || group.has("replicasPerNodeGroup")) {
    const shards = group.number("numNodeGroups") ?? 1;
    return { path: "replicasPerNodeGroup", nodes: shards * ((group.number("replicasPerNodeGroup") ?? 0) + 1) };
  }
  return { path: "numCacheClusters", nodes: group.number("numCacheClusters") ?? 1 };
}

const group = (numCacheClusters: number, on = true) => [
  {
    type: REPLICATION_GROUP[0],
    name: "cache",
    props: { engine: "valkey", automaticFailoverEnabled: on, multiAzEnabled: on, numCacheClusters },
  },
];

export const awsCacheHa = defineRule<{ nodes: number }>({
  id: "aws-cache-ha",
  title: "Sessions and queues survive the loss of a cache node",
  severity: "medium",
  levels: levels("-/-/a/m"),
  parameters: {
    nodes: { schema: { type: "number", minimum: 1 }, default: 3, perPhase: { growth: 2, enterprise: 3 } },
  },
  framework: fsbp("ElastiCache.3", "ElastiCache replication groups should have automatic failover enabled"),
  tags: ["iso27001:A.8.14"],
  source: { guide: "Cache hit rates" },
  why: "Sessions and jobs live in the cache: with one node its failure signs everybody out and loses what waited.",
  fix: "set automaticFailoverEnabled and multiAzEnabled, with 2 nodes (growth) or 3 (enterprise)",
  examples: { with: { nodes: 2 }, pass: [group(2)], fail: [group(1), group(2, false)] },
  resource: {
    types: [...REPLICATION_GROUP, ...CACHE_CLUSTER],
    check(cache, report, { nodes }) {
      if (cache.is(CACHE_CLUSTER)) {
        if (cache.has("replicationGroupId")) return "a member of a group, which is judged itself";
        if (cache.text("engine") === "memcached") return "memcached has no replicas";
        return report.violation(cache, { problem: "a single node has no replica", requires: "a ReplicationGroup" });
      }
      for (const path of ["automaticFailoverEnabled", "multiAzEnabled"]) {
        if (cache.flag(path) !== true) report.violation(cache, { path, requires: "true" });
      }
      const { path, nodes: has } = nodesOf(cache);
      const alone = path === "replicasPerNodeGroup" && !((cache.number(path) ?? 0) >= 1);
      if (!(has >= nodes) || alone) {
        const found = `${cache.show(path)}, which makes ${has} node(s)`;
        report.violation(cache, { path, found, requires: `${nodes} nodes or more, a replica in each shard` });
      }
    },
  },
});
