import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ALERTS, type AlertId } from "../../concepts/alerts.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import type { Severity } from "./topics.ts";

export interface BusinessAlarmsArgs {
  context: StackContext;
  /** Namespace in which the services publish these metrics, a value a minute. */
  namespace: string;
  topicArns: Record<Severity, pulumi.Input<string>>;
}

/** The guide's "Métriques business": every server can be well while nobody can book. */
const METRICS = [
  { alert: "bookings-low", metric: "BookingsPerMinute", statistic: "Sum", bad: "unusual" },
  { alert: "payment-success-low", metric: "PaymentSuccessRate", statistic: "Average", bad: "below" },
  { alert: "registrations-low", metric: "RegistrationRate", statistic: "Sum", bad: "unusual" },
  { alert: "search-slow", metric: "SearchLatency", statistic: "p95", bad: "above" },
] as const satisfies readonly {
  alert: AlertId;
  metric: string;
  statistic: string;
  bad: "unusual" | "below" | "above";
}[];

export const BUSINESS_ALERTS: readonly AlertId[] = METRICS.map(({ alert }) => alert);

const PERIOD = 300;

/** What the business itself says: compared with a limit, or with what is usual at this hour of the week. */
export class BusinessAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: BusinessAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:BusinessAlarms", name, { alerts: [...BUSINESS_ALERTS] }, opts);
    for (const { alert, metric, statistic, bad } of METRICS) {
      const rule = ALERTS[alert];
      const topic = args.topicArns[rule.severity];
      const measured = { namespace: args.namespace, metricName: metric, period: PERIOD };
      new aws.cloudwatch.MetricAlarm(
        `${name}-${alert}`,
        {
          name: physicalName(args.context.naming, "other", alert),
          alarmDescription: `${rule.severity}, look at: ${rule.check}. docs/runbooks/README.md`,
          evaluationPeriods: (rule.forMinutes * 60) / PERIOD,
          treatMissingData: "notBreaching", // at night nobody books
          alarmActions: [topic],
          okActions: [topic],
          ...(bad === "unusual"
            ? {
                comparisonOperator: "LessThanLowerThreshold",
                thresholdMetricId: "usual",
                metricQueries: [
                  { id: "measured", returnData: true, metric: { ...measured, stat: statistic } },
                  {
                    id: "usual",
                    expression: `ANOMALY_DETECTION_BAND(measured, ${rule.threshold})`,
                    label: "usual at this hour",
                    returnData: true,
                  },
                ],
              }
            : {
                ...measured,
                ...(statistic === "p95" ? { extendedStatistic: statistic } : { statistic }),
                comparisonOperator: bad === "below" ? "LessThanThreshold" : "GreaterThanThreshold",
                threshold: rule.threshold,
              }),
          tags: { ...tags(args.context.naming, "internal"), severity: rule.severity },
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
