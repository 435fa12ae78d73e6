import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DROPLET } from "../common/types.ts";

export const doDropletDailyBackups = defineRule({
  id: "do-droplet-daily-backups",
  title: "Droplets are backed up every day",
  severity: "high",
  levels: levels("m/a/-/-"),
  framework: iso("A.8.13"),
  tags: ["backup"],
  source: { guide: "Snapshots quotidiens (7 jours)" },
  why: "The MVP is one server: its daily image, kept seven days, is the quickest way back after a bad change. Weekly backups lose up to six days more.",
  fix: 'set backups: true and backupPolicy.plan: "daily"',
  examples: {
    pass: [[{ type: DROPLET[0], props: { backups: true, backupPolicy: { plan: "daily", hour: 4 } } }]],
    fail: [
      [{ type: DROPLET[0], props: {} }],
      [{ type: DROPLET[0], props: { backups: true, backupPolicy: { plan: "weekly", weekday: "SUN" } } }],
    ],
  },
  resource: {
    types: DROPLET,
    check(droplet, report) {
      if (droplet.flag("backups") !== true) {
        report.violation(droplet, { path: "backups", requires: "true" });
      }
      // Without a plan DigitalOcean takes daily backups.
      const plan = droplet.get("backupPolicy.plan");
      if (plan !== undefined && plan !== "daily") {
        report.violation(droplet, { path: "backupPolicy.plan", requires: '"daily"' });
      }
    },
  },
  remediate: {
    types: DROPLET,
    repair(droplet, set) {
      if (droplet.flag("backups") !== true) set("backups", true);
      if (droplet.has("backupPolicy.plan") && droplet.get("backupPolicy.plan") !== "daily") {
        set("backupPolicy.plan", "daily");
      }
    },
  },
});
