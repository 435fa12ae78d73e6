import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Finding } from "../../engine/rule.ts";
import { BALANCER_KEYS, publicBalancers } from "../common/balancers.ts";
import { requireAlarm, seriesOf } from "../common/cloudwatch.ts";
import { LOAD_BALANCER, METRIC_ALARM } from "../common/types.ts";

const NAMESPACE = "AWS/ApplicationELB";
const ERRORS = "HTTPCode_Target_5XX_Count";

function judge(alarm: Resource, percent: number): Finding | undefined {
  const expressions = alarm.items("metricQueries").flatMap((q) => q.text("expression") ?? []);
  const ratio = expressions.find((e) => e.includes("/"));
  if (ratio === undefined || !seriesOf(alarm).some((s) => s.metric === "RequestCount")) {
    return {
      problem: "it counts errors, of ten requests or of a million",
      requires: "metricQueries that divide by RequestCount",
    };
  }
  const limit = ratio.includes("100") ? percent : percent / 100;
  const threshold = alarm.number("threshold") ?? NaN;
  if (!(threshold > 0 && threshold <= limit)) return { path: "threshold", requires: `${limit} or less` };
  // A night without requests divides by nothing: that is no fault.
  return alarm.text("treatMissingData") === "breaching"
    ? { path: "treatMissingData", requires: '"notBreaching": no request, no error' }
    : undefined;
}

const balancer = { type: LOAD_BALANCER[0], name: "web", props: { arnSuffix: "app/web/1" } };
const metric = (id: string, metricName: string) => ({
  id,
  metric: { namespace: NAMESPACE, metricName, dimensions: { LoadBalancer: "app/web/1" }, stat: "Sum", period: 60 },
});
const alarm = (threshold: number, expression = "100 * errors / requests") => ({
  type: METRIC_ALARM[0],
  name: "errors",
  props: {
    comparisonOperator: "GreaterThanThreshold",
    threshold,
    metricQueries: [
      { id: "rate", expression, returnData: true },
      metric("errors", ERRORS),
      metric("requests", "RequestCount"),
    ],
  },
});

export const alertErrorRate = defineRule<{ percent: number }>({
  id: "alert-error-rate-5pct",
  title: "Somebody hears when one request in twenty fails",
  severity: "high",
  levels: levels("-/-/m/m"),
  parameters: { percent: { schema: { type: "number", exclusiveMinimum: 0, maximum: 100 }, default: 5 } },
  framework: iso("A.8.16"),
  tags: ["monitoring"],
  source: { guide: "High error rate (>5%)" },
  why: "A count of errors rings every evening when traffic is high and is silent when a quiet morning fails altogether; only the share tells.",
  fix: `add a MetricAlarm whose metricQueries compute 100 * ${ERRORS} / RequestCount (with HTTPCode_ELB_5XX_Count added), above 5, treatMissingData "notBreaching"`,
  examples: {
    pass: [
      [balancer, alarm(5)],
      [balancer, alarm(0.05, "errors / requests")],
    ],
    fail: [[balancer], [balancer, alarm(6)], [balancer, alarm(5, "errors")]],
  },
  stack: {
    check(stack, report, { percent }) {
      const balancers = publicBalancers(stack);
      if (balancers.length === 0) return "no public load balancer in the stack";
      report.each(balancers, (of) =>
        requireAlarm(stack, report, {
          of,
          keys: BALANCER_KEYS,
          namespace: NAMESPACE,
          metric: ERRORS,
          way: "above",
          judge: (a) => judge(a, percent),
          requires: `one on its share of requests above ${percent} %`,
        }),
      );
    },
  },
});
