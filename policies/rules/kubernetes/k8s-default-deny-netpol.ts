import { iso } from "../../engine/frameworks.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import {
  nameOf,
  NAMESPACE,
  namespaceOf,
  objectsOf,
  SYSTEM_NAMESPACES,
  tokens,
  WORKLOADS,
} from "../common/kubernetes.ts";

const POLICY = tokens(["networking.k8s.io/v1", "extensions/v1beta1"], "NetworkPolicy");
const DIRECTIONS = ["Ingress", "Egress"] as const;

/** Chooses every pod: `{}`. Left out is something else, and refused by the API server. */
const isForAll = (policy: View): boolean =>
  policy.has("spec.podSelector") &&
  policy.keys("spec.podSelector.matchLabels").length === 0 &&
  policy.items("spec.podSelector.matchExpressions").length === 0;

/** Left out, a policy is about what comes in, and about what goes out if it has rules for that. */
function isAbout(policy: View, direction: string): boolean {
  const types = policy.texts("spec.policyTypes").known;
  if (types.length > 0) return types.includes(direction);
  return direction === "Ingress" || policy.has("spec.egress");
}

/** A rule without a peer opens the door to all again; with ports, for those ports. */
const opens = (policy: View, direction: string): boolean => {
  const [list, peers] = direction === "Ingress" ? ["spec.ingress", "from"] : ["spec.egress", "to"];
  return policy.items(list).some((rule) => rule.items(peers).length === 0 && rule.items("ports").length === 0);
};

/** Namespaces in which the stack itself runs pods. */
function namespacesOf(stack: Stack): Map<string, Resource | null> {
  const used = new Set(stack.all(WORKLOADS).flatMap(objectsOf).map(namespaceOf));
  const declared = stack.all(NAMESPACE);
  return new Map([...used].map((name) => [name, declared.find((n) => nameOf(n) === name) ?? null]));
}

const pod = { type: "kubernetes:core/v1:Pod", name: "web", props: { metadata: { namespace: "app" }, spec: {} } };
const policy = (spec: object) => ({
  type: POLICY[0] ?? "",
  name: "deny",
  props: { metadata: { namespace: "app" }, spec: { podSelector: {}, ...spec } },
});

export const k8sDefaultDenyNetpol = defineRule<{ systemNamespaces: string[] }>({
  id: "k8s-default-deny-netpol",
  title: "Pods talk to nobody unless a policy says so",
  severity: "high",
  levels: levels("-/-/-/m"),
  parameters: SYSTEM_NAMESPACES,
  framework: iso("A.8.22"),
  tags: ["kubernetes", "cis-k8s:5.3.2"],
  source: { guide: "VPC avec subnets privés" },
  why: "In a cluster every pod reaches every other one and the internet: one broken service is a way to all of them, and out with the data.",
  fix: 'add to the namespace a NetworkPolicy with podSelector {} and policyTypes ["Ingress", "Egress"], then one per service for what it needs (names: UDP and TCP 53)',
  examples: {
    pass: [[pod, policy({ policyTypes: ["Ingress", "Egress"] })]],
    fail: [
      [pod],
      [pod, policy({ policyTypes: ["Ingress"] })],
      [pod, policy({ policyTypes: ["Egress"], podSelector: { matchLabels: { a: "b" } } })],
    ],
  },
  stack: {
    check(stack, report, { systemNamespaces }) {
      const namespaces = [...namespacesOf(stack)].filter(([name]) => !systemNamespaces.includes(name));
      if (namespaces.length === 0) return "no namespace with pods in the stack";
      const policies = stack.all(POLICY).flatMap(objectsOf);
      report.each(namespaces, ([name, resource]) => {
        const own = policies.filter((p) => namespaceOf(p) === name && isForAll(p));
        const where = resource ? "" : `namespace ${name}: `;
        for (const direction of DIRECTIONS) {
          const about = own.filter((p) => isAbout(p, direction));
          const open = about.find((p) => opens(p, direction));
          if (open) {
            report.violation(open, {
              problem: `its ${direction} rule lets everything through`,
              requires: "named peers",
            });
          } else if (about.length === 0) {
            const problem = `${where}no NetworkPolicy for all its pods is about ${direction}`;
            report.violation(resource, { problem, requires: "one that denies by default" });
          }
        }
      });
    },
  },
});
