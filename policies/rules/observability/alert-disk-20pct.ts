import { iso } from "../../engine/frameworks.ts";
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { watches } from "../common/alerts.ts";
import { DROPLET, METRIC_ALARM, MONITOR_ALERT } from "../common/types.ts";

const RDS = ["aws:rds/instance:Instance"] as const;
const FLEET = ["aws:autoscaling/group:Group", "aws:ec2/instance:Instance"] as const;
const GIB = 2 ** 30;
const DISK = "v1/insights/droplet/disk_utilization_percent";

function checkDroplet(droplet: Resource, stack: Stack, used: number, report: Report): void {
  const bound = stack
    .all(MONITOR_ALERT)
    .filter((a) => a.text("type") === DISK && a.flag("enabled") !== false)
    .map((a) => [a, watches(a, droplet)] as const);
  const ok = (a: Resource) => a.text("compare") === "GreaterThan" && (a.number("value") ?? NaN) <= used;
  if (bound.some(([a, answer]) => answer === "yes" && ok(a))) return;
  const wrong = bound.find(([, answer]) => answer === "yes")?.[0];
  if (wrong) {
    const path = wrong.text("compare") === "GreaterThan" ? "value" : "compare";
    report.violation(wrong, { path, requires: path === "value" ? `${used} or less` : '"GreaterThan"' });
  } else if (bound.some(([, answer]) => answer === "maybe"))
    report.undetermined(droplet, "which disk alert is bound to it");
  else report.violation(droplet, { problem: "no MonitorAlert watches its disk", requires: `one above ${used} % used` });
}

/** RDS counts free bytes, its size is in GiB. Aurora has no such metric and no such resource type. */
function checkDatabase(db: Resource, stack: Stack, freePercent: number, report: Report): void {
  const least = ((db.number("allocatedStorage") ?? 0) * GIB * freePercent) / 100;
  const answers = stack
    .all(METRIC_ALARM)
    .filter((a) => a.text("metricName") === "FreeStorageSpace" && a.text("namespace") === "AWS/RDS")
    .map((a): Answer => {
      const about = refers(a, "dimensions", db, ["id", "identifier"]);
      const below = /^LessThan/.test(a.text("comparisonOperator") ?? "");
      return both(about, below && (a.number("threshold") ?? NaN) >= least ? "yes" : "no");
    });
  const answer = any(answers);
  if (answer === "maybe") report.undetermined(db, "which alarm has its identifier");
  if (answer === "no") {
    const requires = `an alarm on FreeStorageSpace (bytes) below ${Math.round(least)} or more`;
    report.violation(db, { problem: `no alarm tells that ${freePercent} % of its storage is left`, requires });
  }
}

const droplet = { type: DROPLET[0], name: "web", props: { id: "7" } };
const alert = (value: number) => ({
  type: MONITOR_ALERT[0],
  name: "disk",
  props: { type: DISK, entities: ["7"], compare: "GreaterThan", value },
});

export const alertDisk20pct = defineRule<{ freePercent: number }>({
  id: "alert-disk-20pct",
  title: "A disk that is four fifths full is reported",
  severity: "high",
  levels: levels("m/-/m/m"),
  parameters: { freePercent: { schema: { type: "number", minimum: 1, maximum: 99 }, default: 20 } },
  framework: iso("A.8.6"),
  tags: ["monitoring"],
  source: { guide: "Low disk space (<20%)" },
  why: "A full disk stops the database in the middle of a booking; a fifth left is time to act.",
  fix: "alert above 80 % used (DigitalOcean disk_utilization_percent, CWAgent disk_used_percent), or below a fifth of the storage in bytes (RDS FreeStorageSpace)",
  examples: { pass: [[droplet, alert(80)]], fail: [[droplet], [droplet, alert(81)]] },
  stack: {
    check(stack, report, { freePercent }) {
      const used = 100 - freePercent;
      const droplets = stack.all(DROPLET);
      // A replica of Aurora is a ClusterInstance; engines named aurora under Instance are its old spelling.
      const databases = stack.all(RDS).filter((d) => !(d.text("engine") ?? "").startsWith("aurora"));
      const fleet = stack.all(FLEET);
      if (droplets.length + databases.length + fleet.length === 0)
        return "no server or database with a disk in the stack";
      report.each(droplets, (d) => checkDroplet(d, stack, used, report));
      report.each(databases, (d) => checkDatabase(d, stack, freePercent, report));
      const agent = stack
        .all(METRIC_ALARM)
        .some(
          (a) =>
            a.text("metricName") === "disk_used_percent" &&
            /^GreaterThan/.test(a.text("comparisonOperator") ?? "") &&
            (a.number("threshold") ?? NaN) <= used,
        );
      if (fleet.length > 0 && !agent) {
        report.violation(null, {
          problem: "no alarm on disk_used_percent watches its servers",
          requires: `one above ${used} %`,
        });
      }
    },
  },
  remediate: {
    types: MONITOR_ALERT,
    repair(alert, set, { freePercent }) {
      if (alert.text("type") === DISK && (alert.number("value") ?? 0) > 100 - freePercent)
        set("value", 100 - freePercent);
    },
  },
});
