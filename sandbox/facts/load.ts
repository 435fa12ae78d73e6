/**
 * Facts per resource type beyond property names: what replaces, what the provider fills in, what is secret, which
 * values are allowed. `<package>.json` is a copy of the provider facts; `<package>-extra.json` is laid over it and holds
 * what those leave out. Field meanings: sandbox/README.md.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Value } from "../values.ts";

export interface Validation {
  readonly enum?: readonly Value[] | null;
  readonly enumAsOf?: string;
  readonly ignoreCase?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly multipleOf?: number;
  readonly pattern?: string | readonly string[];
  readonly notPattern?: string | readonly string[];
  readonly format?: string;
  readonly nonZero?: boolean;
  readonly fn?: string;
  readonly each?: Validation;
  readonly anyOf?: readonly Validation[];
}

export interface Facts {
  /** `sdkv2` providers fill schema defaults into the checked inputs, `framework` and `native` ones do not. */
  readonly schema?: "sdkv2" | "framework" | "native";
  readonly required?: readonly string[];
  readonly requiredNested?: readonly string[];
  readonly tfRequiredOnly?: readonly string[];
  readonly forceNew?: readonly string[];
  readonly forceNewIf?: Readonly<Record<string, string>>;
  readonly computed?: readonly string[];
  readonly optionalComputed?: readonly string[];
  readonly defaults?: Readonly<Record<string, Value>>;
  readonly sensitive?: readonly string[];
  readonly writeOnly?: readonly string[];
  readonly sets?: readonly string[];
  readonly validations?: Readonly<Record<string, Validation>>;
  readonly conflictsWith?: Readonly<Record<string, readonly string[]>>;
  readonly requiredWith?: Readonly<Record<string, readonly string[]>>;
  readonly exactlyOneOf?: readonly (readonly string[])[];
  readonly atLeastOneOf?: readonly (readonly string[])[];
  /** Property that the provider names itself; `null` = none. Absent = found by the rule in autonaming.ts. */
  readonly autoname?: string | null;
  /** False for types that exist for a property of another one and have no delete of their own in the cloud. */
  readonly deleteBeforeReplace?: boolean;
}

const loaded = new Map<string, ReadonlyMap<string, Facts>>();

/** Facts of a type; empty when none are known (types of packages without facts). */
export function factsOf(token: string): Facts {
  const name = token.split(":")[0] ?? "";
  let facts = loaded.get(name);
  if (!facts) {
    facts = read(name);
    loaded.set(name, facts);
  }
  return facts.get(token) ?? {};
}

function read(name: string): ReadonlyMap<string, Facts> {
  const facts = new Map<string, Facts>();
  for (const file of [`${name}.json`, `${name}-extra.json`]) {
    const path = join(import.meta.dirname, file);
    if (!existsSync(path)) continue;
    const { resources } = JSON.parse(readFileSync(path, "utf8")) as { resources: Record<string, Facts> };
    for (const [token, extra] of Object.entries(resources)) facts.set(token, overlay(facts.get(token), extra));
  }
  return facts;
}

/** Lists and scalars of the overlay win; records (validations, defaults, ...) are merged by key. */
function overlay(base: Facts | undefined, extra: Facts): Facts {
  if (!base) return extra;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(extra)) {
    const old = merged[key];
    const records = [old, value].every((item) => typeof item === "object" && item !== null && !Array.isArray(item));
    merged[key] = records ? { ...(old as object), ...(value as object) } : value;
  }
  return merged;
}
