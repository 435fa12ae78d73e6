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
    const groups = Object.fromEntries(
      args.groups.map((group) => [
        group,
        new aws.ec2.SecurityGroup(
          `${name}-${group}`,
          {
            name: physicalName(args.context.naming, "other", group),
            description: `${args.context.naming.project} ${args.context.naming.environment} ${group}`,
            vpcId: args.vpcId,
            tags: namedTags(args.context, "internal", group),
          },
          { parent: this },
        ),
      ]),
    ) as Record<Group, aws.ec2.SecurityGroup>;
    for (const flow of args.flows) this.allow(name, args, groups, flow);
    this.ids = Object.fromEntries(args.groups.map((group) => [group, groups[group].id])) as typeof this.ids;
    this.registerOutputs({ ids: this.ids });
  }

  private allow(
    name: string,
    args: SecurityGroupsArgs<Group>,
    groups: Record<Group, aws.ec2.SecurityGroup>,
    flow: SecurityGroupsArgs<Group>["flows"][number],
  ): void {
    const { from, to, port, why } = flow;
    const rule = { ipProtocol: "tcp", fromPort: port, toPort: port, description: why };
    const ruleTags = namedTags(args.context, "internal", from, to);
    if (to !== "internet") {
      const source =
        from === "cdn"
          ? { prefixListId: aws.ec2.getManagedPrefixListOutput({ name: CDN_PREFIX_LIST }, { parent: this }).id }
          : { referencedSecurityGroupId: groups[from as Group].id };
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${to}-from-${from}-${port}`,
        { securityGroupId: groups[to].id, ...rule, ...source, tags: ruleTags },
        { parent: this },
      );
    }
    if (from !== "cdn") {
      const target =
        to === "internet" ? { cidrIpv4: "0.0.0.0/0" } : { referencedSecurityGroupId: groups[to as Group].id };
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-${from}-to-${to}-${port}`,
        { securityGroupId: groups[from as Group].id, ...rule, ...target, tags: ruleTags },
        { parent: this },
      );
    }
  }
}
