/** What it may cost, where it is near, and what staging may hold. */
import { secret, unknown } from "../pack.ts";
import { r, type Tables } from "./table.ts";

type Props = Record<string, unknown>;
const CDN = "aws:cloudfront/distribution:Distribution";
const RDS = "aws:rds/instance:Instance";
const DROPLET = "digitalocean:index/droplet:Droplet";
const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];
const fleet = r("aws:autoscaling/group:Group", "web");
const droplets = [r(DROPLET, "web")];

const notice = (notificationType: string, threshold: unknown, more: Props = {}) => ({
  notificationType,
  threshold,
  thresholdType: "PERCENTAGE",
  comparisonOperator: "GREATER_THAN",
  subscriberEmailAddresses: ["ama@example.org"],
  ...more,
});
const budget = (props: Props = {}) =>
  r("aws:budgets/budget:Budget", "monthly", {
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: "100",
    limitUnit: "USD",
    notifications: [notice("ACTUAL", 80), notice("FORECASTED", 100)],
    ...props,
  });
const odd = r("aws:costexplorer/anomalySubscription:AnomalySubscription", "odd");
const spent = (props: Props = {}) => [budget(props), odd];
const told = (...notifications: unknown[]) => spent({ notifications });
const BOUNDS = { ceiling: 100, usdPerEur: 1.2 };
const ovh = (props?: Props) => [
  r("ovh:CloudProject/instance:Instance", "web"),
  ...(props ? [r("ovh:CloudProject/alerting:Alerting", "a", props)] : []),
];

const cdn = (priceClass?: unknown) => [r(CDN, "cdn", { priceClass })];
const OFF = "open-source-rds-extended-support-disabled";
const db = (props: Props = {}, type = RDS) => [
  r(type, "db", { engine: "mysql", engineLifecycleSupport: OFF, ...props }),
];
const k8s = (supportType?: unknown) => [r("aws:eks/cluster:Cluster", "k8s", { upgradePolicy: { supportType } })];

const staging = (props: Props = {}) => [
  r(DROPLET, "staging", { tags: ["env:staging", "data-class:anonymised"], size: "s-1vcpu-2gb", ...props }),
];
const copy = (props: Props = {}, type = RDS) => [r(type, "db", { tags: { "data-class": "anonymised" }, ...props })];

