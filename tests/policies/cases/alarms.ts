/** Who hears what, and when. */
import { secret, unknown } from "../pack.ts";
import { json, r, type Tables } from "./table.ts";

type Props = Record<string, unknown>;
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const LB = "aws:lb/loadBalancer:LoadBalancer";
const QUEUE = "aws:sqs/queue:Queue";
const RDS = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";
const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];
const droplet = [r("digitalocean:index/droplet:Droplet", "web")];
const fleet = r("aws:autoscaling/group:Group", "web");

const balancer = (props: Props = {}, type = LB) =>
  r(type, "web", { arnSuffix: "app/web/1", arn: "arn:lb", dnsName: "web.elb", ...props });
const ABOUT = { LoadBalancer: "app/web/1" };
const slow = (props: Props = {}, extra = {}) =>
  r(
    ALARM,
    "slow",
    {
      namespace: "AWS/ApplicationELB",
      metricName: "TargetResponseTime",
      dimensions: ABOUT,
      extendedStatistic: "p95",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 2,
      ...props,
    },
    extra,
  );

const part = (id: string, metricName: string, dimensions: unknown = ABOUT) => ({
  id,
  metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, stat: "Sum", period: 60 },
});
const errors = (
  props: Props = {},
  expression = "100 * (FILL(a, 0) + FILL(b, 0)) / n",
  parts = [part("a", "HTTPCode_Target_5XX_Count"), part("b", "HTTPCode_ELB_5XX_Count"), part("n", "RequestCount")],
) =>
  r(ALARM, "errors", {
    comparisonOperator: "GreaterThanThreshold",
    threshold: 5,
    treatMissingData: "notBreaching",
    metricQueries: [{ id: "rate", expression }, ...parts],
    ...props,
  });

const queue = (name: string, props: Props = {}, extra = {}) =>
  r(QUEUE, name, { name, arn: `arn:${name}`, ...props }, extra);
const backlog = (name: string, threshold: unknown = 1000, props: Props = {}) =>
  r(ALARM, `${name}-alarm`, {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: name },
    comparisonOperator: "GreaterThanThreshold",
    threshold,
    ...props,
  });
const redrive = (to: string) => ({ redrivePolicy: json({ deadLetterTargetArn: `arn:${to}`, maxReceiveCount: 5 }) });
const failed = (threshold: unknown, comparisonOperator = "GreaterThanOrEqualToThreshold") => [
  queue("mail", redrive("dead")),
  queue("dead"),
  backlog("mail"),
  backlog("dead", threshold, { comparisonOperator }),
];
const custom = (props: Props = {}) =>
  r(ALARM, "horizon", {
    namespace: "Jatsmanor",
    metricName: "QueueSize",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 1000,
    ...props,
  });

const watch = (metricName: string, dimensions: Props, below = false, namespace = "AWS/RDS") =>
  r(ALARM, `${metricName}-${Object.values(dimensions).join()}`, {
    namespace,
    metricName,
    dimensions,
    comparisonOperator: below ? "LessThanThreshold" : "GreaterThanThreshold",
  });
const watched = (DBInstanceIdentifier: string, ...but: string[]) =>
  [
    watch("CPUUtilization", { DBInstanceIdentifier }),
    watch("FreeableMemory", { DBInstanceIdentifier }, true),
    watch("DatabaseConnections", { DBInstanceIdentifier }),
  ].filter((a) => !but.includes(String(a.props?.["metricName"])));
const events = (props: Props = {}) =>
  r("aws:rds/eventSubscription:EventSubscription", "events", { snsTopic: "arn:topic", ...props });
const db = (props: Props = {}) => r(RDS, "db", { identifier: "db", engine: "mysql", ...props });
const aurora = (props: Props = {}) =>
  r(CLUSTER, "aurora", { engine: "aurora-mysql", clusterIdentifier: "aurora", masterUsername: "root", ...props });
const member = (identifier: string) => r(MEMBER, identifier, { identifier, clusterIdentifier: "aurora" });
const cache = (props: Props = {}) =>
  r("aws:elasticache/replicationGroup:ReplicationGroup", "cache", {
    replicationGroupId: "cache",
    engine: "valkey",
    ...props,
  });
const cached = (CacheClusterId: unknown) => [
  watch("CacheHitRate", { CacheClusterId }, true, "AWS/ElastiCache"),
  watch("Evictions", { CacheClusterId }, false, "AWS/ElastiCache"),
];

