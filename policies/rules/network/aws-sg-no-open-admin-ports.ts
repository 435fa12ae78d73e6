import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { isWide } from "../common/cidr.ts";
import { ADMIN_PORTS, openedPort } from "../common/ports.ts";
import { DEFAULT_SECURITY_GROUP, SECURITY_GROUP, SECURITY_GROUP_RULE } from "../common/types.ts";

const SOURCES = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"];

function checkRule(rule: View, ports: readonly number[], report: Report): void {
  const port = openedPort(rule, ports);
  if (port === undefined) return;
  for (const path of SOURCES) {
    if (!rule.has(path)) continue;
    if (rule.peek(path).state === "unknown") {
      report.undetermined(rule, rule.at(path));
      continue;
    }
    const { known, partial } = rule.texts(path);
    const open = known.find(isWide);
    if (open !== undefined) {
      report.violation(rule, {
        path,
        found: `${open}, for port ${port}`,
        requires: "an address range of your own, or a security group",
      });
    } else if (partial) report.undetermined(rule, rule.at(path));
  }
}

const group = (fromPort: number, toPort: number, cidr: string) => [
  {
    type: SECURITY_GROUP[0],
    name: "db",
    props: { ingress: [{ protocol: "tcp", fromPort, toPort, cidrBlocks: [cidr] }] },
  },
];

export const awsSgNoOpenAdminPorts = defineRule<{ ports: number[] }>({
  id: "aws-sg-no-open-admin-ports",
  title: "Nobody reaches SSH or a database from the internet",
  severity: "critical",
  levels: levels("m/m/m/m"),
  parameters: { ports: { schema: { type: "array", items: { type: "number" } }, default: [...ADMIN_PORTS] } },
  framework: fsbp("EC2.19", "Security groups should not allow unrestricted access to ports with high risk"),
  tags: ["fsbp:EC2.13", "fsbp:EC2.14", "cis-aws-5.0:5.3", "cis-aws-5.0:5.4"],
  source: { guide: "VPC avec subnets privés" },
  why: "Open SSH and database ports are tried by robots all day; one weak password or one unpatched server is enough.",
  fix: "allow a security group or your own addresses instead; administrators come through Session Manager",
  notExemptable: true,
  examples: {
    pass: [group(22, 22, "198.51.100.7/32"), group(443, 443, "0.0.0.0/0")],
    fail: [group(22, 22, "0.0.0.0/0"), group(3000, 4000, "0.0.0.0/1")],
  },
  resource: {
    types: [...SECURITY_GROUP, ...DEFAULT_SECURITY_GROUP, ...SECURITY_GROUP_RULE],
    check(resource, report, { ports }) {
      if (resource.is(SECURITY_GROUP_RULE)) {
        if (resource.text("type") === "egress") return "what goes out is not judged";
        return checkRule(resource, ports, report);
      }
      report.each(resource.items("ingress"), (rule) => checkRule(rule, ports, report));
    },
  },
});
