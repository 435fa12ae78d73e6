import { any, refers } from "../../engine/relations.ts";
import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { RULESET, WEB_ACL } from "../common/types.ts";
import { managedGroups, WEB_ACL_GROUP, WEB_ACL_RULE } from "../common/waf.ts";

const OWN = ["Common", "KnownBadInputs", "SQLi", "PHP"].map((n) => `AWSManagedRules${n}RuleSet`);
const SEPARATE = [...WEB_ACL_RULE, ...WEB_ACL_GROUP];
const SILENT = ["log", "none"];

function checkGroups(resource: Resource, report: Report): void {
  for (const g of managedGroups(resource)) {
    if (g.counts) {
      const found = `set to count for ${g.label}`;
      report.violation(g.at, { path: g.path, found, requires: "none, so that the group's own actions hold" });
    } else if (g.silenced.length > 0) {
      const problem = `${g.silenced.join(", ")} of ${g.label} only count`;
      report.violation(g.at, { problem, requires: "their own action, or a reason for each", level: "advisory" });
    }
  }
}

function checkCloudflare(ruleset: Resource, report: Report): void {
  if (ruleset.text("phase") !== "http_request_firewall_managed") return;
  report.each(ruleset.items("rules"), (rule) => {
    const base = "actionParameters.overrides";
    if (rule.flag(`${base}.enabled`) === false) report.violation(rule, { path: `${base}.enabled`, requires: "true" });
    if (SILENT.includes(rule.text(`${base}.action`) ?? ""))
      report.violation(rule, { path: `${base}.action`, requires: '"block"' });
    const silenced = [...rule.items(`${base}.rules`), ...rule.items(`${base}.categories`)].filter(
      (r) => r.flag("enabled") === false || SILENT.includes(r.text("action") ?? ""),
    );
    for (const r of silenced) {
      report.violation(r, {
        problem: `${r.at()} is switched off`,
        requires: "its own action, or a reason",
        level: "advisory",
      });
    }
  });
}

const acl = (names: string[], overrideAction: object = { none: {} }) => [
  {
    type: WEB_ACL[0],
    name: "web",
    props: {
      scope: "CLOUDFRONT",
      rules: names.map((name, priority) => ({
        name,
        priority,
        overrideAction,
        statement: { managedRuleGroupStatement: { name, vendorName: "AWS" } },
      })),
    },
  },
];

export const wafManagedRulesBlock = defineRule<{ groups: string[] }>({
  id: "waf-managed-rules-block",
  title: "The firewall blocks injections and known exploits",
  severity: "high",
  levels: levels("-/-/m/m"),
  parameters: {
    groups: {
      schema: { type: "array", items: { type: "string" }, description: "managed rule groups that a web ACL runs" },
      default: OWN,
    },
  },
  framework: iso("A.8.20"),
  tags: ["securityhub:WAF.10", "pci-4.0:6.4.2"],
  source: { guide: "SQL injection protection" },
  why: "A firewall that only counts looks the same on every dashboard until the day of the injection; PHP and SQL are what this site is attacked by.",
  fix: `give the WebAcl managed rule groups ${OWN.join(", ")}, each with overrideAction none`,
  examples: { pass: [acl(OWN)], fail: [acl(OWN, { count: {} }), acl(OWN.slice(1))] },
  resource: {
    types: [...WEB_ACL, ...SEPARATE, ...RULESET],
    check: (r, report) => (r.is(RULESET) ? checkCloudflare(r, report) : checkGroups(r, report)),
  },
  stack: {
    check(stack, report, { groups }) {
      const acls = stack.all(WEB_ACL);
      if (acls.length === 0) return "no web ACL in the stack";
      report.each(acls, (acl) => {
        const others = stack.all(SEPARATE).map((r) => [r, refers(r, "webAclArn", acl, ["arn", "id"])] as const);
        const own = others.filter(([, answer]) => answer === "yes").map(([r]) => r);
        const names = [acl, ...own].flatMap((r) => managedGroups(r).map((g) => g.name));
        const missing = groups.filter((g) => !names.includes(g));
        if (missing.length === 0) return;
        if (any(others.map(([, a]) => (a === "maybe" ? a : "no"))) === "maybe") {
          return report.undetermined(acl, "which separate rules belong to it");
        }
        report.violation(acl, { problem: `it does not run ${missing.join(", ")}`, requires: "each of them" });
      });
    },
  },
});
