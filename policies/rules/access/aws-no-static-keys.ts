import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";

const ACCESS_KEY = ["aws:iam/accessKey:AccessKey"] as const;
const PROVIDERS = ["pulumi:providers:aws", "pulumi:providers:aws-native", "pulumi:providers:cloudflare"] as const;

function checkProvider(provider: Resource, report: Report): void {
  // Present is enough: the value is a credential and is neither read nor shown.
  for (const path of ["accessKey", "secretKey", "apiKey"]) {
    if (!provider.has(path) || provider.peek(path).state === "unknown") continue;
    const requires = path === "apiKey" ? "a scoped apiToken from the environment" : "a role, or OIDC";
    report.violation(provider, { path, found: "a static credential", requires });
  }
  if (provider.peek("skipCredentialsValidation").state === "known" && provider.flag("skipCredentialsValidation")) {
    report.violation(provider, { path: "skipCredentialsValidation", requires: "false" });
  }
}

export const awsNoStaticKeys = defineRule({
  id: "aws-no-static-keys",
  title: "No long-lived keys",
  severity: "high",
  levels: levels("a/a/m/m"),
  framework: iso("A.5.17"),
  tags: ["cis-aws-5.0:1.13"],
  source: { guide: "Secrets management (Vault)" },
  why: "A key that never expires is found years later in a laptop, a log or a state file, and still works.",
  fix: "use a role (instance profile, OIDC, IAM Roles Anywhere); where the machine is not at AWS, ask for an exception with an end and rotate the key",
  examples: {
    pass: [[{ type: "aws:iam/role:Role", props: {} }]],
    fail: [
      [{ type: ACCESS_KEY[0], props: { user: "writer" } }],
      [{ type: PROVIDERS[0], name: "west", props: { accessKey: "AKIA0000000000000000" } }],
    ],
  },
  resource: {
    types: ACCESS_KEY,
    check: (key, report) =>
      report.violation(key, { problem: "is a key that does not expire", requires: "short-lived credentials" }),
  },
  stack: {
    check(stack, report) {
      const explicit = stack.all(PROVIDERS);
      // A default provider is no resource of the list in every engine, but each resource names its own.
      const seen = new Map(stack.resources.flatMap((r) => (r.provider ? [[r.provider.urn, r.provider]] : [])));
      for (const p of explicit) seen.set(p.urn, p);
      const providers = [...seen.values()].filter((p) => p.is(PROVIDERS));
      if (providers.length === 0) return "no AWS or Cloudflare provider in the stack";
      report.each(providers, (p) => checkProvider(p, report));
    },
  },
});
