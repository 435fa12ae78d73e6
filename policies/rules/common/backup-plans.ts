/** AWS Backup: which plans take a resource. */
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import type { View } from "../../engine/values.ts";
import { DB_KEYS } from "./databases.ts";

export const BACKUP_PLAN = ["aws:backup/plan:Plan"] as const;
export const BACKUP_SELECTION = ["aws:backup/selection:Selection"] as const;
export const BACKUP_VAULT = ["aws:backup/vault:Vault"] as const;

/** How a resource's ARN goes on after the account, by type. */
const ARN: Readonly<Record<string, readonly [service: string, kind: string]>> = {
  "aws:rds/instance:Instance": ["rds", "db:"],
  "aws:rds/cluster:Cluster": ["rds", "cluster:"],
  "aws:s3/bucket:Bucket": ["s3", ""],
  "aws:s3/bucketV2:BucketV2": ["s3", ""],
};
const glob = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);

/** An ARN pattern against a resource whose ARN may not be known yet: then only a pattern for all of its kind decides. */
function matches(pattern: string, resource: Resource): Answer {
  const arn = resource.peek("arn");
  if (arn.state === "known") return glob(pattern).test(String(arn.value)) ? "yes" : "no";
  if (/^\*+$/.test(pattern)) return "yes";
  const [service, kind] = ARN[resource.type] ?? ["?", "?"];
  const [, , its, region, account, ...rest] = pattern.split(":");
  const last = rest.join(":");
  if (its !== service && its !== "*") return "no";
  if (region === "*" && account === "*" && (last === "*" || last === `${kind}*`)) return "yes";
  return last === "*" || last.startsWith(kind) ? "maybe" : "no";
}

function listed(selection: Resource, path: string, resource: Resource): Answer {
  if (selection.peek(path).state === "unknown") return refers(selection, path, resource, DB_KEYS);
  const { known, partial } = selection.texts(path);
  const patterns = known.filter((p) => p.includes("*"));
  // Patterns are compared here: to `refers` they are the ARN of something else.
  const exact = partial || patterns.length < known.length ? refers(selection, path, resource, DB_KEYS) : "no";
  return any([exact, ...patterns.map((p) => matches(p, resource))]);
}

const TESTS: Readonly<Record<string, (value: string | undefined, wanted: string) => boolean>> = {
  stringEquals: (value, wanted) => value === wanted,
  stringLikes: (value, wanted) => value !== undefined && glob(wanted).test(value),
  stringNotEquals: (value, wanted) => value !== wanted,
  stringNotLikes: (value, wanted) => value === undefined || !glob(wanted).test(value),
};

/** `selectionTags` asks for one of its tags, `conditions` for all of them. */
function tagged(selection: Resource, resource: Resource): boolean {
  const value = (key: string): string | undefined => resource.text(["tags", key.replace(/^aws:ResourceTag\//, "")]);
  const tags = selection.items("selectionTags");
  const one = tags.length === 0 || tags.some((t) => value(t.text("key") ?? "") === t.text("value"));
  const holds = (at: View, test: string): boolean =>
    at.items(test).every((c) => TESTS[test]?.(value(c.text("key") ?? ""), c.text("value") ?? "") ?? false);
  // What the provider fills in by itself is unknown in a preview: nobody set it.
  const conditions = selection.given("conditions") === undefined ? [] : selection.items("conditions");
  return one && conditions.every((at) => Object.keys(TESTS).every((test) => holds(at, test)));
}

/** Whether a selection takes a resource. @throws Undetermined for tags that only the update knows. */
export function selects(selection: Resource, resource: Resource): Answer {
  // AWS narrows a list of resources by the tags; with no list it takes every resource of the account.
  const list = selection.peek("resources");
  const all = list.state === "absent" || (list.state === "known" && Array.isArray(list.value) && !list.value.length);
  const included = all ? "yes" : listed(selection, "resources", resource);
  if (included === "no" || !tagged(selection, resource)) return "no";
  const filledIn = selection.peek("notResources").state === "unknown" && !selection.sourcesOf("notResources").length;
  const excluded = filledIn ? "no" : listed(selection, "notResources", resource);
  return both(included, excluded === "yes" ? "no" : excluded === "maybe" ? "maybe" : "yes");
}

/** Plans that back a resource up, or may. */
export function plansOf(stack: Stack, resource: Resource): [plan: Resource, answer: Answer][] {
  const taken = stack.all(BACKUP_SELECTION).map((s) => [s, selects(s, resource)] as const);
  return stack.all(BACKUP_PLAN).flatMap((plan): [Resource, Answer][] => {
    const answer = any(taken.map(([s, a]) => both(a, refers(s, "planId", plan, ["id"]))));
    return answer === "no" ? [] : [[plan, answer]];
  });
}
