/** Diff: which properties changed, and which of the changes replace the resource. */
import { conditions } from "./conditions.ts";
import type { Facts } from "./facts/load.ts";
import { factsOf } from "./facts/load.ts";
import { autonamed, namedByProvider } from "./autonaming.ts";
import { objectOf } from "./schema/load.ts";
import type { Type, TypeSchema } from "./schema/load.ts";
import type { Properties, Value } from "./values.ts";
import { DEFAULTS, UNKNOWN, canonical, isAsset, isEmpty, isObject, plainProperties, valueAt } from "./values.ts";

export type Kind = "add" | "delete" | "update";
export interface PropertyChange {
  /** Path with list indexes, as the engine shows it: `inboundRules[0].portRange`. */
  readonly path: string;
  readonly kind: Kind;
  readonly replaces: boolean;
  /** False when the old value is known from the cloud only, not from the program. */
  readonly input: boolean;
}
export interface Difference {
  readonly changes: readonly PropertyChange[];
  readonly deleteBeforeReplace: boolean;
}

export interface DiffRequest {
  readonly oldInputs: Properties;
  /** Outputs of the last update. */
  readonly olds: Properties;
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
  /** Region of the provider, for resources that take it from there. */
  readonly region?: string | undefined;
}

interface Leaf {
  readonly path: string;
  /** The path without list indexes and map keys: the form of the facts. */
  readonly bare: string;
  readonly kind: Kind;
  readonly old: Value | undefined;
  readonly new: Value | undefined;
}

export function diff(schema: TypeSchema, request: DiffRequest): Difference {
  const facts = factsOf(schema.token);
  const news = plainProperties(request.news);
  const oldInputs = plainProperties(request.oldInputs);
  const olds = plainProperties(request.olds);
  const changes: PropertyChange[] = [];
  for (const [name, field] of schema.inputs) {
    if (name === "region" && field && schema.token.startsWith("aws:")) continue;
    if (facts.writeOnly?.includes(name)) continue;
    const before = oldValue(name, oldInputs, olds, facts);
    const after = news[name];
    if (after === undefined && facts.optionalComputed?.includes(name)) continue;
    for (const leaf of compare(before.value, after, field.type, name, name, facts)) {
      changes.push({
        path: leaf.path,
        kind: leaf.kind,
        replaces: replaces(leaf, facts, oldInputs, news),
        input: before.input,
      });
    }
  }
  const regional = regionChange(schema, olds, news, request.region);
  if (regional) changes.push(regional);
  const kept = changes.filter((change) => !request.ignoreChanges.some((pattern) => matches(pattern, change.path)));
  return {
    changes: kept,
    deleteBeforeReplace: kept.some((change) => change.replaces) && nameStays(schema, facts, news, oldInputs),
  };
}

/**
 * What the cloud has for a property. A value that only the cloud knows counts when the provider would not have filled
 * it by itself: that is how a tag added by hand shows as drift.
 */
function oldValue(
  name: string,
  oldInputs: Properties,
  olds: Properties,
  facts: Facts,
): { value: Value | undefined; input: boolean } {
  if (oldInputs[name] !== undefined) return { value: oldInputs[name], input: true };
  const filled = facts.computed?.includes(name) || facts.optionalComputed?.includes(name);
  const value = olds[name];
  const preset = facts.defaults?.[name];
  if (filled || isEmpty(value) || value === false || (preset !== undefined && canonical(preset) === canonical(value))) {
    return { value: undefined, input: true };
  }
  return { value, input: false };
}

function compare(
  old: Value | undefined,
  now: Value | undefined,
  type: Type,
  path: string,
  bare: string,
  facts: Facts,
): Leaf[] {
  const leaf = (kind: Kind): Leaf[] => [{ path, bare, kind, old, new: now }];
  if (isEmpty(old) && isEmpty(now)) return [];
  if (now === undefined || now === null) {
    return isDefault(bare, old, facts) || isFilled(bare, facts) ? [] : leaf("delete");
  }
  if (old === undefined || old === null)
    return isDefault(bare, now, facts) || (now === false && facts.defaults?.[bare] === undefined) ? [] : leaf("add");
  if (now === UNKNOWN) return leaf("update");
  if (Array.isArray(old) && Array.isArray(now)) {
    const item = type.kind === "list" ? type.of : type;
    return facts.sets?.includes(bare)
      ? compareSets(old, now, item, path, bare, facts)
      : compareLists(old, now, item, path, bare, facts);
  }
  if (isAsset(old) || isAsset(now)) return canonical(assetKey(old)) === canonical(assetKey(now)) ? [] : leaf("update");
  if (isObject(old) && isObject(now)) {
    const inner = type.kind === "map" ? undefined : objectOf(type);
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => key !== DEFAULTS).sort();
    return keys.flatMap((key) => {
      const at = /^[\w]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
      const field = inner?.get(key);
      const child: Type = field?.type ?? (type.kind === "map" ? type.of : { kind: "any" });
      return compare(old[key], now[key], child, at, inner ? `${bare}.${key}` : bare, facts);
    });
  }
  return sameScalar(old, now) ? [] : leaf("update");
}

