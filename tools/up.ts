/** `make up STACK=...`: a real update. The user's environment counts here; the policy pack is always on. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ROOT, requireEngine } from "./engine/locate.ts";
import { UserError } from "./errors.ts";
import { type Deployment, pendingCreates, recoveryText } from "./recovery.ts";
import { requireStack } from "./rehearse/workspace.ts";

export function realUpdate(stack: string): number {
  requireStack(stack);
  const config = path.join(ROOT, "policies", "config", `${stack}.json`);
  if (!fs.existsSync(config)) {
    throw new UserError(
      `policies/config/${stack}.json is missing: an update without it would be unguarded. Run: make policy-config`,
    );
  }
  const { pulumi } = requireEngine();
  refusePendingCreates(stack, pulumi);
  const args = ["up", "--stack", stack, "--policy-pack", path.join(ROOT, "policies"), "--policy-pack-config", config];
  return spawnSync(pulumi, args, { cwd: ROOT, stdio: "inherit" }).status ?? 1;
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
