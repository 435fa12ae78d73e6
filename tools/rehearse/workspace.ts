/** The folder of one stack's rehearsal, `.rehearsal/<stack>/`: a copy of the project, the engine's state, the results. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";
import { ROOT } from "../engine/locate.ts";
import { UserError } from "../errors.ts";

export interface Workspace {
  stack: string;
  /** jatsmanor:phase of the stack file. */
  phase: string;
  directory: string;
  /** Copy of the program and its stack file; the engine's working directory. */
  project: string;
  /** State of the engine (file backend). */
  backend: string;
  /** State of the simulated clouds. */
  cloud: string;
}

/** Stacks with a Pulumi.<stack>.yaml in the repository, sorted. */
export function knownStacks(): string[] {
  return fs
    .readdirSync(ROOT)
    .flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? [])
    .filter((stack) => stack !== "README")
    .sort();
}

/** Throws a UserError naming the stacks there are, unless this is one. */
export function requireStack(stack: string): void {
  if (knownStacks().includes(stack)) return;
  throw new UserError(`there is no stack "${stack}" (no Pulumi.${stack}.yaml). Stacks: ${knownStacks().join(", ")}`);
}

/** Where a stack's rehearsal lives. */
export function workspaceOf(stack: string, base = path.join(ROOT, ".rehearsal")): Workspace {
  requireStack(stack);
  const directory = path.join(base, stack);
  return {
    stack,
    phase: phaseOf(stack),
    directory,
    project: path.join(directory, "project"),
    backend: path.join(directory, "backend"),
    cloud: path.join(directory, "cloud"),
  };
}

/** The stack's phase, or "" where the stack file has none (the program says what is wrong with it). */
export function phaseOf(stack: string): string {
  const document = parseDocument(fs.readFileSync(stackFile(ROOT, stack), "utf8"));
  const phase = document.getIn(["config", "jatsmanor:phase"]);
  return typeof phase === "string" ? phase : "";
}

export const stackFile = (directory: string, stack: string): string => path.join(directory, `Pulumi.${stack}.yaml`);

/** Removes what earlier rehearsals of the stack left: state of engine and clouds, results. */
export function startOver(workspace: Workspace): void {
  fs.rmSync(workspace.directory, { recursive: true, force: true });
}

/**
 * Copies the program afresh (node_modules by link), and makes the folders. The stack file is written by
 * stack-file.ts. The repository's own files are only read.
 */
export function copyProject(workspace: Workspace): void {
  fs.mkdirSync(workspace.backend, { recursive: true });
  fs.mkdirSync(workspace.cloud, { recursive: true });
  fs.rmSync(workspace.project, { recursive: true, force: true });
  fs.mkdirSync(workspace.project);
  for (const file of ["package.json", "Pulumi.yaml", "Pulumi.README.md", "src", "policies/config"]) {
    const from = path.join(ROOT, file);
    if (fs.existsSync(from)) fs.cpSync(from, path.join(workspace.project, file), { recursive: true });
  }
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(workspace.project, "node_modules"));
}

/**
 * The date that rules compare with: the commit's, so that a clone made a year from now is judged as it was meant.
 * Outside git, SOURCE_DATE_EPOCH (seconds) is asked, then the clock.
 */
export function rehearsalDate(): string {
  const epoch = process.env["SOURCE_DATE_EPOCH"];
  try {
    const options = { cwd: ROOT, encoding: "utf8" as const, stdio: "pipe" as const };
    return execFileSync("git", ["log", "-1", "--format=%cI"], options).slice(0, 10);
  } catch {
    return new Date(epoch === undefined ? Date.now() : Number(epoch) * 1000).toISOString().slice(0, 10);
  }
}
