import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { CONFIG_PHASES, defineRule, levels, type Report } from "../../engine/rule.ts";
import { ROOT } from "../common/root.ts";

function compare(root: Resource, phase: string, report: Report): void {
  const own = root.text("phase");
  if (own === phase) return;
  report.violation(root, {
    path: "phase",
    found: own === undefined ? "unset" : JSON.stringify(own),
    requires: `"${phase}", the phase of this policy config`,
  });
}

/** Roots judged on their inputs, so that the stack pass does not repeat it. */
const judged = new Set<string>();

const root = (phase: string) => [{ type: "jatsmanor:phases:SingleServer", name: "mvp", props: { phase } }];

export const policyConfigMatchesPhase = defineRule<{ phase?: string }>({
  id: "policy-config-matches-phase",
  title: "The policy config is the one of this stack's phase",
  severity: "critical",
  levels: levels("m/m/m/m"),
  parameters: { phase: { schema: { type: "string", enum: [...CONFIG_PHASES] } } },
  framework: iso("A.8.9"),
  tags: ["policy"],
  source: { guide: "Scalabilité progressive : Upgrader selon croissance réelle" },
  why: "The MVP's levels on the growth stack would let through what growth forbids, and every check would still be green.",
  fix: "pass --policy-pack-config policies/config/<stack>.json of this very stack; make up does",
  examples: { with: { phase: "mvp" }, pass: [root("mvp")], fail: [root("growth")] },
  resource: {
    types: ROOT,
    check(root, report, { phase }) {
      if (phase === undefined) return "no policy config: every rule takes its highest level";
      judged.add(root.urn);
      compare(root, phase, report);
    },
  },
  stack: {
    check(stack, report, { phase }) {
      if (phase === undefined) {
        const text = "no policy config is given: every rule takes its highest level and toughest parameters";
        return report.note(null, text);
      }
      const roots = stack.all(ROOT);
      if (roots.length === 0) {
        const problem = "no component jatsmanor:phases:* says which phase it is";
        report.violation(null, { problem, requires: `a root component of phase "${phase}"` });
      }
      // A component that registers outputs no longer shows its inputs here; then its inputs were judged before.
      for (const r of roots) if (!judged.has(r.urn)) compare(r, phase, report);
    },
  },
});
