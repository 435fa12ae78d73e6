/** The value rules of the provider facts: enums, ranges, lengths, patterns, and rules between properties. */
import { isIP, isIPv4, isIPv6 } from "node:net";
import type { Facts, Validation } from "./facts/load.ts";
import type { Failure } from "./shape.ts";
import { fieldAt } from "./schema/load.ts";
import type { Fields } from "./schema/load.ts";
import type { Properties, Value } from "./values.ts";
import { asText, hasUnknown, isEmpty, plain, valuesAt } from "./values.ts";

/** Violations of `validations`. Values not known yet are left alone: they are judged in the update. */
export function valueFailures(inputs: Properties, facts: Facts): Failure[] {
  return Object.entries(facts.validations ?? {}).flatMap(([path, validation]) =>
    valuesAt(inputs, path.split(".")).flatMap(({ path: where, value }) => {
      if (hasUnknown(value)) return [];
      const reason = violation(plain(value), validation);
      return reason === undefined ? [] : [{ property: where, reason: `Invalid value at "${where}": ${reason}` }];
    }),
  );
}

function violation(value: Value, rule: Validation): string | undefined {
  if (rule.anyOf) {
    const reasons = rule.anyOf.map((option) => violation(value, option));
    return reasons.includes(undefined) ? undefined : reasons.join("; or ");
  }
  if (Array.isArray(value)) {
    if (rule.minItems !== undefined && value.length < rule.minItems)
      return `needs at least ${rule.minItems} items, got ${value.length}`;
    if (rule.maxItems !== undefined && value.length > rule.maxItems)
      return `takes at most ${rule.maxItems} items, got ${value.length}`;
    return value.map((item) => violation(item, rule.each ?? elementRule(rule))).find((reason) => reason !== undefined);
  }
  if (typeof value === "object" && value !== null) {
    const each = rule.each;
    return (
      each &&
      Object.values(value)
        .map((item) => violation(item, each))
        .find((reason) => reason !== undefined)
    );
  }
  const shown = JSON.stringify(value);
  if (rule.enum && !listed(rule.enum, value, rule.ignoreCase)) {
    const known = rule.enumAsOf
      ? ` (values known as of ${rule.enumAsOf}; add newer ones to the package's -extra facts)`
      : "";
    return `expected one of ${rule.enum.map((item) => JSON.stringify(item)).join(", ")}${known}, got ${shown}`;
  }
  if (rule.nonZero && (value === "" || value === 0)) return "must not be empty";
  if (typeof value === "number" || /^-?\d+(\.\d+)?$/.test(asText(value))) {
    const number = Number(value);
    if (rule.min !== undefined && number < rule.min) return `must be at least ${rule.min}, got ${shown}`;
    if (rule.max !== undefined && number > rule.max) return `must be at most ${rule.max}, got ${shown}`;
    if (rule.multipleOf !== undefined && number % rule.multipleOf !== 0)
      return `must be a multiple of ${rule.multipleOf}, got ${shown}`;
  }
  return typeof value === "string" ? textViolation(value, rule) : undefined;
}

function listed(allowed: readonly Value[], value: Value, ignoreCase = false): boolean {
  if (!ignoreCase) return allowed.includes(value);
  return allowed.some((item) => asText(item).toLowerCase() === asText(value).toLowerCase());
}

/** A rule on a list without `each` speaks of the list's length only, except that enums and formats are per element. */
function elementRule({ enum: values, format, pattern, notPattern }: Validation): Validation {
  return {
    ...(values !== undefined ? { enum: values } : {}),
    ...(format !== undefined ? { format } : {}),
    ...(pattern !== undefined ? { pattern } : {}),
    ...(notPattern !== undefined ? { notPattern } : {}),
  };
}

function textViolation(value: string, rule: Validation): string | undefined {
  if (rule.minLength !== undefined && value.length < rule.minLength)
    return `needs ${rule.minLength} or more characters, got ${value.length}`;
  if (rule.maxLength !== undefined && value.length > rule.maxLength)
    return `takes at most ${rule.maxLength} characters, got ${value.length}`;
  for (const pattern of list(rule.pattern)) {
    if (!expression(pattern).test(value)) return `"${value}" does not match ${pattern}`;
  }
  for (const pattern of list(rule.notPattern)) {
    if (expression(pattern).test(value)) return `"${value}" must not match ${pattern}`;
  }
  const format = rule.format ?? (rule.fn === undefined ? undefined : formatOfCheck[rule.fn]);
  const test = format === undefined ? undefined : formats[format];
  // Terraform's format checks let the empty string pass: it means "not set".
  if (test && value !== "" && !test(value)) return `"${value.slice(0, 80)}" is not a valid ${format}`;
  return undefined;
}

const isJson = (value: string): boolean => {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
};
const isCidr = (value: string): boolean => {
  const [address = "", bits, ...rest] = value.split("/");
  const width = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && bits !== undefined && /^\d+$/.test(bits) && Number(bits) <= width;
};
const formats: Record<string, (value: string) => boolean> = {
  "IAM policy": (value) => value.startsWith("{") && isJson(value),
  "aws-account-id": (value) => /^\d{12}$/.test(value),
  "https-url": (value) => URL.canParse(value) && value.startsWith("https://"),
  IPv4CIDRNetworkAddress: (value) => isCidr(value) && !value.includes(":"),
  IPv6CIDRNetworkAddress: (value) => isCidr(value) && value.includes(":"),
  arn: (value) => /^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}|aws|)?:.+$/.test(value),
  cidr: isCidr,
  ip: (value) => isIP(value) !== 0,
  ipv4: isIPv4,
  ipv6: isIPv6,
  json: isJson,
  regex: () => true,
  rfc3339: (value) => /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value),
};
/** Named checks of the providers whose logic is one of the formats; the others are not simulated. */
const formatOfCheck: Record<string, string> = {
  "verify.ValidAccountID": "aws-account-id",
  "verify.ValidIAMPolicyJSON": "IAM policy",
  "verify.ValidIPv4CIDRNetworkAddress": "IPv4CIDRNetworkAddress",
  "verify.ValidIPv6CIDRNetworkAddress": "IPv6CIDRNetworkAddress",
  "validation.IsCIDRNetwork": "cidr",
};

