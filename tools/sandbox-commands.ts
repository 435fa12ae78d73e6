/** `jats sandbox ...`: look at and play with the simulated clouds of a stack's rehearsal. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import * as admin from "../sandbox/admin.ts";
import { ROOT, requireEngine } from "./engine/locate.ts";
import { UserError, messageOf } from "./errors.ts";
import { rehearsalEnvironment } from "./rehearse/environment.ts";
import { rehearsalDate, workspaceOf } from "./rehearse/workspace.ts";
import { findSandbox, startSandboxProcess, stopSandbox } from "./sandbox-process.ts";

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Starts it for good and prints the environment with which the user's own pulumi commands use it. */
export async function start(stack: string): Promise<number> {
  const workspace = workspaceOf(stack);
  if (!fs.existsSync(workspace.project)) throw new UserError(`rehearse it once first: make rehearse STACK=${stack}`);
  const sandbox = await startSandboxProcess(workspace.cloud, rehearsalDate(), true);
  const env = { ...rehearsalEnvironment(workspace, requireEngine()), PULUMI_DEBUG_PROVIDERS: sandbox.debugProviders };
  print(`# sandbox of ${stack} runs (process ${sandbox.pid}); stop it with: jats sandbox stop ${stack}`);
  print(`# use it in another terminal, with nothing of your own environment:`);
  const assignments = Object.entries(env).map(([name, value]) => `${name}='${value ?? ""}'`);
  print(`cd ${workspace.project} && env -i ${assignments.join(" ")} sh`);
  return 0;
}

export async function stop(stack: string): Promise<number> {
  const { cloud } = workspaceOf(stack);
  const running = findSandbox(cloud);
  if (running === undefined) print(`no sandbox of ${stack} is running`);
  else await stopSandbox(cloud, running.pid);
  return 0;
}

export function list(stack: string): number {
  const resources = admin.list(workspaceOf(stack).cloud);
  if (resources.length === 0) print(`the clouds of ${stack} are empty; make rehearse STACK=${stack} fills them`);
  for (const { type, name, id } of resources) print(`${type}  ${name}  ${id}`);
  return 0;
}

/** Changes (or, with no change given, deletes) one resource; the next refresh or rehearsal should find out. */
export function drift(stack: string, target: string, changes: string[]): number {
  const { cloud } = workspaceOf(stack);
  const found = admin.list(cloud).filter(({ name, id }) => name === target || id === target);
  const [resource] = found;
  if (resource === undefined || found.length > 1) {
    throw new UserError(
      `${found.length} resources are called "${target}"; give the name or id of one, as \`jats sandbox list ${stack}\` shows them`,
    );
  }
  const base = { dir: cloud, type: resource.type, target: resource.id };
  try {
    admin.drift(changes.length === 0 ? { ...base, remove: true } : { ...base, set: assignments(changes) });
  } catch (error) {
    throw new UserError(messageOf(error));
  }
  print(`${changes.length === 0 ? "deleted" : "changed"} ${resource.type} ${resource.name} behind Pulumi's back`);
  return 0;
}

function assignments(changes: string[]): Record<string, never> {
  const pairs = changes.map((change) => {
    const at = change.indexOf("=");
    if (at < 1) throw new UserError(`"${change}" is not property=value, for example size=s-8vcpu-16gb`);
    return [change.slice(0, at), jsonOrText(change.slice(at + 1))];
  });
  return Object.fromEntries(pairs) as Record<string, never>;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export async function reset(stack: string): Promise<number> {
  const workspace = workspaceOf(stack);
  try {
    await admin.reset(workspace.cloud);
  } catch (error) {
    throw new UserError(messageOf(error));
  }
  print(`the clouds of ${stack} are empty now; the engine's state still knows what was there`);
  return 0;
}

/** Regenerates or checks sandbox/schema against the installed SDKs. */
export function schema(check: boolean): number {
  const script = path.join(ROOT, "sandbox", "schema", "generate.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, ...(check ? ["--check"] : [])];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" }).status ?? 1;
}
