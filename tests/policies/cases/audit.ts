/** What is recorded, for how long, and who looks. */
import { secret, unknown } from "../pack.ts";
import { r, type Tables } from "./table.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const LOG = "aws:cloudwatch/logGroup:LogGroup";
const LB = "aws:lb/loadBalancer:LoadBalancer";
const CDN = "aws:cloudfront/distribution:Distribution";
const RDS = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const EKS = "aws:eks/cluster:Cluster";
const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];
const droplet = [r("digitalocean:index/droplet:Droplet", "web")];
type Props = Record<string, unknown>;

const FLAGS = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const logs = (props: Props = {}) => r(BUCKET, "logs", { bucket: "logs", ...props });
const block = (props: Props = {}) => r(BLOCK, "block", { bucket: "logs", ...FLAGS, ...props });
const trail = (props: Props = {}) =>
  r(TRAIL, "audit", {
    s3BucketName: "logs",
    isMultiRegionTrail: true,
    enableLogFileValidation: true,
    kmsKeyId: unknown,
    cloudWatchLogsGroupArn: unknown,
    ...props,
  });
const recorded = (props: Props = {}) => [logs(), block(), trail(props)];
const field = (name: string, ...equals: string[]) => ({ field: name, equals });

const services = (change: Record<string, Props | undefined> = {}) =>
  Object.entries<Props | undefined>({
    "aws:guardduty/detector:Detector": { enable: true },
    "aws:securityhub/account:Account": {},
    "aws:cfg/recorder:Recorder": { name: "r" },
    "aws:cfg/recorderStatus:RecorderStatus": { name: "r", isEnabled: true },
    "aws:accessanalyzer/analyzer:Analyzer": { type: "ACCOUNT" },
    ...change,
  }).flatMap(([type, props]) => (props ? [r(type, type.split(":").at(-1)!, props)] : []));

const log = (name: unknown, retentionInDays?: unknown, more: Props = {}) => [
  r(LOG, "log", { name, retentionInDays, ...more }),
];

const media = (props: Props = {}) => r(BUCKET, "media", { bucket: "media", ...props });
const logging = (props: Props = {}) =>
  r("aws:s3/bucketLogging:BucketLogging", "logging", { bucket: "media", targetBucket: "logs", ...props });
const balancer = (props: Props, type = LB) => [r(type, "web", props)];
const cdn = (props: Props = {}) => r(CDN, "cdn", { arn: "arn:cdn", ...props });
const source = (props: Props = {}) =>
  r("aws:cloudwatch/logDeliverySource:LogDeliverySource", "source", { name: "cdn", resourceArn: "arn:cdn", ...props });
const delivery = (props: Props = {}) =>
  r("aws:cloudwatch/logDelivery:LogDelivery", "delivery", { deliverySourceName: "cdn", ...props });

const eks = (enabledClusterLogTypes?: unknown) => [r(EKS, "k8s", { name: "k8s", enabledClusterLogTypes })];
const ALL = ["api", "audit", "authenticator"];

const EXPORTS = ["audit", "error", "slowquery"];
const db = (props: Props = {}) =>
  r(RDS, "db", { engine: "mysql", enabledCloudwatchLogsExports: EXPORTS, optionGroupName: "audited", ...props });
const options = (optionName: string) =>
  r("aws:rds/optionGroup:OptionGroup", "options", { name: "audited", options: [{ optionName }] });
const aurora = (props: Props = {}) =>
  r(CLUSTER, "db", {
    engine: "aurora-mysql",
    enabledCloudwatchLogsExports: EXPORTS,
    dbClusterParameterGroupName: "p",
    ...props,
  });
const parameters = (name: string, value: unknown) =>
  r("aws:rds/clusterParameterGroup:ClusterParameterGroup", "p", { name: "p", parameters: [{ name, value }] });
const PLUGIN = "MARIADB_AUDIT_PLUGIN";

