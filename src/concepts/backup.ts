import type { HostingPhase } from "./phase.ts";

/** What the guide's "Stratégie de sauvegarde par phase" asks for, as data. How is each provider folder's business. */
export interface BackupPlan {
  /** Whole-machine or managed-database snapshots. */
  snapshots: { everyHours: number; keepDays: number };
  /** Days back to which a database can be restored to the second; 0 = only to a snapshot or an export. */
  pointInTimeDays: number;
  /** Logical exports to an object store at another provider or region; undefined = none of our own. */
  databaseExport?: DatabaseExport;
  /** Files in an object store: always versioned; tiers in days since creation. */
  files: { syncAtUtc?: string; infrequentAfterDays?: number; archiveAfterDays?: number; keepOldVersionsDays: number };
  /** A copy in a second region. */
  crossRegion: boolean;
}

export interface DatabaseExport {
  dailyAtUtc: string;
  /** Day on which the export is also kept as the weekly one. */
  weeklyOn: Weekday;
  keepDailyDays: number;
  keepWeeklyDays: number;
}

export type Weekday = "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday";

const SINGLE_SERVER = {
  snapshots: { everyHours: 24, keepDays: 7 }, // "Snapshots quotidiens (7 jours)"
  pointInTimeDays: 0,
  databaseExport: { dailyAtUtc: "02:00", weeklyOn: "Sunday", keepDailyDays: 35, keepWeeklyDays: 90 }, // "Export hebdomadaire S3"
  files: { syncAtUtc: "02:30", keepOldVersionsDays: 35 }, // "Sync quotidien vers S3", "Versioning activé"
  crossRegion: false,
} as const satisfies BackupPlan;

const PRODUCTION: BackupPlan = {
  snapshots: { everyHours: 6, keepDays: 35 }, // "Snapshots automatiques toutes les 6h"
  pointInTimeDays: 35, // "Point-in-time recovery 35 jours"
  files: { infrequentAfterDays: 30, archiveAfterDays: 90, keepOldVersionsDays: 35 }, // "IA après 30j, Glacier après 90j"
  crossRegion: true, // "Réplication cross-region"
};

/** The guide's plan per phase. Staging holds anonymised data that last night's restore can make again. */
export const BACKUP_PLANS = {
  mvp: SINGLE_SERVER,
  staging: {
    ...SINGLE_SERVER,
    databaseExport: { ...SINGLE_SERVER.databaseExport, keepDailyDays: 7, keepWeeklyDays: 7 },
  },
  growth: PRODUCTION,
  enterprise: PRODUCTION,
} as const satisfies Record<HostingPhase, BackupPlan>;

/** Where exports lie in the off-site bucket: servers write to these, and the bucket's lifecycle deletes by them. */
export const OFFSITE_PREFIXES = { daily: "mysql/daily/", weekly: "mysql/weekly/", files: "files/" } as const;
