/** Compares values with the SDK's types: unknown properties, wrong types, missing required properties. */
import type { Fields, Type } from "./schema/load.ts";
import type { Properties, Value } from "./values.ts";
import { DEFAULTS, UNKNOWN, isAsset, isObject, isSecret } from "./values.ts";

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** All departures of `value` from the fields of a type; `owner` names the type in the messages. */
export function shapeFailures(value: Properties, fields: Fields, owner: string, path = ""): Failure[] {
  const failures: Failure[] = [];
  for (const [key, child] of Object.entries(value)) {
    if (key === DEFAULTS || child === null) continue;
    const where = path ? `${path}.${key}` : key;
    const field = fields.get(key);
    if (field) failures.push(...typeFailures(child, field.type, owner, where));
    else failures.push({ property: where, reason: unknownKey(key, where, fields, owner) });
  }
  for (const [key, field] of fields) {
    const present = value[key] !== undefined && value[key] !== null;
    if (!field.required || present) continue;
    const where = path ? `${path}.${key}` : key;
    failures.push({
      property: where,
      reason: `Missing required argument: the argument "${key}" is required by ${owner}, but no value was given at "${where}"`,
    });
  }
  return failures;
}

function unknownKey(key: string, where: string, fields: Fields, owner: string): string {
  const near = [...fields.keys()].find((name) => name.toLowerCase() === key.toLowerCase() || close(name, key));
  const hint = near ? `; did you mean "${near}"?` : "";
  return `Invalid or unknown key "${key}" at "${where}": ${owner} has no such property${hint}`;
}

/** One letter more, less or other. */
function close(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  return [
    a.slice(start + 1) === b.slice(start + 1),
    a.slice(start + 1) === b.slice(start),
    a.slice(start) === b.slice(start + 1),
  ].some(Boolean);
}

function typeFailures(value: Value, type: Type, owner: string, where: string): Failure[] {
  if (isSecret(value)) return typeFailures(value.value, type, owner, where);
  if (value === UNKNOWN || type.kind === "any") return [];
  const wrong = (wanted: string): Failure[] => [
    { property: where, reason: `Wrong type at "${where}" of ${owner}: wanted ${wanted}, got ${describe(value)}` },
  ];
  switch (type.kind) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === type.kind ? [] : wrong(`a ${type.kind}`);
    case "literal":
      return value === type.value ? [] : wrong(`"${type.value}"`);
    case "asset":
      return isAsset(value) ? [] : wrong("an asset or archive");
    case "list":
      if (!Array.isArray(value)) return wrong("a list");
      return value.flatMap((item, index) => typeFailures(item, type.of, owner, `${where}[${index}]`));
    case "map":
      if (!isObject(value)) return wrong("a map");
      return Object.entries(value).flatMap(([key, item]) =>
        key === DEFAULTS || item === null ? [] : typeFailures(item, type.of, owner, `${where}.${key}`),
      );
    case "object":
      return isObject(value) ? shapeFailures(value, type.properties(), owner, where) : wrong("an object");
    case "union": {
      const attempts = type.of.map((option) => typeFailures(value, option, owner, where));
      if (attempts.some((failures) => failures.length === 0)) return [];
      if (type.of.every((option) => option.kind === "literal")) {
        return wrong(
          `one of ${type.of.map((option) => (option.kind === "literal" ? `"${option.value}"` : "")).join(", ")}`,
        );
      }
      // The object form explains best what is wrong with an object.
      return attempts[type.of.findIndex((option) => isObject(value) && option.kind === "object")] ?? attempts[0] ?? [];
    }
  }
}

function describe(value: Value): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return `${typeof value} ${JSON.stringify(value)}`;
}
