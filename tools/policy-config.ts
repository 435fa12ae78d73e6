import fs from "node:fs";
import type { Workspace } from "./rehearse/workspace.ts";
export function writeRehearsalPolicyConfig(_workspace: Workspace, _date: string, file: string): void {
  fs.writeFileSync(file, JSON.stringify({ version: 2, policies: {} }));
}
export function policyConfigCommand(_check: boolean): number {
  return 0;
}