function compareLists(old: Value[], now: Value[], item: Type, path: string, bare: string, facts: Facts): Leaf[] {
  const length = Math.max(old.length, now.length);
  return Array.from({ length }, (_, index) =>
    compare(old[index], now[index], item, `${path}[${index}]`, bare, facts),
  ).flat();
}

/** Sets have no order: equal elements are paired off first, the rest compared in turn. */
function compareSets(old: Value[], now: Value[], item: Type, path: string, bare: string, facts: Facts): Leaf[] {
  const gone = [...old];
  const left = now
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => {
      const twin = gone.findIndex((other) => compare(other, value, item, path, bare, facts).length === 0);
      if (twin >= 0) gone.splice(twin, 1);
      return twin < 0;
    });
  const changed = left.flatMap(({ value, index }, at) =>
    compare(gone[at], value, item, `${path}[${index}]`, bare, facts),
  );
  const removed = gone
    .slice(left.length)
    .flatMap((value, at) => compare(value, undefined, item, `${path}[${now.length + at}]`, bare, facts));
  return [...changed, ...removed];
}

/** Path and text of a file or string asset do not matter, its content does. */
function assetKey(value: Value): Value {
  return isObject(value) && typeof value["hash"] === "string" ? value["hash"] : value;
}

function sameScalar(old: Value, now: Value): boolean {
  if (old === now) return true;
  if (typeof old !== "string" || typeof now !== "string" || !/^\s*[[{]/.test(old) || !/^\s*[[{]/.test(now))
    return false;
  // Providers compare policy documents by meaning, not by layout.
  try {
    return canonical(JSON.parse(old) as Value) === canonical(JSON.parse(now) as Value);
  } catch {
    return false;
  }
}

function isDefault(bare: string, value: Value | undefined, facts: Facts): boolean {
  const preset = facts.defaults?.[bare];
  return preset !== undefined && canonical(preset) === canonical(value);
}

function isFilled(bare: string, facts: Facts): boolean {
  return bare.includes(".") && Boolean(facts.computed?.includes(bare) || facts.optionalComputed?.includes(bare));
}

function replaces(leaf: Leaf, facts: Facts, oldInputs: Properties, news: Properties): boolean {
  const forced = facts.forceNew ?? [];
  if (touched(leaf).some((bare) => forced.includes(bare))) return true;
  // In framework and native schemas a mark on an object covers everything in it; sdkv2 lists the children one by one.
  if (facts.schema !== "sdkv2" && forced.some((path) => leaf.bare.startsWith(`${path}.`))) return true;
  return Object.entries(facts.forceNewIf ?? {}).some(([path, text]) => {
    if (!touched(leaf).includes(path) && !leaf.bare.startsWith(`${path}.`)) return false;
    const whole =
      leaf.bare === path || path.includes(".")
        ? { old: leaf.old, new: leaf.new }
        : { old: oldInputs[path], new: news[path] };
    const condition = conditions[text];
    if (!condition) throw new Error(`sandbox: no condition for forceNewIf "${text}"; add it to sandbox/conditions.ts`);
    return condition({ ...whole, oldInputs, news });
  });
}

/** Paths that a change touches: its own, and for an added or removed block those of everything in the block. */
function touched(leaf: Leaf): string[] {
  const inside = (value: Value | undefined, bare: string): string[] => {
    if (Array.isArray(value)) return [bare, ...value.flatMap((item) => inside(item, bare))];
    if (isObject(value)) {
      return [
        bare,
        ...Object.entries(value).flatMap(([key, child]) =>
          isEmpty(child) || key === DEFAULTS ? [] : inside(child, `${bare}.${key}`),
        ),
      ];
    }
    return [bare];
  };
  return leaf.kind === "update" ? [leaf.bare] : inside(leaf.kind === "add" ? leaf.new : leaf.old, leaf.bare);
}

function regionChange(
  schema: TypeSchema,
  olds: Properties,
  news: Properties,
  region: string | undefined,
): PropertyChange | undefined {
  if (!schema.token.startsWith("aws:") || !schema.inputs.has("region")) return undefined;
  const [before, after] = [olds["region"], news["region"] ?? region];
  if (isEmpty(before) || isEmpty(after) || before === after) return undefined;
  return { path: "region", kind: "update", replaces: true, input: false };
}

/** A fixed physical name cannot exist twice, so the old resource must go first. */
function nameStays(schema: TypeSchema, facts: Facts, news: Properties, oldInputs: Properties): boolean {
  if (facts.deleteBeforeReplace !== undefined) return facts.deleteBeforeReplace;
  const property = autonamed(schema.token, schema, facts);
  if (!property) return false;
  const name = valueAt(news, property);
  return name !== undefined && name === valueAt(oldInputs, property) && namedByProvider(news, property) !== true;
}

/** `ignoreChanges` patterns: a path covers everything under it, `[*]` and `*` match one step. */
function matches(pattern: string, path: string): boolean {
  const steps = (text: string): string[] =>
    text
      .replace(/\[["']?([^\]"']+)["']?\]/g, ".$1")
      .split(".")
      .filter(Boolean);
  const [wanted, actual] = [steps(pattern), steps(path)];
  return wanted.length <= actual.length && wanted.every((step, index) => step === "*" || step === actual[index]);
}
