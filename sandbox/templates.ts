/**
 * Computed outputs written as text templates in `facts/<package>-outputs.json`: one line per type instead of one
 * function. `{name}` is an input or an earlier output (dotted paths walk in), `{hex:17}`, `{digits:9}`, `{uuid}`,
 * `{upper:17}`, `{letters:10}`, `{ipv4}`, `{ipv6}` are derived from the resource's key, `{region}`, `{account}`,
 * `{now}`, `{created}`, `{logical}` come from the request, `{a|b}` is the first that exists.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Request } from "./clouds/cloud.ts";
import type { Properties, Value } from "./values.ts";
import { asText, isEmpty, isObject } from "./values.ts";

type Templates = Record<string, Properties>;
const loaded = new Map<string, Templates>();

/** Output templates of a type; empty when the package has none for it. */
export function templatesOf(token: string): Properties {
  const name = token.split(":")[0] ?? "";
  let templates = loaded.get(name);
  if (!templates) {
    const path = join(import.meta.dirname, "facts", `${name}-outputs.json`);
    templates = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Templates) : {};
    loaded.set(name, templates);
  }
  return templates[token] ?? {};
}

/**
 * Evaluates the templates of a type, in their order. Outputs that come out empty are left out, and so are those that the
 * program gave: a template says what the cloud fills in, never what it makes of an input.
 */
export function templateOutputs(request: Request): Properties {
  const outputs: Properties = {};
  for (const [name, template] of Object.entries(templatesOf(request.type))) {
    if (name !== "id" && !isEmpty(request.inputs[name])) continue;
    const value = evaluate(template, name, request, outputs);
    if (value !== undefined) outputs[name] = value;
  }
  return outputs;
}

function evaluate(template: Value, name: string, request: Request, outputs: Properties): Value | undefined {
  if (Array.isArray(template)) return template.flatMap((item) => evaluate(item, name, request, outputs) ?? []);
  if (isObject(template)) {
    return Object.fromEntries(
      Object.entries(template).map(([key, item]) => [key, evaluate(item, `${name}.${key}`, request, outputs) ?? null]),
    );
  }
  if (typeof template !== "string") return template;
  const whole = /^\{([^{}]+)\}$/.exec(template)?.[1];
  if (whole !== undefined) return term(whole, name, request, outputs);
  return template.replace(/\{([^{}]+)\}/g, (_, expression: string) => {
    const value = term(expression, name, request, outputs);
    return value === undefined ? "" : asText(value);
  });
}

function term(expression: string, name: string, request: Request, outputs: Properties): Value | undefined {
  for (const option of expression.split("|")) {
    const value = single(option, name, request, outputs);
    if (!isEmpty(value)) return value;
  }
  return undefined;
}

function single(expression: string, name: string, request: Request, outputs: Properties): Value | undefined {
  const [head = "", size] = expression.split(":");
  const { identity } = request;
  if (size !== undefined) {
    const length = Number(size);
    if (head === "hex") return identity.hex(length, name);
    if (head === "digits") return identity.digits(length, name);
    if (head === "upper") return identity.upper(length, name);
    if (head === "letters") return identity.letters(length, "abcdefghijklmnopqrstuvwxyz0123456789", name);
    throw new Error(`sandbox: unknown template function "${head}" for ${request.type}.${name}`);
  }
  switch (head) {
    case "uuid":
      return identity.uuid(name);
    case "ipv4":
      return request.old?.[name] ?? identity.ipv4(name);
    case "ipv6":
      return identity.ipv6(name);
    case "region":
      return request.inputs["region"] ?? request.region;
    case "account":
      return request.account;
    case "now":
      return request.now;
    case "created":
      return request.createdAt;
    case "logical":
      return request.name;
  }
  let value: Value | undefined = { ...request.inputs, ...outputs };
  for (const step of head.split("."))
    value = isObject(value) ? value[step] : Array.isArray(value) ? value[Number(step)] : undefined;
  return value;
}
