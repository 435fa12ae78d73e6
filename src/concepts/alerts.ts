/** The guide's "Alerting strategy" and "Métriques critiques" as one table. Wiring is each provider folder's business. */
export interface AlertRule {
  id: AlertId;
  /** critical pages somebody (PagerDuty), warning writes to a channel (Slack). */
  severity: "critical" | "warning";
  /** The limit, in `unit`. What is measured, and which side is bad, is said at each entry below. */
  threshold: number;
  unit: "minutes" | "milliseconds" | "percent" | "days" | "jobs" | "events" | "severity" | "deviations";
  /** How long the value must stay beyond the threshold before it alerts, in minutes. */
  forMinutes: number;
  /** What the person who is alerted looks at first. */
  check: string;
}

export type AlertId =
  | "site-down"
  | "slow-responses"
  | "certificate-expiry"
  | "cpu-high"
  | "memory-high"
  | "disk-low"
  | "error-rate"
  | "queue-backlog"
  | "payment-errors"
  | "security-breach"
  | "database-unavailable"
  | "database-memory-low"
  | "database-connections-high"
  | "database-replica-lag"
  | "cache-memory-high"
  | "cache-evictions"
  | "cache-hit-rate-low"
  | "bookings-low"
  | "payment-success-low"
  | "registrations-low"
  | "search-slow";

const rule = (
  id: AlertId,
  severity: AlertRule["severity"],
  threshold: number,
  unit: AlertRule["unit"],
  forMinutes: number,
  check: string,
): AlertRule => ({ id, severity, threshold, unit, forMinutes, check });

export const ALERTS: Record<AlertId, AlertRule> = {
  // "Site down (>2min)"
  "site-down": rule("site-down", "critical", 2, "minutes", 2, "is the server up, does nginx answer /up, is DNS right"),
  // "High response time (>2s)"
  "slow-responses": rule("slow-responses", "warning", 2000, "milliseconds", 5, "slow query log, PHP workers, queue"),
  "certificate-expiry": rule("certificate-expiry", "warning", 14, "days", 60, "why the renewal did not happen"),
  // "CPU/RAM/Disk utilization": percent used
  "cpu-high": rule("cpu-high", "warning", 80, "percent", 10, "which process; a deploy, a queue burst or an attack"),
  "memory-high": rule("memory-high", "warning", 85, "percent", 10, "PHP workers or MySQL; swap activity"),
  // "Low disk space (<20%)": more than 80 % used
  "disk-low": rule("disk-low", "warning", 80, "percent", 10, "binary logs, dumps and releases left behind, app logs"),
  // "High error rate (>5%)"
  "error-rate": rule("error-rate", "warning", 5, "percent", 5, "the last deploy, the error tracker, the database"),
  // "Queue backlog (>1000 jobs)"
  "queue-backlog": rule(
    "queue-backlog",
    "warning",
    1000,
    "jobs",
    5,
    "workers alive, a failing job retried, a slow API",
  ),
  // "Payment gateway errors"
  "payment-errors": rule("payment-errors", "critical", 5, "events", 5, "the provider's status page, keys, time-outs"),
  // "Security breaches"; 7 is where the threat detector's "high" begins
  "security-breach": rule(
    "security-breach",
    "critical",
    7,
    "severity",
    5,
    "the finding; who, from where; revoke first",
  ),
  // "Database unavailable"
  "database-unavailable": rule(
    "database-unavailable",
    "critical",
    1,
    "events",
    2,
    "failover, storage full, connections",
  ),
  // "Database performance". Percent of memory free: a database fills it on purpose, only the last 5 % are a sign
  "database-memory-low": rule("database-memory-low", "warning", 5, "percent", 10, "connections, buffer pool, swap"),
  "database-connections-high": rule("database-connections-high", "warning", 80, "percent", 5, "leaks, worker count"),
  "database-replica-lag": rule("database-replica-lag", "warning", 1000, "milliseconds", 5, "long writes, reader size"),
  // "Cache hit rates": percent of memory used, evictions in the period, percent of reads that hit
  "cache-memory-high": rule("cache-memory-high", "warning", 80, "percent", 10, "keys without expiry, a bigger node"),
  "cache-evictions": rule(
    "cache-evictions",
    "warning",
    100,
    "events",
    15,
    "memory: sessions or jobs may be thrown out",
  ),
  "cache-hit-rate-low": rule("cache-hit-rate-low", "warning", 80, "percent", 30, "a flush, new keys, expiry too short"),
  // "Business metrics". Deviations: below what is usual at this hour of this weekday, so that a night is no alert
  "bookings-low": rule("bookings-low", "warning", 3, "deviations", 15, "can one book? the last release, the search"),
  "payment-success-low": rule("payment-success-low", "critical", 90, "percent", 10, "which provider, which error"),
  "registrations-low": rule("registrations-low", "warning", 3, "deviations", 30, "can one register? mails, SMS"),
  "search-slow": rule("search-slow", "warning", 1000, "milliseconds", 10, "the search domain's load, slow queries"),
};

/** What every phase on managed services watches; a phase adds what only it has. */
export const MANAGED_ALERTS = [
  "site-down",
  "database-unavailable",
  "payment-errors",
  "security-breach",
  "slow-responses",
  "error-rate",
  "queue-backlog",
  "disk-low",
  "cpu-high",
  "memory-high",
  "database-memory-low",
  "database-connections-high",
  "cache-memory-high",
  "cache-evictions",
  "cache-hit-rate-low",
] as const satisfies AlertId[];

/** Where alerts go. Every phase must say both: an alarm nobody hears is worse than none. */
export interface AlertTargets {
  /** Mail addresses that page, for example the integration address of a PagerDuty service. */
  criticalEmails: string[];
  /** Mail addresses for warnings. */
  warningEmails: string[];
}
