/**
 * Resources whose loss is loss of data or of an address the world knows (docs/decisions/statefulness-guard.md). A
 * "guard" is what closes or versions such a resource: without it the data stays and is open.
 * Every resource of these kinds is protected: the engine itself refuses to replace or delete it, for every user of plain
 * `pulumi up`. Two ways out, both spoken aloud: a phase that can be rebuilt from another one, and `allowReplace`.
 */
export const STATEFUL_KINDS = ["server", "database", "bucket", "key", "volume", "address", "zone", "guard"] as const;
export type StatefulKind = (typeof STATEFUL_KINDS)[number];

export interface StatefulnessGuard {
  /** False for phases that hold nothing of their own (staging): they can be destroyed. */
  protects: boolean;
  /** Logical names (setting `allowReplace`) whose protection is lifted for one change. */
  allowReplace: readonly string[];
}

/** Resource options of a stateful resource. `kind` documents why it is one; every kind is guarded alike. */
export function stateful(guard: StatefulnessGuard, _kind: StatefulKind, logicalName: string): { protect: boolean } {
  return { protect: guard.protects && !guard.allowReplace.includes(logicalName) };
}
