import { iso } from "../../engine/frameworks.ts";
import { refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { fires, requireAlarm, seriesOf } from "../common/cloudwatch.ts";
import { DROPLET, METRIC_ALARM, QUEUE, SCALING_GROUP } from "../common/types.ts";

const REDRIVE = ["aws:sqs/redrivePolicy:RedrivePolicy"] as const;
const WAITING = "ApproximateNumberOfMessagesVisible";
const SERVERS = [...DROPLET, ...SCALING_GROUP, "aws:ec2/instance:Instance", "ovh:Vps/vps:Vps"];

/** The policy is a JSON text that holds the other queue's ARN. */
function sendsTo(from: Resource, queue: Resource): Answer {
  const policy = from.peek("redrivePolicy");
  const arn = queue.given("arn");
  if (policy.state === "known" && typeof arn === "string" && JSON.stringify(policy.value).includes(arn)) return "yes";
  return refers(from, "redrivePolicy", queue, ["arn", "id"]);
}

/** Where failed jobs of other queues end. */
const isDeadLetter = (queue: Resource, stack: Stack): boolean =>
  [...stack.all(QUEUE), ...stack.all(REDRIVE)].some((from) => from !== queue && sendsTo(from, queue) === "yes");

/** Redis has no metric for it: Horizon or a script publishes one. */
const watchesCustomQueue = (stack: Stack, jobs: number): boolean =>
  stack
    .all(METRIC_ALARM)
    .some(
      (a) =>
        seriesOf(a).some((s) => /queue/i.test(s.metric ?? "")) &&
        fires(a, "above") &&
        (a.number("threshold") ?? NaN) <= jobs,
    );

const queue = { type: QUEUE[0], name: "mail", props: { name: "mail", arn: "arn:mail" } };
const alarm = (threshold: number) => ({
  type: METRIC_ALARM[0],
  name: "backlog",
  props: {
    namespace: "AWS/SQS",
    metricName: WAITING,
    dimensions: { QueueName: "mail" },
    comparisonOperator: "GreaterThanThreshold",
    threshold,
  },
});

export const alertQueue1000 = defineRule<{ jobs: number }>({
  id: "alert-queue-1000",
  title: "Somebody hears when jobs pile up, or fail for good",
  severity: "medium",
  levels: levels("a/-/m/m"),
  parameters: { jobs: { schema: { type: "number", minimum: 1 }, default: 1000 } },
  framework: iso("A.8.16"),
  tags: ["monitoring"],
  source: { guide: "Queue backup (>1000 jobs)" },
  why: "Confirmations and payments are jobs: when nobody takes them the site looks well and guests stand before closed doors.",
  fix: `add a MetricAlarm on ${WAITING} above 1000 for each queue and at 1 for its dead-letter queue; for Horizon on Redis, one on a metric of its own`,
  examples: { pass: [[queue, alarm(1000)]], fail: [[queue], [queue, alarm(1001)]] },
  stack: {
    check(stack, report, { jobs }) {
      const queues = stack.all(QUEUE);
      if (queues.length === 0) {
        if (stack.all(SERVERS).length === 0) return "no queue and no server in the stack";
        if (watchesCustomQueue(stack, jobs)) return;
        const problem = "no alarm on a metric of the queue tells that jobs pile up";
        return report.violation(null, { problem, requires: `one above ${jobs} jobs or less` });
      }
      report.each(queues, (of) => {
        const dead = isDeadLetter(of, stack);
        const most = dead ? 1 : jobs;
        requireAlarm(stack, report, {
          of,
          keys: ["name", "id"],
          namespace: "AWS/SQS",
          metric: WAITING,
          way: "above",
          requires: dead ? "one at the first failed job" : `one above ${jobs} jobs`,
          judge: (a) => {
            const reached = a.text("comparisonOperator") === "GreaterThanOrEqualToThreshold";
            const ok =
              dead && !reached ? (a.number("threshold") ?? NaN) < most : (a.number("threshold") ?? NaN) <= most;
            return ok
              ? undefined
              : { path: "threshold", requires: dead ? "1 reached, or 0 passed" : `${jobs} or less` };
          },
        });
      });
    },
  },
});
