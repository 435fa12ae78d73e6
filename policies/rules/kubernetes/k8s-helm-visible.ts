import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const RELEASE = ["kubernetes:helm.sh/v3:Release"] as const;
/** One version; "1.2", "1.x" and "^1" are ranges to Helm. */
const EXACT = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/;

const release = (props: Record<string, unknown>) => [
  { type: RELEASE[0], name: "velero", props: { chart: "velero", version: "8.1.0", ...props } },
];

export const k8sHelmVisible = defineRule<{ repositories: string[] }>({
  id: "k8s-helm-visible",
  title: "Charts are pinned, since nobody sees what they install",
  severity: "medium",
  levels: levels("-/-/-/a"),
  parameters: {
    repositories: {
      schema: { type: "array", items: { type: "string" }, description: "starts of allowed addresses; empty = any" },
      default: [],
    },
  },
  framework: iso("A.8.9"),
  tags: ["kubernetes"],
  source: { guide: "Infrastructure as Code (Terraform)" },
  why: "A Helm release hides its objects from previews and from these rules. A range installs something else tomorrow.",
  fix: 'set version to one version such as "1.2.3", and take the chart from a repository of the list',
  examples: {
    pass: [release({})],
    fail: [release({ version: undefined }), release({ version: "^8" })],
  },
  resource: {
    types: RELEASE,
    check(release, report, { repositories }) {
      const chart = release.text("chart") ?? "";
      // A chart of this repository is reviewed with it.
      if (/^\.{0,2}\//.test(chart)) return;
      if (!EXACT.test(release.text("version") ?? "")) {
        report.violation(release, { path: "version", requires: "one version, no range" });
      }
      const oci = chart.startsWith("oci://");
      const source = oci ? chart : (release.text("repositoryOpts.repo") ?? "");
      if (repositories.length === 0 || repositories.some((r) => source.startsWith(r))) return;
      const path = oci ? "chart" : "repositoryOpts.repo";
      report.violation(release, { path, requires: `a repository of ${repositories.join(", ")}` });
    },
  },
});
