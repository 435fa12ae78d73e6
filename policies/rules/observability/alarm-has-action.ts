import { iso } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { METRIC_ALARM, MONITOR_ALERT, UPTIME_ALERT } from "../common/types.ts";

const COMPOSITE = ["aws:cloudwatch/compositeAlarm:CompositeAlarm"] as const;
const TOPIC = ["aws:sns/topic:Topic"] as const;
const SUBSCRIPTION = ["aws:sns/topicSubscription:TopicSubscription"] as const;

/** Where each kind of DigitalOcean alert keeps its targets. */
const targetsOf = (alert: Resource): string => (alert.is(UPTIME_ALERT) ? "notifications" : "alerts");
const LISTS = ["emails", "slacks"];

function checkTargets(alert: Resource, report: Report): void {
  const at = targetsOf(alert);
  const reached = alert.items(at).some((t) => LISTS.some((l) => t.items(l).length > 0 || t.texts(l).known.length > 0));
  if (!reached)
    report.violation(alert, { path: at, found: "without targets", requires: "an e-mail address or a Slack channel" });
}

/** A member of a composite alarm may be silent: the composite speaks. */
function isMember(alarm: Resource, composites: Resource[]): boolean {
  const names = [alarm.peek("name"), alarm.peek("arn")].flatMap((p) => (p.state === "known" ? [String(p.value)] : []));
  return composites.some((c) => {
    const rule = c.peek("alarmRule");
    if (c.sourcesOf("alarmRule").includes(alarm)) return true;
    return rule.state === "known" && names.some((n) => String(rule.value).includes(n));
  });
}

function checkAlarm(alarm: Resource, stack: Stack, composites: Resource[], report: Report): void {
  const actions = alarm.peek("alarmActions");
  const none = actions.state === "absent" || (actions.state === "known" && [actions.value].flat().length === 0);
  if (none) {
    if (!isMember(alarm, composites))
      report.violation(alarm, { path: "alarmActions", requires: "a topic that somebody reads" });
    return;
  }
  const topics = stack.all(TOPIC).filter((t) => refers(alarm, "alarmActions", t, ["arn", "id"]) === "yes");
  const severity = alarm.text("tags.severity");
  for (const topic of topics) {
    const its = topic.text("tags.severity");
    if (severity && its && severity !== its) {
      report.violation(alarm, {
        problem: `is ${severity} but ${topic.label} is for ${its}`,
        requires: "a topic of its severity",
      });
    }
    const heard = stack.all(SUBSCRIPTION).some((s) => refers(s, "topic", topic, ["arn", "id"]) !== "no");
    if (!heard) report.violation(topic, { problem: "nobody is subscribed to it", requires: "a TopicSubscription" });
  }
}

export const alarmHasAction = defineRule({
  id: "alarm-has-action",
  title: "Every alarm reaches somebody",
  severity: "high",
  levels: levels("m/-/m/m"),
  framework: iso("A.8.16"),
  tags: ["securityhub:CloudWatch.15"],
  source: { guide: "Critical alerts (PagerDuty)" },
  why: "An alarm nobody hears is worse than none: everybody believes the site is watched.",
  fix: "give it a target: PagerDuty for what is critical, Slack or e-mail for warnings",
  examples: {
    pass: [[{ type: MONITOR_ALERT[0], props: { alerts: { emails: ["ops@example.org"] } } }]],
    fail: [[{ type: MONITOR_ALERT[0], props: { alerts: { emails: [] } } }], [{ type: METRIC_ALARM[0], props: {} }]],
  },
  resource: {
    types: [...MONITOR_ALERT, ...UPTIME_ALERT, ...METRIC_ALARM],
    check(alarm, report) {
      if (!alarm.is(METRIC_ALARM)) return checkTargets(alarm, report);
      if (alarm.flag("actionsEnabled") === false) report.violation(alarm, { path: "actionsEnabled", requires: "true" });
    },
  },
  stack: {
    check(stack, report) {
      const alarms = stack.all(METRIC_ALARM);
      if (alarms.length === 0) return "no CloudWatch alarm in the stack";
      const composites = stack.all(COMPOSITE);
      report.each(alarms, (a) => checkAlarm(a, stack, composites, report));
    },
  },
});
