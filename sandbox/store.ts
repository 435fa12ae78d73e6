/**
 * The simulated clouds' memory: one JSON file per resource under `DIR/cloud`, so that it outlives the process and a
 * crash between two writes leaves every file whole (temporary file, fsync, rename).
 *
 * Values are kept as they came, secret wrappers included: drift and refresh keep what is secret. The other files of
 * DIR: `serials.log` (one line per id given out, so that a recreated resource gets a new id), `calls.jsonl` (what the
 * engine asked), `generation` (changed by admin.ts so that a running server reads the files again).
 */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Properties, Value } from "./values.ts";
import { plain } from "./values.ts";

export interface CloudResource {
  readonly type: string;
  readonly id: string;
  /** Logical name and URN in the program that created it; empty for what existed before. */
  readonly name: string;
  readonly urn: string;
  /** `type|name|n`: what deterministic ids and addresses are derived from. */
  readonly key: string;
  readonly createdAt: string;
  /** Configuration as last written, by the program or behind its back. */
  readonly inputs?: Properties;
  /** Inputs and computed outputs together, as the cloud reports them. */
  readonly outputs: Properties;
  /** Objects in a bucket, records in a table: what makes "not empty" errors possible. */
  readonly contents?: readonly string[];
  /** What ran on a simulated server. */
  readonly runs?: readonly Properties[];
  /** True for what the account had before any program (inventory): never listed as created. */
  readonly preexisting?: boolean;
}

export interface Call {
  readonly method: string;
  readonly package: string;
  readonly type?: string;
  readonly name?: string;
  readonly id?: string;
  readonly preview?: boolean;
  readonly error?: string;
}

export class Store {
  readonly dir: string;
  private readonly inventory: readonly CloudResource[];
  private resources = new Map<string, CloudResource>();
  private serials = new Map<string, number>();
  private generation = "";

  constructor(dir: string, inventory: readonly CloudResource[] = []) {
    this.dir = dir;
    this.inventory = inventory;
    mkdirSync(join(dir, "cloud"), { recursive: true });
    this.load();
  }

  /** Reads the files again when an administrative command changed them behind this process. */
  refresh(): void {
    if (generationOf(this.dir) !== this.generation) this.load();
  }

  get(type: string, id: string): CloudResource | undefined {
    return this.resources.get(`${type}|${id}`);
  }

  ofType(type: string): CloudResource[] {
    return this.all().filter((resource) => resource.type === type);
  }

  all(): CloudResource[] {
    return [...this.resources.values()];
  }

  put(resource: CloudResource): void {
    writeWhole(this.path(resource.type, resource.id), `${JSON.stringify(resource)}\n`);
    this.resources.set(`${resource.type}|${resource.id}`, resource);
  }

  remove(type: string, id: string): void {
    rmSync(this.path(type, id), { force: true });
    this.resources.delete(`${type}|${id}`);
  }

  /** A key never given before for this type and name. */
  nextKey(type: string, name: string): string {
    const base = `${type}|${name}`;
    const serial = (this.serials.get(base) ?? 0) + 1;
    this.serials.set(base, serial);
    appendFileSync(join(this.dir, "serials.log"), `${base}\n`);
    return `${base}|${serial}`;
  }

  record(call: Call): void {
    appendFileSync(join(this.dir, "calls.jsonl"), `${JSON.stringify(call)}\n`);
  }

  private load(): void {
    this.generation = generationOf(this.dir);
    this.resources = new Map(this.inventory.map((resource) => [`${resource.type}|${resource.id}`, resource]));
    for (const file of readdirSync(join(this.dir, "cloud")).sort()) {
      if (!file.endsWith(".json")) continue; // a temporary file of a write that never finished
      const resource = JSON.parse(readFileSync(join(this.dir, "cloud", file), "utf8")) as CloudResource;
      this.resources.set(`${resource.type}|${resource.id}`, resource);
    }
    this.serials = new Map();
    const log = join(this.dir, "serials.log");
    for (const line of existsSync(log) ? readFileSync(log, "utf8").split("\n") : []) {
      this.serials.set(line, (this.serials.get(line) ?? 0) + 1);
    }
  }

  private path(type: string, id: string): string {
    const digest = createHash("sha256").update(`${type}|${id}`).digest("hex").slice(0, 12);
    const label = (type.split(":").at(-1) ?? type).replace(/\W/g, "");
    return join(this.dir, "cloud", `${label}-${digest}.json`);
  }
}

/** Value of an output without its secret wrapper. */
export function output(resource: CloudResource, name: string): Value | undefined {
  const value = name === "id" ? resource.id : resource.outputs[name];
  return value === undefined ? undefined : plain(value);
}

/** Tells running servers of DIR to read its files again. */
export function bumpGeneration(dir: string): void {
  writeWhole(join(dir, "generation"), `${process.pid} ${process.hrtime.bigint()}\n`);
}

function generationOf(dir: string): string {
  const path = join(dir, "generation");
  try {
    const { ino, mtimeMs } = statSync(path);
    return `${ino} ${mtimeMs}`;
  } catch {
    return "";
  }
}

/** Writes a file so that a crash leaves the old text or the new one, never half of it. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
