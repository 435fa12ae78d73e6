/**
 * What is done to the simulated clouds from outside Pulumi: looking, changing behind its back, starting over. Works on
 * the files, so on a running sandbox (which reads them again) as on a stopped one.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "./faults.ts";
import { factsOf } from "./facts/load.ts";
import { declaredInventory } from "./inventory.ts";
import { packageSchema } from "./schema/load.ts";
import { fieldAt } from "./schema/load.ts";
import { runningSandbox } from "./server.ts";
import type { Call, CloudResource } from "./store.ts";
import { Store, bumpGeneration } from "./store.ts";
import type { Properties, Value } from "./values.ts";
import { isObject, isSecret, mapValues, secret } from "./values.ts";

export interface ListedResource {
  readonly type: string;
  readonly id: string;
  /** Logical name in the program. */
  readonly name: string;
  readonly urn: string;
  readonly createdAt: string;
  /** Outputs with each secret replaced by `[secret]`. */
  readonly outputs: Properties;
  /** Commands and copies that ran on a server. */
  readonly runs: readonly Properties[];
}

/** Resources that programs created in the clouds of `dir`, sorted by type and name. */
export function list(dir: string): ListedResource[] {
  const resources = existsSync(join(dir, "cloud")) ? new Store(dir).all() : [];
  return resources
    .map(({ type, id, name, urn, createdAt, outputs, runs = [] }) => ({
      type,
      id,
      name,
      urn,
      createdAt,
      outputs: masked(outputs) as Properties,
      runs,
    }))
    .sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}

function masked(value: Value): Value {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(masked);
  return isObject(value) ? mapValues(value, masked) : value;
}

export interface Drift {
  readonly dir: string;
  /** Type token, or the end of one (`Droplet`). */
  readonly type: string;
  /** Logical name or id in the cloud. */
  readonly target: string;
  /** New values by dotted path (`backupPolicy.hour`); `null` removes the property. */
  readonly set?: Readonly<Record<string, Value>>;
  /** Deletes the resource, whatever depends on it. */
  readonly remove?: boolean;
  /** Names of objects put into a bucket. */
  readonly contents?: readonly string[];
}

/** Changes or deletes a resource behind Pulumi's back. @throws when none or several match, or a property does not exist. */
export function drift(change: Drift): CloudResource {
  const store = new Store(change.dir);
  const found = find(store, change.type, change.target);
  if (change.remove) store.remove(found.type, found.id);
  else {
    let { inputs = {}, outputs } = found;
    for (const [path, value] of Object.entries(change.set ?? {})) {
      const steps = path.split(".");
      const schema = packageSchema(found.type.split(":")[0] ?? "").resources.get(found.type);
      const top = steps[0] ?? "";
      if (
        schema &&
        !schema.outputs.has(top) &&
        fieldAt(
          schema.inputs,
          steps.filter((step) => !/^\d+$/.test(step)),
        ) === undefined &&
        !isMap(schema.inputs, top)
      ) {
        throw new Error(`sandbox drift: ${found.type} has no property "${path}"`);
      }
      outputs = assigned(outputs, steps, value, factsOf(found.type).sensitive ?? []) as Properties;
      // A property that the program never set is changed in the cloud alone: that is how a refresh sees it.
      if (inputs[top] !== undefined) inputs = assigned(inputs, steps, value, []) as Properties;
    }
    const contents = change.contents === undefined ? {} : { contents: change.contents };
    store.put({ ...found, inputs, outputs, ...contents });
  }
  bumpGeneration(change.dir);
  return found;
}

function isMap(fields: Parameters<typeof fieldAt>[0], name: string): boolean {
  return fields.get(name)?.type.kind === "map";
}

function find(store: Store, type: string, target: string): CloudResource {
  const matches = store
    .all()
    .filter(
      (item) => (item.type === type || item.type.endsWith(`:${type}`)) && (item.name === target || item.id === target),
    );
  if (matches.length === 1 && matches[0]) return matches[0];
  const known = store.all().map((item) => `${item.type} ${item.name}`);
  const reason =
    matches.length === 0
      ? "matches nothing"
      : `matches ${matches.length} resources (${matches.map(({ id }) => id).join(", ")}): give the id`;
  throw new Error(`sandbox: "${type}" "${target}" ${reason}. The sandbox has:\n  ${known.sort().join("\n  ")}`);
}

function assigned(
  value: Value | undefined,
  steps: readonly string[],
  leaf: Value,
  sensitive: readonly string[],
): Value {
  const [head, ...rest] = steps;
  if (isSecret(value)) return secret(assigned(value.value, steps, leaf, sensitive));
  if (head === undefined) return leaf;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === head ? assigned(item, rest, leaf, sensitive) : item));
  const own: Properties = isObject(value) ? value : {};
  if (rest.length === 0 && leaf === null)
    return Object.fromEntries(Object.entries(own).filter(([key]) => key !== head));
  return { ...own, [head]: assigned(own[head], rest, sensitive.includes(head) ? secret(leaf) : leaf, sensitive) };
}

/** Empties the clouds. @throws while a sandbox serves them: it would write its memory back. */
export async function reset(dir: string): Promise<void> {
  const running = await runningSandbox(dir);
  if (running) throw new Error(`sandbox: process ${running.pid} serves ${dir}; stop it before a reset`);
  for (const name of [
    "cloud",
    "forge.json",
    "serials.log",
    "calls.jsonl",
    "generation",
    "faults.json",
    "commands.json",
    "sandbox.json",
  ]) {
    rmSync(join(dir, name), { recursive: true, force: true });
  }
}

/** What the engine asked so far, oldest first. */
export function calls(dir: string): Call[] {
  const path = join(dir, "calls.jsonl");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Call);
}

/** Faults for the operations to come; an empty list removes them. */
export function setFaults(dir: string, faults: readonly Fault[]): void {
  const path = join(dir, "faults.json");
  if (faults.length === 0) rmSync(path, { force: true });
  else writeFileSync(path, JSON.stringify(faults));
}

/** Names of what the accounts held before any program, for messages and tests. */
export function inventory(dir: string): { type: string; id: string }[] {
  return declaredInventory(dir).map(({ type, id }) => ({ type, id }));
}
