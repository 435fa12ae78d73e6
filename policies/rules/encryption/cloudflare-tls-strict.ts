import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { membersOf, zonesOf } from "../common/cloudflare.ts";
import { ZONE_SETTING } from "../common/types.ts";

interface Wanted {
  id: string;
  requires: string;
  holds(value: unknown): boolean;
  /** What Cloudflare does without the setting is fine. */
  mayBeAbsent?: true;
}
/** Setting ids are the API's snake_case ones; `value` is of any type (1.2 as number counts). */
const WANTED: readonly Wanted[] = [
  { id: "ssl", requires: '"strict"', holds: (v) => v === "strict" },
  { id: "always_use_https", requires: '"on"', holds: (v) => v === "on" },
  { id: "min_tls_version", requires: '"1.2" or more', holds: (v) => Number(v) >= 1.2 },
  { id: "tls_1_3", requires: '"on"', holds: (v) => v !== "off", mayBeAbsent: true },
];
const flat = (id: string | undefined) => (id ?? "").toLowerCase().replaceAll("_", "");

const setting = (settingId: string, value: unknown) => ({
  type: ZONE_SETTING[0],
  name: settingId,
  props: { zoneId: "zone-1", settingId, value },
});
const good = [setting("ssl", "strict"), setting("always_use_https", "on"), setting("min_tls_version", "1.2")];

export const cloudflareTlsStrict = defineRule({
  id: "cloudflare-tls-strict",
  title: "Cloudflare zones speak verified TLS on both sides",
  severity: "high",
  levels: levels("m/m/m/m"),
  framework: iso("A.8.24"),
  tags: ["prowler:zone_ssl_strict", "prowler:zone_min_tls_version_secure", "pci-4.0:4.2.1"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: 'With "full" Cloudflare accepts any certificate from the origin, so whoever sits between the two reads the traffic; TLS below 1.2 costs the A+.',
  fix: 'one ZoneSetting each: ssl "strict", always_use_https "on", min_tls_version "1.2", tls_1_3 "on"',
  examples: {
    pass: [good],
    fail: [good.slice(1), [setting("ssl", "full"), ...good.slice(1)]],
  },
  stack: {
    check(stack, report) {
      const { zones, strays } = zonesOf(stack);
      if (zones.length + strays.length === 0) return "no Cloudflare zone in the stack";
      report.each(zones, (zone) => {
        const settings = membersOf(zone, ZONE_SETTING);
        for (const wanted of WANTED) {
          const all = settings.filter((s) => s.text("settingId") === wanted.id);
          const name = zone.resource ? "" : `${zone.label}: `;
          for (const s of all) {
            if (wanted.holds(s.get("value"))) continue;
            report.violation(s, {
              path: "value",
              found: `${s.show("value")} for ${wanted.id}`,
              requires: wanted.requires,
            });
          }
          if (all.length > 0 || wanted.mayBeAbsent) continue;
          const misnamed = settings.find((s) => flat(s.text("settingId")) === flat(wanted.id));
          if (strays[0]) report.undetermined(zone.resource, `the zone of ${strays[0].label}`);
          else if (misnamed) report.violation(misnamed, { path: "settingId", requires: `"${wanted.id}"` });
          else
            report.violation(zone.resource, {
              problem: `${name}no ZoneSetting sets ${wanted.id}`,
              requires: wanted.requires,
            });
        }
      });
    },
  },
});
