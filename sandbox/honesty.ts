/**
 * Keeps the sandbox honest: from a resource that it accepts, generates variants that a real cloud would refuse or could
 * only bring about by replacement, and judges what the sandbox does with them. Used on fixtures and golden inventories.
 */
import { ResourceEngine } from "./engine.ts";
import { factsOf } from "./facts/load.ts";
import { fieldAt, objectOf, packageSchema } from "./schema/load.ts";
import type { Fields, Type } from "./schema/load.ts";
import type { Properties, Value } from "./values.ts";
import { UNKNOWN, isAsset, isEmpty, isObject, isSecret, plain, plainProperties } from "./values.ts";

export interface Resource {
  readonly type: string;
  readonly inputs: Properties;
}
export interface HonestyCase {
  readonly title: string;
  readonly kind: "missing" | "enum" | "replace" | "unknown" | "type";
  readonly inputs: Properties;
  readonly expect: "refuse" | "replace";
}
type Step = string | number;

/** Variants of a valid resource that must be refused, or must replace it. */
export function honestyCases(resource: Resource): HonestyCase[] {
  const { type } = resource;
  const schema = schemaOf(type);
  const inputs = plainProperties(resource.inputs);
  const facts = factsOf(type);
  const cases: HonestyCase[] = [];
  const add = (kind: HonestyCase["kind"], path: readonly Step[], value: Value | undefined, what: string): void => {
    const expect = kind === "replace" ? "replace" : "refuse";
    cases.push({
      title: `${type}: ${what} ${shown(path)}`,
      kind,
      inputs: put(inputs, path, value) as Properties,
      expect,
    });
  };
  for (const { path, value, fields } of objects(inputs, schema.inputs)) {
    add("unknown", [...path, "noSuchProperty"], "x", "unknown property");
    for (const [name, field] of fields) {
      const own = value[name];
      if (own === undefined || own === null || own === UNKNOWN) continue;
      if (field.required) add("missing", [...path, name], undefined, "without required");
      const wrong = wrongType(field.type);
      if (wrong !== undefined) add("type", [...path, name], wrong, "wrong type for");
      if (isClosed(field.type)) add("enum", [...path, name], "not-a-value", "value outside the enum for");
    }
  }
  for (const [name, rule] of Object.entries(facts.validations ?? {})) {
    const values = rule.enum ?? rule.each?.enum;
    if (!values) continue;
    for (const path of pathsTo(inputs, name.split(".")))
      add("enum", path, typeof values[0] === "number" ? -987_654 : "not-a-value", "value outside the enum for");
  }
  for (const name of facts.forceNew ?? []) {
    if (fieldAt(schema.inputs, name.split(".")) === undefined || facts.writeOnly?.includes(name)) continue;
    for (const path of pathsTo(inputs, name.split("."), true)) {
      const changed = changedValue(at(inputs, path), name, facts.schema === "sdkv2");
      if (changed !== undefined) add("replace", path, changed.value, "changed");
    }
  }
  return cases;
}

export type Verdict = { readonly outcome: "refuse" | "replace" | "accept"; readonly reasons: readonly string[] };

/** What the sandbox does with a variant of `resource`. @throws when it refuses the resource itself. */
export function judge(resource: Resource, variant: HonestyCase): Verdict {
  const engine = new ResourceEngine(resource.type.split(":")[0] ?? "");
  const naming = { name: "honesty", seed: new Uint8Array([1]), mode: "propose" } as const;
  const valid = engine.check(resource.type, resource.inputs, {}, naming);
  if (valid.failures.length > 0) {
    throw new Error(
      `the sandbox refuses a ${resource.type} that should be valid: ${valid.failures.map(({ reason }) => reason).join("; ")}`,
    );
  }
  const checked = engine.check(resource.type, variant.inputs, variant.kind === "replace" ? valid.inputs : {}, naming);
  // A changed value may break a pattern (an address, an ARN): what matters there is that the change replaces.
  if (variant.kind !== "replace" && checked.failures.length > 0)
    return { outcome: "refuse", reasons: checked.failures.map(({ reason }) => reason) };
  const { changes } = engine.diff(resource.type, {
    oldInputs: valid.inputs,
    olds: valid.inputs,
    news: checked.inputs,
    ignoreChanges: [],
  });
  const replacing = changes.filter(({ replaces }) => replaces).map(({ path }) => path);
  return replacing.length > 0 ? { outcome: "replace", reasons: replacing } : { outcome: "accept", reasons: [] };
}

