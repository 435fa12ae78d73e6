/** The outputs of a resource: its inputs, what templates and clouds compute, and plausible values for the rest. */
import type { Cloud, Request } from "./clouds/cloud.ts";
import { factsOf } from "./facts/load.ts";
import type { Facts } from "./facts/load.ts";
import { fieldAt, objectOf } from "./schema/load.ts";
import type { Type, TypeSchema } from "./schema/load.ts";
import { templateOutputs, templatesOf } from "./templates.ts";
import type { Properties, Value } from "./values.ts";
import {
  DEFAULTS,
  UNKNOWN,
  hasSecret,
  isEmpty,
  isObject,
  isSecret,
  mapValues,
  secret,
  valueAt,
  withValueAt,
} from "./values.ts";

/** Outputs of a resource that exists, `id` apart. `inputs` still has its secret wrappers; `request.inputs` has none. */
export function liveOutputs(
  schema: TypeSchema,
  cloud: Cloud,
  request: Request,
  inputs: Properties,
): { id: string; outputs: Properties } {
  const facts = factsOf(schema.token);
  const computed = { ...templateOutputs(request), ...cloud.compute?.[schema.token]?.(request) };
  const id = typeof computed["id"] === "string" ? computed["id"] : request.identity.hex(32);
  const result: Properties = { ...echoed(inputs, facts, schema) };
  const completed = Object.keys(computed).filter((name) => name !== "id");
  for (const name of new Set([...ownOutputs(schema, facts), ...completed])) {
    const own = result[name];
    if (computed[name] !== undefined) result[name] = reconcile(own, computed[name]);
    else if (own === undefined || own === null) {
      const value = request.old?.[name] ?? plausible(name, typeOf(schema, name), schema, facts, request);
      if (value !== undefined) result[name] = value;
    }
  }
  if (facts.schema !== "native") result["id"] = id;
  return { id, outputs: secrets(result, facts, schema) };
}

/** Outputs as a preview knows them: computed ones unknown on creation, as before on an update. */
export function previewOutputs(schema: TypeSchema, inputs: Properties, olds: Properties | undefined): Properties {
  const facts = factsOf(schema.token);
  const result: Properties = { ...echoed(inputs, facts, schema) };
  for (const name of ownOutputs(schema, facts)) {
    if (result[name] === undefined || result[name] === null) result[name] = olds?.[name] ?? UNKNOWN;
  }
  return secrets(withNested(result, olds, facts), facts, schema);
}

/** Adds what the cloud computes inside objects that the program gives in part (the security group of a cluster). */
function withNested(outputs: Properties, olds: Properties | undefined, facts: Facts): Properties {
  const nested = (facts.computed ?? []).filter((path) => path.includes("."));
  return nested.reduce((result, path) => {
    const parent = valueAt(result, path.slice(0, path.lastIndexOf(".")));
    if (!isObject(parent) || isSecret(parent) || valueAt(result, path) !== undefined) return result;
    return withValueAt(result, path, valueAt(olds ?? {}, path) ?? UNKNOWN);
  }, outputs);
}

/** Inputs that come back as outputs: without the bridge's notes, without write-only values, with framework defaults. */
function echoed(inputs: Properties, facts: Facts, schema: TypeSchema): Properties {
  const result: Properties = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (name !== DEFAULTS && !facts.writeOnly?.includes(name)) result[name] = withoutNotes(value);
  }
  for (const [name, preset] of Object.entries(facts.defaults ?? {})) {
    if (!name.includes(".") && schema.inputs.has(name) && result[name] === undefined && !isObject(preset))
      result[name] = preset;
  }
  return result;
}

function withoutNotes(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (!isObject(value)) return value;
  return mapValues(Object.fromEntries(Object.entries(value).filter(([key]) => key !== DEFAULTS)), withoutNotes);
}

