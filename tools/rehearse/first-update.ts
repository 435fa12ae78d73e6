/**
 * The first update of a stack. The engine writes its whole state after every step, which for six hundred resources takes
 * three times as long as the update itself; here it writes once, at the end. Nothing can be lost by that: a first update
 * that was killed is started over, clouds included. From the second update on, every step is recorded.
 */
import fs from "node:fs";
import path from "node:path";
import type { PulumiRun } from "./pulumi.ts";
import { type Workspace, startOver } from "./workspace.ts";

/** Exit code of an engine that was killed: it had no time to write its state. */
const KILLED = 255;

const marker = (workspace: Workspace): string => path.join(workspace.directory, "first-update");

/** Runs the update, with its state written at the end alone when nothing of the stack is recorded yet. */
export async function asFirstUpdate(
  workspace: Workspace,
  update: (env: NodeJS.ProcessEnv) => Promise<PulumiRun>,
): Promise<PulumiRun> {
  if (!isFirst(workspace)) return update({});
  fs.writeFileSync(marker(workspace), "");
  const run = await update({ PULUMI_SKIP_CHECKPOINTS: "true" });
  if (run.exitCode !== KILLED) fs.rmSync(marker(workspace));
  return run;
}

/** Starts over where the first update never came to its end. */
export function forgetCutOffFirstUpdate(workspace: Workspace): void {
  if (!fs.existsSync(marker(workspace))) return;
  process.stderr.write(`the first update of ${workspace.stack} was killed and recorded nothing: starting over\n`);
  startOver(workspace);
}

function isFirst(workspace: Workspace): boolean {
  const file = path.join(workspace.backend, ".pulumi", "stacks", "jatsmanor", `${workspace.stack}.json`);
  if (!fs.existsSync(file)) return true;
  const state = JSON.parse(fs.readFileSync(file, "utf8")) as { checkpoint?: { latest?: { resources?: unknown[] } } };
  return (state.checkpoint?.latest?.resources ?? []).length === 0;
}
