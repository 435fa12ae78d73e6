/** Check: judges the program's inputs and fills what the provider fills (automatic names, schema defaults). */
import { AUTONAMED, automaticName, autonamed } from "./autonaming.ts";
import type { NamingRequest } from "./autonaming.ts";
import { factsOf } from "./facts/load.ts";
import type { Facts } from "./facts/load.ts";
import type { Failure } from "./shape.ts";
import { shapeFailures } from "./shape.ts";
import { objectOf } from "./schema/load.ts";
import type { Fields, Type, TypeSchema } from "./schema/load.ts";
import type { Properties, Value } from "./values.ts";
import {
  DEFAULTS,
  UNKNOWN,
  hasSecret,
  hasUnknown,
  isEmpty,
  isObject,
  isSecret,
  plain,
  secret,
  valueAt,
  withValueAt,
  withoutNulls,
} from "./values.ts";
import { relationFailures, valueFailures } from "./validate.ts";

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

/**
 * @param news inputs of the program; @param olds checked inputs of the last update, empty on creation.
 * Failures name property and reason; inputs are returned completed even then, as the real providers do.
 */
export function check(schema: TypeSchema, news: Properties, olds: Properties, naming: NamingRequest): Checked {
  const facts = factsOf(schema.token);
  const given = documents(withoutNulls(news) as Properties, schema.inputs);
  const named = withName(schema, facts, given, olds, naming);
  const failures = [
    ...shapeFailures(given, schema.inputs, schema.token),
    ...relationFailures(given, facts, schema.inputs),
    ...named.failures,
  ];
  const inputs =
    facts.schema === "framework" ? named.inputs : withDefaults(named.inputs, facts, schema.inputs, named.automatic);
  return { inputs, failures: [...failures, ...valueFailures(inputs, facts)] };
}

/** AWS takes policy documents as objects too; the provider turns them into JSON text. */
function documents(news: Properties, fields: Fields): Properties {
  const converted: Properties = {};
  for (const [key, value] of Object.entries(news)) {
    const type = fields.get(key)?.type;
    const textOrObject = type?.kind === "union" && type.of.some((option) => option.kind === "string") && objectOf(type);
    converted[key] = textOrObject && isObject(plain(value)) ? documentText(value) : value;
  }
  return converted;
}

function documentText(value: Value): Value {
  if (hasUnknown(value)) return UNKNOWN;
  const text = JSON.stringify(plain(value));
  return hasSecret(value) ? secret(text) : text;
}

function withName(schema: TypeSchema, facts: Facts, given: Properties, olds: Properties, naming: NamingRequest) {
  const property = autonamed(schema.token, schema, facts);
  const none = { inputs: given, automatic: [] as string[], failures: [] as Failure[] };
  if (!property || valueAt(given, property) !== undefined) return none;
  if ((facts.conflictsWith?.[property] ?? []).some((other) => given[other] !== undefined)) return none;
  const name = automaticName(property, olds, facts, naming);
  if (name !== undefined) {
    const named = withValueAt(given, property, name);
    if (!property.includes(".")) return { ...none, inputs: named, automatic: [property] };
    const annotations = valueAt(named, "metadata.annotations");
    const noted = { ...(isObject(annotations) ? annotations : {}), [AUTONAMED]: "true" };
    return { ...none, inputs: withValueAt(named, "metadata.annotations", noted), automatic: [property] };
  }
  const required = (facts.tfRequiredOnly ?? []).includes(property);
  const reason = `Missing required argument: "${property}" is required and automatic naming is disabled`;
  return { ...none, failures: required ? [{ property, reason }] : [] };
}

/** Fills schema defaults at every depth and notes them under `__defaults`, as Pulumi's Terraform bridge does. */
function withDefaults(inputs: Properties, facts: Facts, fields: Fields, automatic: readonly string[]): Properties {
  const bridged = facts.schema === "sdkv2";
  const fill = (value: Value, type: Type, path: string): Value => {
    if (isSecret(value)) return secret(fill(value.value, type, path));
    if (value === UNKNOWN) return value;
    if (Array.isArray(value)) return value.map((item) => (type.kind === "list" ? fill(item, type.of, path) : item));
    const inner = type.kind === "object" ? type.properties() : type.kind === "union" ? objectOf(type) : undefined;
    return isObject(value) && inner ? complete(value, inner, path, []) : value;
  };
  const complete = (value: Properties, inner: Fields, path: string, filled: readonly string[]): Properties => {
    const result: Properties = {};
    const noted = [...filled];
    for (const [name, field] of inner) {
      const at = path ? `${path}.${name}` : name;
      const own = value[name];
      if (own !== undefined) {
        result[name] = fill(own, field.type, at);
        continue;
      }
      const preset = facts.defaults?.[at];
      if (preset === undefined || isObject(preset) || conflicting(at, value, facts)) continue;
      result[name] = preset;
      noted.push(name);
    }
    // Unknown keys stay: they were reported, and hiding them would hide the mistake.
    for (const [name, own] of Object.entries(value)) if (!(name in result)) result[name] = own;
    return bridged ? { ...result, [DEFAULTS]: noted.sort() } : result;
  };
  return complete(inputs, fields, "", automatic);
}

/** A default must not create a conflict with what the program says. */
function conflicting(path: string, siblings: Properties, facts: Facts): boolean {
  const last = (text: string): string => text.split(".").at(-1) ?? text;
  return (facts.conflictsWith?.[path] ?? []).some((other) => !isEmpty(siblings[last(other)]));
}
