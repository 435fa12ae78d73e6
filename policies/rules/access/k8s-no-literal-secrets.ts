import { iso } from "../../engine/frameworks.ts";
import type { View } from "../../engine/values.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";

const SECRET = [
  "kubernetes:core/v1:Secret",
  "kubernetes:core/v1:SecretPatch",
  "kubernetes:core/v1:SecretList",
] as const;
/** Made by the cluster, by cert-manager or by Helm. */
const MADE_BY_OTHERS = ["kubernetes.io/service-account-token", "kubernetes.io/tls", "helm.sh/release.v1"];

function checkOne(secret: View, label: string, allowed: readonly string[], report: Report): string | undefined {
  const type = secret.text("type");
  if (type !== undefined && MADE_BY_OTHERS.includes(type)) return `secrets of type ${type} are not written by hand`;
  const source = secret.text(["metadata", "labels", label]);
  if (source !== undefined && allowed.includes(source)) return;
  for (const path of ["stringData", "data"]) {
    const keys = secret.peek(path).state === "unknown" ? [] : secret.keys(path);
    if (keys.length > 0) {
      const requires = `no literal, or the label ${label} (${allowed.join(", ")})`;
      report.violation(secret, { path, found: `literal values for ${keys.sort().join(", ")}`, requires });
    } else if (secret.peek(path).state === "unknown") report.undetermined(secret, secret.at(path));
  }
}

const secret = (props: object) => [{ type: SECRET[0], name: "app", props: { metadata: { name: "app" }, ...props } }];

export const k8sNoLiteralSecrets = defineRule<{ label: string; allowed: string[] }>({
  id: "k8s-no-literal-secrets",
  title: "Secrets of the cluster come from the vault",
  severity: "high",
  levels: levels("-/-/-/m"),
  parameters: {
    label: {
      schema: { type: "string", description: "label by which a Secret says where its values come from" },
      default: "jatsmanor.io/secret-source",
    },
    allowed: {
      schema: { type: "array", items: { type: "string" } },
      default: ["vault", "external-secrets", "csi", "pulumi"],
    },
  },
  framework: iso("A.8.24"),
  tags: ["kubernetes"],
  source: { guide: "Secrets management (Vault)" },
  why: "A Secret object is only base64: its value stays in the program's history and in etcd, is never rotated, and everybody who may list secrets reads it.",
  fix: "let Vault, External Secrets or the CSI driver bring it; for a value that Pulumi keeps encrypted, set the label",
  examples: {
    pass: [
      secret({ type: "kubernetes.io/tls", data: { "tls.key": "LS0t" } }),
      secret({ metadata: { labels: { "jatsmanor.io/secret-source": "vault" } }, stringData: { DB_PASSWORD: "x" } }),
    ],
    fail: [
      secret({ stringData: { DB_PASSWORD: "hunter2-hunter2" } }),
      secret({ data: { DB_PASSWORD: "aHVudGVyMg==" } }),
    ],
  },
  resource: {
    types: SECRET,
    check(resource, report, { label, allowed }) {
      if (!resource.is([SECRET[2]])) return checkOne(resource, label, allowed, report);
      report.each(resource.items("items"), (s) => void checkOne(s, label, allowed, report));
    },
  },
});
