/** `jats policy-config`: the pack config of each stack, from the rules, the stack's phase and the registers. */
import fs from "node:fs";
import path from "node:path";
import { type PolicyConfigResult, configText, isStale, policyConfig } from "../policies/config.ts";
import { CONFIG_PHASES, type ConfigPhase } from "../policies/engine/rule.ts";
import { ROOT } from "./engine/locate.ts";
import { UserError } from "./errors.ts";
import { type Workspace, knownStacks, phaseOf, rehearsalDate } from "./rehearse/workspace.ts";

const POLICIES = path.join(ROOT, "policies");
const PROJECT = "jatsmanor";

const committedFile = (stack: string): string => path.join(POLICIES, "config", `${stack}.json`);

/**
 * Writes policies/config/<stack>.json for every stack; with `check`, only says whether the committed files are current.
 * Exit code 0; 1 when something is stale, expired or wrong.
 */
export function policyConfigCommand(check: boolean): number {
  const results = knownStacks().map((stack) => reportOn(stack, check));
  return results.every(Boolean) ? 0 : 1;
}

function reportOn(stack: string, check: boolean): boolean {
  const date = rehearsalDate();
  const urns = knownUrns(stack);
  const result = build(stack, phaseOf(stack), date, urns === undefined ? {} : { urns });
  const expired = result.expired.map(
    (entry) =>
      `policies/exceptions.yaml: ${entry.id} expired on ${entry.expires}: its violation counts again; renew or remove it`,
  );
  for (const warning of result.warnings) process.stderr.write(`warning: ${warning}\n`);
  const stale = isStale(readIfThere(committedFile(stack)), result.config);
  const problems = [...result.errors, ...expired];
  if (check && stale) problems.push(`policies/config/${stack}.json is out of date; run: make policy-config`);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (!check && stale && result.errors.length === 0) {
    fs.mkdirSync(path.dirname(committedFile(stack)), { recursive: true });
    fs.writeFileSync(committedFile(stack), configText(result.config));
    process.stdout.write(`wrote policies/config/${stack}.json\n`);
  }
  return problems.length === 0;
}

/** A rehearsal's own config: the same, with the date that rules compare with. Throws on a register that is wrong. */
export function writeRehearsalPolicyConfig(
  workspace: Workspace,
  date: string,
  file: string,
  registers = POLICIES,
): void {
  const urns = urnsOfState(path.join(workspace.directory, "state.json")) ?? knownUrns(workspace.stack);
  const result = build(workspace.stack, workspace.phase, date, {
    now: date,
    registers,
    ...(urns === undefined ? {} : { urns }),
  });
  const expired = result.expired.map(
    (entry) => `exception ${entry.id} expired on ${entry.expires}: its violation counts again`,
  );
  for (const warning of [...result.warnings, ...expired]) process.stderr.write(`warning: ${warning}\n`);
  if (result.errors.length > 0) throw new UserError(result.errors.join("\n"));
  fs.writeFileSync(file, configText(result.config));
}

function build(
  stack: string,
  phase: string,
  today: string,
  { registers = POLICIES, ...more }: { registers?: string; now?: string; urns?: string[] },
): PolicyConfigResult {
  if (!CONFIG_PHASES.includes(phase as ConfigPhase)) {
    throw new UserError(`jatsmanor:phase is "${phase}" in Pulumi.${stack}.yaml; allowed: ${CONFIG_PHASES.join(", ")}`);
  }
  return policyConfig({
    stack,
    phase: phase as ConfigPhase,
    project: PROJECT,
    exceptions: fs.readFileSync(path.join(registers, "exceptions.yaml"), "utf8"),
    attestations: fs.readFileSync(path.join(registers, "attestations.yaml"), "utf8"),
    today,
    ...more,
  });
}

/**
 * URNs that targets given as type and name are looked up in: those of the last rehearsal, else those that the committed
 * config has resolved before (a clean clone has no rehearsal, and its check must say the same).
 */
function knownUrns(stack: string): string[] | undefined {
  const rehearsed = urnsOfState(path.join(ROOT, ".rehearsal", stack, "state.json"));
  if (rehearsed !== undefined) return rehearsed;
  const committed = readIfThere(committedFile(stack));
  if (committed === undefined) return undefined;
  const { exceptions = {} } = JSON.parse(committed) as {
    exceptions?: Record<string, { match: { targets: string[] }[] }>;
  };
  const urns = Object.values(exceptions).flatMap(({ match }) => match.flatMap(({ targets }) => targets));
  return urns.length === 0 ? undefined : urns;
}

function urnsOfState(file: string): string[] | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const { deployment } = JSON.parse(text) as { deployment?: { resources?: { urn: string }[] } };
  return deployment?.resources?.map(({ urn }) => urn);
}

const readIfThere = (file: string): string | undefined =>
  fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
