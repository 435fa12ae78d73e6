import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { isWide } from "../common/cidr.ts";
import { ADMIN_PORTS } from "../common/ports.ts";

const DATABASE = ["ovh:CloudProject/database:Database"] as const;
const RESTRICTIONS = ["ovh:CloudProject/kubeIpRestrictions:KubeIpRestrictions"] as const;
const INSTANCE = ["ovh:CloudProject/instance:Instance", "ovh:index/cloudInstance:CloudInstance"] as const;
const GROUP = ["ovh:index/cloudSecurityGroup:CloudSecurityGroup"] as const;
/** Web servers may have a public address; OVH has no tags, so the name says the role. */
const isWeb = (instance: Resource): boolean => /web/i.test(instance.text("name") ?? instance.name);

function checkRange(at: View, path: string, report: Report): void {
  const range = at.text(path);
  if (range !== undefined && !isWide(range)) return;
  const found = range === undefined ? {} : { found: `open to ${range}` };
  report.violation(at, { path, ...found, requires: "addresses of your own" });
}

function checkDatabase(db: Resource, report: Report): void {
  report.each([db], () => {
    const ranges = db.items("ipRestrictions");
    if (ranges.length === 0) report.violation(db, { path: "ipRestrictions", requires: "the private network's range" });
    report.each(ranges, (r) => checkRange(r, "ip", report));
  });
  report.each(db.items("nodes"), (node) => {
    if (!node.has("networkId")) report.violation(node, { path: "networkId", requires: "a private network" });
  });
}

function checkInstance(instance: Resource, report: Report): void {
  const networks = instance.items("networks");
  const open =
    instance.flag("network.public") === true ||
    networks.some((n) => n.flag("autoAssignPublicIp") === true || !n.has("networkId"));
  if (open && !isWeb(instance)) {
    const problem = "it has a public address and its name has no role web";
    report.violation(instance, { problem, requires: "a private network only" });
  }
  const inside = instance.has("network.private") || networks.some((n) => n.has("networkId"));
  if (!inside)
    report.violation(instance, {
      problem: "it is in no private network",
      requires: "one, for what servers say to each other",
    });
}

function checkGroup(group: Resource, report: Report): void {
  report.each(group.items("rules"), (rule) => {
    if (rule.text("direction") !== "ingress") return;
    const from = rule.number("portRangeMin") ?? 0;
    const to = rule.number("portRangeMax") ?? 65_535;
    if (!ADMIN_PORTS.some((p) => from <= p && p <= to) || rule.has("remoteGroupId")) return;
    if (rule.has("remoteIpPrefix")) return checkRange(rule, "remoteIpPrefix", report);
    report.violation(rule, { path: "remoteIpPrefix", requires: "addresses of your own" });
  });
}

const db = (ip: string) => [
  {
    type: DATABASE[0],
    name: "db",
    props: { engine: "mysql", nodes: [{ region: "GRA", networkId: "net-1" }], ipRestrictions: [{ ip }] },
  },
];

export const ovhPrivateData = defineRule({
  id: "ovh-private-data",
  title: "Data at OVH is reached from the private network only",
  severity: "high",
  levels: levels("-/-/m/-"),
  framework: iso("A.8.22"),
  tags: ["ovh"],
  source: { guide: "VPC avec subnets privés" },
  why: "OVH gives databases and servers public addresses unless it is told otherwise.",
  fix: "set nodes.networkId and ipRestrictions on the Database, network.private on instances, and no wide range anywhere",
  examples: { pass: [db("10.0.0.0/16")], fail: [db("0.0.0.0/0"), db("0.0.0.0/1")] },
  resource: {
    types: [...DATABASE, ...RESTRICTIONS, ...INSTANCE, ...GROUP],
    check(r, report) {
      if (r.is(DATABASE)) return checkDatabase(r, report);
      if (r.is(INSTANCE)) return checkInstance(r, report);
      if (r.is(GROUP)) return checkGroup(r, report);
      if (r.peek("ips").state === "unknown") return report.undetermined(r, "ips");
      const { known, partial } = r.texts("ips");
      const open = known.find(isWide);
      if (open !== undefined || (known.length === 0 && !partial)) {
        report.violation(r, {
          path: "ips",
          found: open ? `open to ${open}` : "empty, which is everybody",
          requires: "addresses of your own",
        });
      }
    },
  },
});
