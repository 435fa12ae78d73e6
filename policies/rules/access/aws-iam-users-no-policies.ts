import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const DIRECT = [
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/userPoliciesExclusive:UserPoliciesExclusive",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
] as const;
const ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment";

export const awsIamUsersNoPolicies = defineRule({
  id: "aws-iam-users-no-policies",
  title: "Users get their rights from groups",
  severity: "medium",
  levels: levels("m/m/m/m"),
  framework: fsbp("IAM.2", "IAM users should not have IAM policies attached"),
  tags: ["cis-aws-5.0:1.14"],
  source: { guide: "IAM roles granulaires" },
  why: "Rights on single users are forgotten when people change; a group is reviewed once.",
  fix: "put the policy on a Group and the user in it (UserGroupMembership)",
  examples: {
    pass: [[{ type: "aws:iam/groupPolicy:GroupPolicy", props: { group: "writers", policy: "{}" } }]],
    fail: [
      [{ type: DIRECT[0], props: { user: "ama", policy: "{}" } }],
      [{ type: ATTACHMENT, props: { users: ["ama"], policyArn: "arn:aws:iam::123456789012:policy/write" } }],
    ],
  },
  resource: {
    types: [...DIRECT, ATTACHMENT],
    check(resource, report) {
      if (!resource.is([ATTACHMENT])) {
        return report.violation(resource, { problem: "gives a policy to a user", requires: "a group in between" });
      }
      // PolicyAttachment is exclusive besides: it detaches the policy from everybody it does not name.
      const users = resource.get("users");
      if (Array.isArray(users) && users.length > 0) {
        report.violation(resource, { path: "users", requires: "groups or roles" });
      }
    },
  },
});
