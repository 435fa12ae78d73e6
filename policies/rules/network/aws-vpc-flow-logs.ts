import { fsbp } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { VPC } from "../common/types.ts";

const FLOW_LOG = ["aws:ec2/flowLog:FlowLog"] as const;
const vpc = { type: VPC[0], name: "vpc", props: { id: "vpc-1" } };
const log = (props: object) => ({ type: FLOW_LOG[0], name: "flows", props: { trafficType: "ALL", ...props } });

export const awsVpcFlowLogs = defineRule({
  id: "aws-vpc-flow-logs",
  title: "Every network records who talked to whom",
  severity: "medium",
  levels: levels("-/-/m/m"),
  framework: fsbp("EC2.6", "VPC flow logging should be enabled in all VPCs"),
  tags: ["cis-aws-5.0:3.7", "iso27001:A.8.15"],
  source: { guide: "Network latency/throughput" },
  why: "After an intrusion flow logs say which servers were reached from there and where data went.",
  fix: 'add a FlowLog with vpcId and trafficType "ALL" (or "REJECT")',
  examples: { pass: [[vpc, log({ vpcId: "vpc-1" })]], fail: [[vpc], [vpc, log({ subnetId: "subnet-1" })]] },
  stack: {
    check(stack, report) {
      const vpcs = stack.all(VPC);
      if (vpcs.length === 0) return "no VPC in the stack";
      report.each(vpcs, (v) => {
        const answers = stack.all(FLOW_LOG).map((l) => [l, refers(l, "vpcId", v, ["id"])] as const);
        const own = answers.filter(([, a]) => a === "yes").map(([l]) => l);
        if (own.some((l) => ["ALL", "REJECT"].includes(l.text("trafficType") ?? ""))) return;
        const [wrong] = own;
        if (wrong) report.violation(wrong, { path: "trafficType", requires: '"ALL" or "REJECT"' });
        else if (answers.some(([, a]) => a === "maybe")) report.undetermined(v, "which VPC a FlowLog is of");
        else report.violation(v, { problem: "no FlowLog of the whole VPC records its traffic", requires: "one" });
      });
    },
  },
});