export const audit: Tables = {
  "aws-cloudtrail": [
    ["pass", "complete", recorded()],
    ["fail", "none", vpc, /no Trail records/],
    ["pass", "of the organisation", vpc, undefined, { trailElsewhere: "arn:trail" }],
    ["fail", "one region", recorded({ isMultiRegionTrail: false }), /isMultiRegionTrail is false/],
    ["fail", "region unset", recorded({ isMultiRegionTrail: undefined })],
    ["fail", "no validation", recorded({ enableLogFileValidation: undefined }), /enableLogFileValidation is unset/],
    ["fail", "no key", recorded({ kmsKeyId: undefined }), /kmsKeyId is unset, requires a KMS key/],
    ["fail", "an empty key", recorded({ kmsKeyId: "" })],
    ["fail", "no log group", recorded({ cloudWatchLogsGroupArn: undefined })],
    ["fail", "switched off", recorded({ enableLogging: false }), /enableLogging is false/],
    ["pass", "switched on", recorded({ enableLogging: true })],
    ["fail", "a wrong type", recorded({ isMultiRegionTrail: 1 })],
    ["unknown", "unknown", recorded({ isMultiRegionTrail: unknown })],
    [
      "fail",
      "management events left out",
      recorded({ eventSelectors: [{ includeManagementEvents: false }] }),
      /eventSelectors/,
    ],
    [
      "pass",
      "one selector of two",
      recorded({ eventSelectors: [{ readWriteType: "WriteOnly" }, { readWriteType: "All" }] }),
    ],
    ["fail", "writes alone", recorded({ eventSelectors: [{ readWriteType: "WriteOnly" }] })],
    ["pass", "data events besides", recorded({ eventSelectors: [{ dataResources: [{ type: "AWS::S3::Object" }] }] })],
    [
      "fail",
      "advanced selectors of data alone",
      recorded({ advancedEventSelectors: [{ fieldSelectors: [field("eventCategory", "Data")] }] }),
      /advancedEventSelectors is without every management event/,
    ],
    [
      "fail",
      "advanced selectors of a part",
      recorded({
        advancedEventSelectors: [
          { fieldSelectors: [field("eventCategory", "Management"), field("readOnly", "false")] },
        ],
      }),
    ],
    [
      "pass",
      "advanced selectors of management and data",
      recorded({
        advancedEventSelectors: [
          { fieldSelectors: [field("eventCategory", "Management")] },
          { fieldSelectors: [field("eventCategory", "Data")] },
        ],
      }),
    ],
    ["fail", "a bucket without a block", [logs(), trail()], /Bucket logs: it takes the trail/],
    ["fail", "half a block", [logs(), block({ restrictPublicBuckets: false }), trail()]],
    ["fail", "a public list", [logs({ acl: "public-read" }), block(), trail()]],
    [
      "fail",
      "a public list of its own",
      [logs(), block(), trail(), r("aws:s3/bucketAcl:BucketAcl", "acl", { bucket: "logs", acl: "public-read" })],
    ],
    [
      "pass",
      "in a preview",
      [
        r(BUCKET, "logs", { bucket: unknown }),
        r(BLOCK, "block", { bucket: unknown, ...FLAGS }, { from: { bucket: ["logs"] } }),
        r(TRAIL, "audit", trail({ s3BucketName: unknown }).props, { from: { s3BucketName: ["logs"] } }),
      ],
    ],
    ["pass", "a bucket of another stack", [trail()]],
    ["na", "no AWS", droplet],
  ],
  "aws-detect-services": [
    ["pass", "all", services()],
    ["fail", "none", vpc, /guardduty is not in the stack/],
    [
      "fail",
      "a detector switched off",
      services({ "aws:guardduty/detector:Detector": { enable: false } }),
      /guardduty is switched off/,
    ],
    ["pass", "a detector, on by default", services({ "aws:guardduty/detector:Detector": {} })],
    ["unknown", "an unknown detector", services({ "aws:guardduty/detector:Detector": { enable: unknown } })],
    ["fail", "no hub", services({ "aws:securityhub/account:Account": undefined }), /securityhub is not/],
    [
      "pass",
      "the hub of a delegated administrator",
      services({ "aws:securityhub/account:Account": undefined }),
      undefined,
      { elsewhere: ["securityhub"] },
    ],
    [
      "fail",
      "a recorder without its status",
      services({ "aws:cfg/recorderStatus:RecorderStatus": undefined }),
      /config is switched off/,
    ],
    ["fail", "a recorder that is off", services({ "aws:cfg/recorderStatus:RecorderStatus": { isEnabled: false } })],
    ["fail", "no recorder", services({ "aws:cfg/recorder:Recorder": undefined }), /config is not/],
    ["fail", "no analyzer", services({ "aws:accessanalyzer/analyzer:Analyzer": undefined }), /access-analyzer is not/],
    ["na", "no AWS", droplet],
  ],
  "log-retention": [
    ["pass", "audit, the least", log("/x/audit", 365)],
    [
      "fail",
      "audit, the step below",
      log("/x/audit", 180),
      /retentionInDays is 180, requires 365 or more, for an audit log/,
    ],
    ["pass", "audit, more", log("/x/audit", 400)],
    ["fail", "audit, a number that CloudWatch does not know", log("/x/audit", 366)],
    ["fail", "the trail's", log("/aws/CloudTrail/x", 30)],
    ["fail", "flow logs", log("/vpc/flow-logs", 30)],
    ["fail", "the firewall's", log("aws-waf-logs-x", 30)],
    ["fail", "a cluster's control plane, whose audit log is in it", log("/aws/eks/x/cluster", 90)],
    ["pass", "a cluster's control plane for a year", log("/aws/eks/x/cluster", 365)],
    ["pass", "the least", log("/x/web", 14)],
    ["fail", "the step below", log("/x/web", 7), /requires 14 to 90/],
    ["pass", "the most", log("/x/web", 90)],
    ["fail", "the step above", log("/x/web", 120)],
    ["fail", "a number that CloudWatch does not know", log("/x/web", 45)],
    ["fail", "unset is for ever", log("/x/web"), /retentionInDays is unset/],
    ["fail", "0 is for ever", log("/x/web", 0)],
    ["fail", "0 is for ever for audit too", log("/x/audit", 0)],
    ["pass", "as a text", log("/x/web", "30")],
    ["fail", "a wrong type", log("/x/web", "month")],
    ["unknown", "unknown", log("/x/web", unknown)],
    ["unknown", "an unknown name", log(unknown, 30)],
    ["fail", "a secret", log("/x/web", secret(7)), /is \[secret\]/],
    ["fail", "by prefix", [r(LOG, "log", { namePrefix: "audit-", retentionInDays: 30 })]],
    ["pass", "without a name, by the resource's", [r(LOG, "web-log", { retentionInDays: 30 })]],
    ["na", "a class that keeps two days", log("/x/web", undefined, { logGroupClass: "DELIVERY" })],
    [
      "fail",
      "a function's, made by AWS",
      [r("aws:lambda/function:Function", "f", { name: "resize" })],
      /AWS will make its log group/,
    ],
    [
      "pass",
      "a function's own",
      [r("aws:lambda/function:Function", "f", { name: "resize" }), ...log("/aws/lambda/resize", 30)],
    ],
    [
      "fail",
      "another function's",
      [r("aws:lambda/function:Function", "f", { name: "resize" }), ...log("/aws/lambda/other", 30)],
    ],
    [
      "fail",
      "a function whose name is not known yet, and a group of something else",
      [r("aws:lambda/function:Function", "f", { name: unknown }), ...log("/x/web", 30)],
    ],
    [
      "pass",
      "a function's own, named by it",
      [
        r("aws:lambda/function:Function", "f", { name: unknown }),
        r(LOG, "log", { name: unknown, retentionInDays: 30 }, { from: { name: ["f"] } }),
      ].map((s) => (s.type === LOG ? { ...s, props: { ...s.props, name: "/aws/lambda/x" } } : s)),
    ],
    [
      "na",
      "a function that names its group",
      [r("aws:lambda/function:Function", "f", { name: "x", loggingConfig: { logGroup: "/x" } })],
    ],
    [
      "fail",
      "a cluster's, made by AWS",
      [r(EKS, "k8s", { name: "k8s", enabledClusterLogTypes: ["audit"] })],
      /\/aws\/eks\/<name>\/cluster/,
    ],
    ["na", "a cluster without logs", [r(EKS, "k8s", { name: "k8s" })]],
    ["na", "another type", vpc],
  ],
  "aws-access-logs": [
    [
      "pass",
      "all",
      [
        ...balancer({ accessLogs: { enabled: true, bucket: "logs" } }),
        cdn({ loggingConfig: { bucket: "logs" } }),
        media(),
        logs(),
        logging(),
      ],
    ],
    ["fail", "a load balancer without", balancer({}), /accessLogs\.enabled is unset/],
    ["fail", "a block that is not enabled", balancer({ accessLogs: { bucket: "logs" } })],
    ["fail", "off", balancer({ accessLogs: { enabled: false, bucket: "logs" } })],
    ["fail", "by its old name", balancer({}, "aws:alb/loadBalancer:LoadBalancer")],
    ["na", "a network load balancer", balancer({ loadBalancerType: "network" })],
    ["unknown", "unknown", balancer({ accessLogs: { enabled: unknown } })],
    ["fail", "a distribution without", [cdn()], /neither loggingConfig nor/],
    ["pass", "a distribution's source and delivery", [cdn(), source(), delivery()]],
    ["fail", "a source without delivery", [cdn(), source()]],
    ["fail", "a source of another", [cdn(), source({ resourceArn: "arn:other" }), delivery()]],
    [
      "pass",
      "in a preview",
      [
        r(CDN, "cdn", { arn: unknown }),
        r(
          "aws:cloudwatch/logDeliverySource:LogDeliverySource",
          "source",
          { name: "cdn", resourceArn: unknown },
          { from: { resourceArn: ["cdn"] } },
        ),
        delivery(),
      ],
    ],
    [
      "unknown",
      "a source of something unknown",
      [r(CDN, "cdn", { arn: unknown }), source({ resourceArn: unknown }), delivery()],
    ],
    [
      "unknown",
      "a bucket that may take a load balancer's logs",
      [media(), ...balancer({ accessLogs: { enabled: true, bucket: unknown } })],
    ],
    ["fail", "a bucket without", [media()], /no BucketLogging/],
    ["pass", "a bucket with", [media(), logs(), logging()]],
    ["fail", "into itself", [media(), logging({ targetBucket: "media" })], /logs into itself/],
    ["pass", "inline", [media({ loggings: [{ targetBucket: "logs" }] })]],
    ["pass", "a bucket of logs, by tag", [logs({ tags: { purpose: "logs" } })]],
    ["fail", "the V2 twin", [r("aws:s3/bucketV2:BucketV2", "media", { bucket: "media" })]],
    [
      "pass",
      "the V2 twin's",
      [media(), logs(), r("aws:s3/bucketLoggingV2:BucketLoggingV2", "l", { bucket: "media", targetBucket: "logs" })],
    ],
    ["na", "another type", vpc],
  ],
  "aws-eks-audit-logs": [
    ["pass", "the three", eks(ALL)],
    ["pass", "more", eks([...ALL, "scheduler"])],
    ["fail", "without audit", eks(["api", "authenticator"]), /enabledClusterLogTypes is without audit/],
    ["fail", "without authenticator", eks(["api", "audit"])],
    ["fail", "without api", eks(["audit", "authenticator"])],
    ["fail", "unset", eks()],
    ["fail", "none", eks([])],
    ["fail", "a wrong type", eks("audit")],
    ["unknown", "unknown", eks(unknown)],
    ["unknown", "one unknown", eks(["api", unknown])],
    ["fail", "a secret", eks(secret(["api"])), /is \[secret\]/],
    ["na", "another type", vpc],
  ],
  "aws-db-audit-logs": [
    ["pass", "exported and written", [db(), options(PLUGIN)]],
    ["fail", "exported, not written", [db({ optionGroupName: undefined })], /optionGroupName names no group/],
    ["fail", "an option group of something else", [db(), options("MEMCACHED")]],
    ["fail", "another option group", [db({ optionGroupName: "default:mysql-8-4" }), options(PLUGIN)]],
    [
      "fail",
      "written, not exported",
      [db({ enabledCloudwatchLogsExports: ["error", "slowquery"] }), options(PLUGIN)],
      /without audit/,
    ],
    ["fail", "without slow queries", [db({ enabledCloudwatchLogsExports: ["audit", "error"] }), options(PLUGIN)]],
    ["fail", "unset", [db({ enabledCloudwatchLogsExports: undefined }), options(PLUGIN)]],
    ["unknown", "unknown", [db({ enabledCloudwatchLogsExports: unknown }), options(PLUGIN)]],
    ["pass", "Aurora", [aurora(), parameters("server_audit_logging", "1")]],
    ["pass", "Aurora, in words", [aurora(), parameters("server_audit_logging", "ON")]],
    ["fail", "Aurora, off", [aurora(), parameters("server_audit_logging", "0")], /server_audit_logging 1/],
    [
      "pass",
      "one parameter and one option of several",
      [
        aurora(),
        r("aws:rds/clusterParameterGroup:ClusterParameterGroup", "p", {
          name: "p",
          parameters: [
            { name: "slow_query_log", value: 1 },
            { name: "server_audit_logging", value: 1 },
          ],
        }),
        r(RDS, "other", db().props),
        r("aws:rds/optionGroup:OptionGroup", "options", {
          name: "audited",
          options: [{ optionName: "MEMCACHED" }, { optionName: PLUGIN }],
        }),
      ],
    ],
    ["fail", "Aurora, another parameter", [aurora(), parameters("slow_query_log", "1")]],
    [
      "fail",
      "Aurora, a default group",
      [aurora({ dbClusterParameterGroupName: "default.aurora-mysql8.0" }), parameters("server_audit_logging", 1)],
    ],
    [
      "pass",
      "Aurora, in a preview",
      [
        r(
          CLUSTER,
          "db",
          { ...aurora().props, dbClusterParameterGroupName: unknown },
          { from: { dbClusterParameterGroupName: ["p"] } },
        ),
        r("aws:rds/clusterParameterGroup:ClusterParameterGroup", "p", {
          name: unknown,
          parameters: [{ name: "server_audit_logging", value: 1 }],
        }),
      ],
    ],
    [
      "unknown",
      "a group that is not known yet",
      [aurora({ dbClusterParameterGroupName: unknown }), parameters("server_audit_logging", 1)],
    ],
    ["na", "PostgreSQL", [r(RDS, "db", { engine: "postgres" })]],
    ["na", "another type", vpc],
  ],
};
