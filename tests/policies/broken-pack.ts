/** A pack with rules that throw, bundled by engine.test.ts: a broken rule must be a finding, and the rest must run. */
import { PolicyPack } from "@pulumi/policy";
import { toPolicy } from "../../policies/engine/policy.ts";
import { defineRule, levels, type AnyRule } from "../../policies/engine/rule.ts";
import { installSdkAdditions } from "../../policies/engine/sdk.ts";

const common = {
  title: "t",
  severity: "low",
  levels: levels("m/m/m/m"),
  tags: [],
  source: { standard: "none" },
  why: "w",
  fix: "f",
  examples: { pass: [], fail: [] },
} as const;
const TYPES = ["test:index/thing:Thing", "test:index/other:Other"];

const broken: AnyRule[] = [
  defineRule({
    ...common,
    id: "throws-on-resource",
    resource: { types: TYPES, check: (r) => void JSON.parse(r.text("document") ?? "") },
  }),
  defineRule({
    ...common,
    id: "throws-on-stack",
    stack: {
      check() {
        throw new RangeError("CANARY in the message");
      },
    },
  }),
  defineRule({
    ...common,
    id: "still-runs",
    resource: { types: TYPES, check: (r, report) => report.violation(r, { path: "document", requires: "nothing" }) },
    stack: { check: (_, report) => report.note(null, "seen") },
  }),
];

installSdkAdditions();
new PolicyPack("broken", { policies: broken.map(toPolicy) });
