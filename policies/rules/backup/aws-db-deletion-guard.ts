import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DB_CLUSTER, DB_INSTANCE, isMember, isReplica } from "../common/databases.ts";
import { mayGo } from "../common/root.ts";

const TYPES = [...DB_INSTANCE, ...DB_CLUSTER];
const safe = { engine: "mysql", deletionProtection: true, deleteAutomatedBackups: false };
const db = (props: object, protect = true) => [
  { type: DB_INSTANCE[0], name: "db", props: { ...safe, ...props }, protect },
];

export const awsDbDeletionGuard = defineRule({
  id: "aws-db-deletion-guard",
  title: "No mistake deletes a database, and its backups outlive it",
  severity: "critical",
  levels: levels("a/-/m/m"),
  framework: fsbp("RDS.8", "RDS DB instances should have deletion protection enabled"),
  tags: ["fsbp:RDS.7", "iso27001:A.8.13"],
  source: { standard: "AWS FSBP RDS.7 and RDS.8" },
  why: "Deleted without these, a database takes its automated backups along and leaves no last snapshot: every booking is gone.",
  fix: "set deletionProtection: true, skipFinalSnapshot: false, deleteAutomatedBackups: false and the resource option protect: true",
  examples: {
    pass: [db({})],
    fail: [
      db({ deletionProtection: undefined }),
      db({ skipFinalSnapshot: true }),
      db({ deleteAutomatedBackups: undefined }),
      db({}, false),
    ],
  },
  resource: {
    types: TYPES,
    check(db, report) {
      if (db.is(DB_INSTANCE) && isMember(db)) return "a member of a cluster: the cluster is guarded";
      if (isReplica(db)) return "follows another database and holds nothing of its own";
      if (mayGo(db)) return report.note(db, "may be deleted in this update, as jatsmanor:allowReplace says");
      if (!db.protect) report.violation(db, { problem: "the option protect is false", requires: "protect: true" });
      if (db.flag("deletionProtection") !== true) {
        report.violation(db, { path: "deletionProtection", requires: "true" });
      }
      if (db.flag("skipFinalSnapshot") === true) report.violation(db, { path: "skipFinalSnapshot", requires: "false" });
      // Left out, the backups go with the database.
      if (db.flag("deleteAutomatedBackups") !== false) {
        report.violation(db, { path: "deleteAutomatedBackups", requires: "false" });
      }
    },
  },
  remediate: {
    types: TYPES,
    /** The option protect is the program's: a policy cannot set it. */
    repair(db, set) {
      if ((db.is(DB_INSTANCE) && isMember(db)) || isReplica(db) || mayGo(db)) return;
      if (db.flag("deletionProtection") !== true) set("deletionProtection", true);
      if (db.flag("skipFinalSnapshot") === true) set("skipFinalSnapshot", false);
      if (db.flag("deleteAutomatedBackups") !== false) set("deleteAutomatedBackups", false);
    },
  },
});
