import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ALERTS, type AlertId } from "../../concepts/alerts.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { type Alarm, LOG_METRICS, evaluationPeriods, metricQuery } from "./alarms.ts";
import { createRole, trust } from "./iam.ts";
import { SEVERITIES, type Severity, type Topics } from "./topics.ts";

type DatabaseType = "db-instance" | "db-cluster";

export interface AlertingArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  /** Alerts that the phase promises; each needs an alarm or an event below. */
  alerts: readonly AlertId[];
  alarms: readonly Alarm[];
  /** Topics of the stack's region and of us-east-1. */
  topics: { home: Topics; global: Topics };
  slack: { teamId: string; channelId: string };
  /** Namespace of the metrics that filters make of the application's log. */
  namespace: string;
  /** Log group with the application's events; undefined where they are counted elsewhere. */
  applicationLog?: pulumi.Input<string>;
  /** Alerts that another component tells. */
  elsewhere?: readonly AlertId[];
  auditLog: pulumi.Input<string>;
  databaseIdentifiers: pulumi.Input<string>[];
  /** What those are; single databases when absent. */
  databaseType?: DatabaseType;
}

/** Alerts that come as events, not as a metric beyond a limit. */
const EVENT_ALERTS: readonly AlertId[] = ["security-breach"];

/** Alarms and events of the stack, each to the topic of its severity; critical ones page, all of them are in the chat. */
export class Alerting extends pulumi.ComponentResource {
  /** Names of the alarms, by alert and what they watch ("error-rate web"). */
  readonly alarmNames: Record<string, pulumi.Output<string>> = {};

  constructor(name: string, args: AlertingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Alerting", name, { alerts: [...args.alerts] }, opts);
    const told = new Set([...args.alarms.map(({ alert }) => alert), ...EVENT_ALERTS, ...(args.elsewhere ?? [])]);
    const missing = args.alerts.filter((alert) => !told.has(alert));
    if (missing.length > 0)
      throw new Error(`aws: no alarm tells ${missing.join(", ")}: add one (alarms.ts) or take it out of the phase`);
    const { applicationLog } = args;
    const filters =
      applicationLog === undefined
        ? []
        : Object.values(LOG_METRICS).map((metric) => this.createLogMetric(name, args, applicationLog, metric));
    for (const alarm of args.alarms) this.createAlarm(name, args, alarm, filters);
    this.watchDatabases(name, args);
    this.watchSecurity(name, args);
    this.tellChat(name, args);
    this.registerOutputs({ alarmNames: this.alarmNames });
  }

  /** Names of alarms by "<alert> <of>". @throws Error for one that is not there: it would guard nothing. */
  named(...alarms: string[]): pulumi.Output<string>[] {
    return alarms.map((alarm) => {
      const found = this.alarmNames[alarm];
      if (found === undefined)
        throw new Error(`aws: no alarm "${alarm}"; there are ${Object.keys(this.alarmNames).join(", ")}`);
      return found;
    });
  }

  private createAlarm(name: string, args: AlertingArgs, alarm: Alarm, filters: pulumi.Resource[]): void {
    const rule = ALERTS[alarm.alert];
    const { naming } = args.context;
    const period = alarm.period ?? 60;
    const topics = alarm.region === undefined ? args.topics.home : args.topics.global;
    const created = new aws.cloudwatch.MetricAlarm(
      `${name}-${alarm.of}-${alarm.alert}`,
      {
        ...(alarm.region === undefined ? {} : { region: alarm.region }),
        name: physicalName(naming, "other", alarm.of, alarm.alert),
        alarmDescription: `${rule.severity}, look at: ${rule.check}. docs/runbooks/README.md`,
        comparisonOperator: alarm.comparison,
        threshold: alarm.threshold,
        evaluationPeriods: evaluationPeriods(alarm),
        treatMissingData: alarm.silence,
        actionsEnabled: true,
        alarmActions: [topics.arns[rule.severity]],
        okActions: [topics.arns[rule.severity]], // closes the incident
        ...measured(alarm, period),
        tags: { ...tags(naming, "internal"), severity: rule.severity },
      },
      { parent: this, dependsOn: alarm.metric?.namespace === args.namespace ? filters : [] },
    );
    this.alarmNames[`${alarm.alert} ${alarm.of}`] = created.name;
  }

  private createLogMetric(
    name: string,
    args: AlertingArgs,
    logGroupName: pulumi.Input<string>,
    metric: (typeof LOG_METRICS)[keyof typeof LOG_METRICS],
  ): aws.cloudwatch.LogMetricFilter {
    return new aws.cloudwatch.LogMetricFilter(
      `${name}-${metric.name.replace(/[A-Z]/g, (letter, at) => `${at === 0 ? "" : "-"}${letter.toLowerCase()}`)}`,
      {
        name: metric.name,
        logGroupName,
        pattern: metric.pattern,
        metricTransformation: { namespace: args.namespace, name: metric.name, value: metric.value },
      },
      { parent: this },
    );
  }

  /** A failover or a full disk is said by the database itself, before a metric shows it. */
  private watchDatabases(name: string, args: AlertingArgs): void {
    new aws.rds.EventSubscription(
      `${name}-database-events`,
      {
        name: physicalName(args.context.naming, "other", "database-events"),
        snsTopic: args.topics.home.arns.critical,
        sourceType: args.databaseType ?? "db-instance",
        sourceIds: args.databaseIdentifiers,
        eventCategories: EVENT_CATEGORIES[args.databaseType ?? "db-instance"],
        tags: tags(args.context.naming, "internal"),
      },
      { parent: this },
    );
  }

