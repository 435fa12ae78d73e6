import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { ALL_CONTAINERS, containersOf, isPatch, kindOf, objectsOf, podSpec, WORKLOADS } from "../common/kubernetes.ts";

/** Docker's own rule: the first part is a registry when it looks like a host. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}
const DIGEST = /@sha256:[0-9a-f]{64}$/;

const allowed = (registry: string, patterns: readonly string[]): boolean =>
  patterns.some((p) =>
    new RegExp(`^${p.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")}$`).test(registry),
  );

const ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/booking";
const SHA = `sha256:${"0123456789abcdef".repeat(4)}`;
const pod = (image: string) => [
  { type: "kubernetes:core/v1:Pod", name: "web", props: { spec: { containers: [{ name: "php", image }] } } },
];

export const k8sImagePinned = defineRule<{ registries: string[] }>({
  id: "k8s-image-pinned",
  title: "Images come from our registry, by digest",
  severity: "high",
  levels: levels("-/-/-/m"),
  parameters: {
    registries: {
      schema: { type: "array", items: { type: "string" }, description: "hosts; * stands for any characters" },
      default: ["*.dkr.ecr.*.amazonaws.com", "public.ecr.aws"],
    },
  },
  tags: ["kubernetes", "gatekeeper:imagedigests", "iso27001:A.8.9"],
  source: { guide: "Tags pour chaque release" },
  why: "A tag can be moved to other content: what was tested is then not what runs, and a restarted pod may differ from its neighbours.",
  fix: "write the image as <registry>/<name>@sha256:<digest>, from a registry of the list",
  examples: {
    pass: [pod(`${ECR}@${SHA}`), pod(`${ECR}:1.4.2@${SHA}`)],
    fail: [pod(`${ECR}:1.4.2`), pod(`${ECR}:latest`), pod("nginx"), pod(`docker.io/library/nginx@${SHA}`)],
  },
  resource: {
    types: WORKLOADS,
    check(resource, report, { registries }) {
      const check = (container: View): void => {
        if (isPatch(resource) && !container.has("image")) return;
        const image = container.text("image") ?? "";
        if (!DIGEST.test(image)) {
          report.violation(container, { path: "image", requires: "a digest (@sha256:...), not a tag" });
        } else if (!allowed(registryOf(image), registries)) {
          report.violation(container, { path: "image", requires: `a registry of ${registries.join(", ")}` });
        }
      };
      report.each(objectsOf(resource), (object) => {
        report.each(containersOf(podSpec(object, kindOf(resource)), ...ALL_CONTAINERS), check);
      });
    },
  },
});
