/**
 * Two things the SDK does not offer, added where it turns a request into properties:
 * - which values were secret: it unwraps them before a rule sees them, so a message could print one;
 * - one deserialisation per resource: it repeats it for every policy, which is most of a large pack's time.
 *
 * Both rest on `@pulumi/policy/deserialize`, an internal module of the pinned version; tests/policies holds them. If
 * the module ever changes shape the pack refuses to start, rather than print secrets.
 */
import deserialize from "@pulumi/policy/deserialize.js";
import { isObject, markSecret } from "./values.ts";

interface Struct {
  toJavaScript(): Record<string, unknown>;
}
type Deserialize = (struct: Struct, proxySecrets: boolean) => Record<string, unknown>;

/** Marks of the wire format for a secret: `@pulumi/pulumi/runtime/rpc`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Walks the wire value beside the plain one and marks what was wrapped as secret. */
function markSecrets(wire: unknown, plain: unknown): void {
  if (!isObject(wire) || !isObject(plain)) return;
  for (const [key, value] of Object.entries(wire)) {
    let inner: unknown = value;
    if (isObject(inner) && inner[SIGNATURE] === SECRET) {
      markSecret(plain, key);
      while (isObject(inner) && inner[SIGNATURE] === SECRET) inner = inner["value"];
    }
    markSecrets(inner, plain[key]);
  }
}

let installed = false;
export function installSdkAdditions(): void {
  if (installed) return;
  installed = true;
  const module = deserialize as unknown as { deserializeProperties: Deserialize };
  const original = module.deserializeProperties;
  if (typeof original !== "function") {
    throw new Error(
      "@pulumi/policy/deserialize has no deserializeProperties, so secrets cannot be told from other values. " +
        "Pin @pulumi/policy to the version in package.json, or adapt policies/engine/sdk.ts.",
    );
  }
  const done = new WeakMap<Struct, Record<string, unknown>>();
  module.deserializeProperties = (struct, proxySecrets) => {
    // Remediations may change what they get: never shared.
    if (proxySecrets) return original(struct, true);
    let props = done.get(struct);
    if (!props) {
      props = original(struct, false);
      markSecrets(struct.toJavaScript(), props);
      done.set(struct, props);
    }
    return props;
  };
}
