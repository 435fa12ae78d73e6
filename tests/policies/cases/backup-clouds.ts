/** Backups of databases, caches, files and servers at AWS, DigitalOcean and OVH. */
import { secret, unknown } from "../pack.ts";
import { json, r, type Case, type Tables } from "./table.ts";

type Props = Record<string, unknown>;
const DB = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const GLOBAL = "aws:rds/globalCluster:GlobalCluster";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const VAULT = "aws:backup/vault:Vault";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const TEST_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan";
const TEST_SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection";
const COPIED = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
const BUCKET = "aws:s3/bucket:Bucket";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const CDN = "aws:cloudfront/distribution:Distribution";
const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const CACHE = "aws:elasticache/cluster:Cluster";
const VOLUME = "digitalocean:index/volume:Volume";
const DROPLET = "digitalocean:index/droplet:Droplet";
const VOLUME_SNAPSHOT = "digitalocean:index/volumeSnapshot:VolumeSnapshot";
const SPACE = "digitalocean:index/spacesBucket:SpacesBucket";
const SPACE_OBJECT = "digitalocean:index/spacesBucketObject:SpacesBucketObject";
const SPACE_POLICY = "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy";
const OVH_DB = "ovh:CloudProject/database:Database";
const OVH_INSTANCE = "ovh:CloudProject/instance:Instance";
const OVH_TWIN = "ovh:index/cloudInstance:CloudInstance";
const WORKFLOW = "ovh:CloudProject/workflowBackup:WorkflowBackup";

const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];
const ARN = "arn:aws:rds:eu-central-1:1:db:db";
const db = (props: Props = {}, extra = {}) =>
  r(DB, "db", { engine: "mysql", arn: ARN, identifier: "db", region: "eu-central-1", ...props }, extra);
const cluster = (props: Props = {}, extra = {}) =>
  r(
    CLUSTER,
    "cluster",
    { engine: "aurora-mysql", arn: "arn:aws:rds:eu-central-1:1:cluster:c", region: "eu-central-1", ...props },
    extra,
  );

/** Days of retention, around the smallest and the largest that pass. */
const retention = (of: (props: Props) => ReturnType<typeof r>, byDefault: number): Case[] => {
  const days = (backupRetentionPeriod: unknown) => [of({ backupRetentionPeriod })];
  return [
    ["pass", "35 days", days(35)],
    ["fail", "one day less", days(34), /backupRetentionPeriod is 34, requires 35 days/],
    ["fail", "more than RDS accepts", days(36), /backupRetentionPeriod is 36, requires 35 days at most/],
    ["fail", "unset", [of({})], /backupRetentionPeriod is unset/],
    ["fail", "zero", days(0)],
    ["pass", 'the text "35"', days("35")],
    ["fail", "another text", days("a month")],
    ["fail", "a wrong type", days([35])],
    ["unknown", "unknown", days(unknown)],
    ["fail", "secret", days(secret(34)), /backupRetentionPeriod is \[secret\]/],
    ["pass", "seven days where the phase asks for seven", days(7), undefined, { minimumDays: 7 }],
    ["fail", "six days where the phase asks for seven", days(6), undefined, { minimumDays: 7 }],
    [byDefault >= 1 ? "pass" : "fail", "unset where one is enough", [of({})], undefined, { minimumDays: 1 }],
    ["na", "another type", vpc],
  ];
};

const plan = (schedules: unknown[], rule: Props = {}) =>
  r(PLAN, "plan", { id: "p1", rules: schedules.map((schedule, i) => ({ ruleName: `r${i}`, schedule, ...rule })) });
const selection = (props: Props = { resources: [ARN] }, extra = {}) =>
  r(SELECTION, "selection", { planId: "p1", ...props }, extra);
const every = (schedule: unknown, ...more: unknown[]) => [db(), plan([schedule, ...more]), selection()];
const SIX = "cron(0 0/6 * * ? *)";

const copying = (to: unknown, extra = {}) =>
  r(PLAN, "plan", { id: "p1", rules: [{ ruleName: "r", copyActions: [{ destinationVaultArn: to }] }] }, extra);
const vaultArn = (region: string) => `arn:aws:backup:${region}:1:backup-vault:copies`;
const replicated = (retentionPeriod: unknown, region: unknown = "eu-west-1", source: unknown = ARN) =>
  r(COPIED, "copied", { sourceDbInstanceArn: source, retentionPeriod, region });

const vault = (props: Props = {}) => r(VAULT, "vault", { name: "vault", kmsKeyArn: "arn:key", ...props });
const lock = (props: Props = {}) => r(LOCK, "lock", { backupVaultName: "vault", minRetentionDays: 7, ...props });

const tests = (scheduleExpression: unknown) => r(TEST_PLAN, "tests", { name: "tests", scheduleExpression });
const tested = (protectedResourceType: unknown, restoreTestingPlanName: unknown = "tests") =>
  r(TEST_SELECTION, `of-${String(protectedResourceType).slice(0, 6)}`, {
    restoreTestingPlanName,
    protectedResourceType,
  });
const MONTHLY = "cron(0 4 1 * ? *)";

const bucket = (name: string, props: Props = {}) =>
  r(BUCKET, name, { bucket: name, arn: `arn:aws:s3:::${name}`, region: "eu-central-1", ...props });
