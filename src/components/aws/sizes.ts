/** Memory of the database classes that a phase may use, in GiB. Source: AWS's list of RDS instance classes. */
const DATABASE_MEMORY: Record<string, number> = {
  "db.t3.medium": 4,
  "db.t4g.medium": 4,
  "db.t3.large": 8,
  "db.t4g.large": 8,
  "db.m5.large": 8,
  "db.m6g.large": 8,
  "db.r6g.large": 16,
  "db.r6g.xlarge": 32,
};

/**
 * Memory of a database class and the connections that MySQL accepts on it (RDS's own formula).
 * @throws Error for a class that is not in the table: an alarm on a guess would never fire.
 */
export function databaseShape(instanceClass: string): { memoryGiB: number; maxConnections: number } {
  const memoryGiB = DATABASE_MEMORY[instanceClass];
  if (memoryGiB === undefined)
    throw new Error(
      `aws: jatsmanor:database.instanceClass "${instanceClass}" is not known; use one of ` +
        `${Object.keys(DATABASE_MEMORY).join(", ")}, or add its memory to components/aws/sizes.ts`,
    );
  return { memoryGiB, maxConnections: Math.floor((memoryGiB * 1024 ** 3) / 12_582_880) };
}
