/** Managed rule groups of a web ACL, whichever of the four ways they are written. */
import { isObject, View } from "../../engine/values.ts";
import type { Resource } from "../../engine/resource.ts";
import { WEB_ACL } from "./types.ts";

export const WEB_ACL_RULE = ["aws:wafv2/webAclRule:WebAclRule"] as const;
export const WEB_ACL_GROUP = ["aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"] as const;

export interface ManagedGroup {
  name: string;
  /** The name for a message: never a secret one. */
  label: string;
  /** The whole group only counts. */
  counts: boolean;
  /** Rules of it that only count, or are left out. */
  silenced: string[];
  at: View;
  path: string;
}

/** AWS's own JSON writes the names in capitals. */
const capital = (path: string): string =>
  path.replace(/(^|\.)([a-z])/g, (_, dot: string, c: string) => dot + c.toUpperCase());
const pick = (view: View, path: string): string => (view.has(path) ? path : capital(path));

function parse(text: unknown): View[] {
  try {
    const rules = JSON.parse(String(text)) as unknown;
    return new View({ rules: Array.isArray(rules) || isObject(rules) ? rules : [] }).items("rules");
  } catch {
    return [];
  }
}

function silencedIn(rule: View, base: string): string[] {
  const overrides = rule.items(pick(rule, `${base}.ruleActionOverrides`));
  const counted = overrides.filter((o) => o.has(pick(o, "actionToUse.count")));
  return [...counted, ...rule.items(pick(rule, `${base}.excludedRules`))].map((o) => o.show(pick(o, "name")));
}

function groupOf(rule: View, at: View, path: string, hidden = false): ManagedGroup[] {
  const base = pick(rule, "statement.managedRuleGroupStatement");
  const name = rule.text(pick(rule, `${base}.name`));
  if (name === undefined) return [];
  const label = hidden ? "[secret]" : rule.show(pick(rule, `${base}.name`));
  const counts = rule.has(pick(rule, "overrideAction.count"));
  const silenced = silencedIn(rule, base).map((s) => (hidden ? "[secret]" : s));
  return [{ name, label, counts, silenced, at, path }];
}

/** @throws Undetermined while the rules are not known. */
export function managedGroups(resource: Resource): ManagedGroup[] {
  if (resource.is(WEB_ACL_GROUP)) {
    const name = resource.text("managedRuleGroup.name");
    if (name === undefined) return [];
    const label = resource.show("managedRuleGroup.name");
    const counts = resource.text("overrideAction") === "count";
    const silenced = silencedIn(resource, "managedRuleGroup");
    return [{ name, label, counts, silenced, at: resource, path: "overrideAction" }];
  }
  if (!resource.is(WEB_ACL)) return groupOf(resource, resource, "overrideAction");
  if (!resource.has("ruleJson")) return resource.items("rules").flatMap((r) => groupOf(r, r, "overrideAction"));
  const hidden = resource.isSecret("ruleJson");
  return parse(resource.get("ruleJson")).flatMap((r) => groupOf(r, resource, "ruleJson", hidden));
}
