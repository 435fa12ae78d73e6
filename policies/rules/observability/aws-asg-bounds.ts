import { fsbp } from "../../engine/frameworks.ts";
import { any, refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { EKS_CLUSTER, EKS_NODE_GROUP, SCALING_GROUP } from "../common/types.ts";

interface Bounds {
  min: number;
  max: number;
  nodesMin: number;
  nodesMax: number;
}
const ATTACHMENT = [
  "aws:autoscaling/attachment:Attachment",
  "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
];
const count = (group: Resource, path: string): number => {
  const found = group.peek(path);
  return found.state === "known" && Array.isArray(found.value) ? found.value.length : 0;
};

/** Whether a load balancer sends requests to the group. */
function serves(group: Resource, stack: Stack): boolean {
  if (["targetGroupArns", "loadBalancers", "trafficSources"].some((p) => count(group, p) > 0)) return true;
  return any(stack.all(ATTACHMENT).map((a) => refers(a, "autoscalingGroupName", group, ["name", "id"]))) === "yes";
}

function checkGroup(group: Resource, serving: boolean, report: Report, { min, max }: Bounds): void {
  report.each([group], () => {
    // A group that may be empty is the idle colour of a blue/green pair; workers lose time with a server, not requests.
    const least = group.number("minSize") ?? 0;
    const level = serving ? {} : { level: "advisory" as const };
    if (!(least >= min) && !(serving && least === 0))
      report.violation(group, { path: "minSize", requires: `${min} or more`, ...level });
  });
  report.each([group], () => {
    if (!((group.number("maxSize") ?? NaN) <= max))
      report.violation(group, { path: "maxSize", requires: `${max} or less` });
  });
  report.each([group], () => {
    // The provider fills in the zones of the subnets, so they count only where no subnets are given.
    const place = group.has("vpcZoneIdentifiers") ? "vpcZoneIdentifiers" : "availabilityZones";
    if (group.peek(place).state === "unknown") return report.undetermined(group, place);
    if (count(group, place) < 2) {
      report.violation(group, { path: "vpcZoneIdentifiers", requires: "subnets of two zones or more" });
    }
  });
  report.each([group], () => {
    if (serving && group.text("healthCheckType") !== "ELB")
      report.violation(group, { path: "healthCheckType", requires: '"ELB"' });
  });
}

/** The guide's bounds are of the cluster: its pools together. */
function checkNodes(
  groups: Resource[],
  cluster: Resource | null,
  report: Report,
  { nodesMin, nodesMax }: Bounds,
): void {
  const sum = (path: string): number => groups.reduce((total, g) => total + (g.number(path) ?? NaN), 0);
  const least = sum("scalingConfig.minSize");
  const most = sum("scalingConfig.maxSize");
  const who = cluster ? "its node groups" : "the node groups";
  if (!(least >= nodesMin))
    report.violation(cluster, { problem: `${who} have ${least} nodes at least`, requires: `${nodesMin} or more` });
  if (!(most <= nodesMax))
    report.violation(cluster, { problem: `${who} have ${most} nodes at most`, requires: `${nodesMax} or less` });
}

const group = (minSize: number, maxSize: number) => [
  {
    type: SCALING_GROUP[0],
    name: "web",
    props: { minSize, maxSize, vpcZoneIdentifiers: ["a", "b"], targetGroupArns: ["arn:web"], healthCheckType: "ELB" },
  },
];

export const awsAsgBounds = defineRule<Bounds>({
  id: "aws-asg-bounds",
  title: "Fleets have two servers at least, an end, two zones, and replace what does not answer",
  severity: "high",
  levels: levels("-/-/m/m"),
  parameters: {
    min: { schema: { type: "number", minimum: 1 }, default: 2 },
    max: { schema: { type: "number", minimum: 1 }, default: 10 },
    nodesMin: { schema: { type: "number", minimum: 1 }, default: 3 },
    nodesMax: { schema: { type: "number", minimum: 1 }, default: 20 },
  },
  framework: fsbp("AutoScaling.2", "EC2 Auto Scaling groups should cover multiple Availability Zones"),
  tags: ["fsbp:AutoScaling.1", "iso27001:A.8.6"],
  source: { guide: "Scalabilité progressive : Upgrader selon croissance réelle" },
  why: "One server is an outage at every patch; a fleet without an end is a bill without one. By default a group replaces machines that are off, and keeps those whose site is.",
  fix: 'set minSize 2 or more, maxSize 10 or less (3 to 20 nodes for a cluster), subnets of two zones, and healthCheckType "ELB" behind a load balancer',
  examples: { pass: [group(2, 10)], fail: [group(1, 10), group(2, 11)] },
  stack: {
    check(stack, report, bounds) {
      const groups = stack.all(SCALING_GROUP);
      const pools = stack.all(EKS_NODE_GROUP);
      if (groups.length + pools.length === 0) return "no scaling group in the stack";
      const serving = groups.filter((g) => serves(g, stack));
      for (const g of groups) checkGroup(g, serving.includes(g), report, bounds);
      report.each([serving], () => {
        const [first] = serving;
        if (first && !serving.some((g) => (g.number("minSize") ?? 0) > 0)) {
          report.violation(first, {
            path: "minSize",
            requires: `${bounds.min} or more in one of the groups that serve`,
          });
        }
      });
      const clusters = stack.all(EKS_CLUSTER);
      const owner = (p: Resource) =>
        clusters.find((c) => refers(p, "clusterName", c, ["name", "id"]) === "yes") ?? null;
      const owners = new Map(pools.map((p) => [p, owner(p)]));
      report.each(new Set(owners.values()), (c) => {
        checkNodes(
          pools.filter((p) => owners.get(p) === c),
          c,
          report,
          bounds,
        );
      });
    },
  },
});
