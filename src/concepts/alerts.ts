/** The guide's "Alerting strategy" and "Métriques critiques" as one table. Wiring is each provider folder's business. */
export interface AlertRule {
  id: AlertId;
  /** critical pages somebody (PagerDuty), warning writes to a channel (Slack). */
  severity: "critical" | "warning";
  /** Fires above this value, in `unit`. */
  threshold: number;
  unit: "minutes" | "milliseconds" | "percent" | "days" | "jobs";
  /** How long the value must stay beyond the threshold before it alerts, in minutes. */
  forMinutes: number;
  /** What the person who is alerted looks at first. */
  check: string;
}

export type AlertId = "site-down" | "slow-responses" | "certificate-expiry" | "cpu-high" | "memory-high" | "disk-low";

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
  // "CPU/RAM/Disk utilization"
  "cpu-high": rule("cpu-high", "warning", 80, "percent", 10, "which process; a deploy, a queue burst or an attack"),
  "memory-high": rule("memory-high", "warning", 85, "percent", 10, "PHP workers or MySQL; swap activity"),
  // "Low disk space (<20%)": more than 80 % used
  "disk-low": rule("disk-low", "warning", 80, "percent", 10, "binary logs, dumps and releases left behind, app logs"),
};

/** Where alerts go. Every phase must say both: an alarm nobody hears is worse than none. */
export interface AlertTargets {
  /** Mail addresses that page, for example the integration address of a PagerDuty service. */
  criticalEmails: string[];
  /** Mail addresses for warnings. */
  warningEmails: string[];
}
