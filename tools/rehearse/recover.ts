/** Puts a rehearsal's state in order after it was killed, so that the next run converges. Prints each command it runs. */
import fs from "node:fs";
import path from "node:path";
import { list } from "../../sandbox/admin.ts";
import { UserError } from "../errors.ts";
import {
  type Deployment,
  type PendingCreate,
  forgetArguments,
  importArguments,
  importFile,
  pendingCreates,
} from "../recovery.ts";
import { isAlive } from "../sandbox-process.ts";
import type { RunPulumi } from "./stack-file.ts";
import type { Workspace } from "./workspace.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

export async function recover(workspace: Workspace, pulumi: RunPulumi): Promise<void> {
  await removeStaleLocks(workspace, pulumi);
  const pending = pendingCreates(readCheckpoint(workspace));
  if (pending.length === 0) return;
  say(
    `the last rehearsal of ${workspace.stack} was cut off while it created ${pending.map(({ name }) => name).join(", ")}`,
  );
  for (const item of pending) await importIfCreated(workspace, item, pulumi);
  await announced(pulumi, forgetArguments(workspace.stack));
}

/** The simulated clouds know what they have; in a real one this look is the operator's (recoveryText). */
async function importIfCreated(workspace: Workspace, pending: PendingCreate, pulumi: RunPulumi): Promise<void> {
  const existing = list(workspace.cloud).find((resource) => resource.urn === pending.urn);
  if (existing === undefined) {
    say(`  ${pending.name} does not exist in the cloud: the update creates it`);
    return;
  }
  say(`  ${pending.name} exists in the cloud as ${existing.id}: importing it, so that it is not created twice`);
  const file = path.join(workspace.directory, "import.json");
  fs.writeFileSync(file, importFile(pending, existing.id));
  await announced(pulumi, importArguments(workspace.stack, file));
}

/** A killed engine leaves its lock, which never expires. One of a living process is somebody's running update. */
async function removeStaleLocks(workspace: Workspace, pulumi: RunPulumi): Promise<void> {
  const folder = path.join(workspace.backend, ".pulumi", "locks", "organization", "jatsmanor", workspace.stack);
  const locks = fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  if (locks.length === 0) return;
  for (const lock of locks) {
    const { pid } = JSON.parse(fs.readFileSync(path.join(folder, lock), "utf8")) as { pid: number };
    if (isAlive(pid)) throw new UserError(`${workspace.stack} is being updated by process ${pid}; wait for it to end`);
  }
  say(`the last rehearsal of ${workspace.stack} was killed and left its lock`);
  await announced(pulumi, ["cancel", "--yes", "--stack", workspace.stack]);
}

async function announced(pulumi: RunPulumi, args: string[]): Promise<void> {
  say(`  $ pulumi ${args.join(" ")}`);
  await pulumi(args);
}

function readCheckpoint(workspace: Workspace): Deployment | undefined {
  const file = path.join(workspace.backend, ".pulumi", "stacks", "jatsmanor", `${workspace.stack}.json`);
  if (!fs.existsSync(file)) return undefined;
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { checkpoint?: { latest?: Deployment } }).checkpoint?.latest;
}
