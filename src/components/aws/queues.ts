import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";

export interface QueuesArgs<Service extends string> {
  context: StackContext;
  /** Queues by the service that reads them. `ordered`: exactly once and in order, for what moves money. */
  queues: Readonly<Record<Service, QueuePlan>>;
}

export interface QueuePlan {
  ordered: boolean;
  /** Seconds that the longest job takes; a message is hidden six times as long, as AWS advises. */
  longestJobSeconds: number;
}

/** Times that a job is tried before it is set aside for a person. */
const TRIES = 5;
const DAY = 86_400;

export interface ServiceQueue {
  url: pulumi.Output<string>;
  arn: pulumi.Output<string>;
  name: pulumi.Output<string>;
  deadLetterName: pulumi.Output<string>;
}

/** A queue per service, each with a second one for what failed too often. */
export class Queues<Service extends string> extends pulumi.ComponentResource {
  readonly queues: Record<Service, ServiceQueue>;

  constructor(name: string, args: QueuesArgs<Service>, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Queues", name, { queues: { ...args.queues } }, opts);
    this.queues = Object.fromEntries(
      Object.entries<QueuePlan>(args.queues).map(([service, plan]) => [
        service,
        this.createQueue(name, args, service, plan),
      ]),
    ) as typeof this.queues;
    this.registerOutputs({ urls: Object.values<ServiceQueue>(this.queues).map(({ url }) => url) });
  }

  private createQueue(name: string, args: QueuesArgs<Service>, service: string, plan: QueuePlan): ServiceQueue {
    const { naming } = args.context;
    const create = (part: string, more: aws.sqs.QueueArgs) =>
      new aws.sqs.Queue(
        `${name}-${part}`,
        {
          // AWS insists on the ending.
          name: `${physicalName(naming, "other", part).slice(0, 75)}${plan.ordered ? ".fifo" : ""}`,
          ...(plan.ordered ? { fifoQueue: true, contentBasedDeduplication: true } : {}),
          sqsManagedSseEnabled: true,
          tags: tags(naming, "personal"),
          ...more,
        },
        { parent: this },
      );
    const failed = create(`${service}-failed`, { messageRetentionSeconds: 14 * DAY });
    const queue = create(service, {
      messageRetentionSeconds: 4 * DAY,
      visibilityTimeoutSeconds: 6 * plan.longestJobSeconds,
      receiveWaitTimeSeconds: 20, // an empty poll waits instead of being billed again
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: failed.arn, maxReceiveCount: TRIES }),
    });
    new aws.sqs.RedriveAllowPolicy(
      `${name}-${service}-failed-sources`,
      {
        queueUrl: failed.url,
        redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
      },
      { parent: this },
    );
    return { url: queue.url, arn: queue.arn, name: queue.name, deadLetterName: failed.name };
  }
}
