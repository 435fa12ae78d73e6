/** Physical names: the property that a provider names by itself, and how. */
import { createHash } from "node:crypto";
import type { Facts } from "./facts/load.ts";
import type { TypeSchema } from "./schema/load.ts";
import type { Properties } from "./values.ts";
import { DEFAULTS, UNKNOWN, asText, plain, valueAt } from "./values.ts";

export interface NamingRequest {
  /** Logical name of the resource. */
  readonly name: string;
  /** The engine's seed; empty in previews of some engines, then the logical name stands in. */
  readonly seed: Uint8Array;
  readonly mode: "propose" | "enforce" | "disable";
  /** The engine's own proposal (`pulumi:autonaming` configuration). */
  readonly proposed?: string;
}

/** Annotation by which the Kubernetes provider remembers that a name was its own. */
export const AUTONAMED = "pulumi.com/autonamed";

/** Whether checked inputs hold a name that the provider gave; undefined where nothing was noted. */
export function namedByProvider(inputs: Properties, property: string): boolean | undefined {
  const noted = inputs[DEFAULTS];
  if (Array.isArray(noted)) return noted.includes(property);
  if (!property.includes(".")) return undefined;
  const annotations = valueAt(inputs, "metadata.annotations");
  return typeof annotations === "object" && annotations !== null && AUTONAMED in annotations;
}

/** Input property, dotted where nested, that the provider names when the program does not, or undefined. */
export function autonamed(token: string, schema: TypeSchema, facts: Facts): string | undefined {
  if (facts.autoname !== undefined) return facts.autoname ?? undefined;
  const env = (name: string): boolean => typeof facts.defaults?.[name] === "object";
  const required = (facts.tfRequiredOnly ?? []).find(
    (name) => !env(name) && schema.inputs.get(name)?.required === false,
  );
  if (required) return required;
  // Pulumi's bridge names every optional `name` (SetAutonaming); other names only where the facts say so.
  const bridged = facts.schema === "sdkv2" && !token.startsWith("ovh:");
  return bridged && schema.inputs.get("name")?.required === false ? "name" : undefined;
}

/** Value for the autonamed property: the old automatic name, the engine's proposal, or `<logical>-<7 hex digits>`. */
export function automaticName(
  property: string,
  olds: Properties,
  facts: Facts,
  request: NamingRequest,
): string | undefined {
  const old = valueAt(olds, property);
  if (old !== undefined && old !== UNKNOWN && namedByProvider(olds, property) !== false) return asText(plain(old));
  if (request.mode === "disable") return undefined;
  if (request.proposed) return request.proposed;
  const seed = request.seed.length > 0 ? request.seed : Buffer.from(request.name);
  const suffix = createHash("sha256").update(seed).update(property).digest("hex").slice(0, 7);
  const limit = facts.validations?.[property]?.maxLength ?? 255;
  const lower = property === "bucket" || property === "identifier" || property === "replicationGroupId";
  const prefix = (lower ? request.name.toLowerCase() : request.name).slice(0, limit - suffix.length - 1);
  return `${prefix}-${suffix}`;
}
