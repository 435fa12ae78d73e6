/** The engine's event log, as far as a rehearsal reads it, and what it adds up to. */

export interface EngineEvent {
  resourcePreEvent?: StepEvent;
  resOutputsEvent?: StepEvent;
  resOpFailedEvent?: StepEvent;
  diagnosticEvent?: { urn?: string; message: string; severity: string };
  policyEvent?: PolicyEvent;
  policyRemediationEvent?: { resourceUrn?: string; policyName: string; before?: unknown; after?: unknown };
  summaryEvent?: { resourceChanges?: Record<string, number>; result?: string };
}

export interface StepEvent {
  metadata: {
    op: string;
    urn: string;
    type: string;
    old?: { inputs?: Record<string, unknown> } | null;
    new?: { inputs?: Record<string, unknown> } | null;
    diffs?: string[] | null;
  };
  planning?: boolean;
}

export interface PolicyEvent {
  resourceUrn?: string;
  message: string;
  policyName: string;
  policyPackName: string;
  enforcementLevel: string;
  exceptions?: { id: string; reason: string }[];
}

/** One thing a rule said about one resource. */
export interface Finding {
  rule: string;
  urn: string;
  level: "mandatory" | "advisory" | "remediated" | "exempted" | "undetermined";
  message: string;
  /** Why it was excepted, when it was. */
  exception?: string;
}

/** What the pack's engine writes when a value is not known in a preview (policies/engine/message.ts). */
const UNDETERMINED = "undetermined: ";

export function findings(events: EngineEvent[]): Finding[] {
  const all = events.flatMap((event): Finding[] => {
    if (event.policyRemediationEvent !== undefined) {
      const { policyName, resourceUrn, before, after } = event.policyRemediationEvent;
      const message = `fixed by policy: from ${JSON.stringify(hideSecrets(before))} to ${JSON.stringify(hideSecrets(after))}`;
      return [{ rule: policyName, urn: resourceUrn ?? "", level: "remediated", message }];
    }
    return event.policyEvent === undefined ? [] : [finding(event.policyEvent)];
  });
  const unique = new Map(all.map((item) => [`${item.rule} ${item.urn} ${item.message}`, item]));
  return [...unique.values()];
}

function finding(event: PolicyEvent): Finding {
  const base = { rule: event.policyName, urn: event.resourceUrn ?? "", message: event.message.trim() };
  const exception = event.exceptions?.[0];
  if (exception !== undefined) return { ...base, level: "exempted", exception: `${exception.id}: ${exception.reason}` };
  if (base.message.includes(UNDETERMINED)) return { ...base, level: "undetermined" };
  return { ...base, level: event.enforcementLevel === "mandatory" ? "mandatory" : "advisory" };
}

/** Errors and warnings of the program, the engine and the providers, without repeats. */
export function diagnostics(events: EngineEvent[], severity: "error" | "warning"): string[] {
  const texts = events.flatMap((event) => {
    const diagnostic = event.diagnosticEvent;
    if (diagnostic?.severity !== severity) return [];
    const subject = diagnostic.urn === undefined || diagnostic.urn === "" ? "" : `${resourceName(diagnostic.urn)}: `;
    return [subject + diagnostic.message.trim()];
  });
  // The engine ends every failure with one of these: it says nothing beside the error that caused it.
  return [...new Set(texts)].filter((text) => text !== "" && !/(^|: )(preview|update) failed$/.test(text));
}

export interface Changes {
  created: number;
  updated: number;
  replaced: number;
  deleted: number;
  same: number;
}

/** What the operation did (or would do), from the engine's own count. */
export function changes(events: EngineEvent[]): Changes {
  const count = events.find((event) => event.summaryEvent !== undefined)?.summaryEvent?.resourceChanges ?? {};
  return {
    created: count["create"] ?? 0,
    updated: count["update"] ?? 0,
    replaced: count["replace"] ?? 0,
    deleted: count["delete"] ?? 0,
    same: count["same"] ?? 0,
  };
}

/**
 * Why a resource changes: the differing properties. For a host bundle, whose triggers are "path checksum" lines, the files
 * of the server that will change.
 */
export function reasons({ old, new: next, diffs }: StepEvent["metadata"]): string[] {
  const lines = (state: typeof old): string[] => {
    const [files] = Array.isArray(state?.inputs?.["triggers"]) ? (state.inputs["triggers"] as unknown[]) : [];
    return Array.isArray(files) ? files.map(String) : [];
  };
  const before = new Set(lines(old));
  const after = new Set(lines(next));
  const changed = [
    ...lines(next).filter((line) => !before.has(line)),
    ...lines(old).filter((line) => !after.has(line)),
  ];
  const files = [...new Set(changed.map((line) => line.split(" ")[0] ?? ""))].sort();
  if (files.length === 0) return diffs ?? [];
  return [...(diffs ?? []).filter((property) => property !== "triggers"), ...files];
}

/** "network-vpc" of urn:pulumi:mvp::jatsmanor::parent$type::network-vpc. */
export const resourceName = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** "digitalocean:index/vpc:Vpc" of a URN: the last of its chain of types. */
export const resourceType = (urn: string): string => urn.split("::").at(-2)?.split("$").at(-1) ?? "";

/** Mark under which the engine writes secrets in state, outputs and events. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** A value with every secret in it replaced by "[secret]". */
export function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_MARK in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideSecrets(item)]));
}
