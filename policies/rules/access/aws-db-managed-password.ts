import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { RDS_CLUSTER, RDS_INSTANCE } from "../common/types.ts";

const given = (r: Resource, path: string): boolean => r.has(path) && r.given(path) !== "";
/** Copies bring their password along: replicas, restored snapshots, a global cluster's further regions. */
const isCopy = (r: Resource): boolean =>
  ["replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "replicationSourceIdentifier"].some((p) =>
    given(r, p),
  ) ||
  (given(r, "globalClusterIdentifier") && !given(r, "masterUsername"));

const instance = (props: object) => [{ type: RDS_INSTANCE[0], name: "db", props: { engine: "mysql", ...props } }];

export const awsDbManagedPassword = defineRule({
  id: "aws-db-managed-password",
  title: "The database's password is in nobody's hands",
  severity: "high",
  levels: levels("a/-/m/m"),
  framework: iso("A.8.5"),
  tags: ["fsbp:SecretsManager.1"],
  source: { guide: "Secrets management (Vault)" },
  why: "A password that the program knows is in its state, in every backup of it and in the head of who wrote it; one that RDS makes is rotated every week and seen by nobody.",
  fix: "set manageMasterUserPassword: true and drop the password, or give it write-only (passwordWo, masterPasswordWo)",
  examples: {
    pass: [instance({ manageMasterUserPassword: true }), instance({ replicateSourceDb: "db" })],
    fail: [instance({ password: "hunter2-hunter2" }), instance({})],
  },
  resource: {
    types: [...RDS_INSTANCE, ...RDS_CLUSTER],
    check(db, report) {
      const requires = "manageMasterUserPassword true, or a write-only password";
      const plain = db.is(RDS_CLUSTER) ? "masterPassword" : "password";
      if (given(db, plain)) return report.violation(db, { path: plain, found: "in the program", requires });
      if (given(db, db.is(RDS_CLUSTER) ? "masterPasswordWo" : "passwordWo") || isCopy(db)) return;
      if (db.flag("manageMasterUserPassword") !== true) {
        report.violation(db, { path: "manageMasterUserPassword", requires });
      }
    },
  },
});
