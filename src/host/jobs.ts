import { hostPaths } from "./paths.ts";
import { duties } from "./roles.ts";
import type { HostSpec } from "./spec.ts";

/** Something a server does by the clock: a script, a systemd service and its timer. */
export interface Job {
  /** Whether this server does it at all. */
  here: boolean;
  name: string;
  description: string;
  calendar: string;
  /** Seconds by which the start is spread. */
  jitter: number;
  /** Seconds after which the job counts as hung; 0 is never. */
  timeout: number;
  after?: string;
  environmentFile?: string;
}

/** Everything that this server does by the clock. */
export function jobs(spec: HostSpec): Job[] {
  const { backupEnv } = hostPaths(spec);
  const { web, data } = duties(spec);
  const { everyHours, binlogEveryMinutes } = spec.backup;
  const all: Job[] = [
    {
      here: data,
      name: "backup-database",
      description: "Database dump, encrypted and sent off-site",
      calendar: everyHours === undefined ? `*-*-* ${spec.backup.dumpAt}:00` : `*-*-* 00/${everyHours}:00:00`,
      jitter: 0,
      timeout: 14400,
      after: "mysql.service",
      environmentFile: backupEnv,
    },
    {
      here: data && binlogEveryMinutes !== undefined,
      name: "backup-binlog",
      description: "Binary logs sent off-site, for a restore to a moment",
      calendar: `*:0/${binlogEveryMinutes ?? 60}`,
      jitter: 0,
      timeout: 3600,
      after: "mysql.service",
      environmentFile: backupEnv,
    },
    {
      // Where hosts share their files in an object store, there are none on the disk.
      here: data && web,
      name: "backup-files",
      description: "Uploaded files copied off-site",
      calendar: `*-*-* ${laterBy(spec.backup.dumpAt, 30)}:00`,
      jitter: 300,
      timeout: 28800,
      environmentFile: backupEnv,
    },
    {
      here: data,
      name: "backup-check",
      description: "Age of the last good backup",
      calendar: "hourly",
      jitter: 60,
      timeout: 60,
    },
    {
      here: web && spec.tls.source === "lets-encrypt",
      name: "certificate",
      description: "First certificate, tried until it succeeds",
      // Let's Encrypt refuses a name for an hour after five failures.
      calendar: "hourly",
      jitter: 600,
      timeout: 300,
      after: "nginx.service",
    },
  ];
  return all.filter(({ here }) => here);
}

/** `HH:MM` some minutes later, around midnight too. */
function laterBy(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const total = (hour * 60 + minute + minutes) % 1440;
  return `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
}
