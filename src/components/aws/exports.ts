import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type BackupPlan, OFFSITE_PREFIXES } from "../../concepts/backup.ts";
import type { StackContext } from "../../concepts/context.ts";
import { Audit } from "./audit.ts";
import { PrivateBucket } from "./bucket.ts";
import { EncryptionKey } from "./encryption.ts";
import type { Statement } from "./iam.ts";

export interface ExportsArgs {
  context: StackContext;
  /** Region of the exports: another provider and country than the data they hold. */
  region: string;
  keepDailyDays: number;
  keepWeeklyDays: number;
  files: BackupPlan["files"];
}

/**
 * The AWS side of a stack whose hosts are elsewhere: a bucket for their exports, where nobody deletes a version before its
 * time, the log of who came, and the audit of the account that holds it.
 */
export class Exports extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  /** What a writer of exports may do. */
  readonly mayAdd: readonly Statement[];

  constructor(name: string, args: ExportsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Exports", name, { region: args.region }, opts);
    const { context, region } = args;
    const accountId = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const logs = this.createLogs(name, args);
    const logsReady = logs.allow(logWriters(logs, accountId));
    const exports = new PrivateBucket(
      `${name}-bucket`,
      {
        context,
        region,
        dataClass: "backup",
        purpose: "db-export",
        tiers: tiersOf(args.files),
        expireAfterDays: {
          [OFFSITE_PREFIXES.daily]: args.keepDailyDays,
          [OFFSITE_PREFIXES.weekly]: args.keepWeeklyDays,
        },
        keepOldVersionsDays: args.files.keepOldVersionsDays,
        lockDays: args.files.keepOldVersionsDays,
        accessLogs: { bucket: logs.bucketName },
      },
      { parent: this },
    );
    exports.allow();
    const key = new EncryptionKey(
      `${name}-audit-key`,
      { context, region, accountId, part: "audit", dataClass: "internal", services: ["logs", "trail"] },
      { parent: this },
    );
    new Audit(
      `${name}-audit`,
      { context, accountId, keyArn: key.arn, logs: { bucket: logs.bucketName, bucketReady: logsReady } },
      { parent: this },
    );
    this.bucketName = exports.bucketName;
    this.mayAdd = [
      {
        Sid: "AddExports",
        Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: [OFFSITE_PREFIXES.daily, OFFSITE_PREFIXES.weekly].map(
          (prefix) => pulumi.interpolate`${exports.arn}/${prefix}*`,
        ),
      },
    ];
    this.registerOutputs({ bucketName: this.bucketName });
  }

  private createLogs(name: string, { context, region }: ExportsArgs): PrivateBucket {
    return new PrivateBucket(
      `${name}-logs`,
      {
        context,
        region,
        dataClass: "internal",
        purpose: "logs",
        expireAfterDays: { "s3/": 90, "audit/": 400 },
        keepOldVersionsDays: 30,
      },
      { parent: this },
    );
  }
}

/** The guide's "IA après 30j, Glacier après 90j", where a plan does not say otherwise. */
const tiersOf = ({ infrequentAfterDays = 30, archiveAfterDays = 90 }: BackupPlan["files"]) => ({
  infrequentAfterDays,
  archiveAfterDays,
});

/** S3's own access logs and the account's trail, each below its own prefix and for this account only. */
function logWriters(logs: PrivateBucket, accountId: pulumi.Input<string>): Statement[] {
  const trail = "cloudtrail.amazonaws.com";
  const condition = { StringEquals: { "aws:SourceAccount": accountId } };
  const writer = (Sid: string, service: string, below: string): Statement => ({
    Sid,
    Principal: { Service: service },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${logs.arn}/${below}`,
    Condition: condition,
  });
  return [
    writer("S3AccessLogs", "logging.s3.amazonaws.com", "s3/*"),
    writer("AuditTrail", trail, "audit/*"),
    {
      Sid: "CheckBucket",
      Principal: { Service: trail },
      Action: "s3:GetBucketAcl",
      Resource: logs.arn,
      Condition: condition,
    },
  ];
}