const PATTERNS: Record<string, string> = {
  root: '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS }',
  signIn: '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
  iam: "{ ($.eventName = PutRolePolicy) || ($.eventName = AttachUserPolicy) }",
  trail: "{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) }",
  groups: "{ ($.eventName = AuthorizeSecurityGroupIngress) }",
};
const signs = (...but: string[]) =>
  Object.entries(PATTERNS)
    .filter(([name]) => !but.includes(name))
    .flatMap(([name, pattern]) => [
      r("aws:cloudwatch/logMetricFilter:LogMetricFilter", name, {
        pattern,
        metricTransformation: { name: `Audit${name}` },
      }),
      r(ALARM, `${name}-seen`, { namespace: "Jatsmanor", metricName: `Audit${name}` }),
    ]);
const rule = (pattern: unknown, props: Props = {}) =>
  r("aws:cloudwatch/eventRule:EventRule", "threats", { name: "threats", eventPattern: pattern, ...props });
const findings = (severity: unknown) => rule(json({ source: ["aws.guardduty"], detail: { severity } }));
const topic = (severity?: string) =>
  r("aws:sns/topic:Topic", "page", { arn: "arn:page", tags: severity ? { severity } : undefined });
const target = (props: Props = {}, extra = {}) =>
  r("aws:cloudwatch/eventTarget:EventTarget", "call", { rule: "threats", arn: "arn:page", ...props }, extra);
const high = [findings([{ numeric: [">=", 7] }]), topic("critical"), target()];

const BUSINESS = ["BookingsPerMinute", "PaymentSuccessRate", "RegistrationRate", "SearchLatency"];
const business = (change: Record<string, Props> = {}, names = BUSINESS) =>
  names.map((metricName) =>
    r(ALARM, metricName, { namespace: "Jatsmanor", metricName, tags: { severity: "critical" }, ...change[metricName] }),
  );

