/** Databases and caches of AWS, and which of them hold data of their own. */
import type { Resource, Stack } from "../../engine/resource.ts";

export const DB_INSTANCE = ["aws:rds/instance:Instance"] as const;
export const DB_CLUSTER = ["aws:rds/cluster:Cluster"] as const;
export const GLOBAL_CLUSTER = ["aws:rds/globalCluster:GlobalCluster"] as const;
export const CACHE_GROUP = ["aws:elasticache/replicationGroup:ReplicationGroup"] as const;
/** Outputs that other resources name a database by. */
export const DB_KEYS = ["arn", "id", "identifier", "clusterIdentifier"];

/** Set by the program. After an update the provider also returns what was never set, as an empty text. */
export function isSet(resource: Resource, path: string): boolean {
  const found = resource.peek(path);
  return found.state === "unknown" || (found.state === "known" && found.value !== "" && found.value !== false);
}

/** A member of an Aurora cluster: its storage and backups are the cluster's. */
export const isMember = (db: Resource): boolean => /^aurora/i.test(db.text("engine") ?? "");

/** What says that a cluster starts with data or a password of its own. */
const OWN = [
  "masterPassword",
  "masterPasswordWo",
  "masterPasswordWoVersion",
  "manageMasterUserPassword",
  "snapshotIdentifier",
  "restoreToPointInTime",
  "s3Import",
];

/** Follows another database: a read replica, or a secondary cluster of a global one. */
export function isReplica(db: Resource): boolean {
  if (db.is(DB_INSTANCE)) return isSet(db, "replicateSourceDb");
  if (isSet(db, "replicationSourceIdentifier")) return true;
  return isSet(db, "globalClusterIdentifier") && !OWN.some((path) => isSet(db, path));
}

/** Databases that hold data of their own. */
export const databasesOf = (stack: Stack): Resource[] =>
  stack.all([...DB_INSTANCE, ...DB_CLUSTER]).filter((db) => !isReplica(db) && (db.is(DB_CLUSTER) || !isMember(db)));
