import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { BACKUP_PLAN, BACKUP_SELECTION, plansOf } from "../common/backup-plans.ts";
import { longestGapHours } from "../common/cron.ts";
import { databasesOf, DB_INSTANCE } from "../common/databases.ts";

/** What AWS Backup does for a rule without a schedule. */
const DAILY = "cron(0 5 ? * * *)";
/** Schedules of the rules that take snapshots; one with continuous backup keeps a log of changes instead. */
const schedulesOf = (plan: Resource): string[] =>
  plan
    .items("rules")
    .filter((r) => r.flag("enableContinuousBackup") !== true)
    .map((r) => r.text("schedule") ?? DAILY);

const db = { type: DB_INSTANCE[0], name: "db", props: { engine: "mysql", arn: "arn:aws:rds:eu-central-1:1:db:db" } };
const plan = (schedule: string) => ({
  type: BACKUP_PLAN[0],
  name: "plan",
  props: { id: "p1", rules: [{ ruleName: "often", schedule }] },
});
const selection = {
  type: BACKUP_SELECTION[0],
  name: "selection",
  props: { planId: "p1", resources: [db.props.arn] },
};

export const awsDbSnapshot6h = defineRule<{ maximumHours: number }>({
  id: "aws-db-snapshot-6h",
  title: "Databases have a snapshot every six hours",
  severity: "high",
  levels: levels("-/-/m/m"),
  parameters: { maximumHours: { schema: { type: "number", exclusiveMinimum: 0 }, default: 6 } },
  framework: iso("A.8.13"),
  tags: ["backup"],
  source: { guide: "Snapshots automatiques toutes les 6h" },
  why: "RDS takes one snapshot a day by itself, never more: half a day of bookings may lie between the last one and the failure.",
  fix: 'select the database in an AWS Backup plan whose rules together fire every six hours, for example "cron(0 0/6 * * ? *)"',
  examples: {
    pass: [[db, plan("cron(0 0/6 * * ? *)"), selection]],
    fail: [[db], [db, plan("cron(0 6 * * ? *)"), selection]],
  },
  stack: {
    check(stack, report, { maximumHours }) {
      const databases = databasesOf(stack);
      if (databases.length === 0) return "no database of AWS in the stack";
      const requires = `a gap of ${maximumHours} h at most`;
      report.each(databases, (db) => {
        const plans = plansOf(stack, db);
        const sure = plans.filter(([, a]) => a === "yes").map(([p]) => p);
        const gap = longestGapHours(sure.flatMap(schedulesOf));
        if (gap <= maximumHours) return;
        if (plans.length > sure.length) return report.undetermined(db, "which backup selection takes it");
        const problem =
          sure.length === 0
            ? "no AWS Backup plan takes it"
            : `up to ${Number.isFinite(gap) ? `${Math.ceil(gap * 10) / 10} h` : "for ever"} lie between its snapshots`;
        report.violation(db, { problem, requires });
      });
    },
  },
});
