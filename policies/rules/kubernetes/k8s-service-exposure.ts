import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { nameOf, objectsOf, tokens } from "../common/kubernetes.ts";

const SERVICE = tokens(["core/v1"], "Service");
const annotation = (service: View, name: string): string | undefined =>
  service.text(["metadata", "annotations", `service.beta.kubernetes.io/${name}`]);

/** Only for the network inside, or for named addresses. */
function isNarrow(service: View): boolean {
  const internal =
    annotation(service, "aws-load-balancer-scheme") === "internal" ||
    annotation(service, "aws-load-balancer-internal") === "true";
  const { known, partial } = service.texts("spec.loadBalancerSourceRanges");
  const ranges = (known.length > 0 || partial) && !known.some((r) => r.endsWith("/0"));
  return internal || ranges;
}

const service = (spec: object, annotations: object = {}) => [
  { type: SERVICE[0] ?? "", name: "web", props: { metadata: { name: "web", annotations }, spec } },
];

export const k8sServiceExposure = defineRule<{ gateways: string[] }>({
  id: "k8s-service-exposure",
  title: "The mesh's door is the only way in from the internet",
  severity: "high",
  levels: levels("-/-/-/m"),
  parameters: {
    gateways: {
      schema: { type: "array", items: { type: "string" }, description: "services that may face the internet" },
      default: ["istio-ingress", "istio-ingressgateway"],
    },
  },
  framework: iso("A.8.20"),
  tags: ["kubernetes", "kyverno:restrict-node-port"],
  source: { guide: "VPC avec subnets privés" },
  why: "A NodePort or a second load balancer passes by the firewall, the rate limits and the certificate of the door.",
  fix: "use ClusterIP and a route of the mesh; for a load balancer inside the network, annotate it internal or give it loadBalancerSourceRanges",
  examples: {
    pass: [service({ type: "ClusterIP" })],
    fail: [
      service({ type: "NodePort" }),
      service({ type: "LoadBalancer" }),
      service({ externalIPs: ["198.51.100.7"] }),
    ],
  },
  resource: {
    types: SERVICE,
    check(resource, report, { gateways }) {
      report.each(objectsOf(resource), (service) => {
        if (gateways.includes(nameOf(service) ?? "")) return;
        const type = service.text("spec.type");
        if (type === "NodePort") report.violation(service, { path: "spec.type", requires: '"ClusterIP"' });
        if (service.items("spec.externalIPs").length > 0) {
          report.violation(service, { path: "spec.externalIPs", requires: "none" });
        }
        if (type !== "LoadBalancer" || isNarrow(service)) return;
        report.violation(service, { path: "spec.type", requires: "an internal load balancer, or named source ranges" });
      });
    },
  },
});
