/** What a rehearsal found, as the report and the terminal show it. */
import type { Finding } from "../rehearse/events.ts";

/** `summary.json`: a contract with whoever reads it by program. Numbers are counts, seconds excepted. */
export interface Summary {
  stack: string;
  phase: string;
  resources: number;
  created: number;
  updated: number;
  replaced: number;
  deleted: number;
  policies: { mandatory: number; advisory: number; remediated: number; exempted: number; undetermined: number };
  /** null until prices are known: never a made-up number. */
  cost: { currency: "EUR"; floor: number; ceiling: number; budget: number } | null;
  seconds: number;
}

/** A resource as `pulumi stack export` writes it, the parts that are read. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  /** Only read, never managed: what existed before the stack. */
  external?: boolean;
  id?: string;
  parent?: string;
  protect?: boolean;
  dependencies?: string[];
  /** Property of this resource -> URNs whose outputs it uses. */
  propertyDependencies?: Record<string, string[]>;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** One change of a resource, with the properties that cause it. */
export interface Change {
  op: string;
  urn: string;
  properties: string[];
}

export interface RehearsalResult {
  summary: Summary;
  /** "preview" or "update": which operation the result is of; a failed preview never reaches the update. */
  operation: "preview" | "update";
  succeeded: boolean;
  resources: StateResource[];
  changes: Change[];
  findings: Finding[];
  errors: string[];
  warnings: string[];
  /** Stack outputs; secrets are already replaced by "[secret]". */
  outputs: Record<string, unknown>;
  engine: { version: string; origin: string };
  /** Date that rules compared with, ISO. */
  date: string;
}
