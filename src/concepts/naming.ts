import { createHash } from "node:crypto";
import type { Phase } from "./phase.ts";

/** Who and what a resource belongs to: the one source of names and tags. */
export interface NamingContext {
  /** "jatsmanor". */
  project: string;
  /** The stack's name, for example "mvp" or "growth-eu". */
  environment: string;
  phase: Phase;
  /** Team that answers for the resource, for example "platform-team". */
  owner: string;
  costCenter: string;
}

/** What a resource holds; decides where it may live and how long it is kept. */
export type DataClass = "public" | "internal" | "personal" | "user-content" | "backup" | "anonymised";

/** Longest physical name per kind of resource: the strictest limit among the providers we use, in characters. */
const NAME_LIMITS = {
  bucket: 63, // DNS label rules of object stores
  server: 63, // a host name label, RFC 1123
  principal: 64, // machine users and roles
  database: 63,
  loadBalancer: 32,
  other: 128,
} as const;
export type NamedKind = keyof typeof NAME_LIMITS;

const HASH_LENGTH = 8;

/**
 * The physical name of a resource: `project-environment-part`, in lower case, letters, digits and hyphens only.
 * A name over the kind's limit keeps its start and ends in a hash of the whole, so that two long names which share
 * their first characters stay two names (a bare cut would give both the same).
 */
export function physicalName(context: NamingContext, kind: NamedKind, ...parts: string[]): string {
  const full = [context.project, context.environment, ...parts]
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/-{2,}/g, "-")
    .replace(/^-|-$/g, "");
  const limit = NAME_LIMITS[kind];
  if (full.length <= limit) return full;
  const hash = createHash("sha256").update(full).digest("hex").slice(0, HASH_LENGTH);
  return `${full.slice(0, limit - HASH_LENGTH - 1).replace(/-$/, "")}-${hash}`;
}

/** The six tags that every taggable resource carries (rule required-tags). */
export interface Tags extends Record<string, string> {
  project: string;
  env: string;
  phase: string;
  owner: string;
  "cost-center": string;
  "data-class": DataClass;
}

export function tags(context: NamingContext, dataClass: DataClass): Tags {
  return {
    project: context.project,
    env: context.environment,
    phase: context.phase,
    owner: context.owner,
    "cost-center": context.costCenter,
    "data-class": dataClass,
  };
}
