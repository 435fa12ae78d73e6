import { iso } from "../../engine/frameworks.ts";
import { both, refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isPublic, SUBNET } from "../common/subnets.ts";

/** What belongs into private subnets, and where it names them. Load balancers are not in it: theirs are public. */
const PLACES: Readonly<Record<string, string>> = {
  "aws:rds/subnetGroup:SubnetGroup": "subnetIds",
  "aws:elasticache/subnetGroup:SubnetGroup": "subnetIds",
  "aws:autoscaling/group:Group": "vpcZoneIdentifiers",
  "aws:eks/nodeGroup:NodeGroup": "subnetIds",
  "aws:opensearch/domain:Domain": "vpcOptions.subnetIds",
  "aws:mq/broker:Broker": "subnetIds",
};

const subnet = (mapPublicIpOnLaunch: boolean) => ({
  type: SUBNET[0],
  name: "a",
  props: { id: "subnet-a", mapPublicIpOnLaunch },
});
const table = {
  type: "aws:ec2/routeTable:RouteTable",
  name: "out",
  props: { id: "rtb-1", routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }] },
};
const association = {
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  name: "a-out",
  props: { subnetId: "subnet-a", routeTableId: "rtb-1" },
};
const group = { type: "aws:rds/subnetGroup:SubnetGroup", name: "db", props: { subnetIds: ["subnet-a"] } };

export const awsPrivateSubnets = defineRule({
  id: "aws-private-subnets",
  title: "Servers and databases have no way in from the internet",
  severity: "high",
  levels: levels("-/m/m/m"),
  framework: iso("A.8.22"),
  tags: ["fsbp:EC2.15"],
  source: { guide: "VPC avec subnets privés" },
  why: "In a public subnet one wrong security group is enough to put the database on the internet; in a private one there is no road to it.",
  fix: "use subnets without mapPublicIpOnLaunch whose route table leads to a NAT gateway or nowhere",
  examples: {
    pass: [[group, subnet(false)]],
    fail: [
      [group, subnet(true)],
      [group, subnet(false), table, association],
    ],
  },
  stack: {
    check(stack, report) {
      const users = stack.all(Object.keys(PLACES));
      if (users.length === 0) return "no server group or database network at AWS in the stack";
      const subnets = stack.all(SUBNET);
      report.each(users, (user) => {
        const path = PLACES[user.type] ?? "subnetIds";
        for (const subnet of subnets) {
          const used = refers(user, path, subnet, ["id"]);
          const answer = used === "no" ? "no" : both(used, isPublic(subnet, stack));
          if (answer === "yes") {
            const found = `in the public ${subnet.label}`;
            return report.violation(user, { path, found, requires: "private subnets" });
          }
          if (answer === "maybe") report.undetermined(user, path);
        }
      });
    },
  },
});
