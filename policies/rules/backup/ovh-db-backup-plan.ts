import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const DATABASE = ["ovh:CloudProject/database:Database"] as const;
/** Plans with one node and backups of two days. */
const SMALL = ["essential", "discovery"];

const db = (props: object) => [
  {
    type: DATABASE[0],
    name: "db",
    props: { engine: "mysql", plan: "business", deletionProtection: true, backupRegions: ["GRA", "SBG"], ...props },
  },
];

export const ovhDbBackupPlan = defineRule({
  id: "ovh-db-backup-plan",
  title: "OVH databases are backed up in two regions and cannot be deleted by mistake",
  severity: "critical",
  levels: levels("-/-/m/-"),
  framework: iso("A.8.13"),
  tags: ["backup"],
  source: { guide: "Réplication cross-region" },
  why: "The plan decides how long OVH keeps backups, and backupRegions where: the smallest keeps two days, beside the database.",
  fix: 'take plan "business" or "enterprise" ("production" or "advanced"), set deletionProtection: true and two backupRegions (MongoDB takes one)',
  examples: {
    pass: [db({})],
    fail: [db({ plan: "essential" }), db({ deletionProtection: false }), db({ backupRegions: ["GRA"] })],
  },
  resource: {
    types: DATABASE,
    check(db, report) {
      const plan = db.text("plan");
      if (plan === undefined || SMALL.includes(plan.toLowerCase())) {
        report.violation(db, { path: "plan", requires: '"business" or more' });
      }
      if (db.flag("deletionProtection") !== true) {
        report.violation(db, { path: "deletionProtection", requires: "true" });
      }
      const regions = db.items("backupRegions").length;
      const wanted = db.text("engine")?.toLowerCase() === "mongodb" ? 1 : 2;
      if (regions < wanted) report.violation(db, { path: "backupRegions", requires: `${wanted} regions` });
    },
  },
  remediate: {
    types: DATABASE,
    repair(db, set) {
      if (db.flag("deletionProtection") !== true) set("deletionProtection", true);
    },
  },
});
