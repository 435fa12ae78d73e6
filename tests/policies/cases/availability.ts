/** What survives a lost zone, and what grows how far. */
import { secret, unknown } from "../pack.ts";
import { r, type Tables } from "./table.ts";

type Props = Record<string, unknown>;
const RDS = "aws:rds/instance:Instance";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";
const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];
const db = (props: Props = {}, type = RDS) => [r(type, "db", { engine: "mysql", ...props })];
const cluster = (props: Props = {}) =>
  r("aws:rds/cluster:Cluster", "aurora", {
    engine: "aurora-mysql",
    clusterIdentifier: "aurora",
    masterUsername: "root",
    ...props,
  });
const member = (name: string, props: Props = {}, extra = {}) =>
  r(MEMBER, name, { clusterIdentifier: "aurora", ...props }, extra);

const cache = (props: Props = {}) => [
  r("aws:elasticache/replicationGroup:ReplicationGroup", "cache", {
    engine: "valkey",
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    numCacheClusters: 3,
    ...props,
  }),
];
const shards = (numNodeGroups: unknown, replicasPerNodeGroup: unknown) =>
  cache({ numCacheClusters: undefined, numNodeGroups, replicasPerNodeGroup });
const node = (props: Props) => [r("aws:elasticache/cluster:Cluster", "node", { engine: "redis", ...props })];

const fleet = (props: Props = {}, name = "web") =>
  r("aws:autoscaling/group:Group", name, {
    name,
    minSize: 2,
    maxSize: 10,
    vpcZoneIdentifiers: ["a", "b"],
    targetGroupArns: ["arn:web"],
    healthCheckType: "ELB",
    ...props,
  });
const workers = (props: Props = {}) =>
  fleet({ targetGroupArns: undefined, healthCheckType: "EC2", ...props }, "worker");
const k8s = r("aws:eks/cluster:Cluster", "k8s", { name: "k8s" });
const pool = (name: string, minSize: unknown, maxSize: unknown, props: Props = {}) =>
  r("aws:eks/nodeGroup:NodeGroup", name, { clusterName: "k8s", scalingConfig: { minSize, maxSize }, ...props });

const balancer = (props: Props = {}, type = "aws:lb/loadBalancer:LoadBalancer") => [
  r(type, "web", { enableDeletionProtection: true, dropInvalidHeaderFields: true, subnets: ["a", "b"], ...props }),
];

const seen = (props: Props = {}, type = RDS) => [
  r(type, "db", { instanceClass: "db.t3.medium", monitoringInterval: 60, performanceInsightsEnabled: true, ...props }),
];

