/** Clusters of databases and their members. */
import { refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { RDS_CLUSTER_INSTANCE } from "./types.ts";

export const isAurora = (r: Resource): boolean => (r.text("engine") ?? "aurora").startsWith("aurora");

/** A global cluster's further region: it has no user of its own, since its data comes from the first. */
export const isSecondary = (cluster: Resource): boolean =>
  cluster.has("globalClusterIdentifier") && !cluster.has("masterUsername");

export const isReplica = (db: Resource): boolean => db.has("replicateSourceDb") && db.given("replicateSourceDb") !== "";

export interface Members {
  found: Resource[];
  /** Some instance may belong to it, which only the update can tell. */
  maybe: boolean;
}
export function membersOf(stack: Stack, cluster: Resource): Members {
  const answers = stack
    .all(RDS_CLUSTER_INSTANCE)
    .map((m) => [m, refers(m, "clusterIdentifier", cluster, ["id", "clusterIdentifier"])] as const);
  return {
    found: answers.filter(([, a]) => a === "yes").map(([m]) => m),
    maybe: answers.some(([, a]) => a === "maybe"),
  };
}
