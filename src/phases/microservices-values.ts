/** Values of the enterprise phase: what differs from other phases, and why each figure is what it is. */
import type { NodePool } from "../components/aws/node-groups.ts";
import type { QueuePlan } from "../components/aws/queues.ts";
import type { ServicePlan } from "../components/kubernetes/service.ts";
import { type AlertId, MANAGED_ALERTS } from "../concepts/alerts.ts";
import { BACKUP_PLANS } from "../concepts/backup.ts";
import { BUDGETS } from "../concepts/budget.ts";
import type { Service } from "../concepts/services.ts";

/**
 * 3 to 20 nodes of the guide's shapes ("3-20 nodes, m5.large - m5.2xlarge") whose most expensive month stays below its
 * ceiling of 3,500 EUR. Dollars a month in eu-central-1, list prices of 2026-11: m5.large 83.95, xlarge 167.90,
 * 2xlarge 335.80.
 *
 *   nodes, most   3 x 83.95 + 11 x 83.95 + 5 x 167.90 + 1 x 335.80 = 2,350.60
 *   their disks   20 x 50 GiB x 0.0952                             =    95.20
 *   volumes       250 GiB x 0.0952 (metrics, logs, vault)          =    23.80
 *   Aurora        2 x 228.50 + storage                             =   540
 *   Valkey        6 x cache.t4g.medium, 42.60                      =   256
 *   search        3 x t3.medium.search                             =   198
 *   EKS 73, NAT 3 x 38 = 114, load balancer and firewall 45, files and content network 150, metrics and logs 60,
 *   queues 10, backups 40                                          =   492
 *   together                                                         3,955.60 $ = 3,440 EUR at 1.15
 *
 * At least (3 nodes): 3,955.60 - 17 nodes (2,098.75 + 80.92) = 1,776 $ = 1,544 EUR, below the calendar's 2,000 EUR.
 */
const NODE_POOLS = {
  system: { instanceType: "m5.large", min: 3, max: 3, initial: 3, workload: "system" },
  large: { instanceType: "m5.large", min: 0, max: 11, initial: 3, workload: "application" },
  xlarge: { instanceType: "m5.xlarge", min: 0, max: 5, initial: 0, workload: "application" },
  "2xlarge": { instanceType: "m5.2xlarge", min: 0, max: 1, initial: 0, workload: "application" },
} as const satisfies Record<string, NodePool>;

export interface ServiceValues extends ServicePlan, QueuePlan {
  /** Paths that it answers, of the site and of the API; the longest that fits wins. */
  paths: readonly string[];
  /** Services whose queues it gives work to. */
  worksFor: readonly Service[];
  keepsFiles: boolean;
}

const size = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { memory } });
const SMALL = size("100m", "256Mi");
const MEDIUM = size("250m", "512Mi");
const MINUTE = 60;

export const SERVICE_VALUES: Record<Service, ServiceValues> = {
  user: {
    purpose: "accounts, sign-in, profiles",
    paths: ["/account", "/login", "/register", "/api/v1/users"],
    calledBy: ["ingress", "property", "booking", "payment"],
    worksFor: ["notification"],
    keepsFiles: true,
    size: MEDIUM,
    ordered: false,
    longestJobSeconds: MINUTE,
  },
  property: {
    purpose: "listings and their search; the site's own pages",
    paths: ["/", "/api/v1/properties"],
    calledBy: ["ingress", "booking"],
    worksFor: ["translation"],
    keepsFiles: true,
    size: MEDIUM,
    ordered: false,
    longestJobSeconds: 5 * MINUTE, // photos
  },
  booking: {
    purpose: "availability and bookings",
    paths: ["/bookings", "/api/v1/bookings"],
    calledBy: ["ingress", "payment"],
    worksFor: ["payment", "notification"],
    keepsFiles: false,
    size: MEDIUM,
    ordered: false,
    longestJobSeconds: MINUTE,
  },
  payment: {
    purpose: "mobile money and cards",
    paths: ["/payments", "/api/v1/payments"],
    calledBy: ["ingress", "booking"],
    worksFor: ["booking", "notification"],
    keepsFiles: false,
    size: MEDIUM,
    ordered: true, // a payment that is taken twice, or before its booking, is money
    longestJobSeconds: MINUTE,
  },
  notification: {
    purpose: "mail, SMS, WhatsApp",
    paths: ["/notifications"],
    calledBy: ["ingress", "user", "booking", "payment"],
    worksFor: [],
    keepsFiles: false,
    size: SMALL,
    ordered: false,
    longestJobSeconds: MINUTE,
  },
  translation: {
    purpose: "texts of listings and messages in the languages of the region",
    paths: ["/translations"],
    calledBy: ["ingress", "property", "notification"],
    worksFor: [],
    keepsFiles: false,
    size: SMALL,
    ordered: false,
    longestJobSeconds: 2 * MINUTE,
  },
};

