import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DB_INSTANCE, isMember, isReplica } from "../common/databases.ts";

/** RDS accepts no more. */
const MOST_DAYS = 35;
const db = (props: object) => [{ type: DB_INSTANCE[0], name: "db", props: { engine: "mysql", ...props } }];

export const awsRdsBackupRetention = defineRule<{ minimumDays: number }>({
  id: "aws-rds-backup-retention",
  title: "Databases can be restored to any second of the last weeks",
  severity: "critical",
  levels: levels("m/a/m/m"),
  parameters: {
    minimumDays: {
      schema: { type: "number", minimum: 1, maximum: MOST_DAYS },
      default: MOST_DAYS,
      perPhase: { mvp: 7, staging: 1, growth: MOST_DAYS, enterprise: MOST_DAYS },
    },
  },
  framework: fsbp("RDS.11", "RDS instances should have automatic backups enabled"),
  tags: ["iso27001:A.8.13", "soc2:A1.2"],
  source: { guide: "Point-in-time recovery 35 jours" },
  why: "Left out, the retention is 0: no automated backup at all and no point-in-time recovery. A mistake found after the retention's end cannot be undone.",
  fix: "set backupRetentionPeriod (days) to what the phase requires; 35 is the most RDS accepts",
  examples: {
    pass: [db({ backupRetentionPeriod: 35 })],
    fail: [db({}), db({ backupRetentionPeriod: 34 }), db({ backupRetentionPeriod: 36 })],
  },
  resource: {
    types: DB_INSTANCE,
    check(db, report, { minimumDays }) {
      if (isReplica(db)) return "a replica: its source has the backups";
      if (isMember(db)) return "a member of a cluster: the cluster has the backups";
      const days = db.number("backupRetentionPeriod") ?? 0;
      if (!(days >= minimumDays)) {
        report.violation(db, { path: "backupRetentionPeriod", requires: `${minimumDays} days` });
      } else if (days > MOST_DAYS) {
        report.violation(db, { path: "backupRetentionPeriod", requires: `${MOST_DAYS} days at most` });
      }
    },
  },
  remediate: {
    types: DB_INSTANCE,
    repair(db, set, { minimumDays }) {
      if (isReplica(db) || isMember(db)) return;
      const days = db.number("backupRetentionPeriod") ?? 0;
      if (!(days >= minimumDays)) set("backupRetentionPeriod", minimumDays);
      else if (days > MOST_DAYS) set("backupRetentionPeriod", MOST_DAYS);
    },
  },
});
