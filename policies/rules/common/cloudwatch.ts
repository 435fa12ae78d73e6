/** CloudWatch alarms: what they measure, about what, and whether a resource has the one it needs. */
import { refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import type { Finding, Report } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { METRIC_ALARM } from "./types.ts";

export interface Series {
  namespace: string | undefined;
  metric: string | undefined;
  /** "Sum", "Average", "p95" ... */
  statistic: string | undefined;
}

/** The metrics an alarm reads: its own, or those of its queries. */
export function seriesOf(alarm: Resource): Series[] {
  const own = {
    namespace: alarm.text("namespace"),
    metric: alarm.text("metricName"),
    statistic: alarm.text("extendedStatistic") ?? alarm.text("statistic"),
  };
  const queries = alarm.items("metricQueries").filter((q) => q.has("metric"));
  return [
    ...(own.metric === undefined ? [] : [own]),
    ...queries.map((q: View) => ({
      namespace: q.text("metric.namespace"),
      metric: q.text("metric.metricName"),
      statistic: q.text("metric.stat"),
    })),
  ];
}

/** Whether an alarm's dimensions name the resource. `members`: also nodes, called after it (`cache-001`). */
export function isAbout(alarm: Resource, of: Resource, keys: readonly string[], members = false): Answer {
  const path = alarm.has("metricQueries") ? "metricQueries" : "dimensions";
  const answer = refers(alarm, path, of, keys);
  if (answer === "yes" || !members || alarm.peek("dimensions").state !== "known") return answer;
  const names = keys.map((k) => of.given(k)).filter((n): n is string => typeof n === "string" && n !== "");
  const known = alarm.keys("dimensions").map((k) => alarm.given(["dimensions", k]));
  return known.some((v) => names.some((n) => typeof v === "string" && v.startsWith(`${n}-`))) ? "yes" : answer;
}

export const fires = (alarm: Resource, way: "above" | "below"): boolean =>
  (way === "above" ? /^GreaterThan/ : /^LessThan/).test(alarm.text("comparisonOperator") ?? "");

export interface Wanted {
  of: Resource;
  /** Outputs that dimensions name the resource by. */
  keys: readonly string[];
  members?: boolean;
  namespace: string;
  metric: string;
  way: "above" | "below";
  /** What is wrong with an alarm on that metric; nothing when it will do. */
  judge?: (alarm: Resource) => Finding | undefined;
  requires: string;
}

/** Reports where no alarm of a resource measures what is wanted: on the alarm that does it wrong, else on the resource. */
export function requireAlarm(stack: Stack, report: Report, wanted: Wanted): void {
  const { of, keys, namespace, metric, way, judge, requires } = wanted;
  const answers = stack
    .all(METRIC_ALARM)
    .filter((a) => seriesOf(a).some((s) => s.namespace === namespace && s.metric === metric))
    .map((a) => [a, isAbout(a, of, keys, wanted.members)] as const);
  const own = answers.filter(([, a]) => a === "yes").map(([a]) => a);
  const wrong = (a: Resource): Finding | undefined =>
    fires(a, way)
      ? judge?.(a)
      : { path: "comparisonOperator", requires: way === "above" ? "GreaterThanThreshold" : "LessThanThreshold" };
  const findings = own.map((a) => [a, wrong(a)] as const);
  if (findings.some(([, finding]) => !finding)) return;
  const [first] = findings;
  if (first?.[1]) report.violation(first[0], first[1]);
  else if (answers.some(([, a]) => a === "maybe")) report.undetermined(of, `what the alarms on ${metric} are about`);
  else report.violation(of, { problem: `no alarm watches its ${metric}`, requires });
}
