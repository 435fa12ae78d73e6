import { iso } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { membersOf, zonesOf, type Zone } from "../common/cloudflare.ts";
import { DISTRIBUTION, ZONE_SETTING } from "../common/types.ts";

const YEAR = 31_536_000;
const HEADERS = ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"] as const;
const POLICY_ID = "defaultCacheBehavior.responseHeadersPolicyId";
/** AWS's managed "SecurityHeaders" policies: they send a year. */
const MANAGED = [
  "67f7725c-6f97-4210-82d7-5512b31e9d03",
  "e61eb60c-9c35-4d20-a928-2b84e02af89c",
  "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
];

function checkZone(zone: Zone, report: Report): void {
  const settings = membersOf(zone, ZONE_SETTING).filter((s) => s.text("settingId") === "security_header");
  for (const s of settings) {
    // The value is passed to the API as it is (snake_case); camelCase is what a program may write by habit.
    const base = s.has("value.strict_transport_security")
      ? "value.strict_transport_security"
      : "value.strictTransportSecurity";
    const age = base.endsWith("security") ? `${base}.max_age` : `${base}.maxAge`;
    if (s.flag(`${base}.enabled`) !== true) report.violation(s, { path: `${base}.enabled`, requires: "true" });
    else if (!((s.number(age) ?? 0) >= YEAR)) report.violation(s, { path: age, requires: `${YEAR} s or more` });
  }
  if (settings.length > 0) return;
  const name = zone.resource ? "" : `${zone.label}: `;
  report.violation(zone.resource, {
    problem: `${name}no ZoneSetting sets security_header`,
    requires: "HSTS for a year",
  });
}

function checkDistribution(cdn: Resource, stack: Stack, report: Report): void {
  const found = cdn.peek(POLICY_ID);
  if (found.state === "known" && MANAGED.includes(String(found.value))) return;
  const answers = stack.all(HEADERS).map((h) => [h, refers(cdn, POLICY_ID, h, ["id"])] as const);
  const policy = answers.find(([, a]) => a === "yes")?.[0];
  const age = "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec";
  if (policy && (policy.number(age) ?? 0) >= YEAR) return;
  if (policy) report.violation(policy, { path: age, requires: `${YEAR} s or more` });
  else if (found.state === "unknown") report.undetermined(cdn, POLICY_ID);
  else report.violation(cdn, { path: POLICY_ID, requires: "a ResponseHeadersPolicy that sends HSTS for a year" });
}

const header = (max_age: number) => ({
  type: ZONE_SETTING[0],
  name: "hsts",
  props: {
    zoneId: "zone-1",
    settingId: "security_header",
    value: { strict_transport_security: { enabled: true, max_age } },
  },
});

export const hstsOneYear = defineRule({
  id: "hsts-one-year",
  title: "Browsers are told to use HTTPS for a year",
  severity: "medium",
  levels: levels("a/a/m/m"),
  framework: iso("A.8.24"),
  tags: ["ssl-labs:A+"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "Without Strict-Transport-Security the first request of every visit may be made in clear and hijacked. SSL Labs asks for six months, the preload list for a year.",
  fix: "set the zone's security_header (enabled true, max_age 31536000), or a ResponseHeadersPolicy with accessControlMaxAgeSec 31536000 on the distribution",
  examples: { pass: [[header(YEAR)]], fail: [[header(YEAR - 1)]] },
  stack: {
    check(stack, report) {
      const { zones } = zonesOf(stack);
      const cdns = stack.all(DISTRIBUTION);
      if (zones.length + cdns.length === 0) return "no Cloudflare zone or CloudFront distribution in the stack";
      report.each(zones, (zone) => checkZone(zone, report));
      report.each(cdns, (cdn) => checkDistribution(cdn, stack, report));
    },
  },
});
