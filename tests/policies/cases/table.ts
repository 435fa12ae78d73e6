/** The shape of the tables: what a rule must say of a set of resources. */
import type { Sample } from "../../../policies/engine/rule.ts";

/**
 * pass: nothing is said. fail: a violation at the configured level. warn: a violation that the rule makes advisory.
 * note: a remark. unknown: the note that only the update decides. na: not applicable.
 */
export type Verdict = "pass" | "fail" | "warn" | "note" | "unknown" | "na";
export type Case = readonly [
  verdict: Verdict,
  name: string,
  resources: readonly Sample[],
  says?: RegExp | undefined,
  parameters?: Record<string, unknown>,
];
export type Tables = Readonly<Record<string, readonly Case[]>>;

type Props = Record<string, unknown>;
/** A resource by token, name and properties; `from` and the other extras follow. */
export const r = (type: string, name: string, props: Props = {}, extra: Partial<Sample> = {}): Sample => ({
  type,
  name,
  props,
  ...extra,
});
export const json = JSON.stringify;
