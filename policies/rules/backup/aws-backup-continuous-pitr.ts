import { iso } from "../../engine/frameworks.ts";
import { any, refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { BACKUP_PLAN, BACKUP_SELECTION } from "../common/backup-plans.ts";

/** What AWS Backup accepts at most for continuous backup. */
const DAYS = 35;
const plan = (lifecycle: object) => ({
  type: BACKUP_PLAN[0],
  name: "plan",
  props: { id: "p1", rules: [{ ruleName: "pitr", enableContinuousBackup: true, lifecycle }] },
});
const selection = { type: BACKUP_SELECTION[0], name: "selection", props: { planId: "p1", resources: ["*"] } };

export const awsBackupContinuousPitr = defineRule({
  id: "aws-backup-continuous-pitr",
  title: "Continuous backup keeps the whole point-in-time window",
  severity: "medium",
  levels: levels("-/-/a/m"),
  framework: iso("A.8.13"),
  tags: ["backup"],
  source: { guide: "Point-in-time recovery 35 jours" },
  why: "A plan with continuous backup takes the database's own retention over: its deleteAfter is then the window, and cold storage is refused for it.",
  fix: "set lifecycle.deleteAfter 35 and no coldStorageAfter on the rule, or leave point-in-time recovery to the database (enableContinuousBackup false)",
  examples: {
    pass: [[plan({ deleteAfter: DAYS }), selection]],
    fail: [
      [plan({ deleteAfter: 7 }), selection],
      [plan({ deleteAfter: DAYS, coldStorageAfter: 30 }), selection],
    ],
  },
  stack: {
    check(stack, report) {
      const plans = stack.all(BACKUP_PLAN);
      const selections = stack.all(BACKUP_SELECTION);
      // A plan that nothing selects is nobody's source of recovery.
      const used = plans.filter((p) => any(selections.map((s) => refers(s, "planId", p, ["id"]))) !== "no");
      if (used.length === 0) return "no AWS Backup plan in use";
      report.each(used, (plan) => {
        report.each(plan.items("rules"), (rule) => {
          if (rule.flag("enableContinuousBackup") !== true) return;
          if (rule.number("lifecycle.deleteAfter") !== DAYS) {
            report.violation(rule, { path: "lifecycle.deleteAfter", requires: `${DAYS} days with continuous backup` });
          }
          if ((rule.number("lifecycle.coldStorageAfter") ?? 0) !== 0) {
            report.violation(rule, { path: "lifecycle.coldStorageAfter", requires: "none with continuous backup" });
          }
        });
      });
    },
  },
});