/** Output properties that the program may leave to the cloud, and those it cannot set. */
function ownOutputs(schema: TypeSchema, facts: Facts): string[] {
  const optional = (facts.optionalComputed ?? []).filter((name) => !name.includes(".") && schema.inputs.has(name));
  const computedInputs = Object.keys(templatesOf(schema.token)).filter((name) => schema.inputs.has(name));
  return [...new Set([...schema.outputs.keys(), ...optional, ...computedInputs])];
}

function typeOf(schema: TypeSchema, name: string): Type | undefined {
  return (schema.outputs.get(name) ?? schema.inputs.get(name))?.type;
}

/** A computed value over an input keeps the input's secrecy. */
function reconcile(own: Value | undefined, computed: Value): Value {
  return own !== undefined && hasSecret(own) ? secret(computed) : computed;
}

/** Marks what the provider or the SDK declares secret. */
function secrets(outputs: Properties, facts: Facts, schema: TypeSchema): Properties {
  const mark = (value: Value, path: readonly string[]): Value => {
    const [head, ...rest] = path;
    if (isSecret(value)) return value;
    if (head === undefined) return value === UNKNOWN || isEmpty(value) ? value : secret(value);
    if (Array.isArray(value)) return value.map((item) => mark(item, path));
    if (!isObject(value) || value[head] === undefined || value[head] === null) return value;
    return { ...value, [head]: mark(value[head], rest) };
  };
  const paths = [...(facts.sensitive ?? []), ...schema.secret];
  return paths.reduce<Properties>((result, path) => mark(result, path.split(".")) as Properties, outputs);
}

/** A value of the right type for an output that nothing describes. */
function plausible(
  name: string,
  type: Type | undefined,
  schema: TypeSchema,
  facts: Facts,
  request: Request,
): Value | undefined {
  const lower = name.toLowerCase();
  const optional = schema.inputs.has(name);
  if (name === "region" && request.region) return request.region;
  if (name === "tagsAll")
    return { ...providerTags(request), ...(isObject(request.inputs["tags"]) ? request.inputs["tags"] : {}) };
  switch (type?.kind) {
    case "boolean":
      return false;
    case "number":
      return name === "port" ? 3306 : 0;
    case "list":
      return [];
    case "map":
      return {};
    case "string":
      if (
        /(created|createdat|createdon|creationtime|createdate|modified|modifiedon|updated|updatedat|lastupdated|time)$/.test(
          lower,
        )
      )
        return request.now;
      if (/(status|state)$/.test(lower)) return "active";
      if (/availabilityzone$/.test(lower)) return `${request.region}a`;
      if (/(ipaddress|publicip|ipv4address)$/.test(lower)) return request.identity.ipv4(name);
      if (/arn$/.test(lower) && !optional) return arnLike(request, name);
      if (lower === "maintenancewindow" || lower === "preferredmaintenancewindow") return "sun:04:30-sun:05:30";
      if (/window$/.test(lower)) return "03:00-04:00";
      if (/accountid$|ownerid$/.test(lower)) return request.account;
      if (optional) return undefined;
      if (/(endpoint|address|host|dnsname|domainname)$/.test(lower))
        return `${request.identity.hex(12, name)}.${request.region || "cloud"}.sandbox.example`;
      return request.identity.hex(16, name);
    default:
      // Objects the cloud would fill in part: leaving them out is better than inventing their shape.
      return fieldAt(schema.outputs, [name]) &&
        objectOf(type ?? { kind: "any" }) &&
        !facts.optionalComputed?.includes(name)
        ? {}
        : undefined;
  }
}

function arnLike(request: Request, name: string): string {
  const [, module = ""] = request.type.split(":");
  const [service = "", kind = ""] = module.split("/");
  return `arn:aws:${service}:${request.region}:${request.account}:${kind}/${request.identity.hex(17, name)}`;
}

/** Tags that the AWS provider puts on every resource (`defaultTags`). */
function providerTags(request: Request): Properties {
  const raw = request.config["defaultTags"];
  const tags = isObject(raw) ? raw["tags"] : undefined;
  return isObject(tags) ? tags : {};
}
