import type { AlertId } from "../concepts/alerts.ts";
import { BACKUP_PLANS, type DatabaseExport } from "../concepts/backup.ts";

export type Role = "web" | "database";

/** What the phase says about its hosts. */
export interface HostValues {
  /** VPS plans and Public Cloud flavors per role. */
  plans: Record<Role, string>;
  flavors: Record<Role, string>;
  image: string;
  mesh: { cidr: string; port: number };
  /** Private network of Public Cloud instances. */
  privateCidr: string;
  databaseExport: DatabaseExport;
  exportEveryHours: number;
  /** How much a restore to a moment can lose. */
  binlogEveryMinutes: number;
  /** Where queue workers and the scheduler run: once, or tasks run twice (docs/decisions/ovh-hosts.md). */
  workersOn: Role;
}

/** Values of the phase; a stack file overrides the sizes (setting `hosts`). */
export interface WebFleetValues extends HostValues {
  /** Object Storage regions of uploaded files and of their copy. */
  mediaRegions: { files: string; copy: string };
  /** EUR a month that the Public Cloud project may cost: only files beside VPS, everything where it has the machines. */
  projectCeilingEur: Record<"existing" | "publicCloud", number>;
  alerts: readonly AlertId[];
}

const GROWTH: WebFleetValues = {
  plans: { web: "VPS-2", database: "VPS-4" }, // what the guide's "VPS SSD 2" and "VPS SSD 3" are now
  flavors: { web: "b3-8", database: "b3-32" },
  image: "Ubuntu 24.04",
  mesh: { cidr: "10.30.0.0/24", port: 51820 },
  privateCidr: "10.31.0.0/24",
  mediaRegions: { files: "GRA", copy: "SBG" },
  projectCeilingEur: { existing: 20, publicCloud: 300 },
  databaseExport: {
    dailyAtUtc: "00:00",
    weeklyOn: "Sunday",
    keepDailyDays: BACKUP_PLANS.growth.pointInTimeDays,
    keepWeeklyDays: 365,
  },
  exportEveryHours: BACKUP_PLANS.growth.snapshots.everyHours,
  binlogEveryMinutes: 15,
  workersOn: "database",
  alerts: ["site-down", "slow-responses", "certificate-expiry"],
};
export const WEB_FLEET_VALUES = { growth: GROWTH } as const;