export const availability: Tables = {
  "aws-db-multi-az": [
    ["pass", "a standby", db({ multiAz: true })],
    ["pass", "as a text", db({ multiAz: "true" })],
    ["fail", "none", db({ multiAz: false }), /multiAz is false, requires true/],
    ["fail", "unset", db()],
    ["fail", "a wrong type", db({ multiAz: "yes" })],
    ["unknown", "unknown", db({ multiAz: unknown })],
    ["fail", "a secret", db({ multiAz: secret(false) }), /is \[secret\]/],
    ["na", "a replica", db({ replicateSourceDb: "db-1" })],
    ["fail", "an empty source is no replica", db({ replicateSourceDb: "" })],
    ["na", "Aurora's old spelling", db({ engine: "aurora" })],
    ["pass", "Aurora", [cluster(), member("a"), member("b")]],
    ["fail", "Aurora with one", [cluster(), member("a")], /it has 1 ClusterInstance/],
    ["fail", "Aurora with none", [cluster()]],
    ["fail", "Aurora with another's", [cluster(), member("a"), member("b", { clusterIdentifier: "other" })]],
    [
      "pass",
      "in a preview",
      [
        cluster({ clusterIdentifier: unknown }),
        ...["a", "b"].map((n) =>
          member(n, { clusterIdentifier: unknown }, { from: { clusterIdentifier: ["aurora"] } }),
        ),
      ],
    ],
    [
      "unknown",
      "of some cluster",
      [cluster({ clusterIdentifier: unknown }), member("a", { clusterIdentifier: unknown })],
    ],
    ["na", "a second region", [cluster({ globalClusterIdentifier: "g", masterUsername: undefined })]],
    ["fail", "the first region", [cluster({ globalClusterIdentifier: "g" })]],
    ["na", "a Multi-AZ cluster of MySQL", [cluster({ engine: "mysql" })]],
    ["na", "serverless of the first version", [cluster({ engineMode: "serverless" })]],
    ["na", "another type", vpc],
  ],
  "aws-cache-ha": [
    ["pass", "three nodes", cache()],
    ["fail", "two of three", cache({ numCacheClusters: 2 }), /numCacheClusters is 2, which makes 2 node/],
    ["pass", "two of two", cache({ numCacheClusters: 2 }), undefined, { nodes: 2 }],
    ["fail", "one of two", cache({ numCacheClusters: 1 }), undefined, { nodes: 2 }],
    ["fail", "unset is one", cache({ numCacheClusters: undefined }), undefined, { nodes: 2 }],
    ["pass", "as a text", cache({ numCacheClusters: "3" })],
    ["fail", "a wrong type", cache({ numCacheClusters: "three" })],
    ["unknown", "unknown", cache({ numCacheClusters: unknown })],
    ["fail", "a secret", cache({ numCacheClusters: secret(1) }), /is \[secret\]/],
    ["fail", "no failover", cache({ automaticFailoverEnabled: false }), /automaticFailoverEnabled is false/],
    ["fail", "one zone", cache({ multiAzEnabled: undefined }), /multiAzEnabled is unset/],
    ["pass", "two shards with a replica", shards(2, 1)],
    ["fail", "one shard with a replica", shards(1, 1), /which makes 2 node/],
    ["fail", "three shards without replicas", shards(3, 0)],
    ["pass", "one shard with two replicas", shards(undefined, 2)],
    ["fail", "a node alone", node({}), /a single node has no replica/],
    ["na", "a node of a group", node({ replicationGroupId: "cache" })],
    ["na", "memcached", node({ engine: "memcached" })],
    ["na", "another type", vpc],
  ],
  "aws-asg-bounds": [
    ["pass", "two to ten", [fleet()]],
    ["fail", "one", [fleet({ minSize: 1 })], /minSize is 1, requires 2 or more/],
    ["fail", "eleven", [fleet({ maxSize: 11 })], /maxSize is 11, requires 10 or less/],
    ["fail", "no end", [fleet({ maxSize: undefined })]],
    ["pass", "as texts", [fleet({ minSize: "2", maxSize: "10" })]],
    ["fail", "a wrong type", [fleet({ minSize: "two" })]],
    ["unknown", "unknown", [fleet({ minSize: unknown })]],
    ["fail", "unknown, yet no end", [fleet({ minSize: unknown, maxSize: 11 })]],
    ["fail", "a secret", [fleet({ minSize: secret(1) })], /is \[secret\]/],
    ["fail", "one zone", [fleet({ vpcZoneIdentifiers: ["a"] })], /vpcZoneIdentifiers is a list of 1/],
    ["pass", "zones instead", [fleet({ vpcZoneIdentifiers: undefined, availabilityZones: ["a", "b"] })]],
    ["fail", "no place", [fleet({ vpcZoneIdentifiers: undefined })]],
    ["fail", "a place of a wrong type", [fleet({ vpcZoneIdentifiers: "a, b" })]],
    [
      "pass",
      "two subnets, whose zones the provider fills in",
      [fleet({ vpcZoneIdentifiers: [unknown, unknown], availabilityZones: unknown })],
    ],
    ["fail", "one subnet, likewise", [fleet({ vpcZoneIdentifiers: [unknown], availabilityZones: unknown })]],
    ["unknown", "unknown zones alone", [fleet({ vpcZoneIdentifiers: undefined, availabilityZones: unknown })]],
    ["unknown", "an unknown place", [fleet({ vpcZoneIdentifiers: unknown })]],
    ["pass", "two unknown places", [fleet({ vpcZoneIdentifiers: [unknown, unknown] })]],
    ["fail", "health of the machine", [fleet({ healthCheckType: "EC2" })], /healthCheckType is "EC2"/],
    ["fail", "health unset", [fleet({ healthCheckType: undefined })]],
    [
      "fail",
      "health, a classic load balancer",
      [fleet({ targetGroupArns: undefined, loadBalancers: ["web"], healthCheckType: "EC2" })],
    ],
    [
      "fail",
      "health, attached by a resource",
      [
        workers(),
        r("aws:autoscaling/attachment:Attachment", "a", {
          autoscalingGroupName: "worker",
          lbTargetGroupArn: "arn:web",
        }),
      ],
    ],
    ["pass", "workers", [workers()]],
    ["warn", "one worker", [workers({ minSize: 1 })]],
    ["pass", "the idle colour", [fleet(), fleet({ minSize: 0 }, "green")]],
    [
      "fail",
      "both colours idle",
      [fleet({ minSize: 0 }), fleet({ minSize: 0 }, "green")],
      /in one of the groups that serve/,
    ],
    ["fail", "half a colour", [fleet(), fleet({ minSize: 1 }, "green")]],
    ["pass", "nodes", [k8s, pool("a", 3, 20)]],
    [
      "fail",
      "two nodes",
      [k8s, pool("a", 2, 20)],
      /Cluster k8s: its node groups have 2 nodes at least, requires 3 or more/,
    ],
    ["fail", "21 nodes", [k8s, pool("a", 3, 21)], /21 nodes at most/],
    ["pass", "pools together", [k8s, pool("a", 3, 3), pool("b", 0, 17)]],
    ["fail", "pools together, too many", [k8s, pool("a", 3, 3), pool("b", 0, 18)]],
    [
      "pass",
      "of two clusters",
      [
        k8s,
        r("aws:eks/cluster:Cluster", "other", { name: "other" }),
        pool("a", 3, 20),
        pool("b", 3, 20, { clusterName: "other" }),
      ],
    ],
    ["fail", "of a cluster elsewhere", [pool("a", 1, 20)]],
    ["unknown", "unknown nodes", [k8s, pool("a", unknown, 20)]],
    ["na", "another type", vpc],
  ],
  "aws-lb-guard": [
    ["pass", "guarded", balancer()],
    ["fail", "may be deleted", balancer({ enableDeletionProtection: false }), /enableDeletionProtection is false/],
    ["fail", "forged headers", balancer({ dropInvalidHeaderFields: undefined }), /dropInvalidHeaderFields is unset/],
    [
      "pass",
      "the network kind reads no headers",
      balancer({ loadBalancerType: "network", dropInvalidHeaderFields: undefined }),
    ],
    [
      "fail",
      "the network kind may be deleted",
      balancer({ loadBalancerType: "network", enableDeletionProtection: undefined }),
    ],
    ["fail", "one zone", balancer({ subnets: ["a"] }), /subnets is a list of 1/],
    ["pass", "by mappings", balancer({ subnets: undefined, subnetMappings: [{ subnetId: "a" }, { subnetId: "b" }] })],
    ["fail", "by one mapping", balancer({ subnets: undefined, subnetMappings: [{ subnetId: "a" }] })],
    ["fail", "nowhere", balancer({ subnets: undefined })],
    ["unknown", "unknown subnets", balancer({ subnets: unknown })],
    ["pass", "two unknown subnets", balancer({ subnets: [unknown, unknown] })],
    ["unknown", "unknown", balancer({ enableDeletionProtection: unknown })],
    [
      "fail",
      "unknown, yet forged headers",
      balancer({ enableDeletionProtection: unknown, dropInvalidHeaderFields: false }),
    ],
    ["fail", "a wrong type", balancer({ enableDeletionProtection: 1 })],
    ["fail", "by its old name", balancer({ subnets: ["a"] }, "aws:alb/loadBalancer:LoadBalancer")],
    ["na", "another type", vpc],
  ],
  "db-observability": [
    ["pass", "seen", seen()],
    ["fail", "no interval", seen({ monitoringInterval: 0 }), /monitoringInterval is 0/],
    ["pass", "every second", seen({ monitoringInterval: 1 })],
    ["fail", "interval unset", seen({ monitoringInterval: undefined })],
    ["fail", "a wrong type", seen({ monitoringInterval: "often" })],
    ["unknown", "unknown", seen({ monitoringInterval: unknown })],
    ["fail", "unknown, yet no insights", seen({ monitoringInterval: unknown, performanceInsightsEnabled: false })],
    ["fail", "no insights", seen({ performanceInsightsEnabled: undefined }), /performanceInsightsEnabled is unset/],
    ["pass", "the newer insights", seen({ performanceInsightsEnabled: undefined, databaseInsightsMode: "advanced" })],
    [
      "fail",
      "the newer insights, standard",
      seen({ performanceInsightsEnabled: undefined, databaseInsightsMode: "standard" }),
    ],
    ["pass", "too small for insights", seen({ instanceClass: "db.t4g.small", performanceInsightsEnabled: undefined })],
    ["fail", "not too small", seen({ instanceClass: "db.t4g.medium", performanceInsightsEnabled: undefined })],
    ["fail", "a member", seen({ performanceInsightsEnabled: false }, MEMBER)],
    ["fail", "a secret", seen({ monitoringInterval: secret(0) }), /is \[secret\]/],
    ["na", "another type", vpc],
  ],
};
