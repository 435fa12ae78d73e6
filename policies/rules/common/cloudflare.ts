/** Cloudflare zones, whether the stack creates them or only names them by id. */
import { refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { DNS_RECORD, RULESET, ZONE, ZONE_SETTING } from "./types.ts";

export interface Zone {
  label: string;
  /** The Zone resource, where the stack has it: findings go there, else to the stack. */
  resource: Resource | null;
  members: Resource[];
}

export interface Zones {
  zones: Zone[];
  /** Members of some zone that only the update can name. */
  strays: Resource[];
}

/** Records, settings and rulesets by the zone they belong to. */
export function zonesOf(stack: Stack): Zones {
  const zones: Zone[] = stack.all(ZONE).map((resource) => ({ label: resource.label, resource, members: [] }));
  const byId = new Map<string, Zone>();
  const strays: Resource[] = [];
  for (const member of stack.all([...DNS_RECORD, ...ZONE_SETTING, ...RULESET])) {
    const answers = zones.flatMap((z) =>
      z.resource ? [[z, refers(member, "zoneId", z.resource, ["id"])] as const] : [],
    );
    const owner = answers.find(([, a]) => a === "yes")?.[0];
    const id = member.peek("zoneId");
    if (owner) owner.members.push(member);
    else if (id.state === "known" && answers.every(([, a]) => a === "no")) {
      const key = String(id.value);
      const zone = byId.get(key) ?? { label: `zone ${key}`, resource: null, members: [] };
      if (!byId.has(key)) zones.push(zone);
      byId.set(key, zone);
      zone.members.push(member);
    } else if (id.state === "unknown" || id.state === "known") strays.push(member);
  }
  return { zones, strays };
}

export const membersOf = (zone: Zone, types: readonly string[]): Resource[] => zone.members.filter((m) => m.is(types));

/** Whether a zone runs a managed ruleset of the web application firewall. */
export function hasManagedFirewall(zone: Zone, stack: Stack): Answer {
  const account = stack.all(RULESET).filter((r) => r.peek("kind").state === "known" && r.text("kind") === "root");
  let answer: Answer = "no";
  for (const ruleset of [...membersOf(zone, RULESET), ...account]) {
    const phase = ruleset.peek("phase");
    if (phase.state === "unknown" || ruleset.peek("rules").state === "unknown") answer = "maybe";
    else if (phase.state === "known" && phase.value === "http_request_firewall_managed" && runs(ruleset)) return "yes";
  }
  return answer;
}

/** A rule that executes a ruleset, enabled, and not overridden to be off. */
const runs = (ruleset: Resource): boolean =>
  ruleset
    .items("rules")
    .some(
      (rule) =>
        rule.text("action") === "execute" &&
        rule.flag("enabled") !== false &&
        rule.flag("actionParameters.overrides.enabled") !== false &&
        !["log", "none"].includes(rule.text("actionParameters.overrides.action") ?? ""),
    );
