import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { type DataClass, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { type Statement, document } from "./iam.ts";

export interface PrivateBucketArgs {
  context: StackContext;
  region: string;
  dataClass: DataClass;
  /** Tag that rules and people find the bucket by, for example "user-content". */
  purpose: string;
  /** Key of the bucket's region. Without one Amazon's own is used, the only one that load balancers can write logs with. */
  keyArn?: pulumi.Input<string>;
  /** Days after which an object goes to a cheaper class; none for buckets whose objects are short-lived. */
  tiers?: { infrequentAfterDays: number; archiveAfterDays: number };
  /** Days after which an object is deleted; undefined = never. One rule per prefix, "" for all. */
  expireAfterDays?: Record<string, number>;
  /** Days for which an overwritten or deleted object can be brought back. */
  keepOldVersionsDays: number;
  /** Days for which nobody without a special right can delete a version. */
  lockDays?: number;
  /** Bucket of the same region that takes the access logs; a log bucket does not log itself. */
  accessLogs?: { bucket: pulumi.Input<string> };
}

/** A bucket nobody reaches but by IAM: closed to the public, versioned, encrypted, HTTPS only, with a lifecycle. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly regionalDomainName: pulumi.Output<string>;
  readonly region: string;
  /** The name, once versions are kept: replication refuses a bucket without. */
  readonly versionedName: pulumi.Output<string>;
  readonly versionedArn: pulumi.Output<string>;
  private readonly prefix: string;

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Bucket", name, { region: args.region, purpose: args.purpose }, opts);
    const { naming, guard } = args.context;
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`, // auto-named by Pulumi: the name must be unique in the whole world
      {
        region: args.region,
        ...(args.lockDays === undefined ? {} : { objectLockEnabled: true }),
        tags: { ...tags(naming, args.dataClass), purpose: args.purpose },
      },
      { parent: this, ...stateful(guard, "bucket", `${name}-bucket`) },
    );
    this.prefix = name;
    this.region = args.region;
    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    const versioning = this.protectObjects(args);
    this.versionedName = pulumi.all([bucket.bucket, versioning.id]).apply(([value]) => value);
    this.versionedArn = pulumi.all([bucket.arn, versioning.id]).apply(([value]) => value);
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }

  private protectObjects(args: PrivateBucketArgs): aws.s3.BucketVersioning {
    const name = this.prefix;
    const common = { region: args.region, bucket: this.bucketName };
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
      {
        ...common,
        rules: [
          args.keyArn === undefined
            ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
            : {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn },
                bucketKeyEnabled: true, // one key request per bucket and minute, not per object
              },
        ],
      },
      guarded("encryption"),
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { ...common, versioningConfiguration: { status: "Enabled" } },
      guarded("versioning"),
    );
    const after = { parent: this, dependsOn: [versioning] };
    new aws.s3.BucketLifecycleConfiguration(`${name}-lifecycle`, { ...common, rules: lifecycleRules(args) }, after);
    if (args.lockDays !== undefined)
      new aws.s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        { ...common, rule: { defaultRetention: { mode: "GOVERNANCE", days: args.lockDays } } },
        after,
      );
    if (args.accessLogs !== undefined)
      new aws.s3.BucketLogging(
        `${name}-access-logs`,
        { ...common, targetBucket: args.accessLogs.bucket, targetPrefix: `s3/${name}/` },
        { parent: this },
      );
    return versioning;
  }

  /**
   * The bucket's policy: HTTPS only, and `statements`. Call it exactly once, when those who may use the bucket exist.
   * @returns the bucket's ARN, known when the policy is in force: services test their right to write at creation.
   */
  allow(statements: readonly Statement[] = []): pulumi.Output<string> {
    const policy = new aws.s3.BucketPolicy(
      `${this.prefix}-policy`,
      { region: this.region, bucket: this.bucketName, policy: document([this.denyPlainHttp(), ...statements]) },
      { parent: this },
    );
    return pulumi.all([this.arn, policy.id]).apply(([arn]) => arn);
  }

  private denyPlainHttp(): Statement {
    return {
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [this.arn, pulumi.interpolate`${this.arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
  }
}

function lifecycleRules(args: PrivateBucketArgs): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const { tiers, expireAfterDays = {} } = args;
  return [
    {
      id: "all",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      noncurrentVersionExpiration: { noncurrentDays: args.keepOldVersionsDays },
      ...(tiers === undefined
        ? {}
        : {
            transitions: [
              { days: tiers.infrequentAfterDays, storageClass: "STANDARD_IA" },
              // The guide's "Glacier", in the class that answers at once: the others would break every old photo.
              { days: tiers.archiveAfterDays, storageClass: "GLACIER_IR" },
            ],
          }),
    },
    ...Object.entries(expireAfterDays).map(([prefix, days]) => ({
      id: `expire-${prefix.replace(/\W+$/, "") || "all"}`,
      status: "Enabled",
      filter: { prefix },
      expiration: { days },
    })),
  ];
}
