/** What a rule is: one value per file, a pure description; config, docs and tests are generated from it. */
import type { Resource, Stack, TypeSet } from "./resource.ts";
import type { Path, View } from "./values.ts";

export const PHASES = ["mvp", "staging", "growth", "enterprise"] as const;
export type Phase = (typeof PHASES)[number];
export type Level = "mandatory" | "advisory" | "disabled";
export type Severity = "low" | "medium" | "high" | "critical";
type PerPhase<T> = Readonly<Record<Phase, T>>;

type Code = "m" | "a" | "-";
const LEVEL: Record<Code, Level> = { m: "mandatory", a: "advisory", "-": "disabled" };
/** Levels in the catalogue's notation, mvp/staging/growth/enterprise: `levels("m/a/-/-")`. */
export function levels(codes: `${Code}/${Code}/${Code}/${Code}`): PerPhase<Level> {
  const [mvp, staging, growth, enterprise] = codes.split("/").map((c) => LEVEL[c as Code]) as [
    Level,
    Level,
    Level,
    Level,
  ];
  return { mvp, staging, growth, enterprise };
}

/** The level without any config: the highest over all phases. */
export function highest(of: PerPhase<Level>): Level {
  const all = Object.values(of);
  return all.includes("mandatory") ? "mandatory" : all.includes("advisory") ? "advisory" : "disabled";
}

/**
 * Phases that a pack config can be of. `governance` (Pulumi Cloud as code) is no column of the table: it holds the rules
 * of all the others, so each rule takes its highest level and toughest parameters there, as without any config.
 */
export const CONFIG_PHASES = [...PHASES, "governance"] as const;
export type ConfigPhase = (typeof CONFIG_PHASES)[number];
export const levelIn = (of: PerPhase<Level>, phase: ConfigPhase): Level =>
  phase === "governance" ? highest(of) : of[phase];

export type JsonSchema = Readonly<Record<string, unknown>>;
export interface Parameter<T = unknown> {
  schema: JsonSchema;
  /** Without config: the toughest over all phases. An allow-list takes every value that some phase allows. */
  default?: T;
  perPhase?: Partial<PerPhase<T>>;
}
export type Parameters<P> = { readonly [K in keyof P]: Parameter<Exclude<P[K], undefined>> };

/** A framework's control, the one the SDK has a field for; the rest go into `tags`. */
export interface Framework {
  name: string;
  version: string;
  reference: string;
  specification: string;
}

/** A resource as examples and tests write it; `from` names the resources a property was computed from. */
export interface Sample {
  type: string;
  name?: string;
  props?: Record<string, unknown>;
  protect?: boolean;
  from?: Record<string, string[]>;
  provider?: Record<string, unknown>;
}

export type Finding = (
  | { path: string | readonly (string | number)[]; found?: string }
  /** For a missing partner, where no single property is wrong: `no BucketVersioning enables versioning on it`. */
  | { problem: string }
) & {
  requires: string;
  fix?: string;
  /** Overrides the configured level, for a warning under a mandatory rule. */
  level?: "advisory" | "mandatory";
};

/** Where a finding belongs: a resource, a place in one, or (null) the stack. */
export type Place = Resource | View | null;

export interface Report {
  violation(place: Place, finding: Finding): void;
  /** A remark that never fails the run. */
  note(place: Place, text: string): void;
  /** Only the update can tell: one note per rule and resource. */
  undetermined(place: Place, what: string): void;
  /** Runs `check` per item; an unknown value leaves the other items judged. */
  each<T>(items: Iterable<T>, check: (item: T) => void): void;
}

/** A check returns the reason why the rule does not apply, or nothing. */
export type Verdict = string | void;

export interface Rule<P extends object = Record<string, never>> {
  id: string;
  title: string;
  severity: Severity;
  levels: PerPhase<Level>;
  parameters?: Parameters<P>;
  framework?: Framework;
  /** Other mappings: `fsbp:S3.8`, `iso27001:A.8.13`. */
  tags: readonly string[];
  /** The guide's own words (French), or the standard where the guide is silent. */
  source: { guide: string } | { standard: string };
  why: string;
  fix: string;
  /** The register may not waive it. */
  notExemptable?: true;
  /** Each is a set of resources; `with` are parameters they are judged by. */
  examples: { pass: readonly Sample[][]; fail: readonly Sample[][]; with?: Partial<P> };
  resource?: {
    types: TypeSet;
    check: (resource: Resource, report: Report, parameters: P) => Verdict;
  };
  stack?: {
    check: (stack: Stack, report: Report, parameters: P) => Verdict;
  };
  /** Repairs in place; opted into by the config (level `remediate`). Never a property that replaces the resource. */
  remediate?: {
    types: TypeSet;
    /** Sets properties on `props` through `set`, which leaves unknown and secret values alone. */
    repair: (resource: Resource, set: (path: Path, value: unknown) => void, parameters: P) => void;
  };
}

/** Rules of different parameters in one list. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyRule = Rule<any>;

/** Infers a rule's parameters from its declaration. */
export const defineRule = <P extends object = Record<string, never>>(rule: Rule<P>): Rule<P> => rule;
