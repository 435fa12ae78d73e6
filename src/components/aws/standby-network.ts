import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName } from "../../concepts/naming.ts";
import { namedTags } from "./tagging.ts";

export interface StandbyNetworkArgs {
  context: StackContext;
  region: string;
  /** Must not overlap with the first region's: one day the two are connected. */
  cidr: string;
  /** Ranges for databases, one per zone. */
  dataCidrs: readonly string[];
  zones: readonly string[];
  flowLogBucketArn: pulumi.Input<string>;
}

/** The network of a second region while it only follows: room for a database, and no way to anywhere. */
export class StandbyNetwork extends pulumi.ComponentResource {
  readonly dataSubnetIds: pulumi.Output<string>[];
  /** Lets nothing in until somebody takes over; a copy of the data comes by AWS's own network. */
  readonly databaseGroupId: pulumi.Output<string>;

  constructor(name: string, args: StandbyNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:StandbyNetwork", name, { region: args.region, cidr: args.cidr }, opts);
    const { context, region } = args;
    const child = { parent: this };
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        region,
        cidrBlock: args.cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: namedTags(context, "internal", "standby"),
      },
      child,
    );
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-group`,
      { region, vpcId: vpc.id, ingress: [], egress: [], tags: namedTags(context, "internal", "standby", "closed") },
      child,
    );
    new aws.ec2.FlowLog(
      `${name}-flow-log`,
      {
        region,
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "s3",
        logDestination: args.flowLogBucketArn,
        maxAggregationInterval: 600,
        tags: namedTags(context, "internal", "standby", "flow-log"),
      },
      child,
    );
    this.dataSubnetIds = args.dataCidrs.map((cidrBlock, index) => {
      const zone = args.zones[index] ?? "a";
      return new aws.ec2.Subnet(
        `${name}-data-${zone}`,
        {
          region,
          vpcId: vpc.id,
          cidrBlock,
          availabilityZone: `${region}${zone}`,
          mapPublicIpOnLaunch: false,
          tags: { ...namedTags(context, "internal", "standby", "data", zone), tier: "data" },
        },
        child,
      ).id;
    });
    this.databaseGroupId = new aws.ec2.SecurityGroup(
      `${name}-database`,
      {
        region,
        name: physicalName(context.naming, "other", "standby", "database"),
        description: `${context.naming.project} ${context.naming.environment} standby database`,
        vpcId: vpc.id,
        tags: namedTags(context, "internal", "standby", "database"),
      },
      child,
    ).id;
    this.registerOutputs({ dataSubnetIds: this.dataSubnetIds });
  }
}
