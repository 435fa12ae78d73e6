import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { LOAD_BALANCER } from "../common/types.ts";

const isApplication = (b: Resource): boolean => (b.text("loadBalancerType") ?? "application") === "application";
/** Only the application kind reads headers. */
const flags = (b: Resource): string[] => [
  "enableDeletionProtection",
  ...(isApplication(b) ? ["dropInvalidHeaderFields"] : []),
];

const balancer = (props: object) => [
  {
    type: LOAD_BALANCER[0],
    name: "web",
    props: { enableDeletionProtection: true, dropInvalidHeaderFields: true, subnets: ["a", "b"], ...props },
  },
];

export const awsLbGuard = defineRule({
  id: "aws-lb-guard",
  title: "The load balancer stands in two zones, drops forged headers and cannot be deleted by mistake",
  severity: "medium",
  levels: levels("-/-/m/m"),
  framework: fsbp("ELB.6", "Load balancers should have deletion protection enabled"),
  tags: ["fsbp:ELB.4", "fsbp:ELB.13", "iso27001:A.8.14"],
  source: { standard: "AWS FSBP ELB.4, ELB.6 and ELB.13" },
  why: "It is the one way in: deleted or in one zone it takes the whole site along, and with forged headers it lets requests be smuggled past the checks.",
  fix: "set enableDeletionProtection and dropInvalidHeaderFields, and give it subnets of two zones",
  examples: {
    pass: [balancer({})],
    fail: [
      balancer({ enableDeletionProtection: false }),
      balancer({ dropInvalidHeaderFields: undefined }),
      balancer({ subnets: ["a"] }),
    ],
  },
  resource: {
    types: LOAD_BALANCER,
    check(b, report) {
      report.each(flags(b), (path) => {
        if (b.flag(path) !== true) report.violation(b, { path, requires: "true" });
      });
      const places = ["subnets", "subnetMappings"].filter((p) => b.has(p));
      const unknown = places.find((p) => b.peek(p).state === "unknown");
      if (unknown) return report.undetermined(b, unknown);
      const most = Math.max(0, ...places.map((p) => [b.given(p)].flat().length));
      if (most < 2) report.violation(b, { path: "subnets", requires: "two or more" });
    },
  },
  remediate: {
    types: LOAD_BALANCER,
    repair(b, set) {
      for (const path of flags(b)) if (b.flag(path) !== true) set(path, true);
    },
  },
});
