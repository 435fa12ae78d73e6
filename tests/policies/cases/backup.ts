import { secret, unknown } from "../pack.ts";
import { json, r, type Tables } from "./table.ts";

const DROPLET = "digitalocean:index/droplet:Droplet";
const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const LOGGING = "aws:s3/bucketLogging:BucketLogging";
const GROUP_POLICY = "aws:iam/groupPolicy:GroupPolicy";

const droplet = (props: Record<string, unknown>) => [r(DROPLET, "web", props)];
const daily = { backups: true, backupPolicy: { plan: "daily" } };

const bucket = (name: string, props: Record<string, unknown> = {}) => r(BUCKET, name, { bucket: name, ...props });
const versioning = (of: string, status: unknown = "Enabled", extra = {}) =>
  r(VERSIONING, `${of}-versioning`, { bucket: of, versioningConfiguration: { status } }, extra);
const lifecycle = (of: string, ...rules: object[]) => r(LIFECYCLE, `${of}-lifecycle`, { bucket: of, rules });
const enabled = (rule: object) => ({ id: "tidy", status: "Enabled", ...rule });
const expiry = { noncurrentVersionExpiration: { noncurrentDays: 30 } };
const abort = { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };

const exportBucket = (props: Record<string, unknown> = {}) =>
  bucket("dump", { tags: { purpose: "db-export" }, ...props });
const grant = (Action: unknown, extra: Record<string, unknown> = {}) =>
  r(GROUP_POLICY, "writers", {
    policy: json({ Statement: [{ Effect: "Allow", Action, Resource: "arn:aws:s3:::dump/*", ...extra }] }),
  });
const web = r(DROPLET, "web");