/** Go's RE2 syntax as a JavaScript expression. @throws on a pattern that has no counterpart (a test compiles them all). */
export function expression(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const text = pattern
    .slice(flags?.[0].length ?? 0)
    .replace(/\\x\{([0-9A-Fa-f]{1,4})\}/g, (_, hex: string) => `\\u${hex.padStart(4, "0")}`)
    .replace(/\\x\{([0-9A-Fa-f]{5,6})\}/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/\\A/g, "^")
    .replace(/\\z/g, "$")
    .replace(/\[:alnum:\]/g, "0-9A-Za-z")
    .replace(/\[:alpha:\]/g, "A-Za-z")
    .replace(/\[:digit:\]/g, "0-9")
    .replace(/\[:lower:\]/g, "a-z")
    .replace(/\[:upper:\]/g, "A-Z")
    .replace(/\[:space:\]/g, "\\s");
  const unicode = /\\p\{/.test(text) ? "u" : "";
  return new RegExp(
    unicode ? text.replace(/\\([-_/:=@,])/g, (_, char: string) => (char === "-" ? "\\-" : char)) : text,
    (flags?.[1] ?? "") + unicode,
  );
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

/** Violations of the rules between properties: conflicts, companions, one-of groups. */
export function relationFailures(inputs: Properties, facts: Facts, fields: Fields): Failure[] {
  const failures: Failure[] = [];
  for (const [path, others] of Object.entries(facts.conflictsWith ?? {})) {
    eachGroup(inputs, fields, [path, ...others], ([own, ...rest], at) => {
      const clash = own?.set ? rest.find((other) => other.set) : undefined;
      if (clash && own)
        failures.push({
          property: at + own.name,
          reason: `Conflicting configuration arguments: "${own.name}" conflicts with "${clash.name}"`,
        });
    });
  }
  for (const [path, others] of Object.entries(facts.requiredWith ?? {})) {
    eachGroup(inputs, fields, [path, ...others], ([own, ...rest], at) => {
      const missing = own?.set ? rest.find((other) => !other.set) : undefined;
      if (missing && own)
        failures.push({
          property: at + own.name,
          reason: `Missing required argument: "${own.name}" needs "${missing.name}" as well`,
        });
    });
  }
  for (const [groups, exactly] of [
    [facts.exactlyOneOf, true],
    [facts.atLeastOneOf, false],
  ] as const) {
    for (const group of groups ?? []) {
      eachGroup(inputs, fields, group, (members, at) => {
        const count = members.filter((member) => member.set).length;
        if (count === 1 || (count > 1 && !exactly)) return;
        const names = members.map((member) => `"${member.name}"`).join(", ");
        const wanted = exactly
          ? `exactly one of ${names} must be given, got ${count}`
          : `at least one of ${names} must be given`;
        failures.push({
          property: at + (members[0]?.name ?? ""),
          reason: `Invalid combination of arguments: ${wanted}`,
        });
      });
    }
  }
  return failures;
}

interface Member {
  readonly name: string;
  readonly set: boolean;
}

/** Calls back for each instance of the object that the group's members have in common. */
function eachGroup(
  inputs: Properties,
  fields: Fields,
  group: readonly string[],
  report: (members: Member[], at: string) => void,
): void {
  const paths = group.map((name) => qualified(name, group, fields));
  // The facts keep some provider-internal names that match no property: such a group cannot be judged.
  if (paths.some((path) => path === undefined)) return;
  const known = paths.filter((path) => path !== undefined);
  const depth = commonDepth(known);
  const parent = known[0]?.slice(0, depth) ?? [];
  for (const { path: at, value } of depth === 0 ? [{ path: "", value: inputs as Value }] : instances(inputs, parent)) {
    const members = known.map((path) => {
      const rest = path.slice(depth);
      return {
        name: rest.join("."),
        set: valuesAt(value, rest).some((found) => found.value !== false && !isEmpty(found.value)),
      };
    });
    report(members, at ? `${at}.` : "");
  }
}

/** Objects at a path, one per list element. */
function instances(inputs: Properties, parent: readonly string[]): { path: string; value: Value }[] {
  return valuesAt(inputs, parent).flatMap(({ path, value }) =>
    Array.isArray(value)
      ? value.map((item, index) => ({ path: `${path}[${index}]`, value: plain(item) }))
      : [{ path, value: plain(value) }],
  );
}

/** Full path of a group member; the facts give siblings of a nested property by their bare provider name. */
function qualified(name: string, group: readonly string[], fields: Fields): string[] | undefined {
  const camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const nested = group.find((member) => member.includes("."));
  const candidates = [
    ...(nested && !camel.includes(".") ? [[...nested.split(".").slice(0, -1), camel]] : []),
    camel.split("."),
  ];
  return candidates.find((path) => fieldAt(fields, path) !== undefined);
}

function commonDepth(paths: readonly string[][]): number {
  let depth = 0;
  while (paths.every((path) => path.length > depth + 1 && path[depth] === paths[0]?.[depth])) depth += 1;
  return depth;
}
