/** The words of a finding: what, found, required, where the rule comes from, how to fix it, how to be excepted. */
import { Resource } from "./resource.ts";
import type { AnyRule, Finding, Place } from "./rule.ts";

/** In the message of a note about an unknown value; reports count by it. */
export const UNDETERMINED = "undetermined: ";

const sourceOf = (rule: AnyRule): string =>
  "guide" in rule.source ? `guide: "${rule.source.guide}"` : `standard: ${rule.source.standard}`;

/** The exception a reader would have to write; stack-level findings target the root stack resource. */
function exceptionHint(rule: AnyRule, on: Resource | undefined): string {
  if (rule.notExemptable) return "No exception is accepted for this rule.";
  const target = on ? `type ${on.type}, name ${on.name}` : "type pulumi:pulumi:Stack";
  return `Exception: policies/exceptions.yaml, rule ${rule.id}, target ${target}.`;
}

const stop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export function findingMessage(rule: AnyRule, on: Resource | undefined, place: Place, finding: Finding): string {
  const wrong =
    "problem" in finding
      ? finding.problem
      : `${place?.at(finding.path)} is ${
          place?.isSecret(finding.path) ? "[secret]" : (finding.found ?? place?.show(finding.path) ?? "unset")
        }`;
  const subject = on?.label ?? "stack";
  const fix = stop(finding.fix ?? rule.fix);
  return `${subject}: ${wrong}, requires ${finding.requires} (${sourceOf(rule)}). Fix: ${fix} ${exceptionHint(rule, on)}`;
}

export const noteMessage = (on: Resource | undefined, text: string): string => `${on?.label ?? "stack"}: ${text}`;

export const undeterminedMessage = (on: Resource | undefined, what: string): string =>
  `${on?.label ?? "stack"}: ${UNDETERMINED}${what} is not known in a preview; the update decides`;

/**
 * A broken rule is a finding, never a pass. The error's own text is left out: JSON.parse, for one, quotes its input,
 * which may be a secret.
 */
export function errorMessage(rule: AnyRule, on: Resource | undefined, error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const frame = error instanceof Error ? /\n\s*at ([^\n]+)/.exec(error.stack ?? "")?.[1] : undefined;
  const where = frame?.replace(/\(?\/[^)]*\/([^/)]+)\)?/, "($1)");
  return `${on?.label ?? "stack"}: rule ${rule.id} failed with ${name}${where ? ` at ${where}` : ""}, so nothing was checked. Fix: report it as a bug of the rule. ${exceptionHint(rule, on)}`;
}
