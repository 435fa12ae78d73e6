import { iso } from "../../engine/frameworks.ts";
import { any, refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { seriesOf } from "../common/cloudwatch.ts";
import { METRIC_ALARM, TOPIC } from "../common/types.ts";

const RULE = ["aws:cloudwatch/eventRule:EventRule"] as const;
const TARGET = ["aws:cloudwatch/eventTarget:EventTarget"] as const;
const FILTER = ["aws:cloudwatch/logMetricFilter:LogMetricFilter"] as const;
/** High findings of GuardDuty start here. */
const HIGH = 7;

/** What an intruder does first, and the words of the trail by which a filter sees it. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  "use of the root account": /userIdentity\.type\s*=\s*\\?"?Root/,
  "sign-ins without a second factor": /MFAUsed/,
  "changes of IAM": /(Put|Attach|Create|Delete|Detach)(User|Role|Group)?Policy|CreateAccessKey/,
  "changes of the trail": /StopLogging|DeleteTrail|UpdateTrail/,
  "changes of security groups": /(Authorize|Revoke)SecurityGroup|CreateSecurityGroup/,
};

/** Smallest severity that a pattern lets through; 0 without a filter, undefined when it is of something else. */
function severityOf(rule: Resource): number | undefined {
  const text = rule.text("eventPattern") ?? "";
  if (!text.includes("aws.guardduty")) return undefined;
  const [, operator, value] = /"severity":\[\{"numeric":\["(>=?|=)",([\d.]+)/.exec(text.replace(/\s/g, "")) ?? [];
  if (value === undefined) return 0;
  return Number(value) + (operator === ">" ? 0.1 : 0);
}

function checkFindings(stack: Stack, report: Report): void {
  const rules = stack.all(RULE).flatMap((r) => {
    const from = severityOf(r);
    return from === undefined || r.text("state") === "DISABLED" ? [] : [[r, from] as const];
  });
  const requires = `an EventRule for findings of severity ${HIGH} and more, with an EventTarget to the critical topic`;
  const [first] = rules;
  if (!first) return report.violation(null, { problem: "no EventRule passes GuardDuty's findings on", requires });
  const enough = rules.filter(([, from]) => from <= HIGH);
  if (enough.length === 0) {
    return report.violation(first[0], { path: "eventPattern", found: `for severity ${first[1]} and more`, requires });
  }
  const critical = stack.all(TOPIC).filter((t) => !t.has("tags.severity") || t.text("tags.severity") === "critical");
  const answer = any(
    stack
      .all(TARGET)
      .filter((t) => enough.some(([r]) => refers(t, "rule", r, ["name", "id"]) !== "no"))
      .map((t) => any(critical.map((topic) => refers(t, "arn", topic, ["arn", "id"])))),
  );
  if (answer === "maybe") report.undetermined(first[0], "the target of its EventTarget");
  if (answer === "no") report.violation(first[0], { problem: "no EventTarget sends it to a critical topic", requires });
}

function checkSigns(stack: Stack, report: Report): void {
  const watched = new Set(stack.all(METRIC_ALARM).flatMap((a) => seriesOf(a).map((s) => s.metric)));
  for (const [sign, pattern] of Object.entries(SIGNS)) {
    const filters = stack.all(FILTER).filter((f) => pattern.test(f.text("pattern") ?? ""));
    const alarmed = filters.some((f) => watched.has(f.text("metricTransformation.name")));
    if (alarmed) continue;
    const problem = filters.length === 0 ? `no LogMetricFilter sees ${sign}` : `no alarm tells of ${sign}`;
    report.violation(filters[0] ?? null, { problem, requires: "a LogMetricFilter with its alarm" });
  }
}

const PATTERNS = [
  '{ $.userIdentity.type = "Root" }',
  '{ $.additionalEventData.MFAUsed != "Yes" }',
  "{ $.eventName = PutRolePolicy }",
  "{ $.eventName = StopLogging }",
  "{ $.eventName = AuthorizeSecurityGroupIngress }",
];
const signs = PATTERNS.flatMap((pattern, i) => [
  { type: FILTER[0], name: `f${i}`, props: { pattern, metricTransformation: { namespace: "audit", name: `m${i}` } } },
  { type: METRIC_ALARM[0], name: `a${i}`, props: { namespace: "audit", metricName: `m${i}` } },
]);
const findings = (severity: number) => [
  { type: TOPIC[0], name: "page", props: { arn: "arn:page", tags: { severity: "critical" } } },
  {
    type: RULE[0],
    name: "threats",
    props: {
      name: "threats",
      eventPattern: JSON.stringify({
        source: ["aws.guardduty"],
        detail: { severity: [{ numeric: [">=", severity] }] },
      }),
    },
  },
  { type: TARGET[0], name: "call", props: { rule: "threats", arn: "arn:page" } },
];

export const alertSecurityBreach = defineRule({
  id: "alert-security-breach",
  title: "Somebody is called when the account is broken into",
  severity: "high",
  levels: levels("-/-/a/m"),
  framework: iso("A.8.16"),
  tags: [
    "cis-aws-5.0:4.1",
    "cis-aws-5.0:4.2",
    "cis-aws-5.0:4.3",
    "cis-aws-5.0:4.4",
    "cis-aws-5.0:4.5",
    "cis-aws-5.0:4.10",
  ],
  source: { guide: "Security breaches" },
  why: "GuardDuty and the trail know within minutes; without a call nobody reads them before the bill or the ransom note.",
  fix: "send GuardDuty's findings by an EventRule and EventTarget to the critical topic, and add LogMetricFilters with alarms on root use, sign-ins without MFA, and changes of IAM, trail and security groups",
  examples: {
    pass: [[...findings(HIGH), ...signs]],
    fail: [[...findings(8), ...signs], [...findings(HIGH), ...signs.slice(2)], signs],
  },
  stack: {
    check(stack, report) {
      if (stack.all(["aws:*"]).length === 0) return "no AWS resource in the stack";
      report.each([checkFindings, checkSigns], (check) => check(stack, report));
    },
  },
});
