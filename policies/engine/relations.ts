/**
 * Does one resource point to another? In a preview ids are unknown, yet the engine tells which resources a property
 * was computed from; so dependencies come first, then known literals, and an id alone never decides.
 */
import { isObject, isPlain, isUnknown, type Path, steps } from "./values.ts";
import type { Resource } from "./resource.ts";

export type Answer = "yes" | "no" | "maybe";

function leaves(value: unknown, into: { known: string[]; unknown: boolean }, depth = 0): typeof into {
  if (isUnknown(value)) into.unknown = true;
  else if (isObject(value) && depth < 8) for (const v of Object.values(value)) leaves(v, into, depth + 1);
  else if (isPlain(value)) into.known.push(String(value));
  return into;
}

/**
 * Whether `from[path]` points to `to`, which is known by the properties `keys` (id, arn, name ...).
 * "maybe" = only the update can tell.
 */
export function refers(from: Resource, path: Path, to: Resource, keys: readonly string[]): Answer {
  const found = from.peek(path);
  if (found.state === "absent") return "no";
  const value = leaves(found.state === "known" ? found.value : undefined, {
    known: [],
    unknown: found.state === "unknown",
  });
  const peeks = keys.map((k) => to.peek(k));
  const ids = peeks.flatMap((p) => (p.state === "known" && !isObject(p.value) ? [String(p.value)] : []));
  if (value.known.some((v) => ids.includes(v))) return "yes";

  const sources = from.sourcesOf(path);
  const rivals = sources.some((s) => s !== to && s.type === to.type);
  if (sources.includes(to)) {
    if (value.unknown || ids.length === 0 || !rivals) return "yes";
    return value.known.some((v) => ids.some((id) => id !== "" && v.includes(id))) ? "yes" : "no";
  }
  if (rivals) return "no";
  if (value.unknown) return "maybe";
  return peeks.some((p) => p.state === "unknown") ? "maybe" : "no";
}

/** The best answer over candidates: one "yes" is enough, else one "maybe". */
export function any(answers: Iterable<Answer>): Answer {
  let best: Answer = "no";
  for (const answer of answers) {
    if (answer === "yes") return "yes";
    if (answer === "maybe") best = "maybe";
  }
  return best;
}

/** Both must hold. */
export const both = (a: Answer, b: Answer): Answer =>
  a === "no" || b === "no" ? "no" : a === "maybe" || b === "maybe" ? "maybe" : "yes";

/** The top-level property of a path, which is what the engine tracks dependencies by. */
export const topLevel = (path: Path): string => String(steps(path)[0]);
