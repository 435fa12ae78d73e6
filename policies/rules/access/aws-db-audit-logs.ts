import { fsbp } from "../../engine/frameworks.ts";
import { any, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { RDS_CLUSTER, RDS_INSTANCE } from "../common/types.ts";

const CLUSTER_PARAMETERS = ["aws:rds/clusterParameterGroup:ClusterParameterGroup"] as const;
const OPTIONS = ["aws:rds/optionGroup:OptionGroup"] as const;
const EXPORTS = ["audit", "error", "slowquery"];
const ON = /^(1|on|true)$/i;

const setsAudit = (group: Resource): boolean =>
  group.items("parameters").some((p) => p.text("name") === "server_audit_logging" && ON.test(p.text("value") ?? ""));
const hasPlugin = (group: Resource): boolean =>
  group.items("options").some((o) => o.text("optionName") === "MARIADB_AUDIT_PLUGIN");

/** The exported audit log stays empty until the engine writes one. */
function checkWriter(db: Resource, stack: Stack, report: Report): void {
  const aurora = db.is(RDS_CLUSTER);
  const path = aurora ? "dbClusterParameterGroupName" : "optionGroupName";
  const answer: Answer = any(
    stack
      .all(aurora ? CLUSTER_PARAMETERS : OPTIONS)
      .filter(aurora ? setsAudit : hasPlugin)
      .map((g) => refers(db, path, g, ["name", "id"])),
  );
  if (answer === "maybe") report.undetermined(db, path);
  if (answer !== "no") return;
  const problem = `${path} names no group of the stack that makes the engine write an audit log`;
  const requires = aurora ? "one with server_audit_logging 1" : "one with the option MARIADB_AUDIT_PLUGIN";
  report.violation(db, { problem, requires });
}

const instance = (exports: string[], more: object = { optionGroupName: "audited" }) => ({
  type: RDS_INSTANCE[0],
  name: "db",
  props: { engine: "mysql", enabledCloudwatchLogsExports: exports, ...more },
});
const options = {
  type: OPTIONS[0],
  name: "o",
  props: { name: "audited", options: [{ optionName: "MARIADB_AUDIT_PLUGIN" }] },
};

export const awsDbAuditLogs = defineRule({
  id: "aws-db-audit-logs",
  title: "Databases write an audit log and send their logs away",
  severity: "medium",
  levels: levels("-/-/a/m"),
  framework: fsbp("RDS.9", "RDS DB instances should publish logs to CloudWatch Logs"),
  tags: ["fsbp:RDS.34", "iso27001:A.8.15"],
  source: { guide: "Audit logs" },
  why: "Who read guests' data with a stolen password shows in the database's own audit log alone, and a log that stays on the server is deleted with it.",
  fix: `set enabledCloudwatchLogsExports to ${EXPORTS.join(", ")}, and server_audit_logging in the cluster's parameter group (Aurora) or MARIADB_AUDIT_PLUGIN in the option group (RDS)`,
  examples: {
    pass: [[instance(EXPORTS), options]],
    fail: [
      [instance(EXPORTS, {}), options],
      [instance(["error"]), options],
    ],
  },
  stack: {
    check(stack, report) {
      const databases = stack
        .all([...RDS_INSTANCE, ...RDS_CLUSTER])
        .filter((d) => /mysql|mariadb|aurora$/.test(d.text("engine") ?? "mysql"));
      if (databases.length === 0) return "no MySQL database at AWS in the stack";
      report.each(databases, (db) => {
        const path = "enabledCloudwatchLogsExports";
        if (db.peek(path).state === "unknown") return report.undetermined(db, path);
        const { known, partial } = db.texts(path);
        const missing = EXPORTS.filter((e) => !known.includes(e));
        if (missing.length > 0) {
          if (partial) return report.undetermined(db, path);
          report.violation(db, { path, found: `without ${missing.join(", ")}`, requires: EXPORTS.join(", ") });
        }
        checkWriter(db, stack, report);
      });
    },
  },
});
