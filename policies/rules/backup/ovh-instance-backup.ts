import { iso } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { longestGapHours, perDay } from "../common/cron.ts";

/** Both ways to make a server of the Public Cloud; the second has no backup of its own. */
const INSTANCE = ["ovh:CloudProject/instance:Instance", "ovh:index/cloudInstance:CloudInstance"] as const;
const WORKFLOW = ["ovh:CloudProject/workflowBackup:WorkflowBackup"] as const;
const VPS = ["ovh:Vps/vps:Vps"] as const;

/** Days that are covered: `rotation` counts copies, so four a day need four times as many. */
function daysOf(backup: View): number {
  const cron = backup.text("cron") ?? "";
  const daily = perDay(cron);
  return longestGapHours([cron]) <= 24 ? (backup.number("rotation") ?? 0) / daily : 0;
}

const instance = (autoBackup?: object) => [{ type: INSTANCE[0], name: "web", props: { autoBackup } }];

export const ovhInstanceBackup = defineRule<{ minimumDays: number }>({
  id: "ovh-instance-backup",
  title: "OVH servers are backed up every day, for a week",
  severity: "high",
  levels: levels("-/-/m/-"),
  parameters: { minimumDays: { schema: { type: "number", minimum: 1 }, default: 7 } },
  framework: iso("A.8.13"),
  tags: ["backup"],
  source: { guide: "Snapshots quotidiens (7 jours)" },
  why: "A server is rebuilt from its last image; without a daily one, or with too few copies, the good state is already overwritten when somebody notices.",
  fix: 'set autoBackup { cron: "0 3 * * *", rotation: 7 }, or add a WorkflowBackup; for a VPS order the option of automatic backups',
  examples: {
    pass: [instance({ cron: "0 3 * * *", rotation: 7 })],
    fail: [instance(), instance({ cron: "0 3 * * *", rotation: 6 }), instance({ cron: "0 */6 * * *", rotation: 7 })],
  },
  stack: {
    check(stack, report, { minimumDays }) {
      const instances = stack.all(INSTANCE);
      const servers = stack.all(VPS);
      if (instances.length + servers.length === 0) return "no server of OVH in the stack";
      report.each(servers, (vps) => {
        const ordered = vps.items("planOptions").some((o) => /backup/i.test(o.text("planCode") ?? ""));
        if (!ordered) report.note(vps, "its backup option is not visible here: check it in OVH's console");
      });
      report.each(instances, (server) => {
        const answers = stack.all(WORKFLOW).map((w) => [w, refers(w, "instanceId", server, ["id"])] as const);
        const workflows = answers.filter(([, a]) => a === "yes").map(([w]) => w);
        const backups = [...server.items("autoBackup"), ...workflows];
        const days = Math.max(0, ...backups.map(daysOf).filter((d) => d > 0));
        // Seven copies of a daily backup are seven days, whatever the division leaves.
        if (days >= minimumDays - 0.01) return;
        if (answers.some(([, a]) => a === "maybe")) return report.undetermined(server, "which server a backup is of");
        const problem =
          backups.length === 0
            ? "no autoBackup and no WorkflowBackup"
            : `its daily backups reach back ${Math.floor(days + 0.01)} days`;
        report.violation(server, { problem, requires: `${minimumDays} days of daily backups` });
      });
    },
  },
});
