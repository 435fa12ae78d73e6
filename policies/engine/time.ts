/** Calendar days in UTC: a rule that compared local times would change its mind with the runner's time zone. */

const DAY_MS = 86_400_000;

/** Days since 1970 of an ISO date or timestamp; NaN for anything else. A date without time is that day in UTC. */
export function dayOf(date: unknown): number {
  if (typeof date !== "string" || !/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(date)) return NaN;
  const at = new Date(date);
  // `new Date("2026-02-31")` rolls over into March: such a day does not exist.
  if (date.length === 10 && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) !== date) return NaN;
  return Math.floor(at.getTime() / DAY_MS);
}

/** The day a rule judges by: its parameter `now`, which a rehearsal sets to the commit's date, or today. */
export function today(now: string | undefined): number {
  return now === undefined ? Math.floor(Date.now() / DAY_MS) : dayOf(now);
}

/** The parameter `now` of every rule that compares dates. */
export const NOW = {
  now: { schema: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}", description: "date to judge by; default today" } },
} as const;
