import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";

/** Where a machine's size is written, by type; a list goes over its elements. */
const SIZES: Readonly<Record<string, readonly string[]>> = {
  "digitalocean:index/droplet:Droplet": ["size"],
  "digitalocean:index/dropletAutoscale:DropletAutoscale": ["dropletTemplate.size"],
  "aws:ec2/instance:Instance": ["instanceType"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["instanceType"],
  "aws:ec2/launchConfiguration:LaunchConfiguration": ["instanceType"],
  "aws:autoscaling/group:Group": ["mixedInstancesPolicy.launchTemplate.overrides"],
  "aws:eks/nodeGroup:NodeGroup": ["instanceTypes"],
  "aws:rds/instance:Instance": ["instanceClass"],
  "aws:rds/clusterInstance:ClusterInstance": ["instanceClass"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["nodeType"],
  "aws:elasticache/cluster:Cluster": ["nodeType"],
};

const MVP = ["s-2vcpu-4gb", "s-4vcpu-8gb"];
const STAGING = ["s-1vcpu-2gb", "s-2vcpu-2gb", "s-2vcpu-4gb", "t3.small", "t3.medium"];
const GROWTH = ["t3.medium", "db.t3.medium", "cache.t3.micro", "cache.t3.small"];
const ENTERPRISE = [
  ...["m5.large", "m5.xlarge", "m5.2xlarge"],
  ...["db.r5.large", "db.r5.xlarge", "db.r5.2xlarge", "cache.t3.medium", "cache.m5.large", "cache.r5.large"],
];

/** The x86 size that a Graviton size replaces: same family and size, so same budget or less (t4g is t3, r6g is r5). */
function twin(size: string): string {
  return size
    .replace(/^((?:db\.|cache\.)?)t4g\./, "$1t3.")
    .replace(/^((?:db\.|cache\.)?)([cmr])[678]g[dn]?\./, "$1$25.");
}

const droplet = (size: string) => [{ type: "digitalocean:index/droplet:Droplet", name: "web", props: { size } }];

export const instanceSizeAllowlist = defineRule<{ sizes: string[] }>({
  id: "instance-size-allowlist",
  title: "Machines have a size of the phase's list",
  severity: "medium",
  levels: levels("m/m/m/m"),
  parameters: {
    sizes: {
      schema: { type: "array", items: { type: "string" }, description: "sizes; their Graviton twins pass too" },
      // No size is on every phase's list: without a phase, a size is refused when no phase has it.
      default: [...new Set([...MVP, ...STAGING, ...GROWTH, ...ENTERPRISE])],
      perPhase: { mvp: MVP, staging: STAGING, growth: GROWTH, enterprise: ENTERPRISE },
    },
  },
  framework: iso("A.8.6"),
  tags: ["cost"],
  source: { guide: "Prix maîtrisé : Coût fixe prévisible" },
  why: "One wrong size is the quickest way through a monthly budget, and nobody sees it before the bill.",
  fix: "take a size of the list, or move the stack to the phase that has it",
  examples: { pass: [droplet("s-4vcpu-8gb")], fail: [droplet("s-8vcpu-16gb"), droplet("m-2vcpu-16gb")] },
  resource: {
    types: Object.keys(SIZES),
    check(resource, report, { sizes }) {
      const judge = (at: View, path: string | readonly never[], size: string | undefined) => {
        if (size !== undefined && !sizes.includes(size) && !sizes.includes(twin(size))) {
          report.violation(at, { path, requires: `one of ${sizes.join(", ")}` });
        }
      };
      for (const path of SIZES[resource.type] ?? []) {
        const value = resource.get(path);
        if (!Array.isArray(value)) judge(resource, path, resource.text(path));
        else if (value.some((v) => typeof v === "object")) {
          report.each(resource.items(path), (o) => judge(o, "instanceType", o.text("instanceType")));
        } else report.each(resource.items(path), (o) => judge(o, [], o.text()));
      }
    },
  },
});
