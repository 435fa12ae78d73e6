import { fsbp } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { METRIC_ALARM } from "../common/types.ts";

const QUEUE = ["aws:sqs/queue:Queue"] as const;
const TOPIC = ["aws:sns/topic:Topic"] as const;
const ALARMS = [...METRIC_ALARM, "aws:cloudwatch/compositeAlarm:CompositeAlarm"];
const ACTIONS = ["alarmActions", "okActions", "insufficientDataActions"];

const queue = (props: Record<string, unknown>) => [{ type: QUEUE[0], name: "jobs", props }];
const topic = (props: object) => ({ type: TOPIC[0], name: "critical", props: { arn: "arn:t", ...props } });
const alarm = { type: METRIC_ALARM[0], name: "alarm", props: { alarmActions: ["arn:t"] } };

export const awsQueueTopicEncrypted = defineRule({
  id: "aws-queue-topic-encrypted",
  title: "Queues and topics are encrypted, and alarms still get through",
  severity: "medium",
  levels: levels("-/-/m/m"),
  framework: fsbp("SQS.1", "Amazon SQS queues should be encrypted at rest"),
  tags: ["securityhub:SNS.1", "iso27001:A.8.24"],
  source: { standard: "AWS FSBP SQS.1 and Security Hub SNS.1" },
  why: "Jobs and notices hold names and addresses. A topic under alias/aws/sns is worse than open: CloudWatch may not use that key, so its alarms are lost in silence.",
  fix: "leave sqsManagedSseEnabled on, and set the topic's kmsMasterKeyId to a key whose policy lets cloudwatch.amazonaws.com use it",
  examples: {
    pass: [queue({}), [topic({ kmsMasterKeyId: "arn:aws:kms:eu-central-1:1:key/a" }), alarm]],
    fail: [queue({ sqsManagedSseEnabled: false }), [topic({})], [topic({ kmsMasterKeyId: "alias/aws/sns" }), alarm]],
  },
  resource: {
    types: [...QUEUE, ...TOPIC],
    check(resource, report) {
      if (resource.has("kmsMasterKeyId")) return;
      if (resource.is(TOPIC)) report.violation(resource, { path: "kmsMasterKeyId", requires: "a key of the stack" });
      // Left out, SQS encrypts with a key of its own.
      else if (resource.flag("sqsManagedSseEnabled") === false) {
        report.violation(resource, { path: "sqsManagedSseEnabled", requires: "true, or a kmsMasterKeyId" });
      }
    },
  },
  stack: {
    check(stack, report) {
      const topics = stack.all(TOPIC);
      if (topics.length === 0) return "no topic in the stack";
      report.each(topics, (topic) => {
        const key = topic.given("kmsMasterKeyId");
        if (typeof key !== "string" || !key.endsWith("alias/aws/sns")) return;
        const alarm = stack
          .all(ALARMS)
          .find((a) => ACTIONS.some((path) => refers(a, path, topic, ["arn", "id"]) === "yes"));
        if (!alarm) return;
        report.violation(topic, { path: "kmsMasterKeyId", requires: `a key that ${alarm.label} can use` });
      });
    },
  },
  remediate: {
    types: QUEUE,
    /** A topic's key is the program's choice: the one that AWS would take loses alarms. */
    repair(queue, set) {
      if (!queue.has("kmsMasterKeyId") && queue.flag("sqsManagedSseEnabled") === false)
        set("sqsManagedSseEnabled", true);
    },
  },
});