export const money: Tables = {
  "aws-budget-object": [
    ["pass", "a budget", spent(), undefined, BOUNDS],
    ["fail", "none", [fleet], /no Budget of the month's cost/],
    ["warn", "a bucket for backups alone", [r("aws:s3/bucket:Bucket", "backups")], /no Budget of the month/],
    ["fail", "no watch for jumps", [budget(), fleet], /no AnomalySubscription/],
    ["pass", "the ceiling in dollars", spent({ limitAmount: "120" }), undefined, BOUNDS],
    ["fail", "above it", spent({ limitAmount: "121" }), /limitAmount is "121", requires 120 USD or less/, BOUNDS],
    ["pass", "the ceiling in euros", spent({ limitAmount: "100", limitUnit: "EUR" }), undefined, BOUNDS],
    ["fail", "above it in euros", spent({ limitAmount: "101", limitUnit: "EUR" }), /requires 100 EUR or less/, BOUNDS],
    ["fail", "another currency", spent({ limitUnit: "XOF" }), /limitUnit is "XOF"/],
    ["pass", "dollars when unset", spent({ limitUnit: undefined, limitAmount: "120" }), undefined, BOUNDS],
    ["pass", "a number", spent({ limitAmount: 100 })],
    ["fail", "zero", spent({ limitAmount: "0" })],
    ["fail", "a wrong type", spent({ limitAmount: "all" })],
    ["fail", "unset", spent({ limitAmount: undefined })],
    ["unknown", "unknown", spent({ limitAmount: unknown })],
    ["fail", "a secret", spent({ limitAmount: secret("9999") }), /^(?!.*9999).*limitAmount is \[secret\]/s],
    ["fail", "yearly", [...spent({ timeUnit: "ANNUALLY" }), fleet], /no Budget of the month's cost/],
    ["fail", "of use", [...spent({ budgetType: "USAGE" }), fleet]],
    ["fail", "no notice", told(), /ACTUAL passes 80 %/],
    ["fail", "no forecast", told(notice("ACTUAL", 80)), /FORECASTED passes 100 %/],
    ["fail", "no actual", told(notice("FORECASTED", 80), notice("FORECASTED", 100)), /ACTUAL/],
    ["fail", "too late", told(notice("ACTUAL", 81), notice("FORECASTED", 100))],
    ["fail", "the forecast too late", told(notice("ACTUAL", 80), notice("FORECASTED", 101))],
    ["pass", "earlier", told(notice("ACTUAL", 50), notice("FORECASTED", 90))],
    [
      "pass",
      "by amount",
      told(notice("ACTUAL", 80, { thresholdType: "ABSOLUTE_VALUE" }), notice("FORECASTED", 100)),
      undefined,
      BOUNDS,
    ],
    [
      "pass",
      "by amount, of another limit",
      spent({
        limitAmount: "50",
        notifications: [notice("ACTUAL", 40, { thresholdType: "ABSOLUTE_VALUE" }), notice("FORECASTED", 100)],
      }),
    ],
    [
      "fail",
      "by amount, too late",
      spent({
        limitAmount: "50",
        notifications: [notice("ACTUAL", 41, { thresholdType: "ABSOLUTE_VALUE" }), notice("FORECASTED", 100)],
      }),
    ],
    ["fail", "to nobody", told(notice("ACTUAL", 80, { subscriberEmailAddresses: [] }), notice("FORECASTED", 100))],
    [
      "fail",
      "to no list",
      told(notice("ACTUAL", 80, { subscriberEmailAddresses: undefined }), notice("FORECASTED", 100)),
    ],
    [
      "pass",
      "to a topic",
      told(
        notice("ACTUAL", 80, { subscriberEmailAddresses: undefined, subscriberSnsTopicArns: unknown }),
        notice("FORECASTED", 100),
      ),
    ],
    [
      "fail",
      "when it is less",
      told(notice("ACTUAL", 80, { comparisonOperator: "LESS_THAN" }), notice("FORECASTED", 100)),
    ],
    ["warn", "OVH storage alone", [r("ovh:CloudProject/storage:Storage", "media")], /no Alerting of the OVH project/],
    ["fail", "OVH without", ovh(), /no Alerting of the OVH project/],
    ["pass", "OVH", ovh({ monthlyThreshold: 100 }), undefined, BOUNDS],
    ["fail", "OVH, above", ovh({ monthlyThreshold: 101 }), /monthlyThreshold is 101, requires 100 EUR or less/, BOUNDS],
    ["fail", "OVH, unset", ovh({}), undefined, BOUNDS],
    ["fail", "OVH, zero", ovh({ monthlyThreshold: 0 }), undefined, BOUNDS],
    ["na", "a fixed price", droplets],
  ],
  "cdn-reaches-africa": [
    ["pass", "with Africa", cdn("PriceClass_200")],
    ["pass", "all", cdn("PriceClass_All")],
    ["pass", "unset is all", cdn()],
    ["fail", "without", cdn("PriceClass_100"), /priceClass is "PriceClass_100"/],
    ["fail", "a wrong type", cdn(100)],
    ["unknown", "unknown", cdn(unknown)],
    ["fail", "a secret", cdn(secret("PriceClass_100")), /is \[secret\]/],
    ["na", "another type", vpc],
  ],
  "extended-support-off": [
    ["pass", "a database", db()],
    [
      "fail",
      "on",
      db({ engineLifecycleSupport: "open-source-rds-extended-support" }),
      /engineLifecycleSupport is "open-source-rds-extended-support"/,
    ],
    ["fail", "unset is on", db({ engineLifecycleSupport: undefined })],
    ["unknown", "unknown", db({ engineLifecycleSupport: unknown })],
    ["fail", "a wrong type", db({ engineLifecycleSupport: false })],
    ["fail", "a secret", db({ engineLifecycleSupport: secret("x") }), /is \[secret\]/],
    ["fail", "PostgreSQL", db({ engine: "postgres", engineLifecycleSupport: undefined })],
    ["fail", "a cluster", db({ engine: "aurora-mysql", engineLifecycleSupport: undefined }, "aws:rds/cluster:Cluster")],
    ["pass", "a cluster, off", db({ engine: "aurora-mysql" }, "aws:rds/cluster:Cluster")],
    [
      "fail",
      "a global cluster",
      db({ engine: undefined, engineLifecycleSupport: undefined }, "aws:rds/globalCluster:GlobalCluster"),
    ],
    ["na", "an engine without", db({ engine: "oracle-ee", engineLifecycleSupport: undefined })],
    ["na", "a replica", db({ replicateSourceDb: "db-1", engineLifecycleSupport: undefined })],
    ["pass", "Kubernetes", k8s("STANDARD")],
    ["fail", "Kubernetes, on", k8s("EXTENDED"), /upgradePolicy\.supportType is "EXTENDED"/],
    ["fail", "Kubernetes, unset is on", k8s()],
    ["unknown", "Kubernetes, unknown", k8s(unknown)],
    ["na", "another type", vpc],
  ],
  "staging-data-anonymised": [
    ["pass", "anonymised", staging()],
    ["fail", "without the tag", staging({ tags: ["env:staging"] }), /tags is without data-class anonymised/],
    ["fail", "personal", staging({ tags: ["data-class:personal"] })],
    ["fail", "tags unset", staging({ tags: undefined })],
    ["unknown", "unknown tags", staging({ tags: unknown })],
    ["fail", "4 GB", staging({ size: "s-2vcpu-4gb" }), /size is "s-2vcpu-4gb", requires 2 GB/],
    ["pass", "4 GB where it is allowed", staging({ size: "s-2vcpu-4gb" }), undefined, { maxGb: 4 }],
    ["pass", "half a GB", staging({ size: "s-1vcpu-512mb-10gb" })],
    ["fail", "a size that says nothing", staging({ size: "c-2" })],
    ["fail", "size unset", staging({ size: undefined })],
    ["unknown", "an unknown size", staging({ size: unknown })],
    ["fail", "unknown tags, yet 4 GB", staging({ tags: unknown, size: "s-2vcpu-4gb" })],
    ["fail", "a secret", staging({ size: secret("s-2vcpu-4gb") }), /is \[secret\]/],
    ["pass", "a database", copy()],
    ["fail", "a database without the tag", copy({ tags: { env: "staging" } })],
    [
      "fail",
      "a snapshot of production",
      copy({ snapshotIdentifier: "production-2026-11" }),
      /snapshotIdentifier is "production-2026-11"/,
    ],
    ["pass", "an anonymised snapshot", copy({ snapshotIdentifier: "anonymised-2026-11" })],
    ["pass", "no snapshot", copy({ snapshotIdentifier: "" })],
    ["unknown", "an unknown snapshot", copy({ snapshotIdentifier: unknown })],
    ["fail", "a replica", copy({ replicateSourceDb: "production" })],
    ["fail", "a point in time", copy({ restoreToPointInTime: { sourceDbInstanceIdentifier: "anonymised" } })],
    ["fail", "unknown snapshot, yet a replica", copy({ snapshotIdentifier: unknown, replicateSourceDb: "production" })],
    ["fail", "a cluster's", copy({ snapshotIdentifier: "production" }, "aws:rds/cluster:Cluster")],
    [
      "fail",
      "a managed database's backup",
      [
        r("digitalocean:index/databaseCluster:DatabaseCluster", "db", {
          tags: ["data-class:anonymised"],
          backupRestore: { databaseName: "production" },
        }),
      ],
    ],
    ["na", "another type", vpc],
  ],
};
