import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BackupPlan } from "../../concepts/backup.ts";
import type { StackContext } from "../../concepts/context.ts";
import type { DataClass } from "../../concepts/naming.ts";
import { PrivateBucket, type PrivateBucketArgs } from "./bucket.ts";
import { type Statement, createRole, trust } from "./iam.ts";

export interface StorageArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  region: string;
  /** Where the copies of what cannot be made again lie. */
  copyRegion: string;
  keyArn: pulumi.Input<string>;
  copyKeyArn: pulumi.Input<string>;
  files: BackupPlan["files"];
}

/** Days that logs are kept: a quarter to look back for an incident, a year and more for the audit trail. */
const LOG_DAYS = { "s3/": 90, "load-balancer/": 90, "cdn/": 90, "AWSLogs/": 90, "audit/": 400 };
const OLD_LOG_VERSIONS_DAYS = 30;

/**
 * The buckets of a stack: `media` (user content), `backups` (exports), `releases` (what is deployed), `logs`. Media and
 * backups are copied to a second region as they are written.
 */
export class Storage extends pulumi.ComponentResource {
  readonly media: PrivateBucket;
  readonly backups: PrivateBucket;
  readonly releases: PrivateBucket;
  readonly logs: PrivateBucket;
  /** ARN of the log bucket, known once the services may write to it. */
  readonly logsReady: pulumi.Output<string>;

  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Storage", name, { region: args.region, copyRegion: args.copyRegion }, opts);
    const { context, region, copyRegion, keyArn, copyKeyArn, files } = args;
    const bucket = (part: string, more: Omit<PrivateBucketArgs, "context">) =>
      new PrivateBucket(`${name}-${part}`, { context, ...more }, { parent: this });
    const ofLogs = {
      dataClass: "internal" as DataClass,
      purpose: "logs",
      expireAfterDays: LOG_DAYS,
      keepOldVersionsDays: OLD_LOG_VERSIONS_DAYS,
    };
    this.logs = bucket("logs", { region, ...ofLogs });
    const copyLogs = bucket("copy-logs", { region: copyRegion, ...ofLogs });
    const here = { region, keyArn, accessLogs: { bucket: this.logs.bucketName } };
    const there = { region: copyRegion, keyArn: copyKeyArn, accessLogs: { bucket: copyLogs.bucketName } };
    const media = {
      dataClass: "user-content" as DataClass,
      purpose: "user-content",
      keepOldVersionsDays: files.keepOldVersionsDays,
      ...tiersOf(files),
    };
    const backups = {
      dataClass: "backup" as DataClass,
      purpose: "db-export",
      keepOldVersionsDays: files.keepOldVersionsDays,
      lockDays: files.keepOldVersionsDays,
      expireAfterDays: { "": 365 },
      ...tiersOf(files),
    };
    this.media = bucket("media", { ...here, ...media });
    this.backups = bucket("backups", { ...here, ...backups });
    this.releases = bucket("releases", {
      ...here,
      dataClass: "internal",
      purpose: "releases",
      keepOldVersionsDays: 30,
      expireAfterDays: { "": 180 },
    });
    const copies = {
      media: bucket("media-copy", { ...there, ...media, purpose: "user-content-copy" }),
      backups: bucket("backups-copy", { ...there, ...backups, purpose: "db-export-copy" }),
    };
    this.replicate(name, args, "media", copies.media);
    this.replicate(name, args, "backups", copies.backups);
    this.logsReady = this.logs.allow(logWriters(this.logs, args));
    copyLogs.allow([s3AccessLogs(copyLogs, args.accountId)]);
    for (const other of [this.backups, this.releases, copies.media, copies.backups]) other.allow();
    // The media bucket's policy names its reader, the content network: the edge component sets it.
    this.registerOutputs({ media: this.media.bucketName, backups: this.backups.bucketName });
  }

  private replicate(name: string, args: StorageArgs, part: "media" | "backups", copy: PrivateBucket): void {
    const source = this[part];
    const role = createRole(
      `${name}-${part}-replication`,
      {
        context: args.context,
        part: `replicate-${part}`,
        trust: trust("s3.amazonaws.com"),
        allow: [
          {
            Sid: "ReadBucket",
            Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
            Resource: source.arn,
          },
          {
            Sid: "ReadObjects",
            Action: [
              "s3:GetObjectVersionForReplication",
              "s3:GetObjectVersionAcl",
              "s3:GetObjectVersionTagging",
              "s3:GetObjectRetention",
              "s3:GetObjectLegalHold",
            ],
            Resource: pulumi.interpolate`${source.arn}/*`,
          },
          {
            Sid: "WriteCopies",
            Action: ["s3:ReplicateObject", "s3:ReplicateTags"],
            Resource: pulumi.interpolate`${copy.arn}/*`,
          },
          { Sid: "Decrypt", Action: "kms:Decrypt", Resource: args.keyArn },
          { Sid: "Encrypt", Action: "kms:Encrypt", Resource: args.copyKeyArn },
        ],
      },
      this,
    );
    new aws.s3.BucketReplicationConfig(
      `${name}-${part}-replication-rule`,
      {
        region: args.region,
        bucket: source.versionedName,
        role: role.arn,
        rules: [
          {
            id: "everything",
            status: "Enabled",
            priority: 1,
            filter: { prefix: "" },
            // A deletion here must not delete the copy: the copy is what a mistake or an intruder cannot reach.
            deleteMarkerReplication: { status: "Disabled" },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: copy.versionedArn,
              storageClass: "STANDARD_IA",
              encryptionConfiguration: { replicaKmsKeyId: args.copyKeyArn },
            },
          },
        ],
      },
      { parent: this },
    );
  }
}

