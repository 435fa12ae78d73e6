/** How often a cron expression fires, in AWS's form (six fields) and in the Unix form (five). */

type Field = (at: number) => boolean;
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAY_MINUTES = 24 * 60;
/** Two years hold every month and day of the week; a year of its own makes no difference here. */
const WINDOW_DAYS = 730;
const START = Date.UTC(2027, 0, 1);

// One of `*`, `5`, `1-5`, `0/6`, `*/6`, `0-12/3`, or a list of them; undefined for anything else.
function field(text: string, min: number, max: number, names: readonly string[] = []): Field | undefined {
  const allowed = new Set<number>();
  const number = (part: string): number => {
    const named = names.indexOf(part.toUpperCase());
    return named >= 0 ? named + min : /^\d+$/.test(part) ? Number(part) : NaN;
  };
  for (const part of text.split(",")) {
    const [range = "", every, more] = part.split("/");
    const step = every === undefined ? 1 : Number(every);
    const [low = "", high, rest] = range.split("-");
    const from = range === "*" || range === "?" ? min : number(low);
    const last = range === "*" || range === "?" ? max : high === undefined ? from : number(high);
    const to = high === undefined && every !== undefined ? max : last;
    if (more !== undefined || rest !== undefined || !(step >= 1) || !(from >= min) || !(to <= max)) return undefined;
    for (let n = from; n <= to; n += step) allowed.add(n);
  }
  return (at) => allowed.has(at);
}

/** Whether a day is one of the expression's; AWS numbers the days of the week from 1 = Sunday, Unix from 0. */
function dayMatcher(
  ofMonth: string,
  month: string,
  ofWeek: string,
  sunday: 0 | 1,
): ((at: Date) => boolean) | undefined {
  const months = field(month, 1, 12, MONTHS);
  const nth = /^(\w+)#([1-5])$/.exec(ofWeek);
  const lastOf = /^(\w+)L$/i.exec(ofWeek);
  const week = field(
    nth?.[1] ?? lastOf?.[1] ?? (sunday === 0 ? ofWeek.replace("7", "0") : ofWeek),
    sunday,
    sunday + 6,
    DAYS,
  );
  const last = ofMonth === "L";
  const days = last ? () => true : field(ofMonth.replace(/W$/, ""), 1, 31);
  if (!months || !week || !days) return undefined;
  return (at) => {
    const day = at.getUTCDate();
    const length = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
    return (
      months(at.getUTCMonth() + 1) &&
      week(at.getUTCDay() + sunday) &&
      (last ? day === length : days(day)) &&
      (!nth || Math.ceil(day / 7) === Number(nth[2])) &&
      (!lastOf || day + 7 > length)
    );
  };
}

/** Minutes from the start of the window at which it fires; undefined when it is not an expression that goes on. */
function firings(expression: string): number[] | undefined {
  const aws = /^cron\((.*)\)$/i.exec(expression.trim());
  const parts = (aws?.[1] ?? expression).trim().split(/\s+/);
  // AWS's sixth field is the year: one that is named makes the backups end with it.
  if (parts.length !== (aws ? 6 : 5) || (aws && parts[5] !== "*")) return undefined;
  const [minute = "", hour = "", ofMonth = "", month = "", ofWeek = ""] = parts;
  const minutes = field(minute, 0, 59);
  const hours = field(hour, 0, 23);
  const matches = dayMatcher(ofMonth, month, ofWeek, aws ? 1 : 0);
  if (!minutes || !hours || !matches) return undefined;
  const times = Array.from({ length: DAY_MINUTES }, (_, at) => at).filter(
    (at) => hours(Math.floor(at / 60)) && minutes(at % 60),
  );
  const found: number[] = [];
  for (let day = 0; day < WINDOW_DAYS; day++) {
    if (matches(new Date(START + day * DAY_MINUTES * 60_000))) found.push(...times.map((t) => day * DAY_MINUTES + t));
  }
  return found;
}

/** The longest time between two firings of any of the expressions, in hours; Infinity when that is never. */
export function longestGapHours(expressions: readonly string[]): number {
  const all = expressions.flatMap((e) => firings(e) ?? []).sort((a, b) => a - b);
  let longest = all.length < 2 ? Infinity : 0;
  for (let i = 1; i < all.length; i++) longest = Math.max(longest, ((all[i] ?? 0) - (all[i - 1] ?? 0)) / 60);
  return longest;
}

/** Firings per day, on average; 0 when it never does. */
export const perDay = (expression: string): number => (firings(expression)?.length ?? 0) / WINDOW_DAYS;
