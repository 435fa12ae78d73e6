import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DB_CLUSTER, isReplica } from "../common/databases.ts";

/** RDS accepts no more. */
const MOST_DAYS = 35;
const cluster = (props: object) => [{ type: DB_CLUSTER[0], name: "db", props: { engine: "aurora-mysql", ...props } }];

export const awsRdsClusterBackupRetention = defineRule<{ minimumDays: number }>({
  id: "aws-rds-cluster-backup-retention",
  title: "Database clusters can be restored to any second of the last weeks",
  severity: "critical",
  levels: levels("-/a/m/m"),
  parameters: {
    minimumDays: {
      schema: { type: "number", minimum: 1, maximum: MOST_DAYS },
      default: MOST_DAYS,
      perPhase: { staging: 1, growth: MOST_DAYS, enterprise: MOST_DAYS },
    },
  },
  framework: iso("A.8.13"),
  tags: ["pci-4.0:10.3.3"],
  source: { guide: "Point-in-time recovery 35 jours" },
  why: "Left out, a cluster keeps one day: a mistake found after the week-end cannot be undone.",
  fix: "set backupRetentionPeriod (days) to what the phase requires; 35 is the most RDS accepts",
  examples: {
    pass: [cluster({ backupRetentionPeriod: 35 })],
    fail: [cluster({}), cluster({ backupRetentionPeriod: 34 }), cluster({ backupRetentionPeriod: 36 })],
  },
  resource: {
    types: DB_CLUSTER,
    check(cluster, report, { minimumDays }) {
      if (isReplica(cluster)) return "a secondary cluster: the primary has the backups";
      // Both Aurora and Multi-AZ clusters keep one day by themselves.
      const days = cluster.number("backupRetentionPeriod") ?? 1;
      if (!(days >= minimumDays)) {
        report.violation(cluster, { path: "backupRetentionPeriod", requires: `${minimumDays} days` });
      } else if (days > MOST_DAYS) {
        report.violation(cluster, { path: "backupRetentionPeriod", requires: `${MOST_DAYS} days at most` });
      }
    },
  },
  remediate: {
    types: DB_CLUSTER,
    repair(cluster, set, { minimumDays }) {
      if (isReplica(cluster)) return;
      const days = cluster.number("backupRetentionPeriod") ?? 1;
      if (!(days >= minimumDays)) set("backupRetentionPeriod", minimumDays);
      else if (days > MOST_DAYS) set("backupRetentionPeriod", MOST_DAYS);
    },
  },
});
