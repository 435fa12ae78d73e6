import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./iam.ts";
import type { ServiceQueue } from "./queues.ts";

export interface ServiceRights {
  own: ServiceQueue;
  /** Queues of the services that it gives work to. */
  others: ServiceQueue[];
  /** CloudWatch namespace in which it counts what only it knows. */
  metrics: string;
  /** Part of the media bucket that it keeps files in; undefined = none. */
  files?: { bucketArn: pulumi.Input<string>; prefix: string; keyArn: pulumi.Input<string> };
}

/** What the pods of one service may do at AWS: its own jobs, its own files, and work for those it names. */
export function serviceStatements({ own, others, metrics, files }: ServiceRights): Statement[] {
  return [
    {
      Sid: "OwnJobs",
      Action: [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
      ],
      Resource: own.arn,
    },
    {
      Sid: "Count",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": metrics } },
    },
    ...(others.length === 0
      ? []
      : [{ Sid: "WorkForOthers", Action: "sqs:SendMessage", Resource: others.map(({ arn }) => arn) }]),
    ...(files === undefined
      ? []
      : [
          {
            Sid: "OwnFiles",
            Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            Resource: pulumi.interpolate`${files.bucketArn}/${files.prefix}*`,
          },
          { Sid: "UseKey", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: files.keyArn },
        ]),
  ];
}
