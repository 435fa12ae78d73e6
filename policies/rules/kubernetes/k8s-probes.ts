import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isIn, isPatch, kindOf, objectsOf, podSpec, SERVERS, SYSTEM_NAMESPACES, tokens } from "../common/kubernetes.ts";

const APPS = ["apps/v1", "apps/v1beta2", "extensions/v1beta1"];
const TYPES = [...SERVERS, ...tokens(APPS, "DaemonSet", "ReplicaSet"), ...tokens(["core/v1"], "Pod")];
const PROBES = ["livenessProbe", "readinessProbe"];

const pod = (container: object) => [
  {
    type: "kubernetes:core/v1:Pod",
    name: "web",
    props: { spec: { containers: [{ name: "php", ports: [{ containerPort: 8080 }], ...container }] } },
  },
];
const probe = { httpGet: { path: "/up", port: 8080 } };

export const k8sProbes = defineRule<{ systemNamespaces: string[] }>({
  id: "k8s-probes",
  title: "Containers that serve say when they are ready, and when they hang",
  severity: "medium",
  levels: levels("-/-/-/m"),
  parameters: SYSTEM_NAMESPACES,
  framework: iso("A.8.16"),
  tags: ["kubernetes", "kyverno:require-probes"],
  source: { guide: "Site down (>2min)" },
  why: "Without readiness a starting pod gets visitors before it can answer; without liveness one that hangs keeps its share of them for ever.",
  fix: "set readinessProbe and livenessProbe on every container with ports (httpGet, tcpSocket, grpc or exec)",
  examples: {
    pass: [pod({ livenessProbe: probe, readinessProbe: probe })],
    fail: [pod({}), pod({ livenessProbe: probe })],
  },
  resource: {
    types: TYPES,
    check(resource, report, { systemNamespaces }) {
      if (isPatch(resource)) return "a patch leaves the probes as they are";
      report.each(objectsOf(resource), (object) => {
        if (isIn(object, systemNamespaces)) return;
        // A queue worker has no port: what it does is seen by its queue.
        report.each(podSpec(object, kindOf(resource)).items("containers"), (container) => {
          if (container.items("ports").length === 0) return;
          for (const path of PROBES) {
            if (!container.has(path)) report.violation(container, { path, requires: "a probe" });
          }
        });
      });
    },
  },
});
