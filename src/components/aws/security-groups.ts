import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName } from "../../concepts/naming.ts";
import { namedTags } from "./tagging.ts";

/** The content network's own addresses, as a list that AWS keeps. */
const CDN_PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing";

/** Who may talk to whom. `cdn`: the content network's servers. `internet`: only as a target. */
export interface Flow {
  from: string;
  to: string;
  /** TCP port. */
  port: number;
  /** What it is for; shown in the console beside the rule. */
  why: string;
}

export interface SecurityGroupsArgs<Group extends string> {
  context: StackContext;
  vpcId: pulumi.Input<string>;
  groups: readonly Group[];
  /** Those of `groups` that a service of AWS made and keeps (a cluster's), by their ids. */
  existing?: Partial<Record<Group, pulumi.Input<string>>>;
  flows: readonly (Flow & { from: Group | "cdn"; to: Group | "internet" })[];
}

/**
 * One security group per part, and one rule on each side of every flow. A group is allowed, never an address range:
 * a server that is not in the group reaches nothing, wherever it stands.
 */
export class SecurityGroups<Group extends string> extends pulumi.ComponentResource {
  readonly ids: Record<Group, pulumi.Output<string>>;

  constructor(name: string, args: SecurityGroupsArgs<Group>, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:SecurityGroups", name, { flows: [...args.flows] }, opts);
    this.ids = Object.fromEntries(
      args.groups.map((group) => [group, pulumi.output(args.existing?.[group] ?? this.createGroup(name, args, group))]),
    ) as typeof this.ids;
    for (const flow of args.flows) this.allow(name, args, flow);
    this.registerOutputs({ ids: this.ids });
  }

  private createGroup(name: string, args: SecurityGroupsArgs<Group>, group: Group): pulumi.Output<string> {
    const { naming } = args.context;
    return new aws.ec2.SecurityGroup(
      `${name}-${group}`,
      {
        name: physicalName(naming, "other", group),
        description: `${naming.project} ${naming.environment} ${group}`,
        vpcId: args.vpcId,
        tags: namedTags(args.context, "internal", group),
      },
      { parent: this },
    ).id;
  }

  private allow(name: string, args: SecurityGroupsArgs<Group>, flow: SecurityGroupsArgs<Group>["flows"][number]): void {
    const { from, to, port, why } = flow;
    const rule = { ipProtocol: "tcp", fromPort: port, toPort: port, description: why };
    const ruleTags = namedTags(args.context, "internal", from, to);
    if (to !== "internet") {
      const source =
        from === "cdn"
          ? { prefixListId: aws.ec2.getManagedPrefixListOutput({ name: CDN_PREFIX_LIST }, { parent: this }).id }
          : { referencedSecurityGroupId: this.ids[from] };
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${to}-from-${from}-${port}`,
        { securityGroupId: this.ids[to], ...rule, ...source, tags: ruleTags },
        { parent: this },
      );
    }
    if (from !== "cdn") {
      const target = to === "internet" ? { cidrIpv4: "0.0.0.0/0" } : { referencedSecurityGroupId: this.ids[to] };
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-${from}-to-${to}-${port}`,
        { securityGroupId: this.ids[from], ...rule, ...target, tags: ruleTags },
        { parent: this },
      );
    }
  }
}
