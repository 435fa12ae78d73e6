import { iso } from "../../engine/frameworks.ts";
import { any, refers, type Answer } from "../../engine/relations.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { holdsPort, isWide } from "../common/cidr.ts";
import { DO_FIREWALL, DROPLET } from "../common/types.ts";

/** SSH, MySQL, Redis. */
const ADMIN_PORTS = [22, 3306, 6379];

/** By id, or by a tag that both carry. */
function covers(firewall: Resource, droplet: Resource): Answer {
  const byId = refers(firewall, "dropletIds", droplet, ["id"]);
  if (byId === "yes") return "yes";
  const tags = [firewall, droplet].map((r) => r.peek("tags").state !== "unknown" && r.texts("tags"));
  const [own, its] = tags;
  if (own && its && own.known.some((t) => its.known.includes(t))) return "yes";
  const maybe = !own || !its || (own.partial && its.known.length > 0) || (its.partial && own.known.length > 0);
  const bothTagged = firewall.has("tags") && droplet.has("tags");
  return byId === "maybe" || (maybe && bothTagged) ? "maybe" : "no";
}

function checkRules(firewall: Resource, report: Report): void {
  report.each(firewall.items("inboundRules"), (rule) => {
    if (rule.text("protocol") !== "tcp" || rule.text("action") === "deny") return;
    const ports = ADMIN_PORTS.filter((p) => holdsPort(rule.text("portRange"), p));
    if (ports.length === 0) return;
    const { known, partial } = rule.texts("sourceAddresses");
    const open = known.find(isWide);
    if (open !== undefined) {
      const found = rule.isSecret("sourceAddresses") ? "[secret]" : `open to ${open} on port ${ports.join(", ")}`;
      report.violation(rule, { path: "sourceAddresses", found, requires: "the administrators' own networks" });
    } else if (partial) report.undetermined(rule, rule.at("sourceAddresses"));
  });
}

const droplet = { type: DROPLET[0], name: "web", props: { tags: ["web"] } };
const firewall = (sourceAddresses: string[]) => ({
  type: DO_FIREWALL[0],
  name: "firewall",
  props: { tags: ["web"], inboundRules: [{ protocol: "tcp", portRange: "22", sourceAddresses }] },
});

export const doFirewallCoversDroplets = defineRule({
  id: "do-firewall-covers-droplets",
  title: "Every droplet is behind a firewall that keeps strangers off its administration",
  severity: "critical",
  levels: levels("m/m/-/-"),
  framework: iso("A.8.20"),
  tags: ["trivy:digitalocean-compute"],
  source: { guide: "VPC avec subnets privés" },
  why: "A droplet without a firewall answers the whole internet; SSH, MySQL and Redis are tried within minutes.",
  fix: "bind a digitalocean.Firewall to the droplet (dropletIds or a common tag) and open 22 to the administrators' CIDRs only, 3306 and 6379 to nobody outside",
  examples: { pass: [[droplet, firewall(["203.0.113.8/32"])]], fail: [[droplet], [droplet, firewall(["0.0.0.0/0"])]] },
  stack: {
    check(stack, report) {
      const firewalls = stack.all(DO_FIREWALL);
      const droplets = stack.all(DROPLET);
      if (droplets.length + firewalls.length === 0) return "no droplet in the stack";
      report.each(droplets, (d) => {
        const answer = any(firewalls.map((f) => covers(f, d)));
        if (answer === "maybe") report.undetermined(d, "which firewall its id or tags belong to");
        if (answer === "no") report.violation(d, { problem: "no Firewall covers it", requires: "one" });
      });
      report.each(firewalls, (f) => checkRules(f, report));
    },
  },
});
