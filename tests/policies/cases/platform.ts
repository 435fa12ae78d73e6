import { secret, unknown } from "../pack.ts";
import { r, type Tables } from "./table.ts";

const DROPLET = "digitalocean:index/droplet:Droplet";
const ROOT = "jatsmanor:phases:SingleServer";
const RDS = "aws:rds/instance:Instance";
const BUCKET = "aws:s3/bucket:Bucket";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TAGS = ["project", "env", "phase", "owner", "cost-center", "data-class"];
const map = (keys: string[]) => Object.fromEntries(keys.map((k) => [k, "x"]));
const list = (keys: string[]) => keys.map((k) => `${k}:x`);

const web = (props: Record<string, unknown>) => [r(DROPLET, "web", props)];
const NOW = { now: "2026-11-24" };
const rds = (engineVersion: unknown, engine: unknown = "mysql") => [r(RDS, "db", { engine, engineVersion })];
const eks = (version: unknown) => [r("aws:eks/cluster:Cluster", "k", { version })];

export const platform: Tables = {
  "policy-config-matches-phase": [
    ["pass", "the same", [r(ROOT, "mvp", { phase: "mvp" })], undefined, { phase: "mvp" }],
    ["fail", "another", [r(ROOT, "other", { phase: "growth" })], /phase is "growth", requires "mvp"/, { phase: "mvp" }],
    ["fail", "none on the root", [r(ROOT, "bare", {})], /phase is unset/, { phase: "mvp" }],
    ["fail", "a wrong type", [r(ROOT, "odd", { phase: ["mvp"] })], undefined, { phase: "mvp" }],
    ["fail", "no root", [r(DROPLET, "web")], /no component jatsmanor:phases/, { phase: "mvp" }],
    [
      "fail",
      "another component is no root",
      [r("jatsmanor:aws:Bucket", "b", { phase: "mvp" })],
      undefined,
      { phase: "mvp" },
    ],
    [
      "fail",
      "of two roots one",
      [r(ROOT, "one", { phase: "mvp" }), r(ROOT, "two", { phase: "staging" })],
      undefined,
      { phase: "mvp" },
    ],
    ["unknown", "unknown", [r(ROOT, "late", { phase: unknown })], undefined, { phase: "mvp" }],
    ["note", "no config at all", [r(ROOT, "free", { phase: "mvp" })], /every rule takes its highest level/],
  ],
  "stateful-protected": [
    ["pass", "protected", [r(DROPLET, "web", {}, { protect: true })]],
    ["fail", "not protected", [r(DROPLET, "web")], /the option protect is false, requires protect: true/],
    ...[
      BUCKET,
      "aws:s3/bucketV2:BucketV2",
      RDS,
      "aws:kms/key:Key",
      "aws:ec2/eip:Eip",
      "cloudflare:index/zone:Zone",
      "digitalocean:index/reservedIp:ReservedIp",
      "digitalocean:index/volume:Volume",
      "aws:route53/zone:Zone",
    ].map((type) => ["fail", type, [r(type, "x")]] as const),
    ["na", "what holds nothing", [r("digitalocean:index/vpc:Vpc", "vpc")]],
    [
      "note",
      "named in allowReplace",
      [r(ROOT, "mvp", { allowReplace: ["web"] }), r(DROPLET, "web")],
      /allowReplace lets web/,
    ],
    ["fail", "another name in allowReplace", [r(ROOT, "mvp", { allowReplace: ["db"] }), r(DROPLET, "web")]],
    ["fail", "allowReplace taken back", [r(ROOT, "mvp", { allowReplace: [] }), r(DROPLET, "web")]],
  ],
  "eol-engine-version": [
    ["pass", "Ubuntu 24.04", web({ image: "ubuntu-24-04-x64" }), undefined, NOW],
    ["pass", "Ubuntu 22.04, 128 days before its end", web({ image: "ubuntu-22-04-x64" }), undefined, NOW],
    ["pass", "90 days before its end", web({ image: "ubuntu-22-04-x64" }), undefined, { now: "2027-01-01" }],
    ["warn", "89 days before its end", web({ image: "ubuntu-22-04-x64" }), /89 days/, { now: "2027-01-02" }],
    ["warn", "on its last day", web({ image: "ubuntu-22-04-x64" }), /0 days/, { now: "2027-04-01" }],
    [
      "fail",
      "the day after",
      web({ image: "ubuntu-22-04-x64" }),
      /without support since 2027-04-01/,
      { now: "2027-04-02" },
    ],
    ["pass", "an own image", web({ image: "12345678" }), undefined, NOW],
    ["unknown", "an unknown image", web({ image: unknown }), undefined, NOW],
    ["fail", "the guide's MySQL 8.0", rds("8.0"), /rds-mysql 8\.0, without support since 2026-07-31/, NOW],
    ["fail", "with a patch", rds("8.0.46"), undefined, NOW],
    ["fail", "of two versions named 8, the older counts", rds("8"), undefined, NOW],
    ["pass", "8.4", rds("8.4.7"), undefined, NOW],
    [
      "pass",
      "Aurora 3 has dates of its own",
      [r("aws:rds/cluster:Cluster", "a", { engine: "aurora-mysql", engineVersion: "8.0.mysql_aurora.3.10.4" })],
      undefined,
      NOW,
    ],
    [
      "pass",
      "Aurora 8.4",
      [r("aws:rds/cluster:Cluster", "a", { engine: "aurora-mysql", engineVersion: "8.4.mysql_aurora.8.4.7" })],
      undefined,
      NOW,
    ],
    ["note", "unset, so the provider decides", rds(undefined), /engineVersion is unset/, NOW],
    ["note", "a version that is not in the table", rds("9.9"), /is not in policies/, NOW],
    ["note", "no version at all", rds("latest"), undefined, NOW],
    ["pass", "an engine that is another's", rds("16.4", "postgres"), undefined, NOW],
    ["unknown", "an unknown version", rds(unknown), undefined, NOW],
    ["fail", "a secret version", rds(secret("8.0")), /engineVersion is \[secret\]/, NOW],
    ["fail", "EKS 1.33", eks("1.33"), undefined, NOW],
    ["warn", "EKS 1.34, for eight days more", eks("1.34"), /8 days/, NOW],
    ["pass", "EKS 1.35", eks("1.35"), undefined, NOW],
    [
      "fail",
      "Redis 5",
      [r("aws:elasticache/replicationGroup:ReplicationGroup", "c", { engine: "redis", engineVersion: "5.0.6" })],
      undefined,
      NOW,
    ],
    [
      "fail",
      "a managed MySQL 8 of DigitalOcean",
      [r("digitalocean:index/databaseCluster:DatabaseCluster", "d", { engine: "mysql", version: "8" })],
      undefined,
      NOW,
    ],
    [
      "warn",
      "the guide's PHP 8.2 in cloud-init",
      web({ image: "ubuntu-24-04-x64", userData: "packages: [php8.2-fpm, php8.2-mysql]" }),
      /php 8\.2, supported until 2026-12-31, 37 days/,
      NOW,
    ],
    ["fail", "MySQL 8.0 in cloud-init", web({ userData: "apt-get install mysql-server-8.0" }), /mysql 8\.0/, NOW],
    ["pass", "PHP 8.4 and MySQL 8.4 in cloud-init", web({ userData: "php8.4-fpm mysql-8.4-lts" }), undefined, NOW],
    ["na", "another type", [r(BUCKET, "b")], undefined, NOW],
  ],
  "required-tags": [
    ["pass", "a droplet's list", web({ tags: list(TAGS) })],
    ["fail", "without one", web({ tags: list(TAGS.slice(1)) }), /tags is without project, requires project, env/],
    ["fail", "unset", web({}), /without project, env, phase, owner, cost-center, data-class/],
    ["fail", "in another case", web({ tags: list([...TAGS.slice(1), "Project"]) }), /in this exact case/],
    ["unknown", "unknown", web({ tags: unknown })],
    ["pass", "a bucket's map", [r(BUCKET, "b", { tags: map(TAGS) })]],
    ["pass", "an unknown value is present", [r(BUCKET, "b", { tags: { ...map(TAGS), owner: unknown } })]],
    ["fail", "a bucket without", [r(BUCKET, "b", { tags: {} })]],
    [
      "pass",
      "by the provider's defaults, a JSON text",
      [r(BUCKET, "b", {}, { provider: { defaultTags: JSON.stringify({ tags: map(TAGS) }) } })],
    ],
    [
      "pass",
      "by both together",
      [r(BUCKET, "b", { tags: map(TAGS.slice(0, 3)) }, { provider: { defaultTags: { tags: map(TAGS.slice(3)) } } })],
    ],
    [
      "pass",
      "a group that passes them on",
      [
        r("aws:autoscaling/group:Group", "g", {
          tags: TAGS.map((key) => ({ key, value: "x", propagateAtLaunch: true })),
        }),
      ],
    ],
    [
      "fail",
      "a group that does not",
      [
        r("aws:autoscaling/group:Group", "g", {
          tags: TAGS.map((key) => ({ key, value: "x", propagateAtLaunch: false })),
        }),
      ],
    ],
    ["na", "a firewall's tags select droplets", [r("digitalocean:index/firewall:Firewall", "f", { tags: ["web"] })]],
    ["na", "what has no tags", [r("digitalocean:index/vpc:Vpc", "v")]],
    ["pass", "another list", web({ tags: ["team:x"] }), undefined, { required: ["team"] }],
  ],
  "allowed-regions": [
    ["pass", "Frankfurt", web({ region: "fra1" })],
    ["pass", "in capitals", web({ region: "FRA1" })],
    ["fail", "New York", web({ region: "nyc3" }), /region is "nyc3", requires fra1 or ams3/],
    ["pass", "unset", web({})],
    ["unknown", "unknown", web({ region: unknown })],
    ["pass", "AWS Frankfurt", [r(BUCKET, "b", { region: "eu-central-1" })]],
    ["fail", "AWS Virginia", [r(BUCKET, "b", { region: "us-east-1" })]],
    [
      "fail",
      "by the provider",
      [r(BUCKET, "b", {}, { provider: { region: "us-west-2" } })],
      /its provider's region is "us-west-2"/,
    ],
    [
      "pass",
      "the resource beats the provider",
      [r(BUCKET, "b", { region: "eu-west-3" }, { provider: { region: "us-west-2" } })],
    ],
    ["pass", "a certificate for CloudFront", [r("aws:acm/certificate:Certificate", "c", { region: "us-east-1" })]],
    [
      "pass",
      "an ACL for CloudFront",
      [r("aws:wafv2/webAcl:WebAcl", "a", { region: "us-east-1", scope: "CLOUDFRONT" })],
    ],
    ["fail", "a regional ACL there", [r("aws:wafv2/webAcl:WebAcl", "a", { region: "us-east-1", scope: "REGIONAL" })]],
    ["pass", "the key of the ACL's log", [r("aws:kms/key:Key", "k", { region: "us-east-1" })]],
    [
      "fail",
      "a key of personal data there",
      [r("aws:kms/key:Key", "k", { region: "us-east-1", tags: { "data-class": "personal" } })],
    ],
    [
      "pass",
      "CloudFront's access log",
      [r("aws:cloudwatch/logDeliverySource:LogDeliverySource", "s", { region: "us-east-1" })],
    ],
    ["pass", "an alarm of Route 53", [r(ALARM, "a", { region: "us-east-1", namespace: "AWS/Route53" })]],
    ["fail", "another alarm there", [r(ALARM, "a", { region: "us-east-1", namespace: "AWS/RDS" })]],
    [
      "fail",
      "personal data there",
      [r("aws:sns/topic:Topic", "t", { region: "us-east-1", tags: { "data-class": "personal" } })],
    ],
    ["pass", "what has no region", [r("aws:iam/role:Role", "r", {}, { provider: { region: "us-east-1" } })]],
    ["pass", "OVH Gravelines", [r("ovh:CloudProject/instance:Instance", "i", { region: "GRA11" })]],
    ["fail", "OVH Montreal", [r("ovh:CloudProject/instance:Instance", "i", { region: "BHS5" })]],
    [
      "fail",
      "a database's node elsewhere",
      [r("ovh:CloudProject/database:Database", "d", { nodes: [{ region: "GRA" }, { region: "BHS" }] })],
      /nodes\[1\]\.region/,
    ],
    ["pass", "another list", web({ region: "nyc3" }), undefined, { digitalocean: ["nyc3"] }],
    ["na", "a cloud without regions", [r("cloudflare:index/zone:Zone", "z")]],
  ],
  "instance-size-allowlist": [
    ["pass", "the guide's", web({ size: "s-4vcpu-8gb" })],
    ["fail", "one more", web({ size: "s-8vcpu-16gb" }), /size is "s-8vcpu-16gb"/],
    [
      "fail",
      "not of this phase",
      web({ size: "s-1vcpu-2gb" }),
      /requires one of s-2vcpu-4gb/,
      { sizes: ["s-2vcpu-4gb"] },
    ],
    ["unknown", "unknown", web({ size: unknown })],
    ["pass", "unset", web({})],
    ["pass", "t3.medium", [r("aws:ec2/launchTemplate:LaunchTemplate", "l", { instanceType: "t3.medium" })]],
    ["pass", "its Graviton twin", [r("aws:ec2/launchTemplate:LaunchTemplate", "l", { instanceType: "t4g.medium" })]],
    [
      "fail",
      "a twin of another size",
      [r("aws:ec2/launchTemplate:LaunchTemplate", "l", { instanceType: "t4g.2xlarge" })],
    ],
    ["pass", "a database's twin", [r(RDS, "db", { instanceClass: "db.t4g.medium" })]],
    ["pass", "m7g is m5", [r("aws:eks/nodeGroup:NodeGroup", "n", { instanceTypes: ["m7g.large", "m5.2xlarge"] })]],
    [
      "fail",
      "one of a list",
      [r("aws:eks/nodeGroup:NodeGroup", "n", { instanceTypes: ["m5.large", "m5.24xlarge"] })],
      /instanceTypes\[1\]/,
    ],
    [
      "fail",
      "an override of a mixed group",
      [
        r("aws:autoscaling/group:Group", "g", {
          mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "c5.18xlarge" }] } },
        }),
      ],
      /overrides\[0\]\.instanceType/,
    ],
    [
      "pass",
      "the cache",
      [r("aws:elasticache/replicationGroup:ReplicationGroup", "c", { nodeType: "cache.t3.micro" })],
    ],
    ["na", "another type", [r(BUCKET, "b")]],
  ],
};