const VERSIONED = { versioning: { enabled: true } };
const media = (props: Props = {}) => bucket("media", { ...VERSIONED, tags: { purpose: "user-content" }, ...props });
const copy = bucket("copy", { region: "eu-west-1" });
const replication = (rule: Props = {}, to: unknown = "arn:aws:s3:::copy", extra = {}) =>
  r(
    REPLICATION,
    "replication",
    { bucket: "media", rules: [{ status: "Enabled", destination: { bucket: to }, ...rule }] },
    extra,
  );

const tiers = (rule: Props = {}, infrequent: unknown = 30, archive: unknown = 90) =>
  r(LIFECYCLE, "lifecycle", {
    bucket: "media",
    rules: [
      {
        id: "tiers",
        status: "Enabled",
        transitions: [
          { days: infrequent, storageClass: "STANDARD_IA" },
          { days: archive, storageClass: "GLACIER_IR" },
        ],
        ...rule,
      },
    ],
  });

const cdn = (domainName: unknown, extra = {}) => r(CDN, "cdn", { origins: [{ originId: "o", domainName }] }, extra);
const DOMAIN = "media.s3.eu-central-1.amazonaws.com";
const cold = (storageClass: unknown, rule: Props = {}) =>
  r(LIFECYCLE, "lifecycle", {
    bucket: "media",
    rules: [{ status: "Enabled", transitions: [{ days: 90, storageClass }], ...rule }],
  });

const group = (props: Props) => [r(GROUP, "cache", { engine: "valkey", ...props })];
const guarded = (props: Props = {}, extra: Props = { protect: true }) => [
  db({ deletionProtection: true, deleteAutomatedBackups: false, ...props }, extra),
];

const volume = (props: Props = {}) => r(VOLUME, "data", { id: "v1", ...props });
const host = r(DROPLET, "web", { volumeIds: ["v1"] });
const space = (props: Props = {}) => [r(SPACE, "files", { versioning: { enabled: true }, ...props })];
const ovhDb = (props: Props = {}) => [
  r(OVH_DB, "db", {
    engine: "mysql",
    plan: "business",
    deletionProtection: true,
    backupRegions: ["GRA", "SBG"],
    ...props,
  }),
];
const server = (cron?: unknown, rotation: unknown = 7, type = OVH_INSTANCE) =>
  r(type, "web", { id: "i1", ...(cron === undefined ? {} : { autoBackup: { cron, rotation } }) });

