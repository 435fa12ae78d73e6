import { unknown } from "../pack.ts";
import { r, type Tables } from "./table.ts";

const DROPLET = "digitalocean:index/droplet:Droplet";
const ALERT = "digitalocean:index/monitorAlert:MonitorAlert";
const CHECK = "digitalocean:index/uptimeCheck:UptimeCheck";
const UPTIME = "digitalocean:index/uptimeAlert:UptimeAlert";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const HEALTH = "aws:route53/healthCheck:HealthCheck";
const RDS = "aws:rds/instance:Instance";
const METRICS = ["cpu", "memory_utilization_percent", "disk_utilization_percent"];

const droplet = (props: Record<string, unknown> = {}) =>
  r(DROPLET, "web", { id: "7", tags: ["web"], monitoring: true, ...props });
const alert = (metric: string, props: Record<string, unknown> = {}, extra = {}) =>
  r(ALERT, metric, { type: `v1/insights/droplet/${metric}`, entities: ["7"], ...props }, extra);
const alerts = (props?: Record<string, unknown>, extra?: object) => METRICS.map((m) => alert(m, props, extra));
const disk = (props: Record<string, unknown> = {}) =>
  alert("disk_utilization_percent", { compare: "GreaterThan", value: 80, ...props });

const check = (props: object = {}) => r(CHECK, "site", { id: "c1", ...props });
const down = (props: object = {}, extra = {}) =>
  r(UPTIME, "down", { checkId: "c1", type: "down_global", period: "2m", ...props }, extra);
const health = (requestInterval: unknown, failureThreshold: unknown) =>
  r(HEALTH, "health", { id: "h1", requestInterval, failureThreshold });
const healthAlarm = (props: object = {}) =>
  r(ALARM, "alarm", {
    metricName: "HealthCheckStatus",
    dimensions: { HealthCheckId: "h1" },
    period: 60,
    evaluationPeriods: 1,
    region: "us-east-1",
    ...props,
  });

const topic = (severity?: string) => r(TOPIC, "topic", { arn: "arn:topic", tags: { severity } });
const subscription = r(SUBSCRIPTION, "sub", { topic: "arn:topic", protocol: "https" });
const alarm = (props: object = {}) => r(ALARM, "alarm", { name: "errors", alarmActions: ["arn:topic"], ...props });

const db = (props: object = {}) => r(RDS, "db", { engine: "mysql", identifier: "db", allocatedStorage: 100, ...props });
const storage = (threshold: unknown, props: object = {}) =>
  r(ALARM, "storage", {
    namespace: "AWS/RDS",
    metricName: "FreeStorageSpace",
    comparisonOperator: "LessThanThreshold",
    dimensions: { DBInstanceIdentifier: "db" },
    threshold,
    ...props,
  });
const FIFTH = (100 * 2 ** 30) / 5;

