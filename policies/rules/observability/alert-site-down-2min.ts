import { iso } from "../../engine/frameworks.ts";
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { awsRegion } from "../common/region.ts";
import {
  DISTRIBUTION,
  DNS_RECORD,
  DROPLET,
  LOAD_BALANCER,
  METRIC_ALARM,
  UPTIME_ALERT,
  UPTIME_CHECK,
} from "../common/types.ts";

const HEALTH_CHECK = ["aws:route53/healthCheck:HealthCheck"] as const;
const CLOUDFLARE_CHECK = ["cloudflare:index/healthcheck:Healthcheck"] as const;
/** `downGlobal` is how generated documentation spells it; the API's word is `down_global`. */
const DOWN = ["down", "down_global"];

/** DigitalOcean: an enabled check with a "down" alert of the given period. */
function byUptimeAlert(stack: Stack): Answer {
  const checks = stack.all(UPTIME_CHECK).filter((c) => c.flag("enabled") !== false);
  return any(
    stack
      .all(UPTIME_ALERT)
      .filter((a) => DOWN.includes(a.text("type") ?? "") && a.text("period") === "2m")
      .flatMap((a) => checks.map((c) => refers(a, "checkId", c, ["id"]))),
  );
}

/** Route 53: seconds until the health check fails, plus the alarm's own periods. */
function byHealthCheck(stack: Stack, seconds: number): Answer {
  const alarms = stack.all(METRIC_ALARM).filter((a) => a.text("metricName") === "HealthCheckStatus");
  const delay = (check: Resource, alarm: Resource) =>
    (check.number("requestInterval") ?? 30) * (check.number("failureThreshold") ?? 3) +
    (alarm.number("period") ?? 60) * (alarm.number("evaluationPeriods") ?? 1);
  return any(
    stack.all(HEALTH_CHECK).flatMap((check) =>
      alarms
        // The metric exists in us-east-1 only: an alarm elsewhere waits for ever.
        .filter((alarm) => (awsRegion(alarm) ?? "us-east-1") === "us-east-1" && delay(check, alarm) <= seconds)
        .map((alarm) => both("yes", refers(alarm, "dimensions", check, ["id"]))),
    ),
  );
}

const byCloudflare = (stack: Stack, seconds: number): Answer =>
  stack
    .all(CLOUDFLARE_CHECK)
    .some(
      (c) =>
        c.flag("suspended") !== true && (c.number("interval") ?? 60) * (c.number("consecutiveFails") ?? 1) <= seconds,
    )
    ? "yes"
    : "no";

const droplet = { type: DROPLET[0], name: "web", props: {} };
const check = { type: UPTIME_CHECK[0], name: "site", props: { id: "check-1", enabled: true } };
const alert = (period: string) => ({
  type: UPTIME_ALERT[0],
  name: "down",
  props: { checkId: "check-1", type: "down_global", period },
});

export const alertSiteDown2min = defineRule<{ seconds: number }>({
  id: "alert-site-down-2min",
  title: "Somebody is called when the site is down for two minutes",
  severity: "critical",
  levels: levels("m/-/m/m"),
  parameters: { seconds: { schema: { type: "number", minimum: 60 }, default: 120 } },
  framework: iso("A.8.16"),
  tags: ["monitoring"],
  source: { guide: "Site down (>2min)" },
  why: "Bookings are lost by the minute, and the first to know must not be a guest.",
  fix: 'add an UptimeCheck with an UptimeAlert of type "down_global" and period "2m"; at AWS a HealthCheck of 10 s x 3 with an alarm of 60 s in us-east-1',
  examples: { pass: [[droplet, check, alert("2m")]], fail: [[droplet], [droplet, check, alert("5m")]] },
  stack: {
    check(stack, report, { seconds }) {
      if (stack.all([...DROPLET, ...LOAD_BALANCER, ...DISTRIBUTION, ...DNS_RECORD]).length === 0) {
        return "no public entry in the stack";
      }
      const answer = any([byUptimeAlert(stack), byHealthCheck(stack, seconds), byCloudflare(stack, seconds)]);
      if (answer === "maybe") report.undetermined(null, "which check an alert belongs to");
      if (answer === "no") {
        const problem = "no alert tells within two minutes that the site is down";
        report.violation(null, { problem, requires: `one within ${seconds} s` });
      }
    },
  },
});
