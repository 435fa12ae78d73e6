/**
 * Pack config of one stack: levels and parameters of its phase, and its exceptions, in the engine's own format
 * (version 2, `--policy-pack-config`). Pure: no file, no clock.
 *
 * The committed policies/config/<stack>.json must not change with the calendar, so it holds no date to judge by: rules
 * take today. A rehearsal writes its own copy with the commit's date.
 */
import { type ConfigPhase, levelIn } from "./engine/rule.ts";
import { readAttestations, readExceptions, stackOf, type Exception, type Target } from "./register.ts";
import { rules } from "./rules/index.ts";

export interface PolicyConfigInput {
  stack: string;
  phase: ConfigPhase;
  /** Pulumi project, for exceptions that target the stack itself. */
  project: string;
  /** Content of policies/exceptions.yaml and policies/attestations.yaml. */
  exceptions: string;
  attestations: string;
  /** ISO day that exceptions are judged by. */
  today: string;
  /** Written into the rules that compare dates; a rehearsal's commit date. Absent in the committed files. */
  now?: string;
  /** URNs of the stack, to resolve targets given as type and name. */
  urns?: readonly string[];
}

export interface PackConfig {
  version: 2;
  policies: Record<string, Record<string, unknown>>;
  exceptions?: Record<string, { reason: string; match: { policies: string[]; targets: string[] }[] }>;
}

export interface PolicyConfigResult {
  config: PackConfig;
  /** Must be corrected: the config is not to be used. */
  errors: string[];
  warnings: string[];
  /** Left out of the config; a check fails on them. */
  expired: Exception[];
}

/** Type and name of a URN; its type part holds the parents' types, separated by `$`. */
function partsOf(urn: string): { type: string; name: string } {
  const [, , qualified = "", ...name] = urn.split("::");
  return { type: qualified.split("$").at(-1) ?? qualified, name: name.join("::") };
}

function resolve(
  target: Target,
  input: PolicyConfigInput,
  where: string,
): { urn?: string; error?: string; warning?: string } {
  if (target.urn !== undefined) return { urn: target.urn };
  const { type, name } = target;
  if (type === "pulumi:pulumi:Stack") {
    return { urn: `urn:pulumi:${input.stack}::${input.project}::${type}::${input.project}-${input.stack}` };
  }
  const what = `${where}: target type ${type}, name ${name}`;
  if (input.urns === undefined) {
    return {
      error: `${what} cannot be found without the stack's resources: run it where the stack exists, or give its urn`,
    };
  }
  const found = input.urns.filter((u) => {
    const parts = partsOf(u);
    return parts.type === type && parts.name === name;
  });
  if (found.length > 1) return { error: `${what} is ambiguous: ${found.join(" or ")}; give one of them as urn` };
  return found[0] ? { urn: found[0] } : { warning: `${what} is not in stack ${input.stack}: the exception is unused` };
}

function ruleConfig(phase: ConfigPhase, attestations: unknown, now: string | undefined): PackConfig["policies"] {
  return Object.fromEntries(
    rules.map((rule): [string, Record<string, unknown>] => {
      const enforcementLevel = levelIn(rule.levels, phase);
      if (enforcementLevel === "disabled") return [rule.id, { enforcementLevel }];
      const given: Record<string, unknown> = { phase, attestations, now };
      const parameters = Object.entries(rule.parameters ?? {}).flatMap(([name, parameter]) => {
        const value =
          (parameter as { perPhase?: Partial<Record<ConfigPhase, unknown>> }).perPhase?.[phase] ?? given[name];
        return value === undefined ? [] : [[name, value] as const];
      });
      return [rule.id, { enforcementLevel, ...Object.fromEntries(parameters) }];
    }),
  );
}

/** The config of a stack, and everything that is wrong with what it was made from. */
export function policyConfig(input: PolicyConfigInput): PolicyConfigResult {
  const register = readExceptions(input.exceptions, input.today);
  const attestations = readAttestations(input.attestations);
  const errors = [...register.errors, ...attestations.errors];
  const warnings = [...register.warnings];
  const exceptions: NonNullable<PackConfig["exceptions"]> = {};
  for (const e of register.entries) {
    const targets = e.targets.filter((t) => (t.urn ? stackOf(t.urn) : t.stack) === input.stack);
    const resolved = targets.map((t) => resolve(t, input, `policies/exceptions.yaml: ${e.id}`));
    errors.push(...resolved.flatMap((r) => r.error ?? []));
    warnings.push(...resolved.flatMap((r) => r.warning ?? []));
    const urns = resolved.flatMap((r) => r.urn ?? []);
    if (urns.length === 0) continue;
    // The engine prints the reason with each excepted violation: who and until when belong there.
    const reason = `${e.reason} (${e.owner}, until ${e.expires})`;
    exceptions[e.id] = { reason, match: [{ policies: e.rules, targets: urns }] };
  }
  const config: PackConfig = {
    version: 2,
    policies: ruleConfig(input.phase, attestations.entries, input.now),
    ...(Object.keys(exceptions).length > 0 && { exceptions }),
  };
  return { config, errors, warnings, expired: register.expired };
}

/** The bytes of policies/config/<stack>.json. */
export const configText = (config: PackConfig): string => `${JSON.stringify(config, null, 2)}\n`;

/** Whether the committed file differs from what the rules, the phase and the register say now. */
export const isStale = (committed: string | undefined, config: PackConfig): boolean => committed !== configText(config);