function tiersOf(files: BackupPlan["files"]): Pick<PrivateBucketArgs, "tiers"> {
  const { infrequentAfterDays, archiveAfterDays } = files;
  if (infrequentAfterDays === undefined || archiveAfterDays === undefined) return {};
  return { tiers: { infrequentAfterDays, archiveAfterDays } };
}

function s3AccessLogs(logs: PrivateBucket, accountId: pulumi.Input<string>): Statement {
  return writer("S3AccessLogs", "logging.s3.amazonaws.com", logs, "s3/*", ofAccount(accountId));
}

/** The services that write logs, each below its own prefix and for this account only. */
function logWriters(logs: PrivateBucket, { accountId, region }: StorageArgs): Statement[] {
  const delivery = "delivery.logs.amazonaws.com"; // flow logs and the content network's
  const account = ofAccount(accountId);
  const balancers = {
    ArnLike: {
      "aws:SourceArn": pulumi.interpolate`arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*`,
    },
  };
  return [
    s3AccessLogs(logs, accountId),
    writer("BalancerLogs", "logdelivery.elasticloadbalancing.amazonaws.com", logs, "load-balancer/*", balancers),
    writer("FlowLogs", delivery, logs, "AWSLogs/*", account),
    writer("CdnLogs", delivery, logs, "cdn/*", account),
    writer("AuditTrail", "cloudtrail.amazonaws.com", logs, "audit/*", account),
    {
      Sid: "CheckBucket",
      Principal: { Service: [delivery, "cloudtrail.amazonaws.com"] },
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: logs.arn,
      Condition: account,
    },
  ];
}

const ofAccount = (accountId: pulumi.Input<string>) => ({ StringEquals: { "aws:SourceAccount": accountId } });

const writer = (
  sid: string,
  service: string,
  logs: PrivateBucket,
  below: string,
  condition: NonNullable<Statement["Condition"]>,
): Statement => ({
  Sid: sid,
  Principal: { Service: service },
  Action: "s3:PutObject",
  Resource: pulumi.interpolate`${logs.arn}/${below}`,
  Condition: condition,
});
