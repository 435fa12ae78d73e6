/** The ground of a rehearsal: copy of the project, running sandbox, environment; and single engine operations on it. */
import path from "node:path";
import { type Engine, ROOT, requireEngine } from "../engine/locate.ts";
import { UserError } from "../errors.ts";
import { writeRehearsalPolicyConfig } from "../policy-config.ts";
import { type RunningSandbox, startSandboxProcess } from "../sandbox-process.ts";
import { rehearsalEnvironment } from "./environment.ts";
import { type EngineEvent, changes, diagnostics, findings } from "./events.ts";
import { forgetCutOffFirstUpdate } from "./first-update.ts";
import { Progress } from "./progress.ts";
import { type PulumiRun, runPulumi } from "./pulumi.ts";
import { recover } from "./recover.ts";
import { type RunPulumi, writeStackFile } from "./stack-file.ts";
import { type Workspace, copyProject, rehearsalDate, startOver, workspaceOf } from "./workspace.ts";

export interface Ground {
  workspace: Workspace;
  engine: Engine;
  sandbox: RunningSandbox;
  env: NodeJS.ProcessEnv;
  policyConfig: string;
  date: string;
}

/** Prepares everything an engine operation needs; the caller must stop `sandbox`. */
export async function prepare(stack: string, options: { fresh: boolean; base?: string }): Promise<Ground> {
  const workspace = workspaceOf(stack, options.base);
  const engine = requireEngine();
  if (options.fresh) startOver(workspace);
  forgetCutOffFirstUpdate(workspace);
  copyProject(workspace);
  const date = rehearsalDate();
  const policyConfig = path.join(workspace.directory, "policy-config.json");
  writeRehearsalPolicyConfig(workspace, date, policyConfig);
  const sandbox = await startSandboxProcess(workspace.cloud, date);
  try {
    const env = { ...rehearsalEnvironment(workspace, engine), PULUMI_DEBUG_PROVIDERS: sandbox.debugProviders };
    const pulumi: RunPulumi = async (args) => {
      const run = await runPulumi(args, { pulumi: engine.pulumi, cwd: workspace.project, env });
      if (run.exitCode !== 0) throw new UserError(`pulumi ${args.slice(0, 2).join(" ")} failed:\n${run.output}`);
    };
    await writeStackFile(workspace, pulumi);
    await recover(workspace, pulumi);
    return { workspace, engine, sandbox, env, policyConfig, date };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** Arguments that turn the policy pack on, for preview and up. */
export const policyArguments = (policyConfig: string): string[] => [
  "--policy-pack",
  path.join(ROOT, "policies"),
  "--policy-pack-config",
  policyConfig,
];

/** One engine operation on a prepared ground, with progress. */
export async function operate(ground: Ground, label: string, args: string[], signal?: AbortSignal): Promise<PulumiRun> {
  const progress = new Progress(label);
  const run = await runPulumi([...args, "--stack", ground.workspace.stack], {
    pulumi: ground.engine.pulumi,
    cwd: ground.workspace.project,
    env: ground.env,
    eventLog: path.join(ground.workspace.directory, "events", `${args[0] ?? "run"}.jsonl`),
    onEvent: (event) => progress.onEvent(event),
    ...(signal === undefined ? {} : { signal }),
  });
  progress.end(run.exitCode === 0 ? describeChanges(run.events) : "failed");
  return run;
}

function describeChanges(events: EngineEvent[]): string {
  const { same, ...changed } = changes(events);
  const parts = Object.entries(changed).filter(([, count]) => count > 0);
  if (parts.length === 0) return `no changes, ${same} resources`;
  return parts.map(([word, count]) => `${count} ${word}`).join(", ");
}

/** What the engine said when it failed, from its events or, where it died before writing any, from its output. */
export function failureTexts(run: PulumiRun): string[] {
  if (run.exitCode === 0) return [];
  const errors = diagnostics(run.events, "error");
  const blocked = findings(run.events).some((finding) => finding.level === "mandatory");
  return errors.length > 0 || blocked ? errors : [run.output.trim() || `pulumi ended with exit code ${run.exitCode}`];
}
