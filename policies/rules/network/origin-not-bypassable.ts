import { iso } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { Undetermined, View } from "../../engine/values.ts";
import { holdsPort, isWide, isWithin } from "../common/cidr.ts";
import { CLOUDFLARE_RANGES } from "../common/cloudflare-ranges.ts";
import { DO_FIREWALL, LOAD_BALANCER } from "../common/types.ts";

const SECURITY_GROUP = ["aws:ec2/securityGroup:SecurityGroup"] as const;
const GROUP_RULES = [
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
] as const;
const WEB_PORTS = [80, 443];

function checkSources(rule: View, path: string, edge: readonly string[], report: Report): void {
  const { known, partial } = rule.texts(path);
  const open = known.find((s) => isWide(s) && !isWithin(s, edge));
  if (open !== undefined) {
    const requires = "the edge's own ranges (Cloudflare) or prefix list (CloudFront)";
    report.violation(rule, { path, found: rule.isSecret(path) ? "[secret]" : `open to ${open}`, requires });
  } else if (partial) report.undetermined(rule, rule.at(path));
}

const onWebPort = (from: number | undefined, to: number | undefined): boolean =>
  WEB_PORTS.some((p) => holdsPort(from === undefined || from < 0 ? "all" : `${from}-${to ?? from}`, p));

/** Inline ingress, and the two kinds of rule resource that belong to the group. */
function checkGroup(group: Resource, stack: Stack, edge: readonly string[], report: Report): void {
  const check = (rule: View) => {
    // Protocol -1 is every port, whatever the ports say.
    const every = ["-1", "all"].includes(rule.text("protocol") ?? rule.text("ipProtocol") ?? "");
    if (!every && !onWebPort(rule.number("fromPort"), rule.number("toPort"))) return;
    for (const path of ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"]) {
      if (rule.has(path)) checkSources(rule, path, edge, report);
    }
  };
  group.items("ingress").forEach(check);
  for (const rule of stack.all(GROUP_RULES)) {
    if (rule.text("type") !== "egress" && refers(rule, "securityGroupId", group, ["id"]) === "yes") check(rule);
  }
}

const firewall = (sourceAddresses: string[]) => [
  {
    type: DO_FIREWALL[0],
    name: "web",
    props: { inboundRules: [{ protocol: "tcp", portRange: "443", sourceAddresses }] },
  },
];

export const originNotBypassable = defineRule<{ edgeRanges: string[] }>({
  id: "origin-not-bypassable",
  title: "The origin answers the edge only",
  severity: "high",
  levels: levels("m/-/m/m"),
  parameters: {
    edgeRanges: {
      schema: { type: "array", items: { type: "string" }, description: "networks of the edge, as CIDRs" },
      default: [...CLOUDFLARE_RANGES],
    },
  },
  framework: iso("A.8.20"),
  tags: ["pci-4.0:1.4.2"],
  source: { guide: "DDoS protection" },
  why: "The firewall, the rate limit and the hidden address are worth nothing when the server also answers whoever finds its address.",
  fix: "open 80 and 443 to Cloudflare's published ranges only (cloudflare.getIpRanges), or to CloudFront's prefix list",
  examples: { pass: [firewall(["173.245.48.0/20"])], fail: [firewall(["0.0.0.0/0", "::/0"]), firewall(["::/1"])] },
  stack: {
    check(stack, report, { edgeRanges }) {
      const firewalls = stack.all(DO_FIREWALL);
      const balancers = stack.all(LOAD_BALANCER).filter((b) => b.flag("internal") !== true);
      if (firewalls.length + balancers.length === 0) return "no firewall or public load balancer in the stack";
      report.each(firewalls, (f) =>
        report.each(f.items("inboundRules"), (rule) => {
          const web = WEB_PORTS.some((p) => holdsPort(rule.text("portRange"), p));
          if (rule.text("protocol") === "icmp" || rule.text("action") === "deny" || !web) return;
          if (rule.has("sourceAddresses")) checkSources(rule, "sourceAddresses", edgeRanges, report);
        }),
      );
      report.each(balancers, (b) => {
        for (const group of stack.all(SECURITY_GROUP)) {
          const answer = refers(b, "securityGroups", group, ["id"]);
          if (answer === "yes") checkGroup(group, stack, edgeRanges, report);
          if (answer === "maybe") throw new Undetermined(b, "securityGroups");
        }
      });
    },
  },
});
