import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { seriesOf } from "../common/cloudwatch.ts";
import { METRIC_ALARM, SCALING_GROUP, EKS_CLUSTER } from "../common/types.ts";

const METRICS = ["BookingsPerMinute", "PaymentSuccessRate", "RegistrationRate", "SearchLatency"];
const alarm = (metricName: string, severity = "critical") => ({
  type: METRIC_ALARM[0],
  name: `alarm-${METRICS.indexOf(metricName)}`,
  props: { namespace: "Jatsmanor", metricName, alarmActions: ["arn:topic"], tags: { severity } },
});
const servers = { type: SCALING_GROUP[0], name: "web", props: {} };

export const businessMetricsAlarmed = defineRule<{ metrics: string[] }>({
  id: "business-metrics-alarmed",
  title: "Bookings, payments, registrations and searches are watched",
  severity: "medium",
  levels: levels("-/-/a/m"),
  parameters: {
    metrics: {
      schema: { type: "array", items: { type: "string" }, description: "names of the application's own metrics" },
      default: METRICS,
    },
  },
  framework: iso("A.8.16"),
  tags: ["monitoring"],
  source: { guide: "Payment success rate" },
  why: "Every server can be well while no payment passes: only the business's own numbers tell.",
  fix: 'add a MetricAlarm on each metric, the payments\' with tag severity "critical", and treatMissingData other than "breaching", since at night nobody books',
  examples: {
    pass: [[servers, ...METRICS.map((m) => alarm(m))]],
    fail: [[servers], [servers, ...METRICS.map((m) => alarm(m, "warning"))]],
  },
  stack: {
    check(stack, report, { metrics }) {
      if (stack.all([...SCALING_GROUP, ...EKS_CLUSTER]).length === 0) return "no fleet or cluster in the stack";
      const alarms = stack.all(METRIC_ALARM);
      report.each(metrics, (metric) => {
        const own = alarms.filter((a) => seriesOf(a).some((s) => s.metric === metric));
        if (own.length === 0) {
          return report.violation(null, { problem: `no alarm watches ${metric}`, requires: "one" });
        }
        for (const a of own) {
          if (a.text("treatMissingData") === "breaching") {
            report.violation(a, { path: "treatMissingData", requires: "another value: a quiet night is no fault" });
          }
        }
        const [first] = own;
        if (first && /payment/i.test(metric) && !own.some((a) => a.text("tags.severity") === "critical")) {
          report.violation(first, { path: "tags.severity", requires: '"critical", since it is about payments' });
        }
      });
    },
  },
});
