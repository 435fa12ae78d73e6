import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DB_CLUSTER, DB_INSTANCE, GLOBAL_CLUSTER, isMember, isSet } from "../common/databases.ts";

const db = (props: object) => [{ type: DB_INSTANCE[0], name: "db", props: { engine: "mysql", ...props } }];

export const awsRdsStorageEncrypted = defineRule({
  id: "aws-rds-storage-encrypted",
  title: "Databases are encrypted on disk",
  severity: "critical",
  levels: levels("m/a/m/m"),
  framework: fsbp("RDS.3", "RDS DB instances should have encryption at-rest enabled"),
  tags: ["fsbp:RDS.27", "cis-aws-5.0:2.2.1", "pci-4.0:3.5.1"],
  source: { standard: "AWS FSBP RDS.3 and CIS AWS 5.0 2.2.1" },
  why: "Snapshots and copies are only as private as the database: an unencrypted one can be shared and read by another account, and encrypting it later means a new database.",
  fix: "set storageEncrypted: true; on a database that exists this replaces it, so restore an encrypted copy of its snapshot instead",
  notExemptable: true,
  examples: {
    pass: [db({ storageEncrypted: true })],
    fail: [db({}), db({ storageEncrypted: false }), db({ snapshotIdentifier: "last-year" })],
  },
  resource: {
    types: [...DB_INSTANCE, ...DB_CLUSTER, ...GLOBAL_CLUSTER],
    check(db, report) {
      const source = ["replicateSourceDb", "replicationSourceIdentifier", "sourceDbClusterIdentifier"];
      if (source.some((path) => isSet(db, path))) return "it has the encryption of its source";
      if (db.is(DB_INSTANCE) && isMember(db)) return "a member of a cluster: the cluster is encrypted";
      if (db.flag("storageEncrypted") !== true) report.violation(db, { path: "storageEncrypted", requires: "true" });
    },
  },
});
