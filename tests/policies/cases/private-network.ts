/** What has no way in from the internet. */
import { secret, unknown } from "../pack.ts";
import { r, type Tables } from "./table.ts";

type Props = Record<string, unknown>;
const VPC = "aws:ec2/vpc:Vpc";
const vpc = r(VPC, "vpc", { id: "vpc-1" });
const droplet = [r("digitalocean:index/droplet:Droplet", "web")];

const subnet = (props: Props = {}) =>
  r("aws:ec2/subnet:Subnet", "a", { id: "subnet-a", vpcId: "vpc-1", mapPublicIpOnLaunch: false, ...props });
const igw = r("aws:ec2/internetGateway:InternetGateway", "igw", { id: "igw-1" });
const table = (routes?: unknown) =>
  r("aws:ec2/routeTable:RouteTable", "table", { id: "rtb-1", vpcId: "vpc-1", routes });
const association = r("aws:ec2/routeTableAssociation:RouteTableAssociation", "assoc", {
  subnetId: "subnet-a",
  routeTableId: "rtb-1",
});
const route = (props: Props) =>
  r("aws:ec2/route:Route", "out", { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0", ...props });
const uses = (type = "aws:rds/subnetGroup:SubnetGroup", path = "subnetIds", ids: unknown = ["subnet-a"]) =>
  r(type, "data", { [path]: ids });
const out = { cidrBlock: "0.0.0.0/0" };

const RDS = "aws:rds/instance:Instance";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";
const db = (props: Props = {}, type = RDS) => [r(type, "db", { dbSubnetGroupName: "private", ...props })];
const cache = (props: Props, type = "replicationGroup:ReplicationGroup") => [
  r(`aws:elasticache/${type}`, "cache", props),
];

const closed = (props: Props = {}) =>
  r("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", {
    vpcId: "vpc-1",
    ingress: [],
    egress: [],
    ...props,
  });

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const INSTANCE = "aws:ec2/instance:Instance";
const server = (props: Props = {}, type = INSTANCE) => [
  r(type, "web", { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }, ...props }),
];
const imds = (metadataOptions: unknown, type = INSTANCE) => server({ metadataOptions }, type);

const flows = (props: Props = {}, extra = {}) =>
  r("aws:ec2/flowLog:FlowLog", "flows", { vpcId: "vpc-1", trafficType: "ALL", ...props }, extra);

const ovhDb = (props: Props = {}) => [
  r("ovh:CloudProject/database:Database", "db", {
    engine: "mysql",
    nodes: [{ region: "GRA", networkId: "net" }],
    ipRestrictions: [{ ip: "10.0.0.0/16" }],
    ...props,
  }),
];
const ovh = (name: string, network: unknown) => [r("ovh:CloudProject/instance:Instance", name, { name, network })];
const cloud = (name: string, ...networks: Props[]) => [
  r("ovh:index/cloudInstance:CloudInstance", name, { name, networks }),
];
const ovhRule = (props: Props) => [
  r("ovh:index/cloudSecurityGroup:CloudSecurityGroup", "sg", {
    rules: [{ direction: "ingress", ethernetType: "IPv4", protocol: "tcp", ...props }],
  }),
];
const ips = (value: unknown) => [r("ovh:CloudProject/kubeIpRestrictions:KubeIpRestrictions", "k8s", { ips: value })];

export const privateNetwork: Tables = {
  "aws-private-subnets": [
    ["pass", "no way out", [uses(), subnet()]],
    [
      "fail",
      "public addresses",
      [uses(), subnet({ mapPublicIpOnLaunch: true })],
      /SubnetGroup data: subnetIds is in the public Subnet a/,
    ],
    ["fail", "public addresses, as a text", [uses(), subnet({ mapPublicIpOnLaunch: "true" })]],
    [
      "fail",
      "an internet gateway, as a route of its own",
      [uses(), subnet(), igw, table(), association, route({ gatewayId: "igw-1" })],
    ],
    [
      "fail",
      "an internet gateway of another stack",
      [uses(), subnet(), table(), association, route({ gatewayId: "igw-9" })],
    ],
    ["fail", "an internet gateway, inline", [uses(), subnet(), table([{ ...out, gatewayId: "igw-1" }]), association]],
    [
      "fail",
      "over IPv6",
      [
        uses(),
        subnet(),
        igw,
        table(),
        association,
        route({ destinationCidrBlock: undefined, destinationIpv6CidrBlock: "::/0", gatewayId: "igw-1" }),
      ],
    ],
    [
      "fail",
      "over IPv6, inline",
      [uses(), subnet(), table([{ ipv6CidrBlock: "::/0", gatewayId: "igw-1" }]), association],
    ],
    ["fail", "by halves", [uses(), subnet(), table([{ cidrBlock: "0.0.0.0/1", gatewayId: "igw-1" }]), association]],
    [
      "pass",
      "a part of the internet",
      [uses(), subnet(), table([{ cidrBlock: "198.51.100.0/24", gatewayId: "igw-1" }]), association],
    ],
    ["pass", "a NAT gateway", [uses(), subnet(), igw, table(), association, route({ natGatewayId: "nat-1" })]],
    [
      "pass",
      "an egress-only gateway",
      [uses(), subnet(), table([{ ipv6CidrBlock: "::/0", egressOnlyGatewayId: "eigw-1" }]), association],
    ],
    ["pass", "a VPN gateway", [uses(), subnet(), igw, table([{ ...out, gatewayId: "vgw-1" }]), association]],
    [
      "pass",
      "another subnet's table",
      [
        uses(),
        subnet(),
        table([{ ...out, gatewayId: "igw-1" }]),
        { ...association, props: { subnetId: "subnet-b", routeTableId: "rtb-1" } },
      ],
    ],
    [
      "fail",
      "the main table",
      [
        uses(),
        subnet(),
        vpc,
        table([{ ...out, gatewayId: "igw-1" }]),
        r("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main", {
          vpcId: "vpc-1",
          routeTableId: "rtb-1",
        }),
      ],
    ],
    [
      "pass",
      "an own table beside a public main one",
      [
        uses(),
        subnet(),
        vpc,
        r("aws:ec2/routeTable:RouteTable", "own", { id: "rtb-2" }),
        { ...association, props: { subnetId: "subnet-a", routeTableId: "rtb-2" } },
        table([{ ...out, gatewayId: "igw-1" }]),
        r("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main", {
          vpcId: "vpc-1",
          routeTableId: "rtb-1",
        }),
      ],
    ],
    [
      "fail",
      "the default table",
      [
        uses(),
        subnet(),
        r(VPC, "vpc", { id: "vpc-1", defaultRouteTableId: "rtb-0" }),
        r("aws:ec2/defaultRouteTable:DefaultRouteTable", "main", {
          defaultRouteTableId: "rtb-0",
          routes: [{ ...out, gatewayId: "igw-1" }],
        }),
      ],
    ],
    ["fail", "a cache", [uses("aws:elasticache/subnetGroup:SubnetGroup"), subnet({ mapPublicIpOnLaunch: true })]],
    [
      "fail",
      "a scaling group",
      [uses("aws:autoscaling/group:Group", "vpcZoneIdentifiers"), subnet({ mapPublicIpOnLaunch: true })],
      /vpcZoneIdentifiers/,
    ],
    ["fail", "nodes of a cluster", [uses("aws:eks/nodeGroup:NodeGroup"), subnet({ mapPublicIpOnLaunch: true })]],
    [
      "fail",
      "search",
      [
        r("aws:opensearch/domain:Domain", "s", { vpcOptions: { subnetIds: ["subnet-a"] } }),
        subnet({ mapPublicIpOnLaunch: true }),
      ],
    ],
    [
      "na",
      "a load balancer may be public",
      [r("aws:lb/loadBalancer:LoadBalancer", "web", { subnets: ["subnet-a"] }), subnet({ mapPublicIpOnLaunch: true })],
    ],
    [
      "fail",
      "in a preview",
      [
        r("aws:rds/subnetGroup:SubnetGroup", "data", { subnetIds: [unknown] }, { from: { subnetIds: ["a"] } }),
        subnet({ id: unknown }),
        r("aws:ec2/internetGateway:InternetGateway", "igw", { id: unknown }),
        r("aws:ec2/routeTable:RouteTable", "table", { id: unknown, routes: unknown }),
        r(
          "aws:ec2/routeTableAssociation:RouteTableAssociation",
          "assoc",
          { subnetId: unknown, routeTableId: unknown },
          { from: { subnetId: ["a"], routeTableId: ["table"] } },
        ),
        r(
          "aws:ec2/route:Route",
          "out",
          { routeTableId: unknown, destinationCidrBlock: "0.0.0.0/0", gatewayId: unknown },
          { from: { routeTableId: ["table"], gatewayId: ["igw"] } },
        ),
      ],
    ],
    [
      "pass",
      "in a preview, of two subnets the private one",
      [
        r("aws:rds/subnetGroup:SubnetGroup", "data", { subnetIds: [unknown] }, { from: { subnetIds: ["a"] } }),
        subnet({ id: unknown }),
        r("aws:ec2/subnet:Subnet", "public", { id: unknown, mapPublicIpOnLaunch: true }),
      ],
    ],
    [
      "unknown",
      "unknown subnets",
      [uses(undefined, undefined, unknown), subnet({ id: unknown, mapPublicIpOnLaunch: true })],
    ],
    ["na", "no network", droplet],
  ],
  "aws-db-not-public": [
    ["pass", "private", db({ publiclyAccessible: false })],
    ["pass", "unset", db()],
    ["pass", "as a text", db({ publiclyAccessible: "false" })],
    [
      "fail",
      "public",
      db({ publiclyAccessible: true }),
      /publiclyAccessible is true, requires false.*No exception is accepted/,
    ],
    ["fail", "a wrong type", db({ publiclyAccessible: "no" })],
    ["unknown", "unknown", db({ publiclyAccessible: unknown })],
    ["fail", "a secret", db({ publiclyAccessible: secret(true) }), /is \[secret\]/],
    ["fail", "the default VPC", db({ dbSubnetGroupName: undefined }), /dbSubnetGroupName is unset/],
    ["fail", "an empty name", db({ dbSubnetGroupName: "" })],
    ["pass", "a name that is not known yet", db({ dbSubnetGroupName: unknown })],
    ["pass", "a replica", db({ dbSubnetGroupName: undefined, replicateSourceDb: "db-1" })],
    ["fail", "a public replica", db({ replicateSourceDb: "db-1", publiclyAccessible: true })],
    ["fail", "a public member", db({ publiclyAccessible: true }, MEMBER)],
    ["pass", "a member is where its cluster is", db({ dbSubnetGroupName: undefined }, MEMBER)],
    ["fail", "a cluster in the default VPC", [r("aws:rds/cluster:Cluster", "db", {})]],
    ["fail", "a public broker", [r("aws:mq/broker:Broker", "mq", { publiclyAccessible: true })]],
    ["pass", "a broker", [r("aws:mq/broker:Broker", "mq", {})]],
    ["fail", "a cache in the default VPC", cache({}), /subnetGroupName is unset/],
    ["pass", "a cache", cache({ subnetGroupName: "private" })],
    ["fail", "a cache node", cache({}, "cluster:Cluster")],
    ["pass", "a cache node of a group", cache({ replicationGroupId: "g" }, "cluster:Cluster")],
    ["fail", "search without a network", [r("aws:opensearch/domain:Domain", "s", {})], /vpcOptions is unset/],
    ["fail", "search, by its old name", [r("aws:elasticsearch/domain:Domain", "s", {})]],
    ["pass", "search", [r("aws:opensearch/domain:Domain", "s", { vpcOptions: { subnetIds: [unknown] } })]],
    ["na", "another type", [vpc]],
  ],
  "aws-default-sg-closed": [
    ["pass", "closed", [vpc, closed()]],
    ["pass", "closed, unset", [vpc, closed({ ingress: undefined, egress: undefined })]],
    [
      "fail",
      "a way in",
      [vpc, closed({ ingress: [{ protocol: "-1", self: true }] })],
      /ingress is a list of 1, requires none/,
    ],
    ["fail", "a way out", [vpc, closed({ egress: [{ protocol: "-1" }] })], /egress/],
    ["fail", "unmanaged", [vpc], /as AWS made it/],
    ["fail", "of another VPC", [vpc, closed({ vpcId: "vpc-2" })]],
    ["unknown", "of some VPC", [r(VPC, "vpc", { id: unknown }), closed({ vpcId: unknown })]],
    [
      "pass",
      "in a preview",
      [r(VPC, "vpc", { id: unknown }), { ...closed({ vpcId: unknown }), from: { vpcId: ["vpc"] } }],
    ],
    ["unknown", "unknown", [vpc, closed({ ingress: unknown })]],
    ["na", "another type", droplet],
  ],
  "aws-compute-hardened": [
    ["pass", "hardened", server()],
    ["pass", "a template", server({}, TEMPLATE)],
    ["fail", "tokens optional", imds({ httpTokens: "optional" }), /metadataOptions\.httpTokens is "optional"/],
    ["fail", "tokens unset", imds({})],
    ["fail", "tokens unset in a template", imds(undefined, TEMPLATE)],
    ["fail", "tokens unset in a configuration", imds(undefined, "aws:ec2/launchConfiguration:LaunchConfiguration")],
    ["pass", "no metadata service", imds({ httpEndpoint: "disabled" })],
    ["pass", "two hops, for containers", imds({ httpTokens: "required", httpPutResponseHopLimit: 2 })],
    [
      "fail",
      "three hops",
      imds({ httpTokens: "required", httpPutResponseHopLimit: 3 }),
      /httpPutResponseHopLimit is 3, requires 2 or less/,
    ],
    ["pass", "hops unset is one", imds({ httpTokens: "required" })],
    ["fail", "hops of a wrong type", imds({ httpTokens: "required", httpPutResponseHopLimit: "far" })],
    ["unknown", "unknown", imds({ httpTokens: unknown })],
    ["fail", "a secret", imds({ httpTokens: secret("optional") }), /is \[secret\]/],
    ["fail", "a public address", server({ associatePublicIpAddress: true })],
    ["pass", "no public address", server({ associatePublicIpAddress: false })],
    [
      "fail",
      "a public address in a template, as a text",
      server({ networkInterfaces: [{ associatePublicIpAddress: "true" }] }, TEMPLATE),
      /networkInterfaces\[0\]/,
    ],
    [
      "pass",
      "none in a template, as a text",
      server({ networkInterfaces: [{ associatePublicIpAddress: "false" }] }, TEMPLATE),
    ],
    ["pass", "a NAT instance", server({ associatePublicIpAddress: true, sourceDestCheck: false })],
    ["fail", "a key", server({ keyName: "ama" }), /keyName is "ama", requires none/],
    ["fail", "a key that is not known yet", server({ keyName: unknown })],
    ["pass", "an empty key", server({ keyName: "" })],
    ["na", "another type", [vpc]],
  ],
  "aws-vpc-flow-logs": [
    ["pass", "all", [vpc, flows()]],
    ["pass", "what is refused", [vpc, flows({ trafficType: "REJECT" })]],
    ["fail", "what is accepted", [vpc, flows({ trafficType: "ACCEPT" })], /FlowLog flows: trafficType is "ACCEPT"/],
    ["fail", "unset", [vpc, flows({ trafficType: undefined })]],
    ["fail", "none", [vpc], /Vpc vpc: no FlowLog/],
    ["fail", "of a subnet", [vpc, flows({ vpcId: undefined, subnetId: "subnet-a" })]],
    ["fail", "of another VPC", [vpc, flows({ vpcId: "vpc-2" })]],
    ["fail", "of one of two", [vpc, r(VPC, "other", { id: "vpc-2" }), flows()], /Vpc other/],
    ["pass", "in a preview", [r(VPC, "vpc", { id: unknown }), flows({ vpcId: unknown }, { from: { vpcId: ["vpc"] } })]],
    ["unknown", "of some VPC", [r(VPC, "vpc", { id: unknown }), flows({ vpcId: unknown })]],
    ["unknown", "unknown", [vpc, flows({ trafficType: unknown })]],
    ["na", "another type", droplet],
  ],
  "ovh-private-data": [
    ["pass", "a database", ovhDb()],
    ["fail", "no restriction", ovhDb({ ipRestrictions: [] }), /ipRestrictions is an empty list/],
    ["fail", "restrictions unset", ovhDb({ ipRestrictions: undefined })],
    ["fail", "everybody", ovhDb({ ipRestrictions: [{ ip: "0.0.0.0/0" }] }), /ipRestrictions\[0\]\.ip is open to/],
    ["fail", "in two halves", ovhDb({ ipRestrictions: [{ ip: "0.0.0.0/1" }, { ip: "128.0.0.0/1" }] })],
    ["pass", "an own address", ovhDb({ ipRestrictions: [{ ip: "198.51.100.7/32" }] })],
    ["fail", "a wrong type", ovhDb({ ipRestrictions: [{ ip: { a: 1 } }] })],
    ["unknown", "unknown restrictions", ovhDb({ ipRestrictions: unknown })],
    ["unknown", "an unknown restriction", ovhDb({ ipRestrictions: [{ ip: unknown }] })],
    ["fail", "a secret", ovhDb({ ipRestrictions: [{ ip: secret("0.0.0.0/0") }] }), /is \[secret\]/],
    ["fail", "no network", ovhDb({ nodes: [{ region: "GRA" }] }), /nodes\[0\]\.networkId is unset/],
    [
      "fail",
      "no network for one",
      ovhDb({ nodes: [{ region: "GRA", networkId: "n" }, { region: "GRA" }] }),
      /nodes\[1\]/,
    ],
    ["pass", "a network that is not known yet", ovhDb({ nodes: [{ region: "GRA", networkId: unknown }] })],
    [
      "fail",
      "no network though the restrictions are unknown",
      ovhDb({ ipRestrictions: unknown, nodes: [{ region: "GRA" }] }),
    ],
    ["pass", "a cluster's addresses", ips(["198.51.100.0/24"])],
    ["fail", "a cluster for everybody", ips(["0.0.0.0/0"])],
    ["fail", "a cluster without addresses", ips([]), /ips is empty/],
    ["unknown", "a cluster's unknown addresses", ips(unknown)],
    ["pass", "a cluster's address that is not known yet", ips([unknown])],
    ["pass", "an instance", ovh("db", { private: { network: { id: "n" } } })],
    ["fail", "a public instance", ovh("db", { public: true }), /has a public address/],
    ["fail", "both", ovh("db", { public: true, private: { network: { id: "n" } } })],
    ["pass", "a web server, both", ovh("web-1", { public: true, private: { network: { id: "n" } } })],
    ["fail", "a web server, public alone", ovh("web-1", { public: true }), /in no private network/],
    ["pass", "the twin", cloud("db", { networkId: "n" })],
    ["fail", "the twin, public", cloud("db", { networkId: "n" }, { autoAssignPublicIp: true })],
    ["fail", "the twin, a public address in the network", cloud("db", { networkId: "n", autoAssignPublicIp: true })],
    ["fail", "the twin, on the public network", cloud("db", {})],
    ["pass", "the twin, a web server", cloud("web", { networkId: "n" }, { autoAssignPublicIp: true })],
    [
      "fail",
      "a group that opens MySQL",
      ovhRule({ portRangeMin: 3306, portRangeMax: 3306, remoteIpPrefix: "0.0.0.0/0" }),
    ],
    [
      "fail",
      "a group that opens a range from anywhere",
      ovhRule({ portRangeMin: 3000, portRangeMax: 3306 }),
      /remoteIpPrefix is unset/,
    ],
    ["fail", "a group that opens all ports", ovhRule({ remoteIpPrefix: "0.0.0.0/0" })],
    [
      "pass",
      "a group that opens HTTPS",
      ovhRule({ portRangeMin: 443, portRangeMax: 443, remoteIpPrefix: "0.0.0.0/0" }),
    ],
    ["pass", "just below and above", ovhRule({ portRangeMin: 23, portRangeMax: 3305, remoteIpPrefix: "0.0.0.0/0" })],
    ["pass", "a group of groups", ovhRule({ portRangeMin: 3306, portRangeMax: 3306, remoteGroupId: "g" })],
    ["pass", "what goes out", ovhRule({ direction: "egress", remoteIpPrefix: "0.0.0.0/0" })],
    ["na", "another type", droplet],
  ],
};