export const alarms: Tables = {
  "alert-latency-p95-2s": [
    ["pass", "two seconds", [balancer(), slow()]],
    ["pass", "less", [balancer(), slow({ threshold: "1.5" })]],
    ["fail", "more", [balancer(), slow({ threshold: 2.1 })], /threshold is 2\.1, requires 2 seconds or less/],
    [
      "pass",
      "the percentile and the average in one alarm",
      [
        balancer(),
        r(ALARM, "slow", {
          comparisonOperator: "GreaterThanThreshold",
          threshold: 2,
          metricQueries: ["p95", "Average"].map((stat) => ({
            metric: { namespace: "AWS/ApplicationELB", metricName: "TargetResponseTime", dimensions: ABOUT, stat },
          })),
        }),
      ],
    ],
    ["fail", "milliseconds", [balancer(), slow({ threshold: 2000 })]],
    ["fail", "zero", [balancer(), slow({ threshold: 0 })]],
    ["fail", "unset", [balancer(), slow({ threshold: undefined })]],
    ["unknown", "unknown", [balancer(), slow({ threshold: unknown })]],
    [
      "fail",
      "the average",
      [balancer(), slow({ extendedStatistic: undefined, statistic: "Average" })],
      /extendedStatistic is unset, requires "p95"/,
    ],
    ["fail", "the median", [balancer(), slow({ extendedStatistic: "p50" })]],
    ["pass", "a stricter percentile", [balancer(), slow({ extendedStatistic: "p99" })]],
    ["fail", "below", [balancer(), slow({ comparisonOperator: "LessThanThreshold" })], /comparisonOperator/],
    ["fail", "none", [balancer()], /no alarm watches its TargetResponseTime/],
    ["fail", "another metric", [balancer(), slow({ metricName: "RequestCount" })]],
    ["fail", "of something else", [balancer(), slow({ dimensions: { LoadBalancer: "app/api/2" } })]],
    ["fail", "of nothing", [balancer(), slow({ dimensions: undefined })]],
    ["pass", "one of two", [balancer(), slow({ threshold: 10 }), { ...slow(), name: "second" }]],
    [
      "pass",
      "in a query",
      [
        balancer(),
        r(ALARM, "slow", {
          comparisonOperator: "GreaterThanThreshold",
          threshold: 2,
          metricQueries: [
            {
              metric: {
                namespace: "AWS/ApplicationELB",
                metricName: "TargetResponseTime",
                dimensions: ABOUT,
                stat: "p95",
              },
            },
          ],
        }),
      ],
    ],
    [
      "pass",
      "in a preview",
      [
        balancer({ arnSuffix: unknown }),
        slow({ dimensions: { LoadBalancer: unknown } }, { from: { dimensions: ["web"] } }),
      ],
    ],
    [
      "unknown",
      "of something unknown",
      [balancer({ arnSuffix: unknown }), slow({ dimensions: { LoadBalancer: unknown } })],
    ],
    [
      "pass",
      "in a query, beside another metric",
      [
        balancer(),
        r(ALARM, "slow", {
          comparisonOperator: "GreaterThanThreshold",
          threshold: 2,
          metricQueries: ["TargetResponseTime", "RequestCount"].map((metricName) => ({
            metric: { namespace: "AWS/ApplicationELB", metricName, dimensions: ABOUT, stat: "p95" },
          })),
        }),
      ],
    ],
    ["na", "internal", [balancer({ internal: true })]],
    [
      "fail",
      "internal, behind a content network",
      [
        balancer({ internal: true }),
        r("aws:cloudfront/distribution:Distribution", "cdn", { origins: [{ domainName: "web.elb" }] }),
      ],
    ],
    [
      "fail",
      "internal, behind a private origin",
      [
        balancer({ internal: true }),
        r("aws:cloudfront/vpcOrigin:VpcOrigin", "o", { vpcOriginEndpointConfig: { arn: "arn:lb" } }),
      ],
    ],
    ["fail", "by its old name", [balancer({}, "aws:alb/loadBalancer:LoadBalancer")]],
    ["na", "a network load balancer", [balancer({ loadBalancerType: "network" })]],
    ["na", "another type", vpc],
  ],
  "alert-error-rate-5pct": [
    ["pass", "five percent", [balancer(), errors()]],
    ["fail", "six", [balancer(), errors({ threshold: 6 })], /threshold is 6, requires 5 or less/],
    ["fail", "zero", [balancer(), errors({ threshold: 0 })]],
    ["fail", "a wrong type", [balancer(), errors({ threshold: "few" })]],
    ["unknown", "unknown", [balancer(), errors({ threshold: unknown })]],
    ["pass", "as a fraction", [balancer(), errors({ threshold: 0.05 }, "a / n")]],
    ["fail", "a fraction read as percent", [balancer(), errors({ threshold: 5 }, "a / n")], /requires 0\.05 or less/],
    [
      "fail",
      "a sum",
      [
        balancer(),
        r(ALARM, "errors", {
          namespace: "AWS/ApplicationELB",
          metricName: "HTTPCode_Target_5XX_Count",
          statistic: "Sum",
          dimensions: ABOUT,
          comparisonOperator: "GreaterThanThreshold",
          threshold: 5,
        }),
      ],
      /counts errors/,
    ],
    ["fail", "a sum in a query", [balancer(), errors({}, "a + b")]],
    [
      "fail",
      "divided by something else",
      [balancer(), errors({}, "100 * a / n", [part("a", "HTTPCode_Target_5XX_Count"), part("n", "HealthyHostCount")])],
      /divide by RequestCount/,
    ],
    [
      "fail",
      "the load balancer's own errors alone",
      [balancer(), errors({}, "100 * b / n", [part("b", "HTTPCode_ELB_5XX_Count"), part("n", "RequestCount")])],
      /no alarm watches its HTTPCode_Target_5XX_Count/,
    ],
    [
      "fail",
      "a silent night rings",
      [balancer(), errors({ treatMissingData: "breaching" })],
      /treatMissingData is "breaching"/,
    ],
    ["pass", "silence unset", [balancer(), errors({ treatMissingData: undefined })]],
    ["fail", "below", [balancer(), errors({ comparisonOperator: "LessThanThreshold" })]],
    ["fail", "none", [balancer()]],
    [
      "fail",
      "of something else",
      [
        balancer(),
        errors({}, undefined, [
          part("a", "HTTPCode_Target_5XX_Count", { LoadBalancer: "app/api/2" }),
          part("n", "RequestCount", { LoadBalancer: "app/api/2" }),
        ]),
      ],
    ],
    ["na", "another type", vpc],
  ],
  "alert-queue-1000": [
    ["pass", "a thousand", [queue("mail"), backlog("mail")]],
    ["fail", "one more", [queue("mail"), backlog("mail", 1001)], /threshold is 1001, requires 1000 or less/],
    ["fail", "ten thousand", [queue("mail"), backlog("mail", "10000")]],
    ["fail", "a wrong type", [queue("mail"), backlog("mail", "many")]],
    ["unknown", "unknown", [queue("mail"), backlog("mail", unknown)]],
    ["fail", "none", [queue("mail")], /Queue mail: no alarm/],
    ["fail", "of another", [queue("mail"), queue("pay"), backlog("mail")], /Queue pay/],
    ["fail", "without the ending of a FIFO", [queue("pay.fifo"), backlog("pay")]],
    ["fail", "another metric", [queue("mail"), backlog("mail", 1000, { metricName: "NumberOfMessagesSent" })]],
    ["fail", "below", [queue("mail"), backlog("mail", 1000, { comparisonOperator: "LessThanThreshold" })]],
    ["pass", "the first failed job", failed(1)],
    ["fail", "the second", failed(2), /requires 1 reached, or 0 passed/],
    ["pass", "more than none", failed(0, "GreaterThanThreshold")],
    ["fail", "more than one", failed(1, "GreaterThanThreshold")],
    ["fail", "no alarm of the failed", failed(1).slice(0, 3), /Queue dead: no alarm .*first failed job/],
    [
      "fail",
      "by a redrive policy of its own",
      [
        queue("mail"),
        queue("dead"),
        r("aws:sqs/redrivePolicy:RedrivePolicy", "p", { queueUrl: "mail", ...redrive("dead") }),
        backlog("mail"),
        backlog("dead", 1000),
      ],
    ],
    [
      "pass",
      "in a preview",
      [
        queue("mail", { arn: unknown, redrivePolicy: unknown }, { from: { redrivePolicy: ["dead"] } }),
        queue("dead", { arn: unknown }),
        backlog("mail"),
        backlog("dead", 1, { comparisonOperator: "GreaterThanOrEqualToThreshold" }),
      ],
    ],
    [
      "fail",
      "in a preview, the second failed job",
      [
        queue("mail", { arn: unknown, redrivePolicy: unknown }, { from: { redrivePolicy: ["dead"] } }),
        queue("dead", { arn: unknown }),
        backlog("mail"),
        backlog("dead", 1000),
      ],
    ],
    ["fail", "Horizon without a metric", [fleet], /no alarm on a metric of the queue/],
    ["pass", "Horizon", [fleet, custom()]],
    [
      "pass",
      "Horizon, beside another metric",
      [
        fleet,
        r(ALARM, "horizon", {
          comparisonOperator: "GreaterThanThreshold",
          threshold: 1000,
          metricQueries: ["QueueSize", "Workers"].map((metricName) => ({ metric: { namespace: "x", metricName } })),
        }),
      ],
    ],
    ["fail", "Horizon, too late", [fleet, custom({ threshold: 1001 })]],
    ["fail", "Horizon, below", [fleet, custom({ comparisonOperator: "LessThanThreshold" })]],
    ["fail", "Horizon, another metric", [fleet, custom({ metricName: "CPU" })]],
    ["fail", "a droplet", droplet],
    ["na", "another type", vpc],
  ],
  "every-db-has-alarms": [
    ["pass", "a database", [db(), events(), ...watched("db")]],
    ...["CPUUtilization", "FreeableMemory", "DatabaseConnections"].map(
      (m) =>
        [
          "fail",
          `without ${m}`,
          [db(), events(), ...watched("db", m)],
          new RegExp(`Instance db: no alarm watches its ${m}`),
        ] as const,
    ),
    ["fail", "of a database of a longer name", [db(), events(), ...watched("db-2")]],
    ["fail", "of another database", [db(), events(), ...watched("other")]],
    [
      "fail",
      "memory above",
      [db(), events(), ...watched("db", "FreeableMemory"), watch("FreeableMemory", { DBInstanceIdentifier: "db" })],
      /comparisonOperator/,
    ],
    [
      "fail",
      "another namespace",
      [
        db(),
        events(),
        ...watched("db", "CPUUtilization"),
        watch("CPUUtilization", { DBInstanceIdentifier: "db" }, false, "AWS/EC2"),
      ],
    ],
    [
      "fail",
      "memory above, said so",
      [db(), events(), ...watched("db", "FreeableMemory"), watch("FreeableMemory", { DBInstanceIdentifier: "db" })],
      /requires LessThanThreshold/,
    ],
    ["fail", "no events", [db(), ...watched("db")], /no EventSubscription/],
    ["fail", "events switched off", [db(), events({ enabled: false }), ...watched("db")]],
    ["fail", "events to nobody", [db(), events({ snsTopic: undefined }), ...watched("db")]],
    ["fail", "a replica without lag", [db({ replicateSourceDb: "main" }), events(), ...watched("db")], /ReplicaLag/],
    [
      "pass",
      "a replica",
      [
        db({ replicateSourceDb: "main" }),
        events(),
        ...watched("db"),
        watch("ReplicaLag", { DBInstanceIdentifier: "db" }),
      ],
    ],
    [
      "pass",
      "in a preview",
      [
        db({ identifier: unknown }),
        events(),
        ...watched("db").map((a) => ({
          ...a,
          props: { ...a.props, dimensions: { DBInstanceIdentifier: unknown } },
          from: { dimensions: ["db"] },
        })),
      ],
    ],
    [
      "unknown",
      "of something unknown",
      [
        db({ identifier: unknown }),
        events(),
        ...watched("db").map((a) => ({ ...a, props: { ...a.props, dimensions: { DBInstanceIdentifier: unknown } } })),
      ],
    ],
    [
      "pass",
      "Aurora",
      [
        aurora(),
        member("a"),
        member("b"),
        events(),
        ...watched("a"),
        ...watched("b"),
        watch("AuroraReplicaLagMaximum", { DBClusterIdentifier: "aurora" }),
      ],
    ],
    ["fail", "Aurora, a member", [aurora(), member("a"), events()], /ClusterInstance a/],
    ["pass", "Aurora, alone", [aurora(), member("a"), events(), ...watched("a")]],
    [
      "fail",
      "Aurora without lag",
      [aurora(), member("a"), member("b"), events(), ...watched("a"), ...watched("b")],
      /Cluster aurora: no alarm watches its AuroraReplicaLagMaximum/,
    ],
    [
      "pass",
      "a second region",
      [aurora({ globalClusterIdentifier: "g", masterUsername: undefined }), member("a"), events()],
    ],
    ["fail", "the first region", [aurora({ globalClusterIdentifier: "g" }), member("a"), events()]],
    ["pass", "a cache", [cache(), ...cached("cache")]],
    ["pass", "a cache, by node", [cache(), ...cached("cache-001")]],
    [
      "pass",
      "a cache, by node and its number",
      [
        cache(),
        ...cached("cache-001").map((a) => ({
          ...a,
          props: { ...a.props, dimensions: { CacheNodeId: "0001", CacheClusterId: "cache-001" } },
        })),
      ],
    ],
    ["pass", "a cache of another id", [cache({ id: "other" }), ...cached("cache-001")]],
    ["fail", "another cache's node", [cache(), ...cached("other-001")]],
    ["fail", "a cache without", [cache()], /CacheHitRate/],
    ["fail", "a cache without evictions", [cache(), ...cached("cache").slice(0, 1)], /Evictions/],
    ["fail", "a node alone", [r("aws:elasticache/cluster:Cluster", "node", { clusterId: "node", engine: "redis" })]],
    [
      "pass",
      "a node of a group",
      [cache(), ...cached("cache"), r("aws:elasticache/cluster:Cluster", "node", { replicationGroupId: "cache" })],
    ],
    ["pass", "memcached", [r("aws:elasticache/cluster:Cluster", "node", { clusterId: "node", engine: "memcached" })]],
    ["na", "another type", vpc],
  ],
  "alert-security-breach": [
    ["pass", "all", [...high, ...signs()]],
    [
      "fail",
      "findings to nobody",
      [findings([{ numeric: [">=", 7] }]), topic("critical"), ...signs()],
      /no EventTarget/,
    ],
    ["fail", "findings to the warnings", [findings([{ numeric: [">=", 7] }]), topic("warning"), target(), ...signs()]],
    [
      "pass",
      "findings to a topic without severity",
      [findings([{ numeric: [">=", 7] }]), topic(), target(), ...signs()],
    ],
    [
      "fail",
      "another rule's target",
      [findings([{ numeric: [">=", 7] }]), topic("critical"), target({ rule: "other" }), ...signs()],
    ],
    [
      "fail",
      "critical findings alone",
      [findings([{ numeric: [">=", 7.1] }]), topic("critical"), target(), ...signs()],
      /for severity 7\.1 and more/,
    ],
    ["fail", "above seven", [findings([{ numeric: [">", 7] }]), topic("critical"), target(), ...signs()]],
    ["pass", "above six", [findings([{ numeric: [">", 6] }]), topic("critical"), target(), ...signs()]],
    ["pass", "all findings", [findings(undefined), topic("critical"), target(), ...signs()]],
    [
      "pass",
      "a second rule for something else",
      [
        ...high,
        r("aws:cloudwatch/eventRule:EventRule", "log", {
          name: "log",
          eventPattern: json({ source: ["aws.guardduty"] }),
        }),
        ...signs(),
      ],
    ],
    ["fail", "no rule", signs(), /no EventRule/],
    [
      "fail",
      "a rule of something else",
      [rule(json({ source: ["aws.rds"] })), topic("critical"), target(), ...signs()],
    ],
    [
      "fail",
      "a rule switched off",
      [rule(json({ source: ["aws.guardduty"] }), { state: "DISABLED" }), topic("critical"), target(), ...signs()],
    ],
    ["unknown", "unknown", [rule(unknown), topic("critical"), target(), ...signs()]],
    [
      "unknown",
      "to something unknown",
      [
        findings([{ numeric: [">=", 7] }]),
        r("aws:sns/topic:Topic", "page", { arn: unknown }),
        target({ arn: unknown }),
        ...signs(),
      ],
    ],
    [
      "pass",
      "in a preview",
      [
        findings([{ numeric: [">=", 7] }]),
        r("aws:sns/topic:Topic", "page", { arn: unknown }),
        target({ arn: unknown }, { from: { arn: ["page"] } }),
        ...signs(),
      ],
    ],
    ...Object.keys(PATTERNS).map(
      (s) => ["fail", `without ${s}`, [...high, ...signs(s)], /no LogMetricFilter sees/] as const,
    ),
    [
      "fail",
      "a filter without alarm",
      [...high, ...signs("root"), signs()[0]!],
      /no alarm tells of use of the root account/,
    ],
    ["na", "no AWS", droplet],
  ],
  "business-metrics-alarmed": [
    ["pass", "all", [fleet, ...business()]],
    ...BUSINESS.map(
      (m) =>
        [
          "fail",
          `without ${m}`,
          [
            fleet,
            ...business(
              {},
              BUSINESS.filter((b) => b !== m),
            ),
          ],
          new RegExp(`no alarm watches ${m}`),
        ] as const,
    ),
    [
      "fail",
      "payments as a warning",
      [fleet, ...business({ PaymentSuccessRate: { tags: { severity: "warning" } } })],
      /tags\.severity is "warning", requires "critical"/,
    ],
    ["pass", "bookings as a warning", [fleet, ...business({ BookingsPerMinute: { tags: { severity: "warning" } } })]],
    [
      "pass",
      "payments critical and as a warning",
      [
        fleet,
        ...business(),
        r(ALARM, "early", { namespace: "Jatsmanor", metricName: "PaymentSuccessRate", tags: { severity: "warning" } }),
      ],
    ],
    [
      "pass",
      "a metric among others",
      [
        fleet,
        ...business({}, BUSINESS.slice(1)),
        r(ALARM, "sum", {
          metricQueries: ["Visits", "BookingsPerMinute"].map((metricName) => ({ metric: { metricName } })),
        }),
      ],
    ],
    [
      "fail",
      "a quiet night rings",
      [fleet, ...business({ BookingsPerMinute: { treatMissingData: "breaching" } })],
      /a quiet night is no fault/,
    ],
    ["pass", "silence is fine", [fleet, ...business({ BookingsPerMinute: { treatMissingData: "notBreaching" } })]],
    ["pass", "other names", [fleet, ...business({}, ["Bookings"])], undefined, { metrics: ["Bookings"] }],
    ["unknown", "unknown", [fleet, ...business({ BookingsPerMinute: { treatMissingData: unknown } })]],
    [
      "fail",
      "a secret",
      [fleet, ...business({ PaymentSuccessRate: { tags: secret({ severity: "x" }) } })],
      /is \[secret\]/,
    ],
    ["fail", "a cluster", [r("aws:eks/cluster:Cluster", "k8s")]],
    ["na", "no fleet", vpc],
  ],
};
