import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { Undetermined, type View } from "../../engine/values.ts";
import { inlinePolicies, isEverything, POLICY_DOCUMENTS, statementsOf } from "../common/iam.ts";

/** AWS's own policies that grant everything, in any partition. */
const ADMIN_POLICY = /(?:^|:aws:(?:cluster-access-)?policy\/)(AdministratorAccess|AmazonEKSClusterAdminPolicy)$/;
const ATTACHMENTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
] as const;
const ROLE = ["aws:iam/role:Role"] as const;
const DOCUMENTS = Object.keys(POLICY_DOCUMENTS);

function checkDocument(at: View, path: string, report: Report): void {
  const statements = statementsOf(at, path);
  if (!statements) {
    if (at.has(path)) report.violation(at, { path, found: "not a policy document", requires: "JSON with a Statement" });
    return;
  }
  for (const s of statements) {
    if (!s.allow) continue;
    // NotAction with Allow grants everything it does not name.
    const everyAction = s.actions.some((a) => /^\*+(:\*+)?$/.test(a)) || s.notActions.length > 0;
    if (!everyAction) continue;
    if (s.resources.some(isEverything) || s.notResources.length > 0) {
      const action = s.notActions.length > 0 ? "all but some actions" : "every action";
      report.violation(at, { path, found: `a policy that allows ${action} on everything`, requires: "named actions" });
    } else if (s.partial) throw new Undetermined(at, at.at(path));
  }
}

const policy = (statement: object) => [
  { type: "aws:iam/policy:Policy", name: "policy", props: { policy: JSON.stringify({ Statement: [statement] }) } },
];

export const awsIamNoAdmin = defineRule({
  id: "aws-iam-no-admin",
  title: "Nobody is granted everything",
  severity: "critical",
  levels: levels("m/m/m/m"),
  framework: fsbp("IAM.1", 'IAM policies should not allow full "*" administrative privileges'),
  tags: ["cis-aws-5.0:1.15", "pci-4.0:7.2.1"],
  source: { guide: "IAM roles granulaires" },
  why: "A key or role with every right turns any leak into the loss of the whole account, backups included.",
  fix: "name the actions and the resources that the role needs",
  notExemptable: true,
  examples: {
    pass: [
      policy({ Effect: "Deny", Action: "*", Resource: "*" }),
      policy({ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }),
    ],
    fail: [
      policy({ Effect: "Allow", Action: ["*"], Resource: "*" }),
      policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
    ],
  },
  resource: {
    types: [...DOCUMENTS, ...ROLE, ...ATTACHMENTS],
    check(resource, report) {
      for (const path of ["policyArn", "policyArns", "managedPolicyArns"]) {
        const { known, partial } = resource.texts(path);
        const admin = known.map((arn) => ADMIN_POLICY.exec(arn)?.[1]).find(Boolean);
        if (admin) report.violation(resource, { path, found: admin, requires: "a policy of named rights" });
        // An ARN that is not known yet belongs to a policy of this stack, which is judged by itself.
        else if (partial) continue;
      }
      if (resource.is(DOCUMENTS)) checkDocument(resource, "policy", report);
      if (resource.is(ROLE)) report.each(inlinePolicies(resource), (inline) => checkDocument(inline, "policy", report));
    },
  },
});
