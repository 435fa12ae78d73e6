/** `make up STACK=...`: a real update. Everything of the user's environment counts here; the policy pack is always on. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ROOT, requireEngine } from "./engine/locate.ts";
import { UserError } from "./errors.ts";
import { knownStacks } from "./rehearse/workspace.ts";

export function realUpdate(stack: string): number {
  if (!knownStacks().includes(stack)) {
    throw new UserError(`there is no stack "${stack}" (no Pulumi.${stack}.yaml). Stacks: ${knownStacks().join(", ")}`);
  }
  const config = path.join(ROOT, "policies", "config", `${stack}.json`);
  if (!fs.existsSync(config)) {
    throw new UserError(
      `policies/config/${stack}.json is missing: an update without it would run unguarded. Run: make policy-config`,
    );
  }
  const args = ["up", "--stack", stack, "--policy-pack", path.join(ROOT, "policies"), "--policy-pack-config", config];
  const { status } = spawnSync(requireEngine().pulumi, args, { cwd: ROOT, stdio: "inherit" });
  return status ?? 1;
}