export const backup: Tables = {
  "do-droplet-daily-backups": [
    ["pass", "a plan that is left out is daily", droplet({ backups: true })],
    ["fail", "unset", droplet({}), /backups is unset, requires true/],
    ["fail", "off", droplet({ ...daily, backups: false }), /backups is false/],
    ["pass", 'the text "true"', droplet({ ...daily, backups: "true" })],
    ["fail", "a wrong type", droplet({ ...daily, backups: 1 }), /backups is 1/],
    ["fail", "null", droplet({ ...daily, backups: null }), /backups is unset/],
    ["fail", "weekly keeps four weeks but loses a week", droplet({ backups: true, backupPolicy: { plan: "weekly" } })],
    ["fail", "a plan of a wrong type", droplet({ backups: true, backupPolicy: { plan: ["daily"] } }), /a list of 1/],
    ["unknown", "unknown backups", droplet({ ...daily, backups: unknown })],
    ["unknown", "an unknown policy", droplet({ backups: true, backupPolicy: unknown })],
    [
      "fail",
      "a secret plan",
      droplet({ backups: true, backupPolicy: secret({ plan: "weekly" }) }),
      /plan is \[secret\]/,
    ],
    ["na", "an autoscale pool holds no state", [r("digitalocean:index/dropletAutoscale:DropletAutoscale", "pool")]],
    ["na", "another type", [r("aws:ec2/instance:Instance", "web")]],
  ],
  "aws-s3-versioning": [
    ["pass", "by literal name", [bucket("files"), versioning("files")]],
    ["fail", "none", [bucket("files")], /Bucket files: no BucketVersioning belongs to it, requires status "Enabled"/],
    ["fail", "suspended", [bucket("files"), versioning("files", "Suspended")], /has status Suspended/],
    ["fail", "wrong case", [bucket("files"), versioning("files", "enabled")]],
    ["fail", "wrong type", [bucket("files"), versioning("files", true)]],
    ["fail", "unset", [bucket("files"), r(VERSIONING, "v", { bucket: "files" })]],
    ["unknown", "unknown status", [bucket("files"), versioning("files", unknown)]],
    ["fail", "of two buckets one", [bucket("a"), bucket("b"), versioning("a")], /Bucket b: no BucketVersioning/],
    [
      "pass",
      "an unknown name, by dependency",
      [bucket("files", { bucket: unknown }), versioning(unknown, "Enabled", { from: { bucket: ["files"] } })],
    ],
    [
      "fail",
      "an unknown name that depends on the other bucket",
      [
        bucket("a", { bucket: unknown }),
        bucket("b", { bucket: unknown }),
        r(
          VERSIONING,
          "v",
          { bucket: unknown, versioningConfiguration: { status: "Enabled" } },
          { from: { bucket: ["b"] } },
        ),
      ],
      /Bucket a:/,
    ],
    ["unknown", "an unknown name without a dependency", [bucket("files"), versioning(unknown)]],
    ["pass", "inline, the older way", [bucket("files", { versioning: { enabled: true } })]],
    ["fail", "inline, off", [bucket("files", { versioning: { enabled: false } })]],
    ["fail", "what the provider fills in is unknown, and nobody set it", [bucket("files", { versioning: unknown })]],
    [
      "pass",
      "the V2 twins",
      [
        r("aws:s3/bucketV2:BucketV2", "files", { bucket: "files" }),
        r("aws:s3/bucketVersioningV2:BucketVersioningV2", "v", {
          bucket: "files",
          versioningConfiguration: { status: "Enabled" },
        }),
      ],
    ],
    ["fail", "a V2 bucket alone", [r("aws:s3/bucketV2:BucketV2", "files", { bucket: "files" })]],
    ["pass", "log delivery, by tag", [bucket("logs", { tags: { purpose: "logs" } })]],
    [
      "pass",
      "log delivery, by use",
      [
        bucket("files"),
        versioning("files"),
        bucket("sink"),
        r(LOGGING, "l", { bucket: "files", targetBucket: "sink" }),
      ],
    ],
    ["na", "no bucket", [web]],
  ],
  "aws-s3-expire-noncurrent": [
    ["pass", "both", [bucket("f"), versioning("f"), lifecycle("f", enabled({ ...expiry, ...abort }))]],
    ["pass", "in two rules", [bucket("f"), versioning("f"), lifecycle("f", enabled(expiry), enabled(abort))]],
    ["fail", "no lifecycle", [bucket("f"), versioning("f")], /no lifecycle rule expires old versions or aborts/],
    [
      "fail",
      "expiry alone",
      [bucket("f"), versioning("f"), lifecycle("f", enabled(expiry))],
      /aborts unfinished uploads/,
    ],
    ["fail", "abort alone", [bucket("f"), versioning("f"), lifecycle("f", enabled(abort))], /expires old versions/],
    [
      "fail",
      "disabled rules",
      [bucket("f"), versioning("f"), lifecycle("f", { ...expiry, ...abort, status: "Disabled" })],
    ],
    [
      "fail",
      "zero days",
      [
        bucket("f"),
        versioning("f"),
        lifecycle("f", enabled({ ...abort, noncurrentVersionExpiration: { noncurrentDays: 0 } })),
      ],
    ],
    [
      "pass",
      "one day, as text",
      [
        bucket("f"),
        versioning("f"),
        lifecycle("f", enabled({ ...abort, noncurrentVersionExpiration: { noncurrentDays: "1" } })),
      ],
    ],
    ["pass", "without versions there is nothing to expire", [bucket("f")]],
    ["pass", "suspended", [bucket("f"), versioning("f", "Suspended")]],
    [
      "unknown",
      "an unknown bucket",
      [bucket("f"), versioning("f"), lifecycle(unknown, enabled({ ...expiry, ...abort }))],
    ],
    ["na", "no bucket", [web]],
  ],
  "offsite-db-export": [
    ["pass", "write-only", [web, exportBucket(), versioning("dump"), grant(["s3:PutObject"])]],
    [
      "pass",
      "with multipart",
      [web, exportBucket(), versioning("dump"), grant(["s3:PutObject", "s3:AbortMultipartUpload"])],
    ],
    ["pass", "a single action as text, in any case", [web, exportBucket(), versioning("dump"), grant("S3:putobject")]],
    ["na", "nothing that holds a database", [r("pulumiservice:index:PolicyGroup", "rules", {})]],
    ["fail", "no bucket", [web], /no bucket is tagged purpose "db-export"/],
    ["fail", "another purpose", [web, bucket("dump", { tags: { purpose: "files" } })]],
    ["fail", "no versions", [web, exportBucket(), grant("s3:PutObject")], /keeps no versions/],
    ["fail", "suspended", [web, exportBucket(), versioning("dump", "Suspended"), grant("s3:PutObject")]],
    ["fail", "no writer", [web, exportBucket(), versioning("dump")], /no write-only principal/],
    ["fail", "may read back", [web, exportBucket(), versioning("dump"), grant(["s3:PutObject", "s3:GetObject"])]],
    ["fail", "may delete", [web, exportBucket(), versioning("dump"), grant(["s3:PutObject", "s3:DeleteObject"])]],
    ["fail", "may do anything", [web, exportBucket(), versioning("dump"), grant("s3:*")]],
    ["fail", "NotAction", [web, exportBucket(), versioning("dump"), grant("s3:PutObject", { NotAction: "iam:*" })]],
    [
      "fail",
      "a writer of another bucket",
      [
        web,
        exportBucket(),
        versioning("dump"),
        r(GROUP_POLICY, "w", {
          policy: json({ Statement: { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::other/*" } }),
        }),
      ],
    ],
    [
      "unknown",
      "a policy text that is unknown as a whole",
      [
        web,
        exportBucket(),
        versioning("dump"),
        r(GROUP_POLICY, "w", { policy: unknown }, { from: { policy: ["dump"] } }),
      ],
    ],
    ["na", "another project owns it", [web], undefined, { elsewhere: "jatsmanor-exports" }],
    [
      "fail",
      "the same region as a server at AWS",
      [
        r("aws:ec2/instance:Instance", "web", { region: "eu-west-1" }),
        exportBucket({ region: "eu-west-1" }),
        versioning("dump"),
        grant("s3:PutObject"),
      ],
      /requires another region than Instance web/,
    ],
    [
      "pass",
      "another region than the server at AWS, by its provider",
      [
        r("aws:ec2/instance:Instance", "web", {}, { provider: { region: "eu-central-1" } }),
        exportBucket({ region: "eu-west-1" }),
        versioning("dump"),
        grant("s3:PutObject"),
      ],
    ],
  ],
};
