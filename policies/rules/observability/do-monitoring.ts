import { iso } from "../../engine/frameworks.ts";
import { any, type Answer } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { watches } from "../common/alerts.ts";
import { DROPLET, MONITOR_ALERT } from "../common/types.ts";

/** The guide's "CPU/RAM/Disk utilization", as DigitalOcean names them. */
const METRICS = ["cpu", "memory_utilization_percent", "disk_utilization_percent"];

const droplet = { type: DROPLET[0], name: "web", props: { monitoring: true, id: "7", tags: ["web"] } };
const alert = (metric: string) => ({
  type: MONITOR_ALERT[0],
  name: metric,
  props: { type: `v1/insights/droplet/${metric}`, entities: ["7"], enabled: true },
});

export const doMonitoring = defineRule({
  id: "do-monitoring",
  title: "Droplets are watched: processor, memory and disk",
  severity: "medium",
  levels: levels("m/a/-/-"),
  framework: iso("A.8.16"),
  tags: ["monitoring"],
  source: { guide: "CPU/RAM/Disk utilization" },
  why: "A full disk stops MySQL, a full memory kills it: both announce themselves for hours to whoever looks.",
  fix: "set monitoring: true (on a new droplet: it replaces the server) and bind MonitorAlerts for cpu, memory_utilization_percent and disk_utilization_percent to it",
  examples: {
    pass: [[droplet, ...METRICS.map(alert)]],
    fail: [[droplet], [{ type: DROPLET[0], name: "web", props: {} }]],
  },
  resource: {
    types: DROPLET,
    check(droplet, report) {
      if (droplet.flag("monitoring") !== true) report.violation(droplet, { path: "monitoring", requires: "true" });
    },
  },
  stack: {
    check(stack, report) {
      const droplets = stack.all(DROPLET);
      if (droplets.length === 0) return "no droplet in the stack";
      const alerts = stack.all(MONITOR_ALERT).filter((a) => a.flag("enabled") !== false);
      report.each(droplets, (d) => {
        const state = new Map<string, Answer>(
          METRICS.map((m) => [
            m,
            any(alerts.filter((a) => a.text("type") === `v1/insights/droplet/${m}`).map((a) => watches(a, d))),
          ]),
        );
        const missing = METRICS.filter((m) => state.get(m) === "no");
        if (missing.length > 0) {
          report.violation(d, {
            problem: `no enabled MonitorAlert watches its ${missing.join(", ")}`,
            requires: "one each",
          });
        } else if ([...state.values()].includes("maybe")) report.undetermined(d, "which alerts are bound to it");
      });
    },
  },
});
