import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isWide } from "../common/cidr.ts";
import { EKS_CLUSTER } from "../common/types.ts";

const CIDRS = "vpcConfig.publicAccessCidrs";
const cluster = (vpcConfig: object) => [{ type: EKS_CLUSTER[0], name: "k8s", props: { vpcConfig } }];

export const awsEksEndpoint = defineRule({
  id: "aws-eks-endpoint",
  title: "The cluster's interface answers known addresses only",
  severity: "high",
  levels: levels("-/-/-/m"),
  framework: fsbp("EKS.1", "EKS cluster endpoints should not be publicly accessible"),
  tags: ["iso27001:A.8.20"],
  source: { guide: "VPC avec subnets privés" },
  why: "Whoever holds a leaked token may use it from anywhere while the endpoint answers anybody; as AWS makes it, it does.",
  fix: "set vpcConfig.endpointPublicAccess false, or publicAccessCidrs to the ranges of the office and the pipelines",
  examples: {
    pass: [cluster({ endpointPublicAccess: false }), cluster({ publicAccessCidrs: ["198.51.100.0/24"] })],
    fail: [cluster({}), cluster({ endpointPublicAccess: true, publicAccessCidrs: ["0.0.0.0/0"] })],
  },
  resource: {
    types: EKS_CLUSTER,
    check(cluster, report) {
      if (cluster.flag("vpcConfig.endpointPublicAccess") === false) return;
      const requires = "narrow ranges, or endpointPublicAccess false";
      if (cluster.peek(CIDRS).state === "unknown") return report.undetermined(cluster, CIDRS);
      const { known, partial } = cluster.texts(CIDRS);
      const open = known.find(isWide);
      if (open !== undefined) report.violation(cluster, { path: CIDRS, found: `open to ${open}`, requires });
      else if (partial) report.undetermined(cluster, CIDRS);
      else if (known.length === 0)
        report.violation(cluster, { path: CIDRS, found: "unset, which is everybody", requires });
    },
  },
});
