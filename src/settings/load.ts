import { z } from "zod";
import { placeholderPaths } from "./placeholder.ts";
import { commonSettings } from "./common.ts";
import { SCHEMAS, SECRET_KEYS, type Settings } from "./schema.ts";

/** Raw configuration as Pulumi keeps it: one string per key, objects and lists as JSON. */
export interface RawSettings {
  values: Record<string, string>;
  /** Keys whose value is encrypted in the stack file. */
  secretKeys: readonly string[];
}

/** All problems of a stack file at once: fixing them one `pulumi preview` at a time would waste a morning. */
export class SettingsError extends Error {
  constructor(stack: string, problems: string[]) {
    const count = problems.length === 1 ? "1 setting is" : `${problems.length} settings are`;
    super(
      `${count} wrong in stack ${stack} (Pulumi.${stack}.yaml):\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
    this.name = "SettingsError";
  }
}

/** The settings of a stack, or a SettingsError naming every bad key with its value, what is allowed and an example. */
export function loadSettings(stack: string, raw: RawSettings): Settings {
  const schema = schemaFor(stack, raw.values);
  const decoded = Object.fromEntries(
    Object.entries(raw.values).map(([key, value]) => [key, decode(value, schema.shape[key])]),
  );
  const placeholders = placeholderProblems(decoded);
  if (placeholders.length > 0) throw new SettingsError(stack, placeholders);
  const result = schema.safeParse(decoded);
  const problems = [
    ...(result.success ? [] : result.error.issues.map((issue) => describeIssue(issue, schema, decoded))),
    ...SECRET_KEYS.filter((key) => key in raw.values && !raw.secretKeys.includes(key)).map(plaintextSecret),
  ];
  if (problems.length > 0) throw new SettingsError(stack, problems);
  return result.data as unknown as Settings;
}

/** Phase and platform choose the schema; a wrong one is reported alone, since nothing else can be judged without it. */
function schemaFor(stack: string, values: Record<string, string>): z.ZodObject {
  const chosen = commonSettings.pick({ phase: true, platform: true });
  const result = chosen.safeParse({ phase: values["phase"], platform: values["platform"] });
  if (!result.success)
    throw new SettingsError(
      stack,
      result.error.issues.map((issue) => describeIssue(issue, chosen, values)),
    );
  const combination = `${result.data.phase} on ${result.data.platform}`;
  const schema = SCHEMAS[combination];
  if (schema === undefined) {
    throw new SettingsError(stack, [
      `jatsmanor:platform: ${combination} is not one of the topologies: ${Object.keys(SCHEMAS).join("; ")}`,
    ]);
  }
  return schema;
}

/** Objects, lists, numbers and booleans arrive as text; versions such as 8.4 must stay text, so the schema decides. */
function decode(value: string, field: unknown): unknown {
  let type = field as z.ZodType | undefined;
  while (type instanceof z.ZodOptional || type instanceof z.ZodDefault) type = type.unwrap() as z.ZodType;
  if (type === undefined || type instanceof z.ZodString || type instanceof z.ZodEnum) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value; // the schema will say what it wanted instead
  }
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodObject, values: Record<string, unknown>): string {
  if (issue.code === "unrecognized_keys") {
    const where = issue.path.length === 0 ? "" : ` in jatsmanor:${pathText(issue.path)}`;
    const known = issue.path.length === 0 ? `; known keys: ${Object.keys(schema.shape).join(", ")}` : "";
    return `unknown setting ${issue.keys.join(", ")}${where}${known}`;
  }
  const key = String(issue.path[0]);
  const found = issue.path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
    values,
  );
  const allowed = (schema.shape[key] as z.ZodType | undefined)?.description;
  const isSecret = SECRET_KEYS.includes(key);
  const missing = found === undefined;
  const shown = missing
    ? "is missing"
    : isSecret
      ? "has a wrong form (secret, not shown)"
      : `is ${JSON.stringify(found)} (${typeOf(found)})`;
  const message = missing || isSecret ? "" : `: ${issue.message}`;
  const set = missing
    ? `. Set it: pulumi config set ${isSecret ? "--secret " : ""}jatsmanor:${pathText(issue.path)} ...`
    : "";
  return `jatsmanor:${pathText(issue.path)} ${shown}${message}${allowed === undefined ? "" : `. Allowed: ${allowed}`}${set}`;
}

function placeholderProblems(decoded: Record<string, unknown>): string[] {
  return Object.entries(decoded)
    .flatMap(([key, value]) => placeholderPaths(value, key))
    .map((path) => {
      const secret = SECRET_KEYS.includes(path) ? "--secret " : "";
      const nested = /[.[]/.test(path) ? "--path " : "";
      return `jatsmanor:${path} still is a placeholder. Set it: pulumi config set ${secret}${nested}'jatsmanor:${path}' <value>`;
    });
}

const plaintextSecret = (key: string) =>
  `jatsmanor:${key} is a secret in plain text. Encrypt it: pulumi config set --secret jatsmanor:${key}`;

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
}

const typeOf = (value: unknown): string => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value);
