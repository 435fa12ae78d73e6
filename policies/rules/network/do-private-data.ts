import { iso } from "../../engine/frameworks.ts";
import { any, refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isWide } from "../common/cidr.ts";
import { DO_DATABASE, DO_DATABASE_FIREWALL, DROPLET } from "../common/types.ts";

const droplet = (props: Record<string, unknown>) => [{ type: DROPLET[0], name: "web", props }];
const database = { type: DO_DATABASE[0], name: "db", props: { id: "db-1", privateNetworkUuid: "vpc-1" } };
const trusted = (value: string) => ({
  type: DO_DATABASE_FIREWALL[0],
  name: "trusted",
  props: { clusterId: "db-1", rules: [{ type: "ip_addr", value }] },
});

export const doPrivateData = defineRule({
  id: "do-private-data",
  title: "Droplets and databases are in a private network",
  severity: "high",
  levels: levels("m/a/-/-"),
  framework: iso("A.8.22"),
  tags: ["network"],
  source: { guide: "VPC avec subnets privés" },
  why: "In the default network a neighbour project's machine is next door; a managed database without trusted sources answers the internet; without an SSH key DigitalOcean mails a root password.",
  fix: "set vpcUuid and sshKeys on the droplet, privateNetworkUuid on the database, and a DatabaseFirewall that names droplets or tags",
  examples: {
    pass: [droplet({ vpcUuid: "vpc-1", sshKeys: ["1"] }), [database, trusted("203.0.113.8")]],
    fail: [
      droplet({ sshKeys: ["1"] }),
      droplet({ vpcUuid: "vpc-1", sshKeys: [] }),
      [database],
      [database, trusted("0.0.0.0/0")],
    ],
  },
  resource: {
    types: [...DROPLET, ...DO_DATABASE, ...DO_DATABASE_FIREWALL],
    check(resource, report) {
      if (resource.is(DROPLET)) {
        if (!resource.has("vpcUuid")) report.violation(resource, { path: "vpcUuid", requires: "the stack's own VPC" });
        const keys = resource.get("sshKeys");
        if (!Array.isArray(keys) || keys.length === 0) {
          report.violation(resource, { path: "sshKeys", requires: "at least one key" });
        }
      } else if (resource.is(DO_DATABASE)) {
        if (!resource.has("privateNetworkUuid")) {
          report.violation(resource, { path: "privateNetworkUuid", requires: "the stack's own VPC" });
        }
      } else {
        report.each(resource.items("rules"), (rule) => {
          const address = rule.text("type") === "ip_addr" ? rule.text("value") : undefined;
          if (address === undefined || !isWide(address)) return;
          report.violation(rule, { path: "value", requires: "an own address, or type droplet, tag, app or k8s" });
        });
      }
    },
  },
  stack: {
    check(stack, report) {
      const databases = stack.all(DO_DATABASE);
      if (databases.length === 0) return "no managed database in the stack";
      report.each(databases, (db) => {
        const answer = any(stack.all(DO_DATABASE_FIREWALL).map((f) => refers(f, "clusterId", db, ["id"])));
        if (answer === "maybe") report.undetermined(db, "which database a DatabaseFirewall belongs to");
        if (answer === "no") report.violation(db, { problem: "no DatabaseFirewall belongs to it", requires: "one" });
      });
    },
  },
});
