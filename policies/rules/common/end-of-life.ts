/**
 * Last day of support per product and cycle (endoflife.date, snapshot 2026-08-22; AWS's own calendars for its services).
 * A month is written as its last day. A cycle that is missing is unknown: reported as a note, never as supported.
 */
export const END_OF_LIFE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ubuntu: { "20.04": "2025-05-31", "22.04": "2027-04-01", "24.04": "2029-05-31", "26.04": "2031-04-30" },
  debian: { "11": "2026-08-31", "12": "2028-06-30", "13": "2030-06-30" },
  php: {
    "7.4": "2022-11-28",
    "8.0": "2023-11-26",
    "8.1": "2025-12-31",
    "8.2": "2026-12-31",
    "8.3": "2027-12-31",
    "8.4": "2028-12-31",
    "8.5": "2029-12-31",
  },
  mysql: { "5.7": "2023-10-31", "8.0": "2026-04-30", "8.4": "2032-04-30" },
  "rds-mysql": { "5.7": "2024-02-29", "8.0": "2026-07-31", "8.4": "2029-07-31" },
  eks: {
    "1.31": "2025-11-26",
    "1.32": "2026-03-23",
    "1.33": "2026-07-29",
    "1.34": "2026-12-02",
    "1.35": "2027-03-27",
    "1.36": "2027-08-02",
  },
  "elasticache-redis": { "4": "2026-01-31", "5": "2026-01-31", "6": "2027-01-31" },
  valkey: { "7.2": "2027-04-30", "8.1": "2028-03-31" },
  opensearch: {
    "2.11": "2027-11-07",
    "2.13": "2027-11-07",
    "2.15": "2027-11-07",
    "2.17": "2027-11-07",
    "2.19": "2027-11-07",
  },
  node: { "18": "2025-04-30", "20": "2026-04-30", "22": "2027-04-30", "24": "2028-04-30" },
};

export interface Version {
  product: keyof typeof END_OF_LIFE;
  /** As written: "8.0.46", "8.0.mysql_aurora.3.10.4", "8". */
  version: string;
}

/** The table's cycle of a version: the longest one it starts with; of "8" alone, the oldest 8.x. */
export function endOf({ product, version }: Version): { cycle: string; date: string } | undefined {
  const table = END_OF_LIFE[product] ?? {};
  const numbers = /^v?(\d+(?:\.\d+)?)/.exec(version.trim())?.[1];
  if (numbers === undefined) return undefined;
  const cycles = Object.keys(table).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const cycle =
    cycles.find((c) => c === numbers) ??
    cycles.find((c) => c === numbers.split(".")[0]) ??
    (numbers.includes(".") ? undefined : cycles.find((c) => c.startsWith(`${numbers}.`)));
  const date = cycle === undefined ? undefined : table[cycle];
  return cycle === undefined || date === undefined ? undefined : { cycle, date };
}
