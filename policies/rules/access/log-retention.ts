import { iso } from "../../engine/frameworks.ts";
import { any, refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { ALLOWED_DAYS, isAuditLog } from "../common/retention.ts";
import { EKS_CLUSTER, LOG_GROUP } from "../common/types.ts";

const FUNCTION = ["aws:lambda/function:Function"] as const;
interface Days {
  audit: number;
  least: number;
  most: number;
}
const within = (group: Resource, { audit, least, most }: Days): boolean => {
  const days = group.number("retentionInDays") ?? 0;
  if (!ALLOWED_DAYS.includes(days)) return false;
  return isAuditLog(group) ? days >= audit : days >= least && days <= most;
};
/** A group of this class keeps two days, whatever it is told. */
const isFixed = (group: Resource): boolean => group.text("logGroupClass") === "DELIVERY";

/** AWS makes the group at the first line, kept for ever, where the stack has none of that name. */
function checkMadeByAws(owner: Resource, prefix: string, suffix: string, stack: Stack, report: Report): void {
  const named = any(
    stack.all(LOG_GROUP).map((g) => {
      const name = g.peek("name");
      const own = owner.peek("name");
      if (name.state === "known" && own.state === "known") {
        return name.value === `${prefix}${String(own.value)}${suffix}` ? "yes" : "no";
      }
      return name.state === "known" && !String(name.value).startsWith(prefix)
        ? "no"
        : refers(g, "name", owner, ["name", "id"]);
    }),
  );
  if (named === "maybe") report.undetermined(owner, "the name of its log group");
  if (named !== "no") return;
  const problem = "AWS will make its log group, which keeps for ever";
  report.violation(owner, { problem, requires: `a LogGroup ${prefix}<name>${suffix}` });
}

const group = (name: string, retentionInDays?: number) => [
  { type: LOG_GROUP[0], name: "log", props: { name, retentionInDays } },
];

export const logRetention = defineRule<Days>({
  id: "log-retention",
  title: "Audit logs are kept for a year, the others for weeks, none for ever",
  severity: "low",
  levels: levels("a/a/m/m"),
  parameters: {
    audit: { schema: { type: "number", description: "days at least, for audit logs" }, default: 365 },
    least: { schema: { type: "number", description: "days at least, for the others" }, default: 14 },
    most: { schema: { type: "number", description: "days at most, for the others" }, default: 90 },
  },
  framework: iso("A.8.15"),
  tags: ["pci-4.0:10.5.1", "cost"],
  source: { guide: "Audit logs" },
  why: "An intrusion is found after months: its traces must still be there. Logs of the application are for the last weeks; without an end they are billed for ever.",
  fix: "set retentionInDays on the LogGroup: 365 or more for audit, trail, flow and WAF logs, 14 to 90 for the others; make the group of a function or cluster yourself",
  examples: {
    pass: [group("/jatsmanor/audit", 365), group("/jatsmanor/web", 30)],
    fail: [group("/jatsmanor/audit", 180), group("/jatsmanor/web", 120), group("/jatsmanor/web")],
  },
  resource: {
    types: LOG_GROUP,
    check(group, report, days) {
      if (isFixed(group)) return "the class of the group fixes its retention";
      if (within(group, days)) return;
      const requires = isAuditLog(group) ? `${days.audit} or more, for an audit log` : `${days.least} to ${days.most}`;
      report.violation(group, { path: "retentionInDays", requires: `${requires} (a value that CloudWatch knows)` });
    },
  },
  stack: {
    check(stack, report) {
      const functions = stack.all(FUNCTION).filter((f) => !f.has("loggingConfig.logGroup"));
      const clusters = stack.all(EKS_CLUSTER).filter((c) => c.has("enabledClusterLogTypes"));
      if (functions.length + clusters.length === 0) return "nothing whose log group AWS would make";
      report.each(functions, (f) => checkMadeByAws(f, "/aws/lambda/", "", stack, report));
      report.each(clusters, (c) => checkMadeByAws(c, "/aws/eks/", "/cluster", stack, report));
    },
  },
  remediate: {
    types: LOG_GROUP,
    repair(group, set, days) {
      if (isFixed(group) || within(group, days)) return;
      const asked = group.number("retentionInDays") ?? 0;
      const most = ALLOWED_DAYS.filter((d) => d <= days.most).at(-1) ?? days.most;
      const least = ALLOWED_DAYS.find((d) => d >= days.least) ?? days.least;
      if (isAuditLog(group)) set("retentionInDays", ALLOWED_DAYS.find((d) => d >= days.audit) ?? days.audit);
      else set("retentionInDays", asked > 0 && asked < days.least ? least : most);
    },
  },
});