export const backupClouds: Tables = {
  "aws-rds-backup-retention": [
    ...retention(db, 0),
    ["na", "a replica", [db({ replicateSourceDb: "other" })]],
    ["na", "a replica of a database of this update", [db({ replicateSourceDb: unknown })]],
    ["fail", "what an update returns for no replica", [db({ replicateSourceDb: "" })]],
    ["na", "a member of Aurora", [db({ engine: "aurora-mysql" })]],
  ],
  "aws-rds-cluster-backup-retention": [
    ...retention(cluster, 1),
    ["fail", "a Multi-AZ cluster that is not Aurora", [cluster({ engine: "mysql", backupRetentionPeriod: 7 })]],
    ["na", "a secondary of a global cluster", [cluster({ globalClusterIdentifier: "world" })]],
    [
      "fail",
      "the primary of a global cluster",
      [cluster({ globalClusterIdentifier: "world", manageMasterUserPassword: true, backupRetentionPeriod: 7 })],
    ],
    ["na", "a replica by its source", [cluster({ replicationSourceIdentifier: "arn:source" })]],
  ],
  "aws-db-snapshot-6h": [
    ["pass", "0/6", every(SIX)],
    ["pass", "*/6", every("cron(0 */6 * * ? *)")],
    ["pass", "a list of hours", every("cron(30 0,6,12,18 ? * * *)")],
    ["pass", "every hour", every("cron(0 * * * ? *)")],
    ["fail", "at six, once a day", every("cron(0 6 * * ? *)"), /up to 24 h lie between its snapshots/],
    ["fail", "every seven hours", every("cron(0 0/7 * * ? *)"), /up to 7 h/],
    ["fail", "a minute over", every("cron(0 0,6,12 * * ? *)", "cron(1 18 * * ? *)"), /up to 6.1 h lie/],
    ["fail", "not on Sundays", every("cron(0 0/6 ? * MON-SAT *)")],
    ["fail", "in one year", every("cron(0 0/6 * * ? 2027)")],
    ["fail", "no expression", every("every six hours"), /for ever lie between/],
    ["fail", "a wrong type", every(["cron(0 0/6 * * ? *)"])],
    ["fail", "no schedule is daily", every(undefined), /up to 24 h/],
    ["pass", "two rules together", every("cron(0 0,12 * * ? *)", "cron(0 6,18 * * ? *)")],
    ["unknown", "an unknown schedule", every(unknown)],
    ["fail", "no plan", [db()], /no AWS Backup plan takes it/],
    ["fail", "retention of RDS alone", [db({ backupRetentionPeriod: 35 })]],
    ["fail", "a plan without a selection", [db(), plan([SIX])]],
    ["fail", "a selection of another database", [db(), plan([SIX]), selection({ resources: [`${ARN}2`] })]],
    ["fail", "a selection of another plan", [db(), plan([SIX]), selection({ planId: "p2", resources: [ARN] })]],
    [
      "fail",
      "continuous backup takes no snapshots",
      [db(), plan([SIX], { enableContinuousBackup: true }), selection()],
    ],
    ["pass", "every database by a pattern", [db(), plan([SIX]), selection({ resources: ["arn:aws:rds:*:*:db:*"] })]],
    [
      "pass",
      "a pattern before the ARN is known",
      [db({ arn: unknown }), plan([SIX]), selection({ resources: ["arn:aws:rds:*:*:db:*"] })],
    ],
    [
      "fail",
      "a pattern for clusters",
      [db({ arn: unknown }), plan([SIX]), selection({ resources: ["arn:aws:rds:*:*:cluster:*"] })],
    ],
    ["pass", "everything", [db(), plan([SIX]), selection({ resources: ["*"] })]],
    ["fail", "everything but it", [db(), plan([SIX]), selection({ resources: ["*"], notResources: [ARN] })]],
    [
      "pass",
      "what the provider fills in",
      [db(), plan([SIX]), selection({ resources: [ARN], conditions: unknown, notResources: unknown })],
    ],
    [
      "pass",
      "an unknown ARN, by dependency",
      [
        db({ arn: unknown }),
        r(PLAN, "plan", { id: unknown, rules: [{ schedule: SIX }] }),
        r(
          SELECTION,
          "selection",
          { planId: unknown, resources: [unknown] },
          { from: { planId: ["plan"], resources: ["db"] } },
        ),
      ],
    ],
    [
      "fail",
      "an unknown ARN that is another database's",
      [
        db({ arn: unknown }),
        { ...db({ arn: unknown, identifier: "other" }), name: "other" },
        plan([SIX]),
        selection({ resources: [unknown] }, { from: { resources: ["other"] } }),
      ],
      /Instance db: no AWS Backup plan takes it/,
    ],
    ["unknown", "an unknown ARN without a dependency", [db(), plan([SIX]), selection({ resources: [unknown] })]],
    [
      "pass",
      "by tag",
      [
        db({ tags: { backup: "6h" } }),
        plan([SIX]),
        selection({ selectionTags: [{ type: "STRINGEQUALS", key: "backup", value: "6h" }] }),
      ],
    ],
    [
      "fail",
      "by another tag",
      [
        db({ tags: { backup: "daily" } }),
        plan([SIX]),
        selection({ selectionTags: [{ type: "STRINGEQUALS", key: "backup", value: "6h" }] }),
      ],
    ],
    [
      "pass",
      "by every condition",
      [
        db({ tags: { backup: "6h", env: "prod" } }),
        plan([SIX]),
        selection({
          resources: ["*"],
          conditions: [
            {
              stringEquals: [{ key: "aws:ResourceTag/backup", value: "6h" }],
              stringLikes: [{ key: "aws:ResourceTag/env", value: "pr*" }],
              stringNotEquals: [{ key: "aws:ResourceTag/env", value: "test" }],
              stringNotLikes: [{ key: "aws:ResourceTag/env", value: "dev*" }],
            },
          ],
        }),
      ],
    ],
    [
      "fail",
      "by one of two conditions",
      [
        db({ tags: { backup: "6h" } }),
        plan([SIX]),
        selection({
          resources: ["*"],
          conditions: [
            {
              stringEquals: [
                { key: "aws:ResourceTag/backup", value: "6h" },
                { key: "aws:ResourceTag/env", value: "prod" },
              ],
            },
          ],
        }),
      ],
    ],
    ["fail", "an Aurora cluster likewise", [cluster()], /Cluster cluster: no AWS Backup plan takes it/],
    ["na", "a replica alone", [db({ replicateSourceDb: "other" })]],
    ["na", "no database", vpc],
  ],
  "aws-backup-continuous-pitr": [
    ["pass", "35 days", [plan([SIX], { enableContinuousBackup: true, lifecycle: { deleteAfter: 35 } }), selection()]],
    [
      "fail",
      "34 days",
      [plan([SIX], { enableContinuousBackup: true, lifecycle: { deleteAfter: 34 } }), selection()],
      /rules\[0\]\.lifecycle\.deleteAfter is 34/,
    ],
    ["fail", "36 days", [plan([SIX], { enableContinuousBackup: true, lifecycle: { deleteAfter: 36 } }), selection()]],
    ["fail", "no end", [plan([SIX], { enableContinuousBackup: true }), selection()], /deleteAfter is unset/],
    [
      "fail",
      "cold storage",
      [
        plan([SIX], { enableContinuousBackup: true, lifecycle: { deleteAfter: 35, coldStorageAfter: 30 } }),
        selection(),
      ],
      /coldStorageAfter is 30/,
    ],
    [
      "fail",
      "a wrong type",
      [plan([SIX], { enableContinuousBackup: true, lifecycle: { deleteAfter: {} } }), selection()],
    ],
    [
      "unknown",
      "unknown",
      [plan([SIX], { enableContinuousBackup: true, lifecycle: { deleteAfter: unknown } }), selection()],
    ],
    ["pass", "snapshots only", [plan([SIX], { lifecycle: { deleteAfter: 7 } }), selection()]],
    ["na", "a plan that nothing selects", [plan([SIX], { enableContinuousBackup: true })]],
    ["na", "no plan", vpc],
  ],
  "aws-db-cross-region-copy": [
    ["pass", "snapshots copied to another region", [db(), copying(vaultArn("eu-west-1")), selection()]],
    ["fail", "copied within the region", [db(), copying(vaultArn("eu-central-1")), selection()], /nothing copies it/],
    ["fail", "no copy", [db(), plan([SIX]), selection()]],
    [
      "fail",
      "a plan for another database",
      [db(), copying(vaultArn("eu-west-1")), selection({ resources: [`${ARN}2`] })],
    ],
    [
      "pass",
      "to a vault of the stack",
      [
        db(),
        r(VAULT, "copies", { arn: unknown, region: "eu-west-1" }),
        copying(unknown, { from: { rules: ["copies"] } }),
        selection(),
      ],
    ],
    [
      "fail",
      "to a vault of the stack in the same region",
      [
        db(),
        r(VAULT, "copies", { arn: unknown, region: "eu-central-1" }),
        copying(unknown, { from: { rules: ["copies"] } }),
        selection(),
      ],
    ],
    [
      "pass",
      "regions of the providers",
      [
        db({ region: undefined }, { provider: { region: "eu-central-1" } }),
        r(VAULT, "copies", { arn: unknown }, { provider: { region: "eu-west-1" } }),
        copying(unknown, { from: { rules: ["copies"] } }),
        selection(),
      ],
    ],
    [
      "pass",
      "a region that the provider fills in",
      [db({ region: unknown }, { provider: { region: "eu-central-1" } }), copying(vaultArn("eu-west-1")), selection()],
    ],
    ["unknown", "one region unknown", [db({ region: unknown }), copying(vaultArn("eu-west-1")), selection()]],
    ["unknown", "no region at all", [db({ region: undefined }), copying(vaultArn("eu-west-1")), selection()]],
    ["pass", "replicated backups for 35 days", [db(), replicated(35)]],
    ["fail", "replicated backups for 34 days", [db(), replicated(34)]],
    ["fail", "replicated backups for the 7 days of RDS", [db(), replicated(undefined)]],
    ["fail", "replicated backups of another database", [db(), replicated(35, "eu-west-1", "arn:other")]],
    ["fail", "replicated backups in the same region", [db(), replicated(35, "eu-central-1")]],
    ["pass", "a replica there", [db(), { ...db({ replicateSourceDb: ARN, region: "eu-west-1" }), name: "replica" }]],
    ["fail", "a replica here", [db(), { ...db({ replicateSourceDb: ARN }), name: "replica" }]],
    [
      "pass",
      "a global cluster",
      [
        r(GLOBAL, "world", { id: "world", globalClusterIdentifier: "world" }),
        cluster({ globalClusterIdentifier: "world", manageMasterUserPassword: true }),
        { ...cluster({ globalClusterIdentifier: "world", region: "eu-west-1", arn: "arn:second" }), name: "second" },
      ],
    ],
    [
      "pass",
      "a global cluster made from the cluster",
      [
        r(GLOBAL, "world", { id: "world", sourceDbClusterIdentifier: "arn:aws:rds:eu-central-1:1:cluster:c" }),
        cluster({ manageMasterUserPassword: true }),
        { ...cluster({ globalClusterIdentifier: "world", region: "eu-west-1", arn: "arn:second" }), name: "second" },
      ],
    ],
    [
      "fail",
      "a global cluster within one region",
      [
        r(GLOBAL, "world", { id: "world", globalClusterIdentifier: "world" }),
        cluster({ globalClusterIdentifier: "world", manageMasterUserPassword: true }),
        { ...cluster({ globalClusterIdentifier: "world", arn: "arn:second" }), name: "second" },
      ],
    ],
    ["na", "no database", vpc],
  ],
  "aws-backup-vault-protected": [
    ["pass", "a key and a lock", [vault(), lock()]],
    ["fail", "no key", [vault({ kmsKeyArn: undefined }), lock()], /kmsKeyArn is unset/],
    ["pass", "a key of this update", [vault({ kmsKeyArn: unknown }), lock()]],
    ["fail", "forceDestroy", [vault({ forceDestroy: true }), lock()], /forceDestroy is true/],
    ["pass", "forceDestroy off", [vault({ forceDestroy: false }), lock()]],
    ["unknown", "forceDestroy unknown", [vault({ forceDestroy: unknown }), lock()]],
    ["fail", "no lock", [vault()], /no VaultLockConfiguration belongs to it/],
    ["fail", "a lock without a minimum", [vault(), lock({ minRetentionDays: undefined })], /has no minRetentionDays/],
    ["fail", "a lock of no days", [vault(), lock({ minRetentionDays: 0 })]],
    ["pass", "a lock of one day", [vault(), lock({ minRetentionDays: 1 })]],
    ["fail", "a lock of a wrong type", [vault(), lock({ minRetentionDays: "a week" })]],
    ["fail", "a lock of another vault", [vault(), lock({ backupVaultName: "other" })]],
    ["unknown", "a lock of some vault", [vault(), lock({ backupVaultName: unknown })]],
    ["note", "a final lock is a warning", [vault(), lock({ changeableForDays: 3 })], /makes the lock final/],
    ["na", "no vault", vpc],
  ],
  "aws-backup-restore-tested": [
    ["pass", "monthly", [db(), tests(MONTHLY), tested("RDS")]],
    ["pass", "the first Monday of the month", [db(), tests("cron(0 4 ? * 2#1 *)"), tested("RDS")]],
    ["pass", "the last day of the month", [db(), tests("cron(0 4 L * ? *)"), tested("RDS")]],
    ["pass", "quarterly", [db(), tests("cron(0 4 1 1/3 ? *)"), tested("RDS")]],
    ["fail", "every four months", [db(), tests("cron(0 4 1 1/4 ? *)"), tested("RDS")], /scheduleExpression is/],
    ["fail", "yearly", [db(), tests("cron(0 4 1 1 ? *)"), tested("RDS")]],
    ["fail", "no expression", [db(), tests("monthly"), tested("RDS")]],
    ["fail", "a wrong type", [db(), tests({}), tested("RDS")]],
    ["unknown", "unknown", [db(), tests(unknown), tested("RDS")]],
    ["fail", "none", [db()], /^stack: no RestoreTestingPlan with a RestoreTestingSelection is for RDS/],
    ["fail", "a plan without a selection", [db(), tests(MONTHLY)]],
    ["fail", "a selection without a plan", [db(), tested("RDS")]],
    ["fail", "a selection for another kind", [db(), tests(MONTHLY), tested("EBS")]],
    ["fail", "a selection of another plan", [db(), tests(MONTHLY), tested("RDS", "others")]],
    ["unknown", "a selection for an unknown kind", [db(), tests(MONTHLY), tested(unknown)]],
    ["pass", "Aurora", [cluster(), tests(MONTHLY), tested("Aurora")]],
    ["fail", "Aurora by a test of instances", [cluster(), tests(MONTHLY), tested("RDS")], /is for Aurora/],
    [
      "fail",
      "a bucket that a plan backs up",
      [bucket("files"), plan([SIX]), selection({ resources: ["arn:aws:s3:::files"] })],
      /is for S3/,
    ],
    ["na", "a bucket that no plan backs up", [bucket("files")]],
    ["na", "nothing", vpc],
  ],
  "aws-db-deletion-guard": [
    ["pass", "guarded", guarded()],
    ["fail", "without protect", guarded({}, {}), /the option protect is false/],
    ["fail", "unset", guarded({ deletionProtection: undefined }), /deletionProtection is unset/],
    ["fail", "off", guarded({ deletionProtection: false })],
    ["pass", 'the text "true"', guarded({ deletionProtection: "true" })],
    ["fail", "a wrong type", guarded({ deletionProtection: 1 })],
    ["unknown", "unknown", guarded({ deletionProtection: unknown })],
    ["pass", "a final snapshot by default", guarded({ skipFinalSnapshot: undefined })],
    ["fail", "no final snapshot", guarded({ skipFinalSnapshot: true }), /skipFinalSnapshot is true/],
    ["fail", "backups that go with it", guarded({ deleteAutomatedBackups: true })],
    ["fail", "backups that go with it by default", guarded({ deleteAutomatedBackups: undefined })],
    ["pass", "a cluster", [cluster({ deletionProtection: true, deleteAutomatedBackups: false }, { protect: true })]],
    ["fail", "a cluster without", [cluster({}, { protect: true })]],
    ["na", "a replica", guarded({ replicateSourceDb: "other", deletionProtection: false })],
    ["na", "a member of Aurora", guarded({ engine: "aurora-mysql", deletionProtection: false })],
    ["na", "another type", vpc],
  ],
  "aws-s3-replication-cross-region": [
    ["pass", "to another region", [media(), copy, replication()]],
    ["fail", "none", [media()], /Bucket media: nothing copies it to another region/],
    ["fail", "disabled", [media(), copy, replication({ status: "Disabled" })], /the rule is not Enabled/],
    ["fail", "a wrong type", [media(), copy, replication({ status: true })]],
    ["unknown", "an unknown status", [media(), copy, replication({ status: unknown })]],
    ["fail", "a prefix", [media(), copy, replication({ filter: { prefix: "avatars/" } })], /leaves objects out/],
    ["fail", "the older prefix", [media(), copy, replication({ prefix: "avatars/" })]],
    ["fail", "a tag", [media(), copy, replication({ filter: { tag: { key: "a", value: "b" } } })]],
    ["pass", "an empty prefix", [media(), copy, replication({ filter: { prefix: "" } })]],
    ["fail", "within the region", [media(), bucket("copy"), replication()], /it is copied within its own region/],
    [
      "fail",
      "KMS objects that are skipped",
      [
        media(),
        copy,
        replication(),
        r(SSE, "sse", {
          bucket: "media",
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
        }),
      ],
      /sseKmsEncryptedObjects is not Enabled/,
    ],
    [
      "pass",
      "KMS objects too",
      [
        media(),
        copy,
        replication({ sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } } }),
        r(SSE, "sse", {
          bucket: "media",
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
        }),
      ],
    ],
    ["fail", "no versions", [media({ versioning: undefined }), copy, replication()], /keeps no versions/],
    ...(["Enabled", "Suspended"] as const).map((status): Case => [
      status === "Enabled" ? "pass" : "fail",
      `versions ${status}`,
      [
        media({ versioning: undefined }),
        copy,
        replication(),
        r(VERSIONING, "v", { bucket: "media", versioningConfiguration: { status } }),
      ],
    ]),
    [
      "pass",
      "an unknown bucket, by dependency",
      [
        media({ arn: unknown, bucket: unknown }),
        { ...copy, props: { ...copy.props, arn: unknown, bucket: unknown } },
        {
          ...replication({}, unknown),
          props: { bucket: unknown, rules: [{ status: "Enabled", destination: { bucket: unknown } }] },
          from: { bucket: ["media"], rules: ["copy"] },
        },
      ],
    ],
    ["unknown", "an unknown bucket", [media(), { ...replication(), props: { bucket: unknown, rules: [] } }]],
    ["unknown", "an unknown destination", [media(), copy, replication({}, unknown)]],
    [
      "note",
      "a bucket of another stack",
      [media(), replication({}, "arn:aws:s3:::far")],
      /whose region cannot be seen/,
    ],
    [
      "pass",
      "the copy needs no copy",
      [media(), { ...copy, props: { ...copy.props, tags: { "data-class": "user-content" } } }, replication()],
    ],
    [
      "pass",
      "inline, the older way",
      [
        media({
          replicationConfiguration: { rules: [{ status: "Enabled", destination: { bucket: "arn:aws:s3:::copy" } }] },
        }),
        copy,
      ],
    ],
    [
      "fail",
      "a V2 bucket",
      [r("aws:s3/bucketV2:BucketV2", "media", { bucket: "media", tags: { "data-class": "user-content" } })],
    ],
    ["na", "no content of users", [bucket("files")]],
  ],
  "aws-s3-lifecycle-tiers": [
    ["pass", "30 and 90 days", [media(), tiers()]],
    ["fail", "none", [media()], /moves every object to infrequent access .* or to Glacier by 90 days/],
    ["fail", "31 days", [media(), tiers({}, 31)], /to infrequent access/],
    ["fail", "29 days, which S3 refuses", [media(), tiers({}, 29)]],
    ["fail", "91 days", [media(), tiers({}, 30, 91)], /to Glacier by 90 days/],
    ["pass", "89 days", [media(), tiers({}, 30, 89)]],
    ["pass", 'the text "30"', [media(), tiers({}, "30")]],
    ["fail", "a wrong type", [media(), tiers({}, [30])]],
    ["unknown", "unknown", [media(), tiers({}, unknown)]],
    ["fail", "disabled", [media(), tiers({ status: "Disabled" })]],
    ["fail", "a part of the bucket", [media(), tiers({ filter: { prefix: "old/" } })]],
    ["pass", "large objects, as S3 does anyway", [media(), tiers({ filter: { objectSizeGreaterThan: 131072 } })]],
    [
      "pass",
      "what the provider fills in",
      [media(), tiers({ prefix: unknown, filter: { objectSizeLessThan: unknown } })],
    ],
    ["fail", "very large objects only", [media(), tiers({ filter: { objectSizeGreaterThan: 131073 } })]],
    ["fail", "small objects only", [media(), tiers({ filter: { objectSizeLessThan: 1000 } })]],
    ["fail", "several conditions", [media(), tiers({ filter: { and: { prefix: "a", tags: { b: "c" } } } })]],
    [
      "fail",
      "old versions only",
      [
        media(),
        tiers({
          transitions: undefined,
          noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "STANDARD_IA" }],
        }),
      ],
    ],
    [
      "pass",
      "intelligent tiering from the first day",
      [
        media(),
        tiers({
          transitions: [
            { days: 0, storageClass: "INTELLIGENT_TIERING" },
            { days: 90, storageClass: "GLACIER" },
          ],
        }),
      ],
    ],
    [
      "pass",
      "inline, the older way",
      [
        media({
          lifecycleRules: [
            {
              enabled: true,
              transitions: [
                { days: 30, storageClass: "STANDARD_IA" },
                { days: 90, storageClass: "DEEP_ARCHIVE" },
              ],
            },
          ],
        }),
      ],
    ],
    ["fail", "exports too", [bucket("dump", { tags: { purpose: "db-export" } })]],
    ["unknown", "an unknown bucket", [media(), { ...tiers(), props: { bucket: unknown, rules: [] } }]],
    ["na", "logs and releases end by themselves", [bucket("logs", { tags: { purpose: "logs" } })]],
  ],
  "aws-s3-no-cold-tier-behind-cdn": [
    ["pass", "read at once", [media(), cdn(DOMAIN), cold("GLACIER_IR")]],
    ["fail", "Glacier", [media(), cdn(DOMAIN), cold("GLACIER")], /storageClass is "GLACIER", requires "GLACIER_IR"/],
    ["fail", "the deep archive", [media(), cdn(DOMAIN), cold("DEEP_ARCHIVE")]],
    [
      "pass",
      "a bucket that nothing serves",
      [media(), bucket("other"), cdn("other.s3.amazonaws.com"), cold("GLACIER")],
    ],
    ["pass", "disabled", [media(), cdn(DOMAIN), cold("GLACIER", { status: "Disabled" })]],
    [
      "fail",
      "one of two origins",
      [
        media(),
        r(CDN, "cdn", {
          origins: [{ domainName: "web.example.com" }, { domainName: DOMAIN }, { domainName: unknown }],
        }),
        cold("GLACIER"),
      ],
    ],
    ["unknown", "an unknown class", [media(), cdn(DOMAIN), cold(unknown)]],
    ["pass", "a wrong type", [media(), cdn(DOMAIN), cold({})]],
    [
      "fail",
      "an unknown domain, by dependency",
      [media(), cdn(unknown, { from: { origins: ["media"] } }), cold("GLACIER")],
    ],
    ["unknown", "an unknown domain", [media(), cdn(unknown), cold("GLACIER")]],
    [
      "fail",
      "by its domain name",
      [media({ bucketRegionalDomainName: "x.example" }), cdn("x.example"), cold("GLACIER")],
    ],
    [
      "fail",
      "inline, the older way",
      [
        media({ lifecycleRules: [{ enabled: true, transitions: [{ days: 90, storageClass: "GLACIER" }] }] }),
        cdn(DOMAIN),
      ],
    ],
    [
      "pass",
      "old versions may sleep",
      [
        media(),
        cdn(DOMAIN),
        cold(undefined, { noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "GLACIER" }] }),
      ],
    ],
    ["na", "no distribution", [media(), cold("GLACIER")]],
  ],
  "aws-cache-snapshots": [
    ["pass", "seven days", group({ snapshotRetentionLimit: 7 })],
    ["fail", "six days", group({ snapshotRetentionLimit: 6 }), /snapshotRetentionLimit is 6, requires 7/],
    [
      "pass",
      "one day where the phase asks for one",
      group({ snapshotRetentionLimit: 1 }),
      undefined,
      { minimumDays: 1 },
    ],
    ["fail", "zero where the phase asks for one", group({ snapshotRetentionLimit: 0 }), undefined, { minimumDays: 1 }],
    ["fail", "unset", group({}), /is unset/],
    ["pass", 'the text "7"', group({ snapshotRetentionLimit: "7" })],
    ["fail", "a wrong type", group({ snapshotRetentionLimit: true })],
    ["unknown", "unknown", group({ snapshotRetentionLimit: unknown })],
    ["fail", "secret", group({ snapshotRetentionLimit: secret(1) }), /is \[secret\]/],
    ["fail", "a single node of Redis", [r(CACHE, "cache", { engine: "redis" })]],
    ["na", "memcached", [r(CACHE, "cache", { engine: "memcached" })]],
    ["na", "a member of a group", [r(CACHE, "cache", { replicationGroupId: unknown })]],
    ["fail", "serverless", [r("aws:elasticache/serverlessCache:ServerlessCache", "cache", { engine: "valkey" })]],
    ["na", "another type", vpc],
  ],
  "do-volume-backed-up": [
    ["pass", "a snapshot", [host, volume(), r(VOLUME_SNAPSHOT, "s", { volumeId: "v1" })]],
    ["pass", "exported, by its tag", [host, volume({ tags: ["backup:export"] })]],
    ["fail", "neither", [host, volume()], /Volume data: no VolumeSnapshot is of it/],
    ["fail", "a snapshot of another", [host, volume(), r(VOLUME_SNAPSHOT, "s", { volumeId: "v2" })]],
    [
      "fail",
      "attached by a resource of its own",
      [
        r(DROPLET, "web", { id: 1 }),
        volume(),
        r("digitalocean:index/volumeAttachment:VolumeAttachment", "a", { dropletId: 1, volumeId: "v1" }),
      ],
    ],
    [
      "pass",
      "unknown ids, by dependency",
      [
        r(DROPLET, "web", { volumeIds: [unknown] }, { from: { volumeIds: ["data"] } }),
        volume({ id: unknown }),
        r(VOLUME_SNAPSHOT, "s", { volumeId: unknown }, { from: { volumeId: ["data"] } }),
      ],
    ],
    ["unknown", "an unknown snapshot", [host, volume(), r(VOLUME_SNAPSHOT, "s", { volumeId: unknown })]],
    ["unknown", "unknown tags", [host, volume({ tags: unknown })]],
    ["fail", "a volume of another stack", [r(DROPLET, "web", { volumeIds: ["v9"] })], /a volume of another stack/],
    [
      "fail",
      "a volume of another stack and a snapshot of something else",
      [r(DROPLET, "web", { volumeIds: ["v9"] }), r(VOLUME_SNAPSHOT, "s", { volumeId: "v8" })],
    ],
    [
      "pass",
      "a volume of another stack with a snapshot",
      [r(DROPLET, "web", { volumeIds: ["v9"] }), r(VOLUME_SNAPSHOT, "s", { volumeId: "v9" })],
    ],
    ["na", "a volume that nothing uses", [volume()]],
    ["na", "no volume", [r(DROPLET, "web")]],
  ],
  "do-spaces-versioned-private": [
    ["pass", "versioned and private", space({ acl: "private" })],
    ["fail", "no versions", space({ versioning: undefined }), /versioning.enabled is unset/],
    ["fail", "versions off", space({ versioning: { enabled: false } })],
    ["fail", "a wrong type", space({ versioning: { enabled: "on" } })],
    ["unknown", "unknown", space({ versioning: unknown })],
    ["fail", "public", space({ acl: "public-read" }), /acl is "public-read"/],
    ["fail", "public to write", space({ acl: "public-read-write" })],
    ["fail", "secretly public", space({ acl: secret("public-read") }), /acl is \[secret\]/],
    ["fail", "forceDestroy", space({ forceDestroy: true })],
    ["pass", "an object", [r(SPACE_OBJECT, "o", { acl: "private" })]],
    ["fail", "a public object", [r(SPACE_OBJECT, "o", { acl: "public-read" })]],
    [
      "fail",
      "a public policy",
      [
        r(SPACE_POLICY, "p", {
          policy: json({ Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }] }),
        }),
      ],
      /policy is open to everyone/,
    ],
    [
      "fail",
      "everyone as a list",
      [
        r(SPACE_POLICY, "p", {
          policy: json({ Statement: { Effect: "Allow", Principal: { AWS: ["*"] }, Action: "s3:GetObject" } }),
        }),
      ],
    ],
    [
      "pass",
      "a policy that denies",
      [r(SPACE_POLICY, "p", { policy: json({ Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*" }] }) })],
    ],
    [
      "fail",
      "one of two statements",
      [
        r(SPACE_POLICY, "p", {
          policy: json({
            Statement: [
              { Effect: "Allow", Principal: { AWS: "arn:one" }, Action: "s3:*" },
              { Effect: "Allow", Principal: "*", Action: "s3:GetObject" },
            ],
          }),
        }),
      ],
    ],
    [
      "pass",
      "named principals",
      [r(SPACE_POLICY, "p", { policy: json({ Statement: { Effect: "Allow", Principal: { AWS: "arn:one" } } }) })],
    ],
    ["unknown", "an unknown policy", [r(SPACE_POLICY, "p", { policy: unknown })]],
    ["na", "another type", [host]],
  ],
  "ovh-db-backup-plan": [
    ["pass", "business", ovhDb()],
    ["pass", "enterprise", ovhDb({ plan: "enterprise" })],
    ["fail", "essential", ovhDb({ plan: "essential" }), /plan is "essential"/],
    ["fail", "essential, in another case", ovhDb({ plan: "Essential" })],
    ["fail", "no plan", ovhDb({ plan: undefined })],
    ["unknown", "an unknown plan", ovhDb({ plan: unknown })],
    ["fail", "deletable", ovhDb({ deletionProtection: false })],
    ["fail", "deletable by default", ovhDb({ deletionProtection: undefined })],
    ["fail", "one region", ovhDb({ backupRegions: ["GRA"] }), /backupRegions is a list of 1, requires 2 regions/],
    ["fail", "no regions", ovhDb({ backupRegions: undefined })],
    ["fail", "a wrong type", ovhDb({ backupRegions: "GRA,SBG" })],
    ["pass", "three regions", ovhDb({ backupRegions: ["GRA", "SBG", "DE"] })],
    ["pass", "MongoDB takes one", ovhDb({ engine: "mongodb", backupRegions: ["GRA"] })],
    ["fail", "MongoDB without any", ovhDb({ engine: "mongodb", backupRegions: [] })],
    ["pass", "Valkey in business", ovhDb({ engine: "valkey" })],
    ["na", "another type", vpc],
  ],
  "ovh-instance-backup": [
    ["pass", "seven copies of a daily one", [server("0 3 * * *")]],
    ["fail", "six copies", [server("0 3 * * *", 6)], /reach back 6 days, requires 7 days/],
    ["fail", "seven copies of four a day are not two days", [server("0 */6 * * *")], /reach back 1 days/],
    ["pass", "28 copies of four a day", [server("0 */6 * * *", 28)]],
    ["fail", "27 copies of four a day", [server("0 */6 * * *", 27)]],
    ["fail", "weekly", [server("0 3 * * 0", 52)]],
    ["fail", "no expression", [server("daily")]],
    ["fail", "a wrong type", [server("0 3 * * *", "many")]],
    ["pass", 'the text "7"', [server("0 3 * * *", "7")]],
    ["unknown", "unknown", [server("0 3 * * *", unknown)]],
    ["fail", "none", [server()], /no autoBackup and no WorkflowBackup/],
    ["pass", "a workflow", [server(), r(WORKFLOW, "w", { instanceId: "i1", cron: "0 3 * * *", rotation: 7 })]],
    [
      "fail",
      "a workflow of another",
      [server(), r(WORKFLOW, "w", { instanceId: "i2", cron: "0 3 * * *", rotation: 7 })],
    ],
    [
      "pass",
      "the twin, by a workflow",
      [server(undefined, 7, OVH_TWIN), r(WORKFLOW, "w", { instanceId: "i1", cron: "0 3 * * *", rotation: 7 })],
    ],
    ["fail", "the twin alone", [server(undefined, 7, OVH_TWIN)]],
    [
      "unknown",
      "a workflow of some server",
      [server(), r(WORKFLOW, "w", { instanceId: unknown, cron: "0 3 * * *", rotation: 7 })],
    ],
    ["note", "a VPS shows nothing", [r("ovh:Vps/vps:Vps", "web")], /not visible here/],
    [
      "pass",
      "a VPS with the option",
      [r("ovh:Vps/vps:Vps", "web", { planOptions: [{ planCode: "option-auto-backup-vps" }] })],
    ],
    ["na", "no server", vpc],
  ],
};
