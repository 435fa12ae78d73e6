/** The ground of engine tests: a stack on a temporary copy of everything that a rehearsal has. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { asFirstUpdate } from "../../tools/rehearse/first-update.ts";
import { policyArguments, prepare, type Ground } from "../../tools/rehearse/ground.ts";
import { type PulumiRun, runPulumi } from "../../tools/rehearse/pulumi.ts";

const bases: string[] = [];

export function temporaryBase(): string {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), "jats-"));
  bases.push(base);
  return base;
}

/** A copy of a base folder as another run left it: deploying once serves many tests. */
export function copyOf(base: string): string {
  const copy = temporaryBase();
  fs.cpSync(base, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

export function removeBases(): void {
  for (const base of bases.splice(0)) fs.rmSync(base, { recursive: true, force: true });
}

/** Runs `work` on a prepared ground and stops the sandbox whatever happens. */
export async function onGround<T>(stack: string, base: string, work: (ground: Ground) => Promise<T>): Promise<T> {
  const ground = await prepare(stack, { fresh: false, base });
  try {
    return await work(ground);
  } finally {
    await ground.sandbox.stop();
  }
}

/** The commands that take --event-log. */
const LOGGED = new Set(["preview", "up", "refresh", "destroy"]);

/** One pulumi command on the ground, with its events. */
export function pulumi(ground: Ground, args: string[], signal?: AbortSignal): Promise<PulumiRun> {
  return runPulumi([...args, "--stack", ground.workspace.stack], {
    pulumi: ground.engine.pulumi,
    cwd: ground.workspace.project,
    env: ground.env,
    ...(LOGGED.has(args[0] ?? "") ? { eventLog: path.join(ground.workspace.directory, "events", "test.jsonl") } : {}),
    ...(signal === undefined ? {} : { signal }),
  });
}

export const preview = (ground: Ground): Promise<PulumiRun> =>
  pulumi(ground, ["preview", ...policyArguments(ground.policyConfig)]);
/** An update of a stack that does not exist yet, as a rehearsal makes it. */
export const firstUp = (ground: Ground): Promise<PulumiRun> =>
  asFirstUpdate(ground.workspace, (env) => up({ ...ground, env: { ...ground.env, ...env } }));
export const up = (ground: Ground): Promise<PulumiRun> =>
  pulumi(ground, ["up", "--yes", "--skip-preview", ...policyArguments(ground.policyConfig)]);

/** Plants a mistake in the ground's copy of the program. */
export function plant(ground: Ground, file: string, from: string, to: string): void {
  const target = path.join(ground.workspace.project, file);
  const source = fs.readFileSync(target, "utf8");
  if (!source.includes(from))
    throw new Error(`${file} does not contain ${from}: the planted mistake would test nothing`);
  fs.writeFileSync(target, source.replace(from, to));
}
