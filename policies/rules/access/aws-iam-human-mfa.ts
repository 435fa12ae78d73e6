import { fsbp } from "../../engine/frameworks.ts";
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { isEverything, statementsOf, type Statement } from "../common/iam.ts";
import { principals, tests } from "../common/trust.ts";
import { IAM_ROLE } from "../common/types.ts";

const LOGIN = ["aws:iam/userLoginProfile:UserLoginProfile"] as const;
const PRESENT = "aws:multifactorauthpresent";
/** Without these a new member could never register a second factor. */
const SELF_SERVICE = ["iam:createvirtualmfadevice", "iam:enablemfadevice"];
const NAMES = ["name", "id", "arn"];

/** A denial must hold when the key is absent (access keys), so BoolIfExists; NotAction leaves self-service open. */
const deniesWithoutMfa = (s: Statement): boolean =>
  !s.allow &&
  s.resources.some(isEverything) &&
  tests(s).some((t) => t.operator === "boolifexists" && t.key === PRESENT && t.known.includes("false")) &&
  SELF_SERVICE.every((a) => s.notActions.includes(a)) &&
  !s.notActions.some((a) => /^(\*+|iam:\*+)$/.test(a));

/** For a trust the key must be present, so Bool: IfExists lets access keys pass. */
const asksForMfa = (s: Statement): boolean =>
  tests(s).some((t) => t.operator === "bool" && t.key === PRESENT && t.known.join() === "true");

function documentDenies(resource: Resource, path: string): Answer {
  if (resource.peek(path).state === "unknown") return "maybe";
  return (statementsOf(resource, path) ?? []).some(deniesWithoutMfa) ? "yes" : "no";
}

/** Whether a group's inline or attached policies deny everything without a second factor. */
function groupDenies(stack: Stack, named: (r: Resource, path: string) => Answer): Answer {
  const inline = stack
    .all(["aws:iam/groupPolicy:GroupPolicy"])
    .map((p) => both(named(p, "group"), documentDenies(p, "policy")));
  const attachments = [
    ...stack.all(["aws:iam/groupPolicyAttachment:GroupPolicyAttachment"]).map((a) => [a, named(a, "group")] as const),
    ...stack.all(["aws:iam/policyAttachment:PolicyAttachment"]).map((a) => [a, named(a, "groups")] as const),
  ];
  const attached = attachments.flatMap(([a, answer]) =>
    stack
      .all(["aws:iam/policy:Policy"])
      .map((p) => both(answer, both(refers(a, "policyArn", p, ["arn", "id"]), documentDenies(p, "policy")))),
  );
  return any([...inline, ...attached]);
}

function memberOfGuardedGroup(login: Resource, stack: Stack): Answer {
  const user = stack.all(["aws:iam/user:User"]).find((u) => refers(login, "user", u, NAMES) === "yes");
  const isUser = (r: Resource, path: string): Answer =>
    user ? refers(r, path, user, NAMES) : refers(r, path, login, ["user"]);
  const memberships = [
    ...stack.all(["aws:iam/userGroupMembership:UserGroupMembership"]).map((m) => [m, "user", "groups"] as const),
    ...stack.all(["aws:iam/groupMembership:GroupMembership"]).map((m) => [m, "users", "group"] as const),
  ];
  const groups = stack.all(["aws:iam/group:Group"]);
  return any(
    memberships.flatMap(([m, users, group]) =>
      groups.map((g) =>
        both(
          both(isUser(m, users), refers(m, group, g, NAMES)),
          groupDenies(stack, (r, path) => refers(r, path, g, NAMES)),
        ),
      ),
    ),
  );
}

/** Accounts and users of AWS are people; roles, services and identity providers are not. */
const isHuman = (principal: string): boolean => /^(\*|\d{12}|arn:[^:]*:iam::[^:]*:(root|user\/.*))$/.test(principal);

function checkTrust(role: Resource, report: Report): void {
  for (const s of statementsOf(role, "assumeRolePolicy") ?? []) {
    const { known, partial } = principals(s, "AWS");
    if (!s.allow || asksForMfa(s)) continue;
    if (known.some(isHuman)) {
      const found = "a trust in people without a second factor";
      const requires = 'the condition Bool {"aws:MultiFactorAuthPresent": "true"}';
      report.violation(role, { path: "assumeRolePolicy", found, requires });
    } else if (partial) report.undetermined(role, "assumeRolePolicy");
  }
}

const login = { type: LOGIN[0], name: "ama", props: { user: "ama" } };
const member = {
  type: "aws:iam/userGroupMembership:UserGroupMembership",
  name: "member",
  props: { user: "ama", groups: ["people"] },
};
const group = { type: "aws:iam/group:Group", name: "people", props: { name: "people" } };
const guard = (operator: string) => ({
  type: "aws:iam/groupPolicy:GroupPolicy",
  name: "mfa",
  props: {
    group: "people",
    policy: JSON.stringify({
      Statement: {
        Effect: "Deny",
        NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "sts:GetSessionToken"],
        Resource: "*",
        Condition: { [operator]: { "aws:MultiFactorAuthPresent": "false" } },
      },
    }),
  },
});

export const awsIamHumanMfa = defineRule({
  id: "aws-iam-human-mfa",
  title: "People need a second factor at AWS",
  severity: "high",
  levels: levels("m/m/m/m"),
  framework: fsbp("IAM.5", "MFA should be enabled for all IAM users that have a console password"),
  tags: ["fsbp:IAM.19", "cis-aws-5.0:1.9", "pci-4.0:8.4", "iso27001:A.8.5"],
  source: { guide: "MFA obligatoire" },
  why: "A console password alone is one phishing mail away from the account. Only a denial without the factor, or a trust that asks for it, makes it more than a habit.",
  fix: 'put the user in a group whose policy denies NotAction (MFA self-service) on "*" with BoolIfExists {"aws:MultiFactorAuthPresent": "false"}; in a role that people take, ask for Bool {"aws:MultiFactorAuthPresent": "true"}',
  examples: {
    pass: [[login, member, group, guard("BoolIfExists")]],
    fail: [[login], [login, member, group, guard("Bool")]],
  },
  resource: { types: IAM_ROLE, check: checkTrust },
  stack: {
    check(stack, report) {
      const logins = stack.all(LOGIN);
      if (logins.length === 0) return "nobody has a console password in the stack";
      report.each(logins, (l) => {
        const answer = memberOfGuardedGroup(l, stack);
        if (answer === "maybe") report.undetermined(l, "its groups or their policies");
        if (answer === "no") {
          const problem = "its user is in no group that denies everything without a second factor";
          report.violation(l, { problem, requires: "such a group" });
        }
      });
    },
  },
});