function schemaOf(type: string) {
  return new ResourceEngine(type.split(":")[0] ?? "").schemaOf(type);
}

/** Every object in the inputs whose properties the schema names, the inputs themselves first. */
function objects(
  value: Properties,
  fields: Fields,
  path: readonly Step[] = [],
): { path: readonly Step[]; value: Properties; fields: Fields }[] {
  const inner = [...fields].flatMap(([name, field]) => inside(value[name], field.type, [...path, name]));
  return [{ path, value, fields }, ...inner];
}

function inside(value: Value | undefined, type: Type, path: readonly Step[]): ReturnType<typeof objects> {
  if (Array.isArray(value))
    return type.kind === "list" ? value.flatMap((item, index) => inside(item, type.of, [...path, index])) : [];
  // A text-or-object property becomes text, where unknown properties are the document's own affair.
  const fields = type.kind === "object" ? objectOf(type) : undefined;
  return isObject(value) && fields ? objects(value, fields, path) : [];
}

/** A value of another JavaScript type, or undefined where any value is allowed. */
function wrongType(type: Type): Value | undefined {
  switch (type.kind) {
    case "string":
    case "literal":
      return 12;
    case "number":
    case "boolean":
    case "list":
    case "map":
    case "object":
      return "wrong";
    default:
      return undefined;
  }
}

function isClosed(type: Type): boolean {
  return type.kind === "literal" || (type.kind === "union" && type.of.every((option) => option.kind === "literal"));
}

/** Paths of the values at a dotted name, one per list element on the way; the elements of a scalar list unless `whole`. */
function pathsTo(
  value: Value | undefined,
  steps: readonly string[],
  whole = false,
  walked: readonly Step[] = [],
): Step[][] {
  const [head, ...rest] = steps;
  if (value === undefined || value === null || value === UNKNOWN) return [];
  if (Array.isArray(value) && (head !== undefined || !whole))
    return value.flatMap((item, index) => pathsTo(item, steps, whole, [...walked, index]));
  if (head === undefined) return [[...walked]];
  return isObject(value) ? pathsTo(value[head], rest, whole, [...walked, head]) : [];
}

function at(value: Value, path: readonly Step[]): Value {
  return path.reduce<Value>(
    (inner, step) => (Array.isArray(inner) || isObject(inner) ? ((inner as Record<Step, Value>)[step] ?? null) : null),
    value,
  );
}

/** A different value of the same type. In sdkv2 a block's own mark speaks of adding or removing it. */
function changedValue(value: Value, name: string, sdkv2: boolean): { value: Value | undefined } | undefined {
  if (isSecret(value)) return changedValue(plain(value), name, sdkv2);
  if (typeof value === "string") return { value: value === UNKNOWN ? "changed" : `${value}x` };
  if (typeof value === "number") return { value: value + 1 };
  if (typeof value === "boolean") return { value: !value };
  if (isAsset(value)) return undefined;
  if (Array.isArray(value)) {
    const last = value.at(-1);
    if (isObject(last ?? null)) return { value: undefined };
    return { value: [...value, typeof last === "number" ? last + 1 : "added"] };
  }
  if (isObject(value)) {
    const isMap =
      Object.values(value).every((item) => !isObject(item) && !Array.isArray(item)) &&
      /keepers|parameters|tags/i.test(name);
    return isMap ? { value: { ...value, added: "x" } } : isEmpty(value) && !sdkv2 ? undefined : { value: undefined };
  }
  return undefined;
}

function put(value: Value, path: readonly Step[], leaf: Value | undefined): Value {
  const [head, ...rest] = path;
  if (head === undefined) return leaf ?? null;
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      index !== head ? [item] : rest.length === 0 && leaf === undefined ? [] : [put(item, rest, leaf)],
    );
  }
  const own: Properties = isObject(value) ? value : {};
  if (rest.length === 0 && leaf === undefined)
    return Object.fromEntries(Object.entries(own).filter(([key]) => key !== head));
  return { ...own, [head]: put(own[head] ?? {}, rest, leaf) };
}

function shown(path: readonly Step[]): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

/** Names of all packages with a schema, for callers that sort an inventory into modelled and not modelled. */
export function isModelled(type: string): boolean {
  try {
    return packageSchema(type.split(":")[0] ?? "").resources.has(type);
  } catch {
    return false;
  }
}
