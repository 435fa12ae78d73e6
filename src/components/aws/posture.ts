import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { createRole, trust } from "./iam.ts";

export interface PostureArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  logs: { bucket: pulumi.Input<string>; bucketArn: pulumi.Input<string>; bucketReady: pulumi.Input<string> };
}

/** How the account is configured, recorded and judged all the time: what changed beside the program shows here. */
export class Posture extends pulumi.ComponentResource {
  constructor(name: string, args: PostureArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Posture", name, {}, opts);
    const role = createRole(
      `${name}-recorder-role`,
      {
        context: args.context,
        part: "configuration",
        trust: trust("config.amazonaws.com", args.accountId),
        managed: { policy: "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole" },
        allow: [
          {
            Sid: "WriteHistory",
            Action: "s3:PutObject",
            Resource: pulumi.interpolate`${args.logs.bucketArn}/AWSLogs/${args.accountId}/Config/*`,
          },
          { Sid: "CheckBucket", Action: ["s3:GetBucketAcl", "s3:ListBucket"], Resource: args.logs.bucketArn },
        ],
      },
      this,
    );
    // AWS takes one recorder per region, and a name that it cannot change.
    const recorder = new aws.cfg.Recorder(
      `${name}-recorder`,
      {
        name: "default",
        roleArn: role.arn,
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      },
      { parent: this },
    );
    const channel = new aws.cfg.DeliveryChannel(
      `${name}-history`,
      {
        name: "default",
        s3BucketName: pulumi.all([args.logs.bucket, args.logs.bucketReady]).apply(([bucket]) => bucket),
        snapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
      },
      { parent: this, dependsOn: [recorder] },
    );
    const recording = new aws.cfg.RecorderStatus(
      `${name}-recording`,
      { name: recorder.name, isEnabled: true },
      { parent: this, dependsOn: [channel] }, // it refuses to start without somewhere to write
    );
    new aws.securityhub.Account(
      `${name}-hub`,
      { enableDefaultStandards: true, autoEnableControls: true },
      { parent: this, dependsOn: [recording] },
    );
    this.registerOutputs({});
  }
}
