import { fsbp } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DEFAULT_SECURITY_GROUP, VPC } from "../common/types.ts";

const SIDES = ["ingress", "egress"] as const;
const vpc = { type: VPC[0], name: "vpc", props: { id: "vpc-1" } };
const group = (ingress: object[]) => ({
  type: DEFAULT_SECURITY_GROUP[0],
  name: "default",
  props: { vpcId: "vpc-1", ingress, egress: [] },
});

export const awsDefaultSgClosed = defineRule({
  id: "aws-default-sg-closed",
  title: "The default security group lets nothing through",
  severity: "medium",
  levels: levels("-/-/a/m"),
  framework: fsbp("EC2.2", "VPC default security groups should not allow inbound or outbound traffic"),
  tags: ["cis-aws-5.0:5.5"],
  source: { guide: "VPC avec subnets privés" },
  why: "Whatever is created without a group gets this one, and as AWS makes it everything in it reaches everything in it and the internet.",
  fix: "add an ec2.DefaultSecurityGroup for the VPC with ingress [] and egress []",
  examples: {
    pass: [[vpc, group([])]],
    fail: [[vpc], [vpc, group([{ protocol: "-1", fromPort: 0, toPort: 0, self: true }])]],
  },
  resource: {
    types: DEFAULT_SECURITY_GROUP,
    check(group, report) {
      report.each(SIDES, (path) => {
        if (group.items(path).length > 0) report.violation(group, { path, requires: "none" });
      });
    },
  },
  stack: {
    check(stack, report) {
      const vpcs = stack.all(VPC);
      if (vpcs.length === 0) return "no VPC in the stack";
      report.each(vpcs, (v) => {
        const answers = stack.all(DEFAULT_SECURITY_GROUP).map((g) => refers(g, "vpcId", v, ["id"]));
        if (answers.includes("yes")) return;
        if (answers.includes("maybe")) return report.undetermined(v, "which VPC a DefaultSecurityGroup is of");
        report.violation(v, {
          problem: "its default security group is as AWS made it, open inside",
          requires: "a DefaultSecurityGroup",
        });
      });
    },
  },
  remediate: {
    types: DEFAULT_SECURITY_GROUP,
    repair(group, set) {
      for (const path of SIDES) if (group.items(path).length > 0) set(path, []);
    },
  },
});
