import { alarmHasAction } from "./alarm-has-action.ts";
import { alertDisk20pct } from "./alert-disk-20pct.ts";
import { alertErrorRate } from "./alert-error-rate-5pct.ts";
import { alertLatencyP95 } from "./alert-latency-p95-2s.ts";
import { alertQueue1000 } from "./alert-queue-1000.ts";
import { alertSecurityBreach } from "./alert-security-breach.ts";
import { alertSiteDown2min } from "./alert-site-down-2min.ts";
import { awsAsgBounds } from "./aws-asg-bounds.ts";
import { awsCacheHa } from "./aws-cache-ha.ts";
import { awsDbMultiAz } from "./aws-db-multi-az.ts";
import { awsLbGuard } from "./aws-lb-guard.ts";
import { businessMetricsAlarmed } from "./business-metrics-alarmed.ts";
import { dbObservability } from "./db-observability.ts";
import { doMonitoring } from "./do-monitoring.ts";
import { everyDbHasAlarms } from "./every-db-has-alarms.ts";

export const observability = [
  awsDbMultiAz,
  awsCacheHa,
  awsAsgBounds,
  awsLbGuard,
  alarmHasAction,
  alertSiteDown2min,
  alertLatencyP95,
  alertErrorRate,
  alertQueue1000,
  alertDisk20pct,
  everyDbHasAlarms,
  alertSecurityBreach,
  businessMetricsAlarmed,
  doMonitoring,
  dbObservability,
];
