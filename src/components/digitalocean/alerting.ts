import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { type AlertId, type AlertRule, ALERTS, type AlertTargets } from "../../concepts/alerts.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName } from "../../concepts/naming.ts";

export interface AlertingArgs {
  context: StackContext;
  alerts: readonly AlertId[];
  targets: AlertTargets;
  /** Page that answers 200 when the site is up. */
  healthUrl: pulumi.Input<string>;
  /** Where metrics come from; without it, only what is seen from outside can be asked for. */
  dropletId?: pulumi.Input<string>;
}

/** Alerts seen from outside (uptime check) and on the server (metrics agent), each with its targets. */
export class Alerting extends pulumi.ComponentResource {
  constructor(name: string, args: AlertingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:digitalocean:Alerting", name, { alerts: [...args.alerts] }, opts);
    const check = new digitalocean.UptimeCheck(
      `${name}-uptime`,
      {
        name: physicalName(args.context.naming, "other", "uptime"),
        target: args.healthUrl,
        type: "https",
        regions: ["eu_west", "us_east"], // no African probe exists; two regions tell an outage from a bad route
        enabled: true,
      },
      { parent: this },
    );
    for (const id of args.alerts) {
      const rule = ALERTS[id];
      const condition = UPTIME[id]?.(rule);
      const metric = METRICS[id];
      if (condition !== undefined) this.createUptimeAlert(name, rule, condition, check, args);
      else if (metric !== undefined && args.dropletId !== undefined)
        this.createMetricAlert(name, rule, metric, args.dropletId, args);
      else
        throw new Error(
          `digitalocean: alert "${id}" cannot be expressed by this provider; remove it from the phase's alerts`,
        );
    }
    this.registerOutputs({});
  }

  private createUptimeAlert(
    name: string,
    rule: AlertRule,
    condition: UptimeCondition,
    check: digitalocean.UptimeCheck,
    args: AlertingArgs,
  ): void {
    new digitalocean.UptimeAlert(
      `${name}-${rule.id}`,
      {
        name: physicalName(args.context.naming, "other", rule.id),
        checkId: check.id,
        ...condition,
        period: period(rule.forMinutes),
        notifications: [{ emails: recipients(rule, args.targets) }],
      },
      { parent: this },
    );
  }

  private createMetricAlert(
    name: string,
    rule: AlertRule,
    metric: string,
    dropletId: pulumi.Input<string>,
    args: AlertingArgs,
  ): void {
    new digitalocean.MonitorAlert(
      `${name}-${rule.id}`,
      {
        description: `${physicalName(args.context.naming, "other", rule.id)}: look at ${rule.check}`,
        type: `v1/insights/droplet/${metric}`,
        compare: "GreaterThan",
        value: rule.threshold,
        window: period(rule.forMinutes),
        enabled: true,
        entities: [dropletId],
        alerts: { emails: recipients(rule, args.targets) },
      },
      { parent: this },
    );
  }
}

type UptimeCondition = { type: string; threshold?: number; comparison?: string };

/** Alerts of an uptime check. `down_global`: down from every region, so one lost route does not page anybody. */
const UPTIME: Partial<Record<AlertId, (rule: AlertRule) => UptimeCondition>> = {
  "site-down": () => ({ type: "down_global" }),
  "slow-responses": (rule) => ({ type: "latency", threshold: rule.threshold, comparison: "greater_than" }),
  "certificate-expiry": (rule) => ({ type: "ssl_expiry", threshold: rule.threshold, comparison: "less_than" }),
};

/** Metrics of the agent on the droplet, in percent. */
const METRICS: Partial<Record<AlertId, string>> = {
  "cpu-high": "cpu",
  "memory-high": "memory_utilization_percent",
  "disk-low": "disk_utilization_percent",
};

const recipients = (rule: AlertRule, targets: AlertTargets): string[] =>
  rule.severity === "critical" ? targets.criticalEmails : targets.warningEmails;

/** The provider's few windows: the rule's, or the nearest shorter one, since later would miss the guide's limit. */
function period(minutes: number): string {
  const windows: [number, string][] = [
    [60, "1h"],
    [30, "30m"],
    [10, "10m"],
    [5, "5m"],
    [2, "2m"],
  ];
  const fit = windows.find(([length]) => length <= minutes);
  if (fit === undefined)
    throw new Error(`digitalocean: no alert window of ${minutes} min or less; the shortest is 2 min`);
  return fit[1];
}
