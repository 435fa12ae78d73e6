import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { EKS_CLUSTER } from "../common/types.ts";

const REQUIRED = ["api", "audit", "authenticator"];
const cluster = (enabledClusterLogTypes: string[]) => [
  { type: EKS_CLUSTER[0], name: "cluster", props: { enabledClusterLogTypes } },
];

export const awsEksAuditLogs = defineRule({
  id: "aws-eks-audit-logs",
  title: "The cluster records who asked what of it",
  severity: "medium",
  levels: levels("-/-/-/m"),
  framework: fsbp("EKS.8", "EKS clusters should have audit logging enabled"),
  tags: ["iso27001:A.8.15"],
  source: { guide: "Audit logs" },
  why: "CloudTrail sees the cluster's creation and nothing that happens in it: who read a secret or opened a shell is in the audit log alone.",
  fix: `set enabledClusterLogTypes to at least ${REQUIRED.join(", ")}`,
  examples: { pass: [cluster(REQUIRED)], fail: [cluster([]), cluster(["api", "authenticator"])] },
  resource: {
    types: EKS_CLUSTER,
    check(cluster, report) {
      if (cluster.peek("enabledClusterLogTypes").state === "unknown") {
        return report.undetermined(cluster, "enabledClusterLogTypes");
      }
      const { known, partial } = cluster.texts("enabledClusterLogTypes");
      const missing = REQUIRED.filter((t) => !known.includes(t));
      if (missing.length === 0) return;
      if (partial) return report.undetermined(cluster, "enabledClusterLogTypes");
      const found = `without ${missing.join(", ")}`;
      report.violation(cluster, { path: "enabledClusterLogTypes", found, requires: REQUIRED.join(", ") });
    },
  },
  remediate: {
    types: EKS_CLUSTER,
    repair(cluster, set) {
      if (cluster.peek("enabledClusterLogTypes").state === "unknown") return;
      const { known, partial } = cluster.texts("enabledClusterLogTypes");
      if (partial || REQUIRED.every((t) => known.includes(t))) return;
      set("enabledClusterLogTypes", [...new Set([...known, ...REQUIRED])]);
    },
  },
});