export const observability: Tables = {
  "do-monitoring": [
    ["pass", "agent and three alerts", [droplet(), ...alerts()]],
    ["fail", "no agent", [droplet({ monitoring: false }), ...alerts()], /monitoring is false/],
    ["fail", "unset", [droplet({ monitoring: undefined }), ...alerts()], /monitoring is unset/],
    ["unknown", "unknown agent", [droplet({ monitoring: unknown }), ...alerts()]],
    ...METRICS.map(
      (m) => ["fail", `without ${m}`, [droplet(), ...alerts().filter((a) => a.name !== m)], new RegExp(m)] as const,
    ),
    ["fail", "off", [droplet(), ...alerts({ enabled: false })]],
    ["fail", "bound to another droplet", [droplet(), ...alerts({ entities: ["8"] })]],
    ["pass", "bound by a tag", [droplet(), ...alerts({ entities: [], tags: ["web"] })]],
    ["fail", "bound by another tag", [droplet(), ...alerts({ entities: [], tags: ["db"] })]],
    ["pass", "bound to nothing watches all", [droplet(), ...alerts({ entities: [] })]],
    [
      "pass",
      "by an unknown id, by dependency",
      [droplet({ id: unknown }), ...alerts({ entities: [unknown] }, { from: { entities: ["web"] } })],
    ],
    ["unknown", "by unknown ids", [droplet(), ...alerts({ entities: unknown })]],
    ["na", "no droplet", []],
  ],
  "alarm-has-action": [
    ["pass", "mail", [r(ALERT, "a", { alerts: { emails: ["ops@example.org"] } })]],
    ["pass", "Slack", [r(ALERT, "a", { alerts: { slacks: [{ channel: "#ops", url: "https://x" }] } })]],
    ["fail", "nobody", [r(ALERT, "a", { alerts: {} })], /alerts is without targets/],
    ["fail", "unset", [r(ALERT, "a")]],
    ["fail", "empty lists", [r(ALERT, "a", { alerts: { emails: [], slacks: [] } })]],
    ["unknown", "unknown", [r(ALERT, "a", { alerts: unknown })]],
    ["pass", "an uptime alert", [r(UPTIME, "a", { notifications: [{ emails: ["ops@example.org"] }] })]],
    ["fail", "an uptime alert without", [r(UPTIME, "a", { notifications: [] })]],
    ["pass", "a topic that is heard", [alarm(), topic(), subscription]],
    ["fail", "a topic that nobody hears", [alarm(), topic()], /Topic topic: nobody is subscribed/],
    ["fail", "no action", [alarm({ alarmActions: [] })], /alarmActions is an empty list/],
    ["fail", "actions off", [alarm({ actionsEnabled: false }), topic(), subscription], /actionsEnabled is false/],
    ["pass", "an action outside the stack", [alarm()]],
    ["pass", "an unknown action is one", [alarm({ alarmActions: unknown })]],
    [
      "pass",
      "a member of a composite is silent",
      [
        alarm({ alarmActions: [] }),
        r("aws:cloudwatch/compositeAlarm:CompositeAlarm", "c", { alarmRule: "ALARM(errors)" }),
      ],
    ],
    ["pass", "of its severity", [alarm({ tags: { severity: "critical" } }), topic("critical"), subscription]],
    [
      "fail",
      "critical to Slack",
      [alarm({ tags: { severity: "critical" } }), topic("warning"), subscription],
      /is critical but Topic topic is for warning/,
    ],
    ["na", "no alarm", [droplet()]],
  ],
  "alert-site-down-2min": [
    ["pass", "down everywhere", [droplet(), check(), down()]],
    ["pass", "down somewhere", [droplet(), check(), down({ type: "down" })]],
    ["fail", "none", [droplet()], /^stack: no alert tells within two minutes/],
    ["fail", "three minutes", [droplet(), check(), down({ period: "3m" })]],
    ["fail", "another type", [droplet(), check(), down({ type: "latency" })]],
    ["fail", "the documentation's spelling", [droplet(), check(), down({ type: "downGlobal" })]],
    ["fail", "the check is off", [droplet(), check({ enabled: false }), down()]],
    ["fail", "the alert of another check", [droplet(), check(), down({ checkId: "c2" })]],
    [
      "pass",
      "an unknown check, by dependency",
      [droplet(), check({ id: unknown }), down({ checkId: unknown }, { from: { checkId: ["site"] } })],
    ],
    ["unknown", "an unknown check", [droplet(), check(), down({ checkId: unknown })]],
    ["pass", "Route 53, 10 x 3 + 60", [droplet(), health(10, 3), healthAlarm()]],
    ["pass", "30 x 2 + 60 = 120", [droplet(), health(30, 2), healthAlarm()]],
    ["fail", "30 x 3 + 60 = 150", [droplet(), health(30, 3), healthAlarm()]],
    ["fail", "the defaults are 30 x 3", [droplet(), health(undefined, undefined), healthAlarm()]],
    ["fail", "two periods", [droplet(), health(10, 3), healthAlarm({ evaluationPeriods: 2 })]],
    ["fail", "an alarm elsewhere waits for ever", [droplet(), health(10, 3), healthAlarm({ region: "eu-central-1" })]],
    ["fail", "no alarm", [droplet(), health(10, 3)]],
    ["pass", "other limits", [droplet(), health(30, 3), healthAlarm()], undefined, { seconds: 150 }],
    [
      "pass",
      "Cloudflare",
      [droplet(), r("cloudflare:index/healthcheck:Healthcheck", "h", { interval: 60, consecutiveFails: 2 })],
    ],
    [
      "fail",
      "Cloudflare, suspended",
      [droplet(), r("cloudflare:index/healthcheck:Healthcheck", "h", { interval: 60, suspended: true })],
    ],
    ["na", "nothing public", []],
  ],
  "alert-disk-20pct": [
    ["pass", "80", [droplet(), disk()]],
    ["fail", "81", [droplet(), disk({ value: 81 })], /value is 81, requires 80 or less/],
    ["pass", "earlier", [droplet(), disk({ value: 70 })]],
    ["pass", "as text", [droplet(), disk({ value: "80" })]],
    ["fail", "a wrong type", [droplet(), disk({ value: "full" })]],
    ["fail", "unset", [droplet(), disk({ value: undefined })]],
    ["unknown", "unknown", [droplet(), disk({ value: unknown })]],
    ["fail", "the wrong way round", [droplet(), disk({ compare: "LessThan" })], /compare is "LessThan"/],
    ["fail", "none", [droplet()], /no MonitorAlert watches its disk/],
    ["fail", "off", [droplet(), disk({ enabled: false })]],
    ["fail", "of another droplet", [droplet(), disk({ entities: ["8"] })]],
    ["pass", "another share", [droplet(), disk({ value: 90 })], undefined, { freePercent: 10 }],
    ["pass", "RDS, a fifth in bytes", [db(), storage(FIFTH)]],
    ["fail", "RDS, a byte less", [db(), storage(FIFTH - 1)]],
    ["fail", "RDS, in GiB by mistake", [db(), storage(20)]],
    ["fail", "RDS, another instance", [db(), storage(FIFTH, { dimensions: { DBInstanceIdentifier: "other" } })]],
    ["fail", "RDS, above", [db(), storage(FIFTH, { comparisonOperator: "GreaterThanThreshold" })]],
    ["fail", "the search service's metric of that name is in MB", [db(), storage(FIFTH, { namespace: "AWS/ES" })]],
    [
      "na",
      "Aurora has no such metric",
      [r("aws:rds/clusterInstance:ClusterInstance", "a", { engine: "aurora-mysql" })],
    ],
    ["fail", "a fleet without", [r("aws:autoscaling/group:Group", "web")], /disk_used_percent/],
    [
      "pass",
      "a fleet with the agent's alarm",
      [
        r("aws:autoscaling/group:Group", "web"),
        r(ALARM, "disk", {
          metricName: "disk_used_percent",
          comparisonOperator: "GreaterThanThreshold",
          threshold: 80,
        }),
      ],
    ],
  ],
};
