import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import type { PrivateBucket } from "./bucket.ts";
import { createRole, trust } from "./iam.ts";

export interface ServerRoleArgs {
  context: StackContext;
  keyArn: pulumi.Input<string>;
  configArn: pulumi.Input<string>;
  databaseSecretArn: pulumi.Input<string>;
  logGroupArn: pulumi.Input<string>;
  buckets: Record<"media" | "backups" | "releases", PrivateBucket>;
}

/** What a server of the application may do, without a single stored key: read its configuration, its files, its jobs. */
export class ServerRole extends pulumi.ComponentResource {
  readonly instanceProfileArn: pulumi.Output<string>;

  constructor(name: string, args: ServerRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:ServerRole", name, {}, opts);
    const { naming } = args.context;
    const { media, backups, releases } = args.buckets;
    const role = createRole(
      `${name}-role`,
      {
        context: args.context,
        part: "server",
        trust: trust("ec2.amazonaws.com"),
        // Session Manager: the way in for administrators, instead of SSH.
        managed: { sessions: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" },
        allow: [
          {
            Sid: "ReadConfiguration",
            Action: ["ssm:GetParametersByPath", "ssm:GetParameter"],
            Resource: [args.configArn, pulumi.interpolate`${args.configArn}/*`],
          },
          { Sid: "ReadDatabasePassword", Action: "secretsmanager:GetSecretValue", Resource: args.databaseSecretArn },
          { Sid: "UseKey", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: args.keyArn },
          { Sid: "ReadReleases", Action: "s3:GetObject", Resource: pulumi.interpolate`${releases.arn}/*` },
          {
            Sid: "KeepMedia",
            Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            Resource: pulumi.interpolate`${media.arn}/storage/*`,
          },
          { Sid: "ListMedia", Action: "s3:ListBucket", Resource: media.arn },
          { Sid: "AddExports", Action: "s3:PutObject", Resource: pulumi.interpolate`${backups.arn}/*` },
          {
            Sid: "WriteLog",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [args.logGroupArn, pulumi.interpolate`${args.logGroupArn}:*`],
          },
          {
            Sid: "PublishMetrics",
            Action: "cloudwatch:PutMetricData",
            Resource: "*",
            Condition: { StringEquals: { "cloudwatch:namespace": "CWAgent" } },
          },
          { Sid: "KnowOwnGroup", Action: "ec2:DescribeTags", Resource: "*" },
        ],
      },
      this,
    );
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { name: physicalName(naming, "principal", "server"), role: role.name, tags: tags(naming, "internal") },
      { parent: this },
    );
    this.instanceProfileArn = profile.arn;
    this.registerOutputs({ instanceProfileArn: this.instanceProfileArn });
  }
}
