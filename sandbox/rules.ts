/**
 * Rules of the clouds between resources: what is referenced must exist, names must be free, what is in use or protected
 * cannot be deleted. The rules themselves are data: facts/references.json, unique.json and deletion.json.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Request } from "./clouds/cloud.ts";
import { CloudError } from "./clouds/cloud.ts";
import type { CloudResource, Store } from "./store.ts";
import { output } from "./store.ts";
import type { Properties, Value } from "./values.ts";
import { DEFAULTS, asText, isEmpty, isObject, plain, plainProperties, valueAt } from "./values.ts";

interface Reference {
  /** Types without their package; `*` = any; none = a property that only looks like a reference. */
  readonly to: readonly string[];
  /** Outputs of the target that the value may equal; `id` when absent. */
  readonly by?: readonly string[];
  /** Values that exist in every account (managed policies, default groups). */
  readonly allow?: string;
  /** Property that both must share (a droplet lives in its VPC's region). */
  readonly same?: string;
  readonly error?: string;
  /** Error on deleting the target while this reference stands. */
  readonly blocks?: string;
  /** Property of the target that lifts the block. */
  readonly unless?: string;
}
interface Unique {
  readonly by: readonly string[];
  readonly within?: readonly string[];
  /** Unique across regions. */
  readonly global?: boolean;
  readonly when?: Properties;
  readonly error: string;
}
interface Deletion {
  readonly property?: string;
  readonly equals?: Value;
  readonly contents?: boolean;
  readonly unless?: string;
  readonly error: string;
}

const data = <T>(name: string): T =>
  JSON.parse(readFileSync(join(import.meta.dirname, "facts", `${name}.json`), "utf8")) as T;
const references = data<Record<string, Record<string, Reference>>>("references");
const uniques = data<Record<string, Unique>>("unique");
const deletions = data<Record<string, readonly Deletion[]>>("deletion");
const patterns = Object.entries(references).flatMap(([name, rules]) =>
  Object.entries(rules).flatMap(([key, rule]) =>
    key.startsWith("~") ? [{ name, pattern: new RegExp(key.slice(1)), rule }] : [],
  ),
);

interface Found {
  readonly value: string;
  readonly rule: Reference;
}

/** Every reference that a resource holds, by its property names. */
function referencesOf(type: string, inputs: Properties): Found[] {
  const name = type.split(":")[0] ?? "";
  const rules = references[name] ?? {};
  const found: Found[] = [];
  const walk = (value: Value, path: string, leaf: string): void => {
    if (Array.isArray(value)) value.forEach((item) => walk(item, path, leaf));
    else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (key !== DEFAULTS && key !== "tags") walk(item, path ? `${path}.${key}` : key, key);
      }
    } else if (typeof value === "string" || typeof value === "number") {
      const rule =
        rules[`${type}.${path}`] ??
        rules[leaf] ??
        patterns.find((item) => item.name === name && item.pattern.test(leaf))?.rule;
      if (rule && value !== "") found.push({ value: asText(value), rule });
    }
  };
  walk(plain(inputs), "", "");
  return found;
}

function targetOf({ value, rule }: Found, name: string, store: Store): CloudResource | undefined {
  const by = rule.by ?? ["id"];
  return store.all().find((item) => {
    const fits = rule.to.includes("*") || rule.to.some((target) => item.type === `${name}:${target}`);
    return fits && by.some((property) => textAt(item, property) === value);
  });
}

/** An output as text; dotted where it lies in an object (`vpcConfig.clusterSecurityGroupId`). */
function textAt(item: CloudResource, property: string): string {
  return asText((property.includes(".") ? valueAt(item.outputs, property) : output(item, property)) ?? "");
}

/** Refuses references to what does not exist, or to what lies elsewhere. @throws CloudError worded as the cloud does. */
export function refuseDangling(request: Request): void {
  const name = request.type.split(":")[0] ?? "";
  for (const found of referencesOf(request.type, request.inputs)) {
    const { value, rule } = found;
    if (rule.allow && new RegExp(rule.allow).test(value)) continue;
    if (rule.to.length === 0 || isForeign(value, request.account)) continue;
    const target = targetOf(found, name, request.store);
    if (!target) throw new CloudError((rule.error ?? "{value} does not exist").replaceAll("{value}", value));
    const [mine, theirs] = rule.same ? [request.inputs[rule.same], output(target, rule.same)] : [];
    if (mine !== undefined && theirs !== undefined && mine !== theirs) {
      throw new CloudError(`422 ${value} is in ${rule.same} ${asText(theirs)}, this resource is in ${asText(mine)}`);
    }
  }
  refuseMixedNetworks(request);
}

