/**
 * Property values as they travel on the wire: plain JSON plus two sentinels, "unknown" (an output not yet computed, in
 * previews) and "secret" (a wrapper object). Source: pulumi/pulumi, sdk/go/common/resource/properties.go.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = { [key: string]: Value };

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Wraps a value as secret; an already secret value stays as it is. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

export function isSecret(value: Value | undefined): value is { value: Value } & Properties {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

export function isAsset(value: Value): boolean {
  return isObject(value) && (value[SIGNATURE] === ASSET || value[SIGNATURE] === ARCHIVE);
}

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value without its secret wrappers, at every depth. */
export function plain(value: Value): Value {
  if (isSecret(value)) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (isObject(value)) return mapValues(value, plain);
  return value;
}

export function plainProperties(value: Properties): Properties {
  return mapValues(value, plain);
}

export function mapValues(value: Properties, change: (value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child)]));
}

/** True when the value, or anything in it, is not known yet. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** True when the value, or anything in it, is marked secret. */
export function hasSecret(value: Value | undefined): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && Object.values(value).some(hasSecret);
}

/** A value as text: strings as they are, nothing as the empty string, the rest as JSON. */
export function asText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  if (isSecret(value)) return asText(value.value);
  return value === undefined || value === null ? "" : JSON.stringify(plain(value));
}

/** Absent, null and the empty collections mean the same to Terraform-based providers. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** Canonical text of a plain value: equal values have equal text whatever their key order. */
export function canonical(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).filter((key) => key !== DEFAULTS && value[key] !== null);
    return `{${keys
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Key under which Terraform-based providers note, in checked inputs, the properties that they filled themselves. */
export const DEFAULTS = "__defaults";

/** Drops nulls at every depth: the engine sends them for properties given as undefined. */
export function withoutNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => (child === null ? [] : [[key, withoutNulls(child)]])),
  );
}

/** The value at a dotted path of objects, without secret wrappers on the way. */
export function valueAt(root: Properties, path: string): Value | undefined {
  return path.split(".").reduce<Value | undefined>((value, step) => {
    const inner = value === undefined ? undefined : isSecret(value) ? value.value : value;
    return isObject(inner) ? inner[step] : undefined;
  }, root);
}

/** A copy with the value at a dotted path set; objects on the way are made where there are none. */
export function withValueAt(root: Properties, path: string, value: Value): Properties {
  const [head = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...root, [head]: value };
  const inner = root[head];
  return { ...root, [head]: withValueAt(isObject(inner) ? inner : {}, rest.join("."), value) };
}

/** Every value at a dotted path, walking through lists (`rules.filter.prefix`), with the path actually walked. */
export function valuesAt(root: Value, path: readonly string[], walked = ""): { path: string; value: Value }[] {
  const value = isSecret(root) ? root.value : root;
  if (Array.isArray(value)) {
    if (path.length === 0) return [{ path: walked, value }];
    return value.flatMap((item, index) => valuesAt(item, path, `${walked}[${index}]`));
  }
  const [head, ...rest] = path;
  if (head === undefined) return value === null ? [] : [{ path: walked, value }];
  if (!isObject(value) || value[head] === undefined) return [];
  return valuesAt(value[head], rest, walked ? `${walked}.${head}` : head);
}
