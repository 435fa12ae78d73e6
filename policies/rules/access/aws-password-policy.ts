import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const PASSWORDS = ["aws:iam/accountPasswordPolicy:AccountPasswordPolicy"] as const;
/** AWS remembers 24 at most. */
const REUSE = 24;
const policy = (minimumPasswordLength: number, passwordReusePrevention?: number) => [
  { type: PASSWORDS[0], name: "passwords", props: { minimumPasswordLength, passwordReusePrevention } },
];

export const awsPasswordPolicy = defineRule<{ minimumLength: number }>({
  id: "aws-password-policy",
  title: "Passwords of the AWS account are long and never reused",
  severity: "medium",
  levels: levels("-/-/a/m"),
  parameters: { minimumLength: { schema: { type: "number", minimum: 6, maximum: 128 }, default: 14 } },
  framework: fsbp("IAM.7", "Password policies for IAM users should have strong configurations"),
  tags: ["fsbp:IAM.10", "cis-aws-5.0:1.7", "cis-aws-5.0:1.8"],
  source: { standard: "CIS AWS 5.0 1.7 and 1.8" },
  why: "Without a policy AWS accepts eight characters, and the same ones again after every change.",
  fix: `set minimumPasswordLength 14 or more and passwordReusePrevention ${REUSE}`,
  examples: { pass: [policy(14, REUSE)], fail: [policy(13, REUSE), policy(14, 23), policy(14)] },
  resource: {
    types: PASSWORDS,
    check(policy, report, { minimumLength }) {
      if (!((policy.number("minimumPasswordLength") ?? 0) >= minimumLength)) {
        report.violation(policy, { path: "minimumPasswordLength", requires: `${minimumLength} or more` });
      }
      if (!((policy.number("passwordReusePrevention") ?? 0) >= REUSE)) {
        report.violation(policy, { path: "passwordReusePrevention", requires: String(REUSE) });
      }
    },
  },
  stack: {
    check(stack, report) {
      if (stack.all(["aws:*"]).length === 0) return "no AWS resource in the stack";
      if (stack.all(PASSWORDS).length === 0) {
        report.note(null, "no AccountPasswordPolicy: another stack of the account has to set one");
      }
    },
  },
  remediate: {
    types: PASSWORDS,
    repair(policy, set, { minimumLength }) {
      if (!((policy.number("minimumPasswordLength") ?? 0) >= minimumLength))
        set("minimumPasswordLength", minimumLength);
      if (policy.number("passwordReusePrevention") !== REUSE) set("passwordReusePrevention", REUSE);
    },
  },
});
