/** The register of exceptions and the attestations: read, checked, every error reported at once. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { dayOf } from "./engine/time.ts";
import { rules } from "./rules/index.ts";

/** Longest life of an exception, in days: what is needed longer is a decision about the rule, not an exception. */
export const LONGEST_DAYS = 180;
const SHORTEST_REASON = 20;

const DAY = "allowed: a day that exists, as YYYY-MM-DD, for example 2027-02-01";
const day = z.string(DAY).refine((text) => !Number.isNaN(dayOf(text)) && text.length === 10, { message: DAY });

const target = z
  .strictObject({
    stack: z.string().min(1).optional(),
    type: z
      .string()
      .regex(/^[^:$]+:[^:$]*:[^:$]+$/, 'allowed: a type token, for example "aws:s3/bucket:Bucket"')
      .optional(),
    name: z.string().min(1).optional(),
    urn: z
      .string()
      .regex(
        /^urn:pulumi:[^:]+::[^:]+::[^:].*::.+$/,
        "allowed: a URN, for example urn:pulumi:mvp::jatsmanor::type::name",
      )
      .optional(),
  })
  .refine((t) => t.urn !== undefined || (t.stack !== undefined && t.type !== undefined && t.name !== undefined), {
    message: "allowed: stack, type and name, or urn",
  })
  .refine((t) => t.urn === undefined || t.stack === undefined || stackOf(t.urn) === t.stack, {
    message: "allowed: a urn of the stack that is named beside it",
  });

const ID = "allowed: the ticket's id, of letters, digits, '-', '.' and '_'";
const RULES = "allowed: a list of at least one rule id";
const TARGETS = "allowed: a list of at least one target";
const REASON = `allowed: a reason of ${SHORTEST_REASON} characters or more`;
const OWNER = "allowed: the name of who answers for it";

const exception = z.strictObject({
  id: z.string(ID).regex(/^[A-Za-z0-9._-]+$/, ID),
  rules: z.array(z.string().min(1), RULES).min(1, RULES),
  targets: z.array(target, TARGETS).min(1, TARGETS),
  reason: z.string(REASON).trim().min(SHORTEST_REASON, REASON),
  owner: z.string(OWNER).trim().min(1, OWNER),
  expires: day,
});
const attestation = z.strictObject({ provider: z.string().min(1), date: day, by: z.string().trim().min(1) });

export type Exception = z.infer<typeof exception>;
export type Target = z.infer<typeof target>;
export type Attestation = z.infer<typeof attestation>;

export const stackOf = (urn: string): string => urn.split(":")[2] ?? "";

export interface Read<T> {
  entries: T[];
  errors: string[];
  /** As written, valid or not, and where in it each valid entry stands. */
  raw: unknown[];
  positions: number[];
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[step];
  return value;
}
const shown = (value: unknown): string => (value === undefined ? "missing" : JSON.stringify(value));
const joined = (path: readonly PropertyKey[]): string =>
  path.map((p, i) => (typeof p === "number" ? `[${p}]` : `${i ? "." : ""}${String(p)}`)).join("");

/** What an issue says: where, the value, what is allowed. */
function describe(file: string, item: unknown, base: readonly PropertyKey[], issue: z.core.$ZodIssue): string {
  const where = joined([...base, ...issue.path]) || "the file";
  if (issue.code === "unrecognized_keys") return `${file}: ${where} has ${issue.keys.join(", ")}: no such key`;
  const allowed = issue.message.startsWith("allowed: ")
    ? issue.message
    : `allowed: ${issue.code === "invalid_type" ? issue.expected : issue.message}`;
  return `${file}: ${where} is ${shown(at(item, issue.path))}: ${allowed}`;
}

/** Each entry by itself, so that one bad entry does not hide what is wrong with the next. */
function read<T>(file: string, key: string, text: string, item: z.ZodType<T>): Read<T> {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    const errors = document.errors.map((e) => `${file}: is not valid YAML: ${e.message.split("\n")[0]}`);
    return { entries: [], errors, raw: [], positions: [] };
  }
  const value: unknown = document.toJS() ?? {};
  const list = z.strictObject({ [key]: z.array(z.unknown()).nullish() }).safeParse(value);
  if (!list.success) {
    return { entries: [], errors: list.error.issues.map((i) => describe(file, value, [], i)), raw: [], positions: [] };
  }
  const raw = list.data[key] ?? [];
  const results = raw.map((entry, i) => ({ entry, i, result: item.safeParse(entry) }));
  return {
    raw,
    positions: results.flatMap(({ i, result }) => (result.success ? [i] : [])),
    entries: results.flatMap(({ result }) => (result.success ? [result.data] : [])),
    errors: results.flatMap(({ entry, i, result }) =>
      result.success ? [] : result.error.issues.map((issue) => describe(file, entry, [key, i], issue)),
    ),
  };
}

/** @param text content of policies/attestations.yaml */
export const readAttestations = (text: string): Read<Attestation> =>
  read("policies/attestations.yaml", "attestations", text, attestation);

export interface Register extends Read<Exception> {
  /** Past their last day: left out, so the violation returns. */
  expired: Exception[];
  warnings: string[];
}

/**
 * @param text content of policies/exceptions.yaml
 * @param today ISO day to judge expiry by
 */
export function readExceptions(text: string, today: string): Register {
  const file = "policies/exceptions.yaml";
  const { entries, errors, raw, positions } = read(file, "exceptions", text, exception);
  const warnings: string[] = [];
  const now = dayOf(today);
  const ids = new Set<unknown>();
  const refused = new Set<number>();
  // Over the entries as written: what is wrong with an invalid one is all said at once.
  for (const [i, entry] of raw.entries()) {
    const e = (entry ?? {}) as Partial<Record<keyof Exception, unknown>>;
    const where = `${file}: exceptions[${i}]${typeof e.id === "string" ? ` (${e.id})` : ""}`;
    if (e.id !== undefined && ids.has(e.id)) errors.push(`${where}: id is used twice; allowed: one entry per ticket`);
    ids.add(e.id);
    const before = errors.length;
    const days = dayOf(e.expires) - now;
    if (days > LONGEST_DAYS) {
      const latest = new Date((now + LONGEST_DAYS) * 86_400_000).toISOString().slice(0, 10);
      errors.push(`${where}: expires is "${String(e.expires)}", in ${days} days; allowed: ${latest} at the latest`);
    }
    for (const id of Array.isArray(e.rules) ? (e.rules as unknown[]).map(String) : []) {
      const rule = rules.find((r) => r.id === id);
      if (!rule) warnings.push(`${where}: rules names ${id}, which is no rule of the pack: it excepts nothing`);
      else if (rule.notExemptable) errors.push(`${where}: rules names ${id}, which accepts no exception: remove it`);
    }
    if (errors.length > before) refused.add(i);
  }
  const accepted = entries.filter((_, n) => !refused.has(positions[n] ?? -1));
  const expired = accepted.filter((e) => dayOf(e.expires) < now);
  return { entries: accepted.filter((e) => !expired.includes(e)), errors, raw, positions, expired, warnings };
}
