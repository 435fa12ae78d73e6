import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { Undetermined, type View } from "../../engine/values.ts";
import { inlinePolicies, isEverything, POLICY_DOCUMENTS, statementsOf } from "../common/iam.ts";

const ROLE = ["aws:iam/role:Role"] as const;
const DOCUMENTS = Object.keys(POLICY_DOCUMENTS);

/** Actions for which IAM knows no resource: "*" is the only thing one can write. `*` at the end is a prefix. */
const NOT_SCOPABLE = [
  "ec2:describe*",
  "elasticloadbalancing:describe*",
  "autoscaling:describe*",
  "cloudwatch:putmetricdata",
  "cloudwatch:listmetrics",
  "cloudwatch:getmetricdata",
  "logs:describeloggroups",
  "xray:put*",
  "xray:getsampling*",
  "ecr:getauthorizationtoken",
  "s3:listallmybuckets",
  "s3:getaccountpublicaccessblock",
  "sts:getcalleridentity",
  "sts:getsessiontoken",
  "ssm:describe*",
  "ssmmessages:*",
  "ec2messages:*",
  "ssm:updateinstanceinformation",
  "kms:listaliases",
  "kms:listkeys",
  "iam:listaccountaliases",
  "iam:getaccountsummary",
  "iam:listusers",
  "iam:listroles",
  "iam:listvirtualmfadevices",
  "route53:listhostedzones*",
  "tag:getresources",
  "pricing:*",
];
const covered = (action: string, list: readonly string[]): boolean =>
  list.some((entry) => {
    const e = entry.toLowerCase();
    return e.endsWith("*") ? action.startsWith(e.slice(0, -1)) : action === e;
  });
/** `s3:*`, `s3:?*`, `iam:**`: every action of a service. */
const isServiceWildcard = (action: string): boolean => /^[a-z0-9-]+:[*?]+$/.test(action);

function checkDocument(at: View, path: string, allowed: readonly string[], report: Report): void {
  const requires = "named actions on named resources";
  for (const s of statementsOf(at, path) ?? []) {
    if (!s.allow) continue;
    const everything = s.resources.some(isEverything);
    const excess = s.actions.find((a) => {
      if (covered(a, allowed) || covered(a, NOT_SCOPABLE)) return false;
      return isServiceWildcard(a) || everything;
    });
    if (excess !== undefined) {
      const found = at.isSecret(path) ? "[secret]" : `a policy that allows ${excess}${everything ? ' on "*"' : ""}`;
      report.violation(at, { path, found, requires });
    } else if (s.partial) throw new Undetermined(at, at.at(path));
  }
}

const policy = (Action: string, Resource: string) => [
  {
    type: "aws:iam/policy:Policy",
    name: "policy",
    props: { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] }) },
  },
];

export const awsIamLeastPrivilege = defineRule<{ allowedActions: string[] }>({
  id: "aws-iam-least-privilege",
  title: "Policies name their actions and resources",
  severity: "medium",
  levels: levels("a/a/m/m"),
  parameters: {
    allowedActions: {
      schema: { type: "array", items: { type: "string" }, description: "actions that may be wide, for example sqs:*" },
      default: [],
    },
  },
  framework: iso("A.8.2"),
  tags: ["fsbp:IAM.21", "pci-4.0:7.2.2"],
  source: { guide: "IAM roles granulaires" },
  why: "A wildcard grants what nobody asked for: deleting along with reading, every bucket along with one. PassRole on everything is a way to become administrator.",
  fix: "write the actions the code calls and the ARNs it calls them on",
  examples: {
    pass: [policy("s3:PutObject", "arn:aws:s3:::exports/*"), policy("ec2:DescribeInstances", "*")],
    fail: [policy("s3:*", "arn:aws:s3:::exports/*"), policy("iam:PassRole", "*")],
  },
  resource: {
    types: [...DOCUMENTS, ...ROLE],
    check(resource, report, { allowedActions }) {
      if (resource.is(DOCUMENTS)) checkDocument(resource, "policy", allowedActions, report);
      else report.each(inlinePolicies(resource), (p) => checkDocument(p, "policy", allowedActions, report));
    },
  },
});
