import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { isObject, View } from "../../engine/values.ts";
import { membersOf, zonesOf } from "../common/cloudflare.ts";
import { DISTRIBUTION, DROPLET, LOAD_BALANCER, RULESET, WEB_ACL } from "../common/types.ts";

interface Bounds {
  lowest: number;
  highest: number;
}
/** A limit, scaled to five minutes. */
interface Limit {
  at: View;
  path: string;
  perFiveMinutes: number;
  blocks: boolean;
  /** Guards some paths only (a login form), where fewer requests are right. */
  scoped: boolean;
}

/** An expression that picks paths; leaving some out (`not starts_with(...)`) is still the whole site. */
const SCOPED =
  /http\.request\.(full_uri|uri(\.path)?)\s*(eq|contains|matches|==|~|in)\b|(?<!not\s{0,3}\(?)starts_with\(\s*http\.request/;

const cloudflareLimits = (ruleset: Resource): Limit[] =>
  ruleset
    .items("rules")
    .filter((r) => r.flag("enabled") !== false && r.has("ratelimit"))
    .map((r) => ({
      at: r,
      path: "ratelimit.requestsPerPeriod",
      perFiveMinutes: ((r.number("ratelimit.requestsPerPeriod") ?? NaN) * 300) / (r.number("ratelimit.period") ?? NaN),
      blocks: r.text("action") === "block",
      scoped: SCOPED.test(r.text("expression") ?? ""),
    }));

function aclLimits(acl: Resource): Limit[] {
  const text = acl.peek("ruleJson");
  const rules =
    text.state === "known" ? new View({ rules: parseRules(String(text.value)) }).items("rules") : acl.items("rules");
  return rules.flatMap((r) => {
    const base = r.has("statement.rateBasedStatement")
      ? "statement.rateBasedStatement"
      : "Statement.RateBasedStatement";
    const key = (name: string) =>
      `${base}.${base.startsWith("S") ? name.charAt(0).toUpperCase() + name.slice(1) : name}`;
    if (!r.has(base)) return [];
    return [
      {
        at: text.state === "known" ? acl : r,
        path: text.state === "known" ? "ruleJson" : key("limit"),
        perFiveMinutes: ((r.number(key("limit")) ?? NaN) * 300) / (r.number(key("evaluationWindowSec")) ?? 300),
        blocks: r.has("action.block") || r.has("Action.Block"),
        scoped: r.has(key("scopeDownStatement")),
      },
    ];
  });
}

function parseRules(text: string): unknown[] {
  try {
    const rules = JSON.parse(text) as unknown;
    return Array.isArray(rules) ? rules : isObject(rules) ? [rules] : [];
  } catch {
    return [];
  }
}

/** At least one blocking limit within bounds; none that is so low that a shared address is shut out. */
function judge(owner: Resource | null, subject: string, limits: Limit[], bounds: Bounds, report: Report): void {
  const { lowest, highest } = bounds;
  const requires = `between ${lowest} and ${highest} requests in five minutes, blocking`;
  const blocking = limits.filter((l) => l.blocks);
  const tooLow = blocking.filter((l) => !l.scoped && l.perFiveMinutes < lowest);
  for (const l of tooLow) {
    report.violation(l.at, { path: l.path, found: `${Math.round(l.perFiveMinutes)} in five minutes`, requires });
  }
  if (tooLow.length > 0 || blocking.some((l) => l.perFiveMinutes >= lowest && l.perFiveMinutes <= highest)) return;
  const high = blocking.find((l) => !(l.perFiveMinutes <= highest));
  if (high) {
    const found = Number.isNaN(high.perFiveMinutes)
      ? "not a number"
      : `${Math.round(high.perFiveMinutes)} in five minutes`;
    return report.violation(high.at, { path: high.path, found, requires });
  }
  const counting = limits.length > 0 && blocking.length === 0;
  const problem = `${subject}${counting ? "its rate limits only count or log" : "no enabled rate limit guards it"}`;
  report.violation(owner, { problem, requires });
}

const limit = (requestsPerPeriod: number, action = "block") => ({
  type: RULESET[0],
  name: "limit",
  props: {
    zoneId: "z1",
    phase: "http_ratelimit",
    rules: [{ action, expression: "true", enabled: true, ratelimit: { requestsPerPeriod, period: 10 } }],
  },
});

export const rateLimitPresent = defineRule<Bounds>({
  id: "rate-limit-present",
  title: "Every public entry limits the rate of requests",
  severity: "medium",
  levels: levels("m/a/m/m"),
  parameters: {
    lowest: { schema: { type: "number", minimum: 1 }, default: 300 },
    highest: { schema: { type: "number", minimum: 1 }, default: 3000 },
  },
  framework: iso("A.8.6"),
  tags: ["pci-4.0:6.4.2"],
  source: { guide: "Rate limiting" },
  why: "One script must not exhaust the server or guess passwords. Yet West African mobile networks put thousands of people behind one address: a limit that is too low shuts out a town.",
  fix: "add a Cloudflare Ruleset of phase http_ratelimit (or a WAFv2 rateBasedStatement) that blocks, for example 50 requests in 10 s",
  examples: { pass: [[limit(50)]], fail: [[limit(5)], [limit(200)], [limit(50, "log")]] },
  stack: {
    check(stack, report, bounds) {
      const { zones, strays } = zonesOf(stack);
      const acls = stack.all(WEB_ACL);
      const stages = stack.all(["aws:apigatewayv2/stage:Stage"]);
      report.each(zones, (zone) => {
        const sets = membersOf(zone, RULESET).filter((r) => r.text("phase") === "http_ratelimit");
        if (sets.length === 0 && strays[0]) return report.undetermined(zone.resource, `the zone of ${strays[0].label}`);
        judge(
          sets[0] ?? zone.resource,
          zone.resource ? "" : `${zone.label}: `,
          sets.flatMap(cloudflareLimits),
          bounds,
          report,
        );
      });
      report.each(acls, (acl) => judge(acl, "", aclLimits(acl), bounds, report));
      report.each(stages, (stage) => {
        if ((stage.number("defaultRouteSettings.throttlingRateLimit") ?? 0) > 0) return;
        report.violation(stage, { path: "defaultRouteSettings.throttlingRateLimit", requires: "a limit per second" });
      });
      if (zones.length + strays.length + acls.length + stages.length > 0) return;
      const entries = stack.all([...DROPLET, ...LOAD_BALANCER, ...DISTRIBUTION]);
      if (entries.length === 0) return "no public entry in the stack";
      report.violation(null, { problem: "no rate limit guards its public entries", requires: "one at the edge" });
    },
  },
});
