import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { OFFSITE_PREFIXES } from "../../concepts/backup.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";

export interface OffsiteBackupArgs {
  context: StackContext;
  /** Region of the bucket: another provider or country than the data it holds. */
  region: string;
  /** Days that daily exports are kept, and that an overwritten or deleted object can still be brought back. */
  keepDailyDays: number;
  /** Days that weekly exports are kept. */
  keepWeeklyDays: number;
}

/**
 * A bucket for exports of a server that is not at AWS, with a principal that can add objects and list the files' names,
 * nothing else: who takes over the server can neither read nor delete a backup (versions keep what he overwrites).
 */
export class OffsiteBackup extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly accessKeyId: pulumi.Output<string>;
  readonly secretAccessKey: pulumi.Output<string>;

  constructor(name: string, args: OffsiteBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:OffsiteBackup", name, { region: args.region }, opts);
    const bucket = this.createBucket(name, args);
    this.protectObjects(name, args, bucket);
    this.denyPlainHttp(name, args, bucket);
    const key = this.createWriter(name, args, bucket);
    this.bucketName = bucket.bucket;
    this.accessKeyId = key.id;
    this.secretAccessKey = key.secret;
    this.registerOutputs({
      bucketName: this.bucketName,
      accessKeyId: this.accessKeyId,
      secretAccessKey: this.secretAccessKey,
    });
  }

  /** Auto-named by Pulumi: a bucket's name must be unique in the whole world, not only in this account. */
  private createBucket(name: string, args: OffsiteBackupArgs): aws.s3.Bucket {
    const { naming, guard } = args.context;
    return new aws.s3.Bucket(
      `${name}-bucket`,
      {
        region: args.region,
        forceDestroy: !guard.protects, // what may be destroyed must not stop at its own backups
        tags: { ...tags(naming, "backup"), purpose: "db-export" },
      },
      { parent: this, ...stateful(guard, "bucket", `${name}-bucket`) },
    );
  }

  private protectObjects(name: string, args: OffsiteBackupArgs, bucket: aws.s3.Bucket): void {
    const common = { region: args.region, bucket: bucket.bucket };
    const guarded = (part: string) => ({ parent: this, ...stateful(args.context.guard, "guard", `${name}-${part}`) });
    new aws.s3.BucketPublicAccessBlock(
      `${name}-block-public`,
      {
        ...common,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      guarded("block-public"),
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { ...common, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { ...common, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      { parent: this },
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { ...common, versioningConfiguration: { status: "Enabled" } },
      guarded("versioning"),
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { ...common, rules: lifecycleRules(args) },
      { parent: this, dependsOn: [versioning] },
    );
  }

  private denyPlainHttp(name: string, args: OffsiteBackupArgs, bucket: aws.s3.Bucket): void {
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        region: args.region,
        bucket: bucket.bucket,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "DenyPlainHttp",
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        },
      },
      { parent: this },
    );
  }

  /** Rights go through a group, as the CIS benchmark asks, so that a second server is one more member. */
  private createWriter(name: string, args: OffsiteBackupArgs, bucket: aws.s3.Bucket): aws.iam.AccessKey {
    const { naming } = args.context;
    const writer = physicalName(naming, "principal", "backup-writer");
    const group = new aws.iam.Group(`${name}-writers`, { name: writer }, { parent: this });
    new aws.iam.GroupPolicy(
      `${name}-write-only`,
      {
        group: group.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "AddObjects",
              Effect: "Allow",
              Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
              Resource: Object.values(OFFSITE_PREFIXES).map((prefix) => pulumi.interpolate`${bucket.arn}/${prefix}*`),
            },
            {
              // The files' sync compares names and sizes; without this it would send everything every day.
              Sid: "ListFiles",
              Effect: "Allow",
              Action: "s3:ListBucket",
              Resource: bucket.arn,
              Condition: { StringLike: { "s3:prefix": [OFFSITE_PREFIXES.files, `${OFFSITE_PREFIXES.files}*`] } },
            },
          ],
        },
      },
      { parent: this },
    );
    const user = new aws.iam.User(`${name}-writer`, { name: writer, tags: tags(naming, "backup") }, { parent: this });
    const membership = new aws.iam.UserGroupMembership(
      `${name}-membership`,
      { user: user.name, groups: [group.name] },
      { parent: this },
    );
    // The server is not at AWS, so it has no role to assume; the key can only add objects and is rotated by replacement.
    return new aws.iam.AccessKey(`${name}-writer-key`, { user: user.name }, { parent: this, dependsOn: [membership] });
  }
}

function lifecycleRules(args: OffsiteBackupArgs): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const expiry = { noncurrentVersionExpiration: { noncurrentDays: args.keepDailyDays } };
  const common = { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 }, ...expiry };
  return [
    { ...common, id: "daily", filter: { prefix: OFFSITE_PREFIXES.daily }, expiration: { days: args.keepDailyDays } },
    { ...common, id: "weekly", filter: { prefix: OFFSITE_PREFIXES.weekly }, expiration: { days: args.keepWeeklyDays } },
    { ...common, id: "files", filter: { prefix: OFFSITE_PREFIXES.files } },
  ];
}