export const queuePlans = (): Record<Service, QueuePlan> =>
  Object.fromEntries(
    Object.entries(SERVICE_VALUES).map(([service, { ordered, longestJobSeconds }]) => [
      service,
      { ordered, longestJobSeconds },
    ]),
  ) as Record<Service, QueuePlan>;

export const ENTERPRISE = {
  region: "eu-central-1",
  copyRegion: "eu-west-3",
  network: {
    cidr: "10.40.0.0/16",
    zones: ["a", "b", "c"],
    nat: "per-zone", // a lost zone must not take the way to the payment providers of the others
    tiers: {
      public: ["10.40.192.0/24", "10.40.193.0/24", "10.40.194.0/24"],
      app: ["10.40.0.0/18", "10.40.64.0/18", "10.40.128.0/18"], // every pod has an address of the network
      data: ["10.40.200.0/24", "10.40.201.0/24", "10.40.202.0/24"],
    },
  },
  standby: { cidr: "10.41.0.0/16", dataCidrs: ["10.41.200.0/24", "10.41.201.0/24", "10.41.202.0/24"] },
  nodePools: NODE_POOLS,
  nodeDiskGiB: 50,
  database: { instanceClass: "db.r6g.large", engineVersion: "8.4.mysql_aurora.8.4.8", databaseName: "jatsmanor" },
  // "Redis Cluster (3 nodes)": three shards, and a second node of each in another zone.
  cache: {
    nodeType: "cache.t4g.medium",
    engineVersion: "8.1",
    shape: { shards: 3, replicasPerShard: 1 },
    snapshotDays: 7,
  },
  search: { instanceType: "t3.medium.search", nodes: 3, engineVersion: "OpenSearch_3.5", diskGiB: 50 },
  replicas: { min: 2, max: 10, cpuPercent: 65 },
  /** Of all services together at their most: 6 x 10 pods, and the ones that take over in a release. */
  quota: { pods: "80", "requests.cpu": "20", "requests.memory": "40Gi", "limits.memory": "40Gi" },
  ingress: { min: 2, max: 5 },
  api: {
    basePath: "/api/v1",
    throttle: { ratePerSecond: 500, burst: 1000 },
    routeThrottles: { "/payments": { ratePerSecond: 50, burst: 100 } },
  },
  logging: { version: "9.4.0", nodes: 3, diskGiB: 25, keepDays: 14 },
  imagesKept: 30,
  rateLimit: 2000, // requests of one address in five minutes
  backup: BACKUP_PLANS.enterprise,
  budget: BUDGETS.enterprise,
  alerts: [
    ...MANAGED_ALERTS,
    "database-replica-lag",
    "bookings-low",
    "payment-success-low",
    "registrations-low",
    "search-slow",
  ] satisfies AlertId[],
} as const;

/** Who may talk to whom in the network; what pods may say to each other is the cluster's own affair. */
export const GROUPS = ["balancer", "api", "cluster", "database", "cache", "search"] as const;
export const FLOWS = [
  { from: "cdn", to: "balancer", port: 443, why: "visitors, through the content network only" },
  { from: "api", to: "balancer", port: 443, why: "partners and mobile applications, with a token" },
  { from: "balancer", to: "cluster", port: 443, why: "requests to the mesh's door" },
  { from: "balancer", to: "cluster", port: 15021, why: "health of the mesh's door" },
  { from: "cluster", to: "database", port: 3306, why: "the services" },
  { from: "cluster", to: "cache", port: 6379, why: "sessions and cache" },
  { from: "cluster", to: "search", port: 443, why: "listings" },
] as const;
