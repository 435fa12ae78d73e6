/**
 * What the accounts hold before any program runs: the Cloudflare account and zones, SSH keys. `facts/inventory.json` is
 * the default; `DIR/inventory.json` (same form) is added to it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudResource } from "./store.ts";
import type { Properties } from "./values.ts";

export interface InventoryEntry {
  readonly type: string;
  readonly id: string;
  readonly outputs: Properties;
}

export function declaredInventory(dir: string): CloudResource[] {
  const files = [join(import.meta.dirname, "facts", "inventory.json"), join(dir, "inventory.json")];
  const entries = files
    .filter((file) => existsSync(file))
    .flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as InventoryEntry[]);
  return entries.map(({ type, id, outputs }) => ({
    type,
    id,
    name: "",
    urn: "",
    key: `inventory|${type}|${id}`,
    createdAt: "2024-01-01T00:00:00.000Z",
    inputs: outputs,
    outputs: { ...outputs, id },
    preexisting: true,
  }));
}
