import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Finding } from "../../engine/rule.ts";
import { BALANCER_KEYS, publicBalancers } from "../common/balancers.ts";
import { requireAlarm, seriesOf } from "../common/cloudwatch.ts";
import { LOAD_BALANCER, METRIC_ALARM } from "../common/types.ts";

const balancer = { type: LOAD_BALANCER[0], name: "web", props: { arnSuffix: "app/web/1" } };
const alarm = (threshold: number, extendedStatistic = "p95") => ({
  type: METRIC_ALARM[0],
  name: "slow",
  props: {
    namespace: "AWS/ApplicationELB",
    metricName: "TargetResponseTime",
    dimensions: { LoadBalancer: "app/web/1" },
    extendedStatistic,
    comparisonOperator: "GreaterThanThreshold",
    threshold,
  },
});

export const alertLatencyP95 = defineRule<{ seconds: number }>({
  id: "alert-latency-p95-2s",
  title: "Somebody hears when one answer in twenty takes two seconds",
  severity: "medium",
  levels: levels("-/-/m/m"),
  parameters: { seconds: { schema: { type: "number", exclusiveMinimum: 0 }, default: 2 } },
  framework: iso("A.8.16"),
  tags: ["monitoring"],
  source: { guide: "High response time (>2s)" },
  why: "An average of half a second hides the guests who wait for ten; the metric is in seconds, so a threshold of 2000 never fires.",
  fix: 'add a MetricAlarm on TargetResponseTime with extendedStatistic "p95", GreaterThanThreshold 2 and the dimension LoadBalancer',
  examples: { pass: [[balancer, alarm(2)]], fail: [[balancer], [balancer, alarm(2000)], [balancer, alarm(2, "p50")]] },
  stack: {
    check(stack, report, { seconds }) {
      const balancers = publicBalancers(stack);
      if (balancers.length === 0) return "no public load balancer in the stack";
      const judge = (a: Resource): Finding | undefined => {
        const high = seriesOf(a).some(
          (s) => s.metric === "TargetResponseTime" && /^p(9[5-9]|100)/.test(s.statistic ?? ""),
        );
        if (!high) return { path: "extendedStatistic", requires: '"p95"' };
        const threshold = a.number("threshold") ?? NaN;
        return threshold > 0 && threshold <= seconds
          ? undefined
          : { path: "threshold", requires: `${seconds} seconds or less` };
      };
      report.each(balancers, (of) =>
        requireAlarm(stack, report, {
          of,
          keys: BALANCER_KEYS,
          namespace: "AWS/ApplicationELB",
          metric: "TargetResponseTime",
          way: "above",
          judge,
          requires: `one on its 95th percentile above ${seconds} s`,
        }),
      );
    },
  },
});