/** An ARN of another account cannot be looked up from this one. */
function isForeign(value: string, account: string): boolean {
  const owner = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(value)?.[1];
  return owner !== undefined && owner !== account;
}

/** Subnets and security groups of one AWS resource must lie in one VPC. */
function refuseMixedNetworks(request: Request): void {
  if (!request.type.startsWith("aws:")) return;
  const networks = new Map<string, string>();
  for (const found of referencesOf(request.type, request.inputs)) {
    if (!found.rule.to.some((target) => target === "ec2/subnet:Subnet" || target === "ec2/securityGroup:SecurityGroup"))
      continue;
    const target = targetOf(found, "aws", request.store);
    const vpc = target && output(target, "vpcId");
    if (target && typeof vpc === "string") networks.set(vpc, target.id);
  }
  const own = request.inputs["vpcId"];
  if (typeof own === "string" && networks.size > 0) networks.set(own, "the resource itself");
  if (networks.size > 1) {
    const list = [...networks].map(([vpc, id]) => `${id} in ${vpc}`).join(", ");
    throw new CloudError(`InvalidParameter: the subnets and security groups belong to different VPCs: ${list}`);
  }
}

/** Refuses a name that is taken. @throws CloudError worded as the cloud does. */
export function refuseDuplicates(request: Request, old: CloudResource | undefined): void {
  for (const [key, rule] of Object.entries(uniques)) {
    if (key.split(" ")[0] !== request.type) continue;
    if (Object.entries(rule.when ?? {}).some(([name, value]) => request.inputs[name] !== value)) continue;
    const wanted = rule.by.map((name) => request.inputs[name]);
    if (wanted.some(isEmpty)) continue;
    const twin = request.store.ofType(request.type).find((other) => {
      if (other.id === old?.id && other.key === old.key) return false;
      const elsewhere =
        !rule.global && output(other, "region") !== undefined && output(other, "region") !== request.region;
      const same = (name: string): boolean => asText(output(other, name) ?? "") === asText(request.inputs[name] ?? "");
      return !elsewhere && rule.by.every(same) && (rule.within ?? []).every(same);
    });
    // An update that was killed between the cloud's answer and the state: the way out is to adopt what exists.
    const hint =
      twin?.urn === request.urn
        ? `\nIt was created for this very resource by an update that did not finish: pulumi import '${request.type}' '${request.name}' '${twin.id}'`
        : "";
    if (twin) throw new CloudError(fill(rule.error, { ...request.inputs, value: wanted.map(asText).join(" ") }) + hint);
  }
}

/** Refuses to delete what is protected, not empty, or used. @throws CloudError worded as the cloud does. */
export function refuseDelete(resource: CloudResource, store: Store): void {
  const outputs: Properties = { ...plainProperties(resource.outputs), id: resource.id };
  for (const rule of deletions[resource.type] ?? []) {
    const lifted = rule.unless !== undefined && !isEmpty(outputs[rule.unless]) && outputs[rule.unless] !== false;
    const applies = rule.contents
      ? isFull(resource, store)
      : rule.property !== undefined && outputs[rule.property] === rule.equals;
    if (applies && !lifted) throw new CloudError(fill(rule.error, outputs));
  }
  const name = resource.type.split(":")[0] ?? "";
  for (const other of store.all()) {
    if (other === resource || !other.type.startsWith(`${name}:`)) continue;
    const held = referencesOf(other.type, other.inputs ?? {}).find(
      (found) =>
        found.rule.blocks &&
        !(found.rule.unless && outputs[found.rule.unless] === true) &&
        targetOf(found, name, store) === resource,
    );
    if (held?.rule.blocks)
      throw new CloudError(fill(held.rule.blocks, { target: resource.id, user: `${other.type} ${other.id}` }));
  }
}

/** Objects put from outside (admin.ts) or by the program. */
function isFull(resource: CloudResource, store: Store): boolean {
  const objects = store
    .ofType("aws:s3/bucketObjectv2:BucketObjectv2")
    .filter((item) => output(item, "bucket") === resource.id);
  return (resource.contents?.length ?? 0) > 0 || objects.length > 0;
}

function fill(template: string, values: Properties): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    values[name] === undefined ? whole : asText(values[name]),
  );
}
