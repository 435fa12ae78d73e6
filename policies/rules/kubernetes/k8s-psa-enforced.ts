import type { View } from "../../engine/values.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isPatch, nameOf, NAMESPACE, objectsOf, SYSTEM_NAMESPACES } from "../common/kubernetes.ts";

const ENFORCE = ["metadata", "labels", "pod-security.kubernetes.io/enforce"];
const VERSION = ["metadata", "labels", "pod-security.kubernetes.io/enforce-version"];
const LEVELS = ["restricted", "baseline"];

const isSystem = (namespace: View, names: readonly string[]): boolean => names.includes(nameOf(namespace) ?? "");
const namespace = (labels: object) => [
  { type: NAMESPACE[0] ?? "", name: "app", props: { metadata: { name: "app", labels } } },
];

export const k8sPsaEnforced = defineRule<{ systemNamespaces: string[] }>({
  id: "k8s-psa-enforced",
  title: "Namespaces refuse pods that could take over the node",
  severity: "high",
  levels: levels("-/-/-/m"),
  parameters: SYSTEM_NAMESPACES,
  tags: ["kubernetes", "pss", "iso27001:A.8.9"],
  source: { standard: "Kubernetes Pod Security Standards" },
  why: "Without the label the API server accepts privileged pods: whoever may create one owns the node and everything on it.",
  fix: 'label the namespace pod-security.kubernetes.io/enforce: "restricted" (or "baseline")',
  examples: {
    pass: [namespace({ "pod-security.kubernetes.io/enforce": "restricted" })],
    fail: [namespace({}), namespace({ "pod-security.kubernetes.io/enforce": "privileged" })],
  },
  resource: {
    types: NAMESPACE,
    check(resource, report, { systemNamespaces }) {
      report.each(objectsOf(resource), (namespace) => {
        if (isSystem(namespace, systemNamespaces)) return;
        if (isPatch(resource) && !namespace.has(ENFORCE)) return;
        if (!LEVELS.includes(namespace.text(ENFORCE) ?? "")) {
          return report.violation(namespace, { path: ENFORCE, requires: LEVELS.join(" or ") });
        }
        // A version that does not exist makes the API server fall back to no check at all.
        const version = namespace.text(VERSION);
        if (version !== undefined && !/^(latest|v1\.\d+)$/.test(version)) {
          report.violation(namespace, { path: VERSION, requires: '"latest" or a version such as "v1.35"' });
        }
      });
    },
  },
  remediate: {
    types: NAMESPACE.filter((t) => t.endsWith(":Namespace")),
    repair(namespace, set, { systemNamespaces }) {
      if (isSystem(namespace, systemNamespaces) || LEVELS.includes(namespace.text(ENFORCE) ?? "")) return;
      set(ENFORCE, "baseline");
    },
  },
});
