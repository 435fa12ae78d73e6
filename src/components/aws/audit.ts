import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { createRole, trust } from "./iam.ts";
import { createLogGroup } from "./log-group.ts";

export interface AuditArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  /** Key that the trail and the log groups may use. */
  keyArn: pulumi.Input<string>;
  logs: { bucket: pulumi.Input<string>; bucketReady: pulumi.Input<string> };
}

/**
 * Who did what in the account, and what looks wrong in it. These are settings of the whole account: the program wants
 * an account of its own per production stack.
 */
export class Audit extends pulumi.ComponentResource {
  /** Log group that receives every call of the account. */
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: AuditArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Audit", name, {}, opts);
    const { naming } = args.context;
    const internal = tags(naming, "internal");
    this.logGroupName = this.createTrail(name, args);
    new aws.guardduty.Detector(
      `${name}-threats`,
      { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES", tags: internal },
      { parent: this },
    );
    new aws.accessanalyzer.Analyzer(
      `${name}-access`,
      { analyzerName: physicalName(naming, "other", "access"), type: "ACCOUNT", tags: internal },
      { parent: this },
    );
    new aws.iam.AccountPasswordPolicy(
      `${name}-passwords`,
      {
        minimumPasswordLength: 16,
        passwordReusePrevention: 24,
        requireLowercaseCharacters: true,
        requireUppercaseCharacters: true,
        requireNumbers: true,
        requireSymbols: true,
        allowUsersToChangePassword: true,
        maxPasswordAge: 90,
      },
      { parent: this },
    );
    new aws.ebs.EncryptionByDefault(`${name}-disks`, { enabled: true }, { parent: this });
    this.registerOutputs({ logGroupName: this.logGroupName });
  }

  private createTrail(name: string, args: AuditArgs): pulumi.Output<string> {
    const { naming } = args.context;
    const group = createLogGroup(
      `${name}-log`,
      {
        context: args.context,
        name: `/${naming.project}/${naming.environment}/audit`,
        retentionDays: 400,
        keyArn: args.keyArn,
      },
      this,
    );
    const role = createRole(
      `${name}-writer`,
      {
        context: args.context,
        part: "audit",
        trust: trust("cloudtrail.amazonaws.com", args.accountId),
        allow: [
          {
            Sid: "WriteLog",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: pulumi.interpolate`${group.arn}:log-stream:*`,
          },
        ],
      },
      this,
    );
    new aws.cloudtrail.Trail(
      `${name}-trail`,
      {
        name: physicalName(naming, "other", "audit"),
        enableLogging: true,
        isMultiRegionTrail: true, // a region nobody uses is where an intruder works
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        s3BucketName: pulumi.all([args.logs.bucket, args.logs.bucketReady]).apply(([bucket]) => bucket),
        s3KeyPrefix: "audit",
        kmsKeyId: args.keyArn,
        cloudWatchLogsGroupArn: pulumi.interpolate`${group.arn}:*`,
        cloudWatchLogsRoleArn: role.arn,
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    return group.name;
  }
}
