import { iso } from "../../engine/frameworks.ts";
import type { Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import {
  fits,
  isIn,
  isPatch,
  kindOf,
  nameOf,
  namespaceOf,
  objectsOf,
  part,
  podLabels,
  podSpec,
  SERVERS,
  SYSTEM_NAMESPACES,
  tokens,
} from "../common/kubernetes.ts";

const BUDGET = tokens(["policy/v1", "policy/v1beta1"], "PodDisruptionBudget");
const AUTOSCALERS = ["v1", "v2", "v2beta2", "v2beta1"].map((v) => `autoscaling/${v}`);
const SCALER = tokens(AUTOSCALERS, "HorizontalPodAutoscaler");

interface Parameters {
  minimumReplicas: number;
  singletons: string[];
  systemNamespaces: string[];
}

const inNamespace = (stack: Stack, types: string[], namespace: string): View[] =>
  stack
    .all(types)
    .flatMap(objectsOf)
    .filter((o) => namespaceOf(o) === namespace);

/** Pods that always run: the autoscaler's minimum beats what the object says. */
function replicasOf(stack: Stack, object: View, kind: string): { at: View; path: string; count: number } {
  const scaler = inNamespace(stack, SCALER, namespaceOf(object)).find(
    (s) => s.text("spec.scaleTargetRef.name") === nameOf(object) && s.text("spec.scaleTargetRef.kind") === kind,
  );
  if (scaler) return { at: scaler, path: "spec.minReplicas", count: scaler.number("spec.minReplicas") ?? 1 };
  return { at: object, path: "spec.replicas", count: object.number("spec.replicas") ?? 1 };
}

/** A budget that lets no pod go stops every node from being drained. */
const blocks = (budget: View): boolean => {
  const most = budget.text("spec.maxUnavailable");
  return most === "0" || most === "0%" || budget.text("spec.minAvailable") === "100%";
};

const labels = { app: "booking" };
const deployment = (replicas: number, spread = true) => ({
  type: "kubernetes:apps/v1:Deployment",
  name: "booking",
  props: {
    metadata: { name: "booking", namespace: "app" },
    spec: {
      replicas,
      template: {
        metadata: { labels },
        spec: spread ? { topologySpreadConstraints: [{ topologyKey: "topology.kubernetes.io/zone" }] } : {},
      },
    },
  },
});
const budget = (spec: object) => ({
  type: "kubernetes:policy/v1:PodDisruptionBudget",
  name: "budget",
  props: { metadata: { name: "booking", namespace: "app" }, spec: { selector: { matchLabels: labels }, ...spec } },
});
const one = budget({ maxUnavailable: 1 });

export const k8sHaWorkload = defineRule<Parameters>({
  id: "k8s-ha-workload",
  title: "Services survive the loss of a node, and of a zone",
  severity: "high",
  levels: levels("-/-/-/m"),
  parameters: {
    minimumReplicas: { schema: { type: "number", minimum: 2 }, default: 2 },
    singletons: {
      schema: { type: "array", items: { type: "string" }, description: "what may run only once" },
      default: ["scheduler"],
    },
    ...SYSTEM_NAMESPACES,
  },
  framework: iso("A.8.14"),
  tags: ["kubernetes"],
  source: { guide: "Scalabilité progressive : Upgrader selon croissance réelle" },
  why: "One pod is an outage at every update of its node. Two pods on the same node, or a drain that takes both, are no better.",
  fix: "run two replicas or more, spread by topologySpreadConstraints or podAntiAffinity, with a PodDisruptionBudget that lets one go at a time",
  examples: {
    pass: [[deployment(2), one]],
    fail: [
      [deployment(1), one],
      [deployment(2)],
      [deployment(2, false), one],
      [deployment(2), budget({ maxUnavailable: 0 })],
    ],
  },
  stack: {
    check(stack, report, { minimumReplicas, singletons, systemNamespaces }) {
      const servers = stack.all(SERVERS).filter((r) => !isPatch(r));
      const objects = servers.flatMap((r) => objectsOf(r).map((o) => [o, kindOf(r)] as const));
      if (objects.length === 0) return "no Deployment or StatefulSet in the stack";
      report.each(stack.all(BUDGET).flatMap(objectsOf), (b) => {
        if (blocks(b))
          report.violation(b, { problem: "it lets no pod go, so no node can be drained", requires: "one" });
      });
      report.each(objects, ([object, kind]) => {
        if (isIn(object, systemNamespaces) || singletons.includes(nameOf(object) ?? "")) return;
        const { at, path, count } = replicasOf(stack, object, kind);
        if (!(count >= minimumReplicas)) report.violation(at, { path, requires: `${minimumReplicas} or more` });
        const pod = podSpec(object, kind);
        const apart = pod.items("topologySpreadConstraints").length > 0 || pod.has("affinity.podAntiAffinity");
        if (!apart) report.violation(object, { problem: "its pods may share a node", requires: "a spread over nodes" });
        const budgets = inNamespace(stack, BUDGET, namespaceOf(object));
        if (budgets.some((b) => b.has("spec.selector") && fits(part(b, "spec.selector"), podLabels(object)))) return;
        report.violation(object, { problem: "no PodDisruptionBudget is for its pods", requires: "one" });
      });
    },
  },
});
