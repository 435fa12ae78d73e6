import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";

interface Parameters {
  ceiling: number;
  usdPerEur: number;
}
const BUDGET = ["aws:budgets/budget:Budget"] as const;
const ANOMALIES = ["aws:costexplorer/anomalySubscription:AnomalySubscription"] as const;
const ALERTING = ["ovh:CloudProject/alerting:Alerting"] as const;
/** What is billed by the hour or by traffic. */
const AWS_RUNS = [
  "ec2/instance",
  "ec2/natGateway",
  "autoscaling/",
  "rds/",
  "eks/",
  "lb/",
  "alb/",
  "elasticache/",
  "cloudfront/",
  "lambda/",
  "opensearch/",
  "mq/",
].map((m) => `aws:${m}*`);
const OVH_RUNS = ["instance", "database", "kube", "loadBalancer", "gateway"].map((m) => `ovh:CloudProject/${m}*`);
/** When to speak: at 80 % of what is spent, and when the forecast passes the limit. */
const NOTICES = [
  ["ACTUAL", 80],
  ["FORECASTED", 100],
] as const;

const reachesSomebody = (n: View): boolean =>
  ["subscriberEmailAddresses", "subscriberSnsTopicArns"].some((p) => {
    const found = n.peek(p);
    return found.state === "unknown" || (found.state === "known" && [found.value].flat().length > 0);
  });

/** A threshold in per cent of the limit; AWS takes an amount, too. */
function percentOf(n: View, limit: number): number {
  const threshold = n.number("threshold") ?? NaN;
  return (n.text("thresholdType") ?? "PERCENTAGE") === "PERCENTAGE" ? threshold : (threshold / limit) * 100;
}

const isMonthlyCost = (b: Resource): boolean => b.text("budgetType") === "COST" && b.text("timeUnit") === "MONTHLY";

function checkBudget(b: Resource, report: Report, { ceiling, usdPerEur }: Parameters): void {
  const limit = b.number("limitAmount") ?? NaN;
  const unit = b.text("limitUnit") ?? "USD";
  const most = unit === "EUR" ? ceiling : ceiling * usdPerEur;
  if (!["EUR", "USD"].includes(unit)) report.violation(b, { path: "limitUnit", requires: '"USD" or "EUR"' });
  else if (!(limit > 0 && limit <= most))
    report.violation(b, { path: "limitAmount", requires: `${Math.floor(most)} ${unit} or less` });
  const notices = b.items("notifications").filter(reachesSomebody);
  for (const [type, percent] of NOTICES) {
    const own = notices.filter(
      (n) => n.text("notificationType") === type && /^GREATER_THAN/.test(n.text("comparisonOperator") ?? ""),
    );
    if (own.some((n) => percentOf(n, limit) <= percent)) continue;
    const problem = `no notification with subscribers says that ${type} passes ${percent} %`;
    report.violation(b, { problem, requires: "one" });
  }
}

const budget = (change: object) => ({
  type: BUDGET[0],
  name: "monthly",
  props: {
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: "100",
    limitUnit: "EUR",
    notifications: NOTICES.map(([notificationType, threshold]) => ({
      notificationType,
      threshold,
      thresholdType: "PERCENTAGE",
      comparisonOperator: "GREATER_THAN",
      subscriberEmailAddresses: ["a@example.org"],
    })),
    ...change,
  },
});
const fleet = { type: "aws:autoscaling/group:Group", name: "web", props: {} };
const anomalies = { type: ANOMALIES[0], name: "odd", props: { frequency: "DAILY" } };

export const awsBudgetObject = defineRule<Parameters>({
  id: "aws-budget-object",
  title: "The cloud itself says when the month's bill nears the budget",
  severity: "medium",
  levels: levels("a/-/m/m"),
  parameters: {
    ceiling: {
      schema: { type: "number", exclusiveMinimum: 0, description: "EUR a month" },
      default: 120,
      perPhase: { mvp: 120, growth: 850, enterprise: 3500 },
    },
    usdPerEur: { schema: { type: "number", exclusiveMinimum: 0, description: "dollars for one euro" }, default: 1.15 },
  },
  framework: iso("A.8.6"),
  tags: ["cost"],
  source: { guide: "Prix maîtrisé : Coût fixe prévisible" },
  why: "Policies see what is ordered; traffic, requests and a stolen key are seen by the bill alone, and that comes a month later.",
  fix: "add a budgets.Budget (COST, MONTHLY) with the phase's ceiling, notifications ACTUAL 80 and FORECASTED 100 with subscribers, and a costexplorer.AnomalySubscription; at OVH a cloudproject.Alerting",
  examples: {
    pass: [[budget({}), anomalies]],
    fail: [
      [fleet],
      [budget({ limitAmount: "121" }), anomalies],
      [budget({ notifications: [] }), anomalies],
      [budget({}), fleet],
      [anomalies, fleet],
    ],
  },
  stack: {
    check(stack, report, parameters) {
      const aws = stack.all(["aws:*"]).length > 0;
      const ovh = stack.all(["ovh:CloudProject/*"]).length > 0;
      if (!aws && !ovh) return "no cloud that bills by use in the stack";
      // A bucket for backups cannot run away with the budget: there it is advice.
      const lacks = (runs: readonly string[], problem: string): void => {
        const level = stack.all(runs).length > 0 ? {} : { level: "advisory" as const };
        report.violation(null, { problem, requires: "one", ...level });
      };
      const budgets = stack.all(BUDGET).filter(isMonthlyCost);
      report.each(budgets, (b) => checkBudget(b, report, parameters));
      if (aws && budgets.length === 0) lacks(AWS_RUNS, "no Budget of the month's cost");
      if (aws && stack.all(ANOMALIES).length === 0)
        lacks(AWS_RUNS, "no AnomalySubscription tells of a cost that jumps");
      const alertings = stack.all(ALERTING);
      if (ovh && alertings.length === 0) lacks(OVH_RUNS, "no Alerting of the OVH project");
      report.each(alertings, (a) => {
        const threshold = a.number("monthlyThreshold") ?? NaN;
        if (!(threshold > 0 && threshold <= parameters.ceiling)) {
          report.violation(a, { path: "monthlyThreshold", requires: `${parameters.ceiling} EUR or less` });
        }
      });
    },
  },
  remediate: {
    types: BUDGET,
    repair(b, set, { ceiling, usdPerEur }) {
      const most = Math.floor(b.text("limitUnit") === "EUR" ? ceiling : ceiling * usdPerEur);
      if (isMonthlyCost(b) && (b.number("limitAmount") ?? NaN) > most) set("limitAmount", String(most));
    },
  },
});
