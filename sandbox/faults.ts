/**
 * Faults on purpose, read from `DIR/faults.json` at each operation so that a test can switch them while the engine
 * runs: `[{"type": "...", "name"?, "operation": "create"|"update"|"delete", "when": "before"|"after", "delayMs"?, "hang"?,
 * "error"?}]`. `after` + `hang` is the "timeout after create": the cloud has the resource, the engine never hears of it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudError } from "./clouds/cloud.ts";

export interface Fault {
  readonly type?: string;
  readonly name?: string;
  readonly operation?: "create" | "update" | "delete";
  readonly when: "before" | "after";
  readonly delayMs?: number;
  /** Never answer. */
  readonly hang?: boolean;
  readonly error?: string;
}

export async function suffer(
  dir: string,
  at: Required<Pick<Fault, "type" | "name" | "operation" | "when">>,
): Promise<void> {
  const path = join(dir, "faults.json");
  if (!existsSync(path)) return;
  const faults = JSON.parse(readFileSync(path, "utf8")) as Fault[];
  const fault = faults.find(
    (item) =>
      item.when === at.when &&
      (item.type ?? at.type) === at.type &&
      (item.name ?? at.name) === at.name &&
      (item.operation ?? at.operation) === at.operation,
  );
  if (!fault) return;
  if (fault.delayMs) await sleep(fault.delayMs);
  if (fault.hang) await new Promise<never>(() => {});
  if (fault.error) throw new CloudError(fault.error);
}
