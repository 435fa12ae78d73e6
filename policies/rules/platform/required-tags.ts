import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isObject } from "../../engine/values.ts";
import { rootsSeen } from "../common/root.ts";
import { TAGGABLE } from "../common/taggable.ts";

const GROUP = "aws:autoscaling/group:Group";

/** Keys of the provider's default tags; provider inputs are JSON texts. */
function defaultKeys(provider: Resource | undefined): string[] {
  const found = provider?.peek("defaultTags");
  if (found?.state !== "known") return [];
  let value: unknown = found.value;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      return [];
    }
  }
  const tags = isObject(value) ? value["tags"] : undefined;
  return isObject(tags) ? Object.keys(tags) : [];
}

/** Tag keys a resource carries; a tag with an unknown value is present. */
function keysOf(resource: Resource): string[] {
  if (resource.type === GROUP) {
    return resource.items("tags").flatMap((t) => (t.flag("propagateAtLaunch") === true ? [t.text("key") ?? ""] : []));
  }
  const tags = resource.get("tags");
  const own = Array.isArray(tags)
    ? resource.texts("tags").known.map((t) => t.replace(/:.*/, ""))
    : [...resource.keys("tags"), ...resource.keys("tagsAll")];
  return [...own, ...defaultKeys(resource.provider)];
}

const droplet = (tags: string[]) => [{ type: "digitalocean:index/droplet:Droplet", name: "web", props: { tags } }];
const REQUIRED = ["project", "env", "phase", "owner", "cost-center", "data-class"];

export const requiredTags = defineRule<{ required: string[] }>({
  id: "required-tags",
  title: "Every resource says whose it is, what it costs and what it holds",
  severity: "low",
  levels: levels("a/a/m/m"),
  parameters: { required: { schema: { type: "array", items: { type: "string" } }, default: REQUIRED } },
  framework: iso("A.8.9"),
  tags: ["cost"],
  source: { guide: "ROI prioritaire : Performance vs coût" },
  why: "Without an owner nobody answers for it, without a cost centre nobody sees what it costs, without a data class nobody knows what a leak would mean.",
  fix: "take the tags from the naming context (tags(), tagList()), or from the provider's defaultTags",
  examples: {
    pass: [droplet(REQUIRED.map((t) => `${t}:x`))],
    fail: [droplet([]), droplet(REQUIRED.slice(1).map((t) => `${t}:x`))],
  },
  resource: {
    types: TAGGABLE,
    check(resource, report, { required }) {
      if (resource.peek("tags").state === "unknown") return report.undetermined(resource, "tags");
      const keys = keysOf(resource);
      const missing = required.filter((r) => !keys.includes(r));
      if (missing.length === 0) return;
      const cased = missing.find((m) => keys.some((k) => k.toLowerCase() === m));
      const found = `without ${missing.join(", ")}${cased ? " (in this exact case)" : ""}`;
      report.violation(resource, { path: "tags", found, requires: required.join(", ") });
    },
  },
  remediate: {
    types: TAGGABLE.filter((t) => t !== GROUP),
    /** Adds what the stack itself knows; nobody can guess an owner. */
    repair(resource, set) {
      const [, stack, project] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(resource.urn) ?? [];
      const phase = [...rootsSeen.values()].at(-1)?.peek("phase");
      const known = { project, env: stack, phase: phase?.state === "known" ? String(phase.value) : undefined };
      const keys = keysOf(resource);
      const added = Object.entries(known).flatMap(([k, v]) => (v && !keys.includes(k) ? [[k, v] as const] : []));
      if (added.length === 0) return;
      if (resource.type.startsWith("digitalocean:")) {
        const own = resource.get("tags");
        set("tags", [...(Array.isArray(own) ? (own as unknown[]) : []), ...added.map(([k, v]) => `${k}:${v}`)]);
      } else for (const [key, value] of added) set(`tags.${key}`, value);
    },
  },
});
