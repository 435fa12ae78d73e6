import { alarmHasAction } from "./alarm-has-action.ts";
import { alertDisk20pct } from "./alert-disk-20pct.ts";
import { alertSiteDown2min } from "./alert-site-down-2min.ts";
import { doMonitoring } from "./do-monitoring.ts";

export const observability = [alarmHasAction, alertSiteDown2min, alertDisk20pct, doMonitoring];