  private watchSecurity(name: string, args: AlertingArgs): void {
    const { naming } = args.context;
    const rule = new aws.cloudwatch.EventRule(
      `${name}-threats`,
      {
        name: physicalName(naming, "other", "threats").slice(0, 64),
        description: "findings of high severity",
        eventPattern: JSON.stringify({
          source: ["aws.guardduty"],
          "detail-type": ["GuardDuty Finding"],
          detail: { severity: [{ numeric: [">=", ALERTS["security-breach"].threshold] }] },
        }),
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-threats-page`,
      { rule: rule.name, arn: args.topics.home.arns.critical },
      { parent: this },
    );
    for (const [part, { severity, pattern }] of Object.entries(SUSPICIOUS)) {
      const metric = `Audit${part}`;
      const filter = new aws.cloudwatch.LogMetricFilter(
        `${name}-audit-${part.toLowerCase()}`,
        {
          name: metric,
          logGroupName: args.auditLog,
          pattern,
          metricTransformation: { namespace: args.namespace, name: metric, value: "1" },
        },
        { parent: this },
      );
      new aws.cloudwatch.MetricAlarm(
        `${name}-audit-${part.toLowerCase()}-seen`,
        {
          name: physicalName(naming, "other", "audit", part),
          alarmDescription: `${severity}, look at: ${ALERTS["security-breach"].check}. docs/runbooks/README.md`,
          namespace: args.namespace,
          metricName: filter.metricTransformation.name,
          statistic: "Sum",
          period: 300,
          evaluationPeriods: 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          threshold: 1,
          treatMissingData: "notBreaching",
          alarmActions: [args.topics.home.arns[severity]],
          tags: { ...tags(naming, "internal"), severity },
        },
        { parent: this },
      );
    }
  }

  private tellChat(name: string, args: AlertingArgs): void {
    const readOnly = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess";
    const role = createRole(
      `${name}-chat`,
      {
        context: args.context,
        part: "chat",
        trust: trust("chatbot.amazonaws.com"),
        managed: { policy: readOnly },
      },
      this,
    );
    new aws.chatbot.SlackChannelConfiguration(
      `${name}-slack`,
      {
        configurationName: physicalName(args.context.naming, "other", "alerts"),
        slackTeamId: args.slack.teamId,
        slackChannelId: args.slack.channelId,
        iamRoleArn: role.arn,
        guardrailPolicyArns: [readOnly], // the default lets everybody in the channel administer the account
        loggingLevel: "ERROR",
        snsTopicArns: [args.topics.home, args.topics.global].flatMap((topics) =>
          SEVERITIES.map((severity) => topics.arns[severity]),
        ),
        tags: tags(args.context.naming, "internal"),
      },
      { parent: this },
    );
  }
}

/** What a database says by itself; a cluster has no disk of its own that could fill. */
const EVENT_CATEGORIES: Record<DatabaseType, string[]> = {
  "db-instance": ["availability", "failover", "failure", "low storage", "recovery"],
  "db-cluster": ["failover", "failure", "maintenance", "notification"],
};

/** A filter on the audit trail's log that matches any of these calls. */
const calls = (...names: string[]): string => `{ ${names.map((call) => `($.eventName = ${call})`).join(" || ")} }`;

/**
 * Calls that nobody makes on a normal day page somebody; those that a change of ours makes as well are in the chat, where
 * who made the change recognises it (CIS benchmark, chapter on monitoring).
 */
const SUSPICIOUS: Record<string, { severity: Severity; pattern: string }> = {
  RootUse: {
    severity: "critical",
    pattern:
      '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  },
  SignInWithoutMfa: {
    severity: "critical",
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ' +
      '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  AuditChange: { severity: "critical", pattern: calls("StopLogging", "DeleteTrail", "UpdateTrail") },
  AccessChange: {
    severity: "warning",
    pattern: calls(
      ...["PutRolePolicy", "PutUserPolicy", "PutGroupPolicy", "CreatePolicyVersion", "CreateAccessKey"],
      ...["AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy", "UpdateAssumeRolePolicy"],
    ),
  },
  FirewallChange: {
    severity: "warning",
    pattern: calls(
      ...["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"],
      ...["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "DeleteSecurityGroup"],
    ),
  },
};

function measured(alarm: Alarm, period: number): Partial<aws.cloudwatch.MetricAlarmArgs> {
  const { metric, ratio } = alarm;
  if (ratio !== undefined)
    return {
      metricQueries: [
        { id: "ratio", expression: ratio.expression, label: ratio.label, returnData: true },
        ...Object.entries(ratio.of).map(([id, part]) => ({ id, metric: metricQuery(part, period) })),
      ],
    };
  if (metric === undefined) throw new Error(`aws: the alarm ${alarm.alert} of ${alarm.of} watches nothing`);
  const statistic = metric.statistic.startsWith("p")
    ? { extendedStatistic: metric.statistic }
    : { statistic: metric.statistic };
  return { namespace: metric.namespace, metricName: metric.name, dimensions: metric.dimensions, period, ...statistic };
}
