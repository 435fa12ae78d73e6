/**
 * `make preview|up|drift STACK=...`: the real clouds. The user's environment counts here; the policy pack is always on.
 * Each gives the engine's exit code.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ROOT, requireEngine } from "./engine/locate.ts";
import { UserError } from "./errors.ts";
import { type Deployment, pendingCreates, recoveryText } from "./recovery.ts";
import { requireStack } from "./rehearse/workspace.ts";

/** What an update would change, judged by the policies. */
export function realPreview(stack: string): number {
  return engine(stack, ["preview", ...guarded(stack)]);
}

/** @param options.yes for pipelines, where an environment's reviewers have approved: previews, then updates unasked. */
export function realUpdate(stack: string, options: { yes: boolean }): number {
  const args = ["up", ...guarded(stack), ...(options.yes ? ["--yes", "--non-interactive"] : [])];
  refusePendingCreates(stack, requireEngine().pulumi);
  return engine(stack, args);
}

/** Whether the clouds are as the state says: 0, or 7 where they are not. Changes nothing, takes no lock. */
export function realDrift(stack: string): number {
  requireStack(stack);
  return engine(stack, ["refresh", "--preview-only", "--expect-no-changes", "--diff", "--non-interactive"]);
}

/** The arguments that turn the policies on. Throws a UserError for an unknown stack or a missing config. */
function guarded(stack: string): string[] {
  requireStack(stack);
  const config = path.join(ROOT, "policies", "config", `${stack}.json`);
  if (!fs.existsSync(config)) {
    throw new UserError(
      `policies/config/${stack}.json is missing: an update without it would be unguarded. Run: make policy-config`,
    );
  }
  return ["--policy-pack", path.join(ROOT, "policies"), "--policy-pack-config", config];
}

function engine(stack: string, args: string[]): number {
  const { pulumi } = requireEngine();
  return spawnSync(pulumi, [...args, "--stack", stack], { cwd: ROOT, stdio: "inherit" }).status ?? 1;
}

/** The engine itself only warns, and then creates a second time what an interrupted update has created. */
function refusePendingCreates(stack: string, pulumi: string): void {
  const exported = spawnSync(pulumi, ["stack", "export", "--stack", stack], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (exported.status !== 0) throw new UserError(exported.stderr.trim() || `pulumi stack export failed for ${stack}`);
  const { deployment } = JSON.parse(exported.stdout) as { deployment?: Deployment };
  const pending = pendingCreates(deployment);
  if (pending.length > 0) throw new UserError(recoveryText(stack, pending));
}
