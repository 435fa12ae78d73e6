import { iso } from "../../engine/frameworks.ts";
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { BACKUP_SELECTION, selects } from "../common/backup-plans.ts";
import { longestGapHours } from "../common/cron.ts";
import { databasesOf, DB_CLUSTER, DB_INSTANCE } from "../common/databases.ts";
import { BUCKET } from "../common/types.ts";

const PLAN = ["aws:backup/restoreTestingPlan:RestoreTestingPlan"] as const;
const SELECTION = ["aws:backup/restoreTestingSelection:RestoreTestingSelection"] as const;

/** Kinds of resources, in AWS Backup's words, that the stack must be able to restore. */
function kindsOf(stack: Stack): string[] {
  const databases = databasesOf(stack);
  const takes = stack.all(BACKUP_SELECTION).filter((s) => s.has("resources"));
  return [
    ...(databases.some((d) => d.is(DB_INSTANCE)) ? ["RDS"] : []),
    ...(databases.some((d) => d.is(DB_CLUSTER)) ? ["Aurora"] : []),
    // Buckets are replicated; those that a backup plan takes as well must come back from it too.
    ...(stack.all(BUCKET).some((b) => takes.some((s) => selects(s, b) === "yes")) ? ["S3"] : []),
  ];
}

const db = { type: DB_INSTANCE[0], name: "db", props: { engine: "mysql" } };
const plan = (scheduleExpression: string) => ({
  type: PLAN[0],
  name: "plan",
  props: { name: "plan", scheduleExpression },
});
const selection = {
  type: SELECTION[0],
  name: "selection",
  props: { restoreTestingPlanName: "plan", protectedResourceType: "RDS", protectedResourceArns: ["*"] },
};
const MONTHLY = "cron(0 4 1 * ? *)";

export const awsBackupRestoreTested = defineRule<{ maximumDays: number }>({
  id: "aws-backup-restore-tested",
  title: "Backups are restored on a schedule, to know that they can be",
  severity: "high",
  levels: levels("-/-/a/m"),
  parameters: {
    maximumDays: { schema: { type: "number", minimum: 1, description: "between two tests" }, default: 92 },
  },
  framework: iso("A.5.30"),
  tags: ["iso27001:A.8.13"],
  source: { guide: "Disaster recovery plan testé" },
  why: "A backup that was never restored is a hope: keys, options and rights fail on the day that they are needed.",
  fix: "add a RestoreTestingPlan that runs at least every quarter, with a RestoreTestingSelection per kind (RDS, Aurora, and S3 where a plan backs buckets up)",
  examples: {
    pass: [[db, plan(MONTHLY), selection]],
    fail: [[db], [db, plan(MONTHLY)], [db, plan("cron(0 4 1 1 ? *)"), selection]],
  },
  stack: {
    check(stack, report, { maximumDays }) {
      const kinds = kindsOf(stack);
      if (kinds.length === 0) return "nothing in the stack to restore";
      const plans = stack.all(PLAN);
      report.each(plans, (plan) => {
        if (longestGapHours([plan.text("scheduleExpression") ?? ""]) <= maximumDays * 24) return;
        report.violation(plan, { path: "scheduleExpression", requires: `a test every ${maximumDays} days at least` });
      });
      report.each(kinds, (kind) => {
        const answers = stack.all(SELECTION).map((s): Answer => {
          const its = s.peek("protectedResourceType");
          const about = its.state === "unknown" ? "maybe" : its.state === "known" && its.value === kind ? "yes" : "no";
          return both(about, any(plans.map((p) => refers(s, "restoreTestingPlanName", p, ["name", "id"]))));
        });
        const answer = any(answers);
        if (answer === "maybe") report.undetermined(null, `which restore test is for ${kind}`);
        else if (answer === "no") {
          const problem = `no RestoreTestingPlan with a RestoreTestingSelection is for ${kind}`;
          report.violation(null, { problem, requires: "one" });
        }
      });
    },
  },
});
