import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { namedTags } from "./tagging.ts";

/** public: gateways only. app: servers, their way out is NAT. data: databases, no way out at all. */
export const TIERS = ["public", "app", "data"] as const;
export type Tier = (typeof TIERS)[number];

export interface NetworkPlan {
  /** Range of the VPC, for example "10.20.0.0/16". */
  cidr: string;
  /** Letters of the zones in use, for example ["a", "b"]. */
  zones: readonly string[];
  /** Ranges of each tier, one per zone in the same order; more ranges than zones leave room to grow. */
  tiers: Readonly<Record<Tier, readonly string[]>>;
  /** `single`: one gateway for all zones (when its zone fails, the others lose their way out). `per-zone`: one each. */
  nat: "single" | "per-zone";
  /** Tags that others find subnets by, for example Kubernetes its load balancers'. */
  tierTags?: Partial<Record<Tier, Record<string, string>>>;
}

export interface NetworkArgs {
  context: StackContext;
  region: string;
  plan: NetworkPlan;
  /** Bucket that takes the flow logs, ready to be written to. */
  flowLogBucketArn: pulumi.Input<string>;
}

/** A VPC in three tiers over two or three zones. Nothing in it has a public address but the NAT gateways. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Per tier, one per zone. Known once the subnet's routes exist, so that what starts in it reaches what it needs. */
  readonly subnetIds: Record<Tier, pulumi.Output<string>[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Network", name, { region: args.region, plan: { ...args.plan } }, opts);
    const vpc = this.createVpc(name, args);
    const gateway = new aws.ec2.InternetGateway(
      `${name}-gateway`,
      { vpcId: vpc.id, tags: namedTags(args.context, "internal", "gateway") },
      { parent: this },
    );
    const open = this.createTable(name, args, vpc, "public");
    const out = this.createRoute(`${name}-public-out`, open, { gatewayId: gateway.id });
    const publicSubnets = this.createSubnets(name, args, vpc, "public", () => open);
    const apps = this.createAppTables(name, args, vpc, publicSubnets, out);
    const closed = this.createTable(name, args, vpc, "data");
    this.vpcId = vpc.id;
    this.subnetIds = {
      public: publicSubnets,
      app: this.createSubnets(name, args, vpc, "app", (index) => apps[index] ?? apps[0]),
      data: this.createSubnets(name, args, vpc, "data", () => closed),
    };
    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${args.region}.s3`,
        vpcEndpointType: "Gateway", // free, and keeps media and backups off the NAT gateway's bill
        routeTableIds: [...apps, closed].map((table) => table.id),
        tags: namedTags(args.context, "internal", "s3"),
      },
      { parent: this },
    );
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  private createVpc(name: string, args: NetworkArgs): aws.ec2.Vpc {
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: args.plan.cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: namedTags(args.context, "internal", "vpc"),
      },
      { parent: this },
    );
    // Whoever forgets to name a security group gets this one: it lets nothing through.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-group`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: namedTags(args.context, "internal", "closed") },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      `${name}-flow-log`,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "s3", // a third of the price of a log group, and read only after an incident
        logDestination: args.flowLogBucketArn,
        maxAggregationInterval: 600,
        tags: namedTags(args.context, "internal", "flow-log"),
      },
      { parent: this },
    );
    return vpc;
  }

  /** One table per NAT gateway: zones share the first when there is a single one. */
  private createAppTables(
    name: string,
    args: NetworkArgs,
    vpc: aws.ec2.Vpc,
    publicSubnets: pulumi.Output<string>[],
    out: aws.ec2.Route,
  ): aws.ec2.RouteTable[] {
    const { context, plan } = args;
    const places = publicSubnets.slice(0, plan.nat === "single" ? 1 : plan.zones.length);
    return places.map((subnetId, index) => {
      const zone = plan.zones[index] ?? "";
      const addressName = `${name}-nat-${zone}-address`;
      const address = new aws.ec2.Eip(
        addressName,
        { domain: "vpc", tags: namedTags(context, "internal", "nat", zone) },
        // Payment providers allow-list it.
        { parent: this, ...stateful(context.guard, "address", addressName) },
      );
      const nat = new aws.ec2.NatGateway(
        `${name}-nat-${zone}`,
        {
          subnetId,
          allocationId: address.id,
          tags: namedTags(context, "internal", "nat", zone),
        },
        { parent: this, dependsOn: [out] },
      );
      const table = this.createTable(name, args, vpc, `app-${zone}`);
      this.createRoute(`${name}-app-${zone}-out`, table, { natGatewayId: nat.id });
      return table;
    });
  }

  private createTable(name: string, args: NetworkArgs, vpc: aws.ec2.Vpc, part: string): aws.ec2.RouteTable {
    return new aws.ec2.RouteTable(
      `${name}-${part}-routes`,
      { vpcId: vpc.id, tags: namedTags(args.context, "internal", part) },
      { parent: this },
    );
  }

  private createRoute(
    name: string,
    table: aws.ec2.RouteTable,
    via: Pick<aws.ec2.RouteArgs, "gatewayId" | "natGatewayId">,
  ): aws.ec2.Route {
    return new aws.ec2.Route(
      name,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...via },
      { parent: this },
    );
  }

  private createSubnets(
    name: string,
    args: NetworkArgs,
    vpc: aws.ec2.Vpc,
    tier: Tier,
    tableOf: (index: number) => aws.ec2.RouteTable | undefined,
  ): pulumi.Output<string>[] {
    const { context, plan, region } = args;
    return plan.zones.map((zone, index) => {
      const cidrBlock = plan.tiers[tier][index];
      if (cidrBlock === undefined)
        throw new Error(
          `aws: the network plan has ${plan.zones.length} zones, but tier "${tier}" no range for ${zone}`,
        );
      const table = tableOf(index);
      if (table === undefined) throw new Error(`aws: tier "${tier}" has no route table in zone ${zone}`);
      const subnet = new aws.ec2.Subnet(
        `${name}-${tier}-${zone}`,
        {
          vpcId: vpc.id,
          cidrBlock,
          availabilityZone: `${region}${zone}`,
          mapPublicIpOnLaunch: false,
          tags: { ...namedTags(context, "internal", tier, zone), tier, ...plan.tierTags?.[tier] },
        },
        { parent: this },
      );
      const association = new aws.ec2.RouteTableAssociation(
        `${name}-${tier}-${zone}-routes`,
        { subnetId: subnet.id, routeTableId: table.id },
        { parent: this },
      );
      return pulumi.all([subnet.id, association.id]).apply(([id]) => id);
    });
  }
}
