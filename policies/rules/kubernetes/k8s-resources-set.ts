import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import {
  containersOf,
  isIn,
  isPatch,
  kindOf,
  namespaceOf,
  objectsOf,
  podSpec,
  SYSTEM_NAMESPACES,
  tokens,
  WORKLOADS,
} from "../common/kubernetes.ts";

const LIMIT_RANGE = tokens(["core/v1"], "LimitRange");
/** What each container must have, and where a LimitRange gives it. A limit of CPU only slows things down. */
const WANTED: readonly (readonly [path: string, fallback: string])[] = [
  ["requests.cpu", "defaultRequest.cpu"],
  ["requests.memory", "defaultRequest.memory"],
  ["limits.memory", "default.memory"],
];

function defaultsOf(stack: Stack, namespace: string): View[] {
  return stack
    .all(LIMIT_RANGE)
    .flatMap(objectsOf)
    .filter((l) => namespaceOf(l) === namespace)
    .flatMap((l) => l.items("spec.limits").filter((at) => at.text("type") === "Container"));
}

const container = (resources: object) => ({
  type: "kubernetes:core/v1:Pod",
  name: "web",
  props: { metadata: { namespace: "app" }, spec: { containers: [{ name: "php", resources }] } },
});
const good = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "256Mi" } };

export const k8sResourcesSet = defineRule<{ systemNamespaces: string[] }>({
  id: "k8s-resources-set",
  title: "Containers say what they need and how much memory they may take",
  severity: "medium",
  levels: levels("-/-/-/m"),
  parameters: SYSTEM_NAMESPACES,
  tags: ["kubernetes", "kyverno:require-pod-requests-limits", "iso27001:A.8.6"],
  source: { guide: "Prix maîtrisé : Coût fixe prévisible" },
  why: "Without requests the scheduler packs nodes blindly and the autoscaler adds none; without a memory limit one leak takes its neighbours down.",
  fix: "set resources.requests.cpu, requests.memory and limits.memory on the container, or a LimitRange in its namespace",
  examples: {
    pass: [[container(good)]],
    fail: [[container({})], [container({ ...good, limits: undefined })], [container({ requests: { cpu: "1" } })]],
  },
  stack: {
    check(stack, report, { systemNamespaces }) {
      const resources = stack.all(WORKLOADS);
      if (resources.length === 0) return "no workload in the stack";
      const check = (resource: Resource, object: View): void => {
        if (isIn(object, systemNamespaces)) return;
        const defaults = defaultsOf(stack, namespaceOf(object));
        const pod = podSpec(object, kindOf(resource));
        report.each(containersOf(pod, "containers", "initContainers"), (container) => {
          for (const [path, fallback] of WANTED) {
            // A limit alone is its request as well.
            const limit = container.has(["resources", "limits", path.split(".")[1] ?? ""]);
            if (container.has(`resources.${path}`) || limit || defaults.some((d) => d.has(fallback))) continue;
            report.violation(container, { path: `resources.${path}`, requires: "a quantity" });
          }
        });
      };
      for (const resource of resources.filter((r) => !isPatch(r))) {
        report.each(objectsOf(resource), (object) => check(resource, object));
      }
    },
  },
});
