import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { statementsOf, type Statement } from "../common/iam.ts";
import { principals, tests, type Test } from "../common/trust.ts";
import { IAM_ROLE } from "../common/types.ts";

const GITHUB = "token.actions.githubusercontent.com";
/** Owner and repository by name; then one branch, tag or the like, or environments by pattern. */
const EXACT_SUBJECT = /^repo:[^/*?]+\/[^:*?]+:(environment:.+|[^*?]+)$/;

/** ForAllValues is true of a token without the key, and IfExists likewise: neither asks for anything. */
const asks = (t: Test): boolean => /^(foranyvalue:)?string(equals|like)(ignorecase)?$/.test(t.operator);

type Claim = "scoped" | "open" | "unknown";
function claim(s: Statement, name: string, isScoped: (value: string) => boolean): Claim {
  const own = tests(s).filter((t) => asks(t) && t.key === `${GITHUB}:${name}`);
  if (own.some((t) => t.known.length > 0 && t.known.every(isScoped) && !t.partial)) return "scoped";
  return own.some((t) => t.partial && t.known.every(isScoped)) ? "unknown" : "open";
}

function check(role: Resource, report: Report): void {
  for (const s of statementsOf(role, "assumeRolePolicy") ?? []) {
    if (!s.allow) continue;
    const { known, partial } = principals(s, "Federated");
    const named = known.some((p) => p.toLowerCase().includes(GITHUB)) || tests(s).some((t) => t.key.startsWith(GITHUB));
    if (!named) {
      // Another provider's conditions tell that it is not GitHub, even while its ARN is not known.
      if (partial && tests(s).length === 0) report.undetermined(role, "assumeRolePolicy");
      continue;
    }
    const audience = claim(s, "aud", (v) => !/[*?]/.test(v));
    const subject = claim(s, "sub", (v) => EXACT_SUBJECT.test(v));
    if (audience !== "open" && subject !== "open") {
      if (audience === "unknown" || subject === "unknown") report.undetermined(role, "assumeRolePolicy");
      continue;
    }
    const found = `a trust in GitHub without an exact ${audience === "open" ? ":aud" : ":sub"}`;
    const requires = ":aud sts.amazonaws.com and :sub of one repository and environment or branch";
    report.violation(role, { path: "assumeRolePolicy", found, requires });
  }
}

const role = (sub: string) => [
  {
    type: IAM_ROLE[0],
    name: "deploy",
    props: {
      assumeRolePolicy: JSON.stringify({
        Statement: {
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${GITHUB}` },
          Condition: {
            StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" },
            StringLike: { [`${GITHUB}:sub`]: sub },
          },
        },
      }),
    },
  },
];

export const awsOidcTrustScoped = defineRule({
  id: "aws-oidc-trust-scoped",
  title: "Pipelines take a role for one repository and branch or environment",
  severity: "high",
  levels: levels("-/m/m/m"),
  framework: iso("A.5.15"),
  tags: ["oidc"],
  source: { guide: "IAM roles granulaires" },
  why: "GitHub signs tokens for everybody: a trust without the repository's name lets any workflow of the world, or any branch of anybody in the organisation, deploy.",
  fix: `add to the trust StringEquals ${GITHUB}:aud "sts.amazonaws.com" and ${GITHUB}:sub "repo:<owner>/<repository>:environment:<name>"`,
  examples: {
    pass: [role("repo:jatsmanor/app:environment:production")],
    fail: [role("repo:jatsmanor/*:*"), role("repo:jatsmanor/app:*")],
  },
  resource: { types: IAM_ROLE, check },
});
