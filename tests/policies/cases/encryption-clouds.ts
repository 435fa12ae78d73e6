/** Encryption at rest and on the way at AWS, DigitalOcean and OVH. */
import { secret, unknown } from "../pack.ts";
import { json, r, type Case, type Tables } from "./table.ts";

type Props = Record<string, unknown>;
const DB = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const GLOBAL = "aws:rds/globalCluster:GlobalCluster";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
const CLUSTER_PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
const VOLUME = "aws:ebs/volume:Volume";
const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const SEARCH = "aws:opensearch/domain:Domain";
const QUEUE = "aws:sqs/queue:Queue";
const TOPIC = "aws:sns/topic:Topic";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const KEY = "aws:kms/key:Key";
const LISTENER = "aws:lb/listener:Listener";
const LISTENERS = [
  LISTENER,
  "aws:alb/listener:Listener",
  "aws:applicationloadbalancing/listener:Listener",
  "aws:elasticloadbalancingv2/listener:Listener",
];
const CDN = "aws:cloudfront/distribution:Distribution";
const DO_LB = "digitalocean:index/loadBalancer:LoadBalancer";
const OVH_FRONTEND = "ovh:IpLoadBalancing/httpFrontend:HttpFrontend";
const OVH_LB = "ovh:CloudProject/loadBalancer:LoadBalancer";

const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];
const db = (props: Props = {}) => r(DB, "db", { engine: "mysql", ...props });
const cluster = (props: Props = {}) => r(CLUSTER, "db", { engine: "aurora-mysql", ...props });

/** A switch that must be on, of a resource that passes with it. */
const mustBeOn = (
  name: string,
  of: (props: Props) => ReturnType<typeof r>,
  unset: "pass" | "fail" = "fail",
): Case[] => [
  ["pass", `${name} on`, [of({ [name]: true })]],
  ["fail", `${name} off`, [of({ [name]: false })], new RegExp(`${name} is false`)],
  [unset, `${name} unset`, [of({ [name]: undefined })]],
  ["pass", `${name} as the text "true"`, [of({ [name]: "true" })]],
  ["fail", `${name} of a wrong type`, [of({ [name]: 1 })]],
  ["unknown", `${name} unknown`, [of({ [name]: unknown })]],
  ["fail", `${name} secretly off`, [of({ [name]: secret(false) })], /is \[secret\]/],
];

const TLS = "require_secure_transport";
const parameters = (value: unknown, type = PARAMETERS, name = "ours") =>
  r(type, name, {
    name,
    parameters: [
      { name: "slow_query_log", value: "1" },
      { name: TLS, value },
    ],
  });

const volume = (props: Props = {}, extra = {}) => r(VOLUME, "data", props, extra);
const template = (encrypted: unknown) =>
  r(TEMPLATE, "web", { blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { encrypted } }] });
const ROOT = { rootBlockDevice: { encrypted: true } };

const cache = (props: Props = {}) =>
  r(CACHE, "cache", {
    engine: "redis",
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    userGroupIds: ["users"],
    ...props,
  });

const search = (props: Props = {}) => [
  r(SEARCH, "search", {
    encryptAtRest: { enabled: true },
    nodeToNodeEncryption: { enabled: true },
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" },
    vpcOptions: { subnetIds: ["a"] },
    ...props,
  }),
];
const access = (Principal: unknown, extra: Props = {}) =>
  json({ Statement: [{ Effect: "Allow", Principal, Action: "es:*", ...extra }] });

const topic = (props: Props = {}) => r(TOPIC, "critical", { arn: "arn:t", kmsMasterKeyId: "arn:key", ...props });
const alarm = (path = "alarmActions", arn: unknown = "arn:t", extra = {}) =>
  r(ALARM, "alarm", { [path]: [arn] }, extra);
const key = (props: Props = {}) => r(KEY, "key", { enableKeyRotation: true, ...props });

const HTTPS = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
const FORWARD = { type: "forward", targetGroupArn: "arn:t" };
const listener = (props: Props = {}, type = LISTENER) =>
  r(type, "http", { arn: "arn:l", port: 80, protocol: "HTTP", defaultActions: [HTTPS], ...props });
const rule = (action: unknown, listenerArn: unknown = "arn:l", type = "aws:lb/listenerRule:ListenerRule") =>
  r(type, "rule", { listenerArn, actions: [action] });
const tls = (sslPolicy: unknown, props: Props = {}, type = LISTENER) => [
  r(type, "https", { port: 443, protocol: "HTTPS", sslPolicy, ...props }),
];

const cdn = (props: Props = {}) => [
  r(CDN, "cdn", { defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" }, origins: [], ...props }),
];
const origin = (props: Props, domainName: unknown = "web.example.com") =>
  cdn({
    origins: [
      {
        domainName,
        customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"], ...props },
      },
    ],
  });
const vpcOrigin = (props: Props) => [
  r("aws:cloudfront/vpcOrigin:VpcOrigin", "origin", {
    vpcOriginEndpointConfig: {
      originProtocolPolicy: "https-only",
      originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
      ...props,
    },
  }),
];
const certificate = (minimumProtocolVersion: unknown, more: Props = {}) => [
  r(CDN, "cdn", { viewerCertificate: { acmCertificateArn: "arn:c", minimumProtocolVersion, ...more } }),
];

const http = { entryProtocol: "http", entryPort: 80 };
const https = { entryProtocol: "https", entryPort: 443, certificateName: "web" };
const balancer = (redirectHttpToHttps: unknown, ...forwardingRules: unknown[]) => [
  r(DO_LB, "web", { redirectHttpToHttps, forwardingRules }),
];
const frontend = (props: Props, name = "https") => r(OVH_FRONTEND, name, { port: "443", zone: "all", ...props });
const ovh = (...listeners: unknown[]) => [r(OVH_LB, "web", { listeners })];

export const encryptionClouds: Tables = {
  "aws-rds-storage-encrypted": [
    ...mustBeOn("storageEncrypted", db),
    ...mustBeOn("storageEncrypted", cluster).slice(0, 3),
    ["fail", "a global cluster", [r(GLOBAL, "world", {})], /No exception is accepted/],
    ["na", "a global cluster of a cluster that exists", [r(GLOBAL, "world", { sourceDbClusterIdentifier: "arn:c" })]],
    ["na", "a replica", [db({ replicateSourceDb: "other" })]],
    ["na", "a replicated cluster", [cluster({ replicationSourceIdentifier: "arn:c" })]],
    ["na", "a member of Aurora", [db({ engine: "aurora-mysql" })]],
    ["fail", "from a snapshot", [db({ snapshotIdentifier: "old" })]],
    ["na", "another type", vpc],
  ],
  "aws-db-tls-required": [
    ...["ON", "on", "1", 1, "TRUE"].map(
      (value) => ["pass", `the value ${json(value)}`, [db({ parameterGroupName: "ours" }), parameters(value)]] as const,
    ),
    ...["OFF", "0", 0, "", ["ON"]].map(
      (value) => ["fail", `the value ${json(value)}`, [db({ parameterGroupName: "ours" }), parameters(value)]] as const,
    ),
    ["fail", "a group without it", [db({ parameterGroupName: "ours" }), r(PARAMETERS, "ours", { name: "ours" })]],
    ["fail", "no group", [db()], /parameterGroupName is unset/],
    ["fail", "the default group", [db({ parameterGroupName: "default.mysql8.4" }), parameters("ON")]],
    ["fail", "a group of another stack", [db({ parameterGroupName: "theirs" }), parameters("ON")]],
    [
      "pass",
      "an unknown name, by dependency",
      [
        { ...db({ parameterGroupName: unknown }), from: { parameterGroupName: ["ours"] } },
        r(PARAMETERS, "ours", { name: unknown, parameters: [{ name: TLS, value: "ON" }] }),
      ],
    ],
    ["unknown", "an unknown name", [db({ parameterGroupName: unknown }), r(PARAMETERS, "ours", { name: unknown })]],
    ["unknown", "an unknown value", [db({ parameterGroupName: "ours" }), parameters(unknown)]],
    ["pass", "Aurora", [cluster({ dbClusterParameterGroupName: "ours" }), parameters("ON", CLUSTER_PARAMETERS)]],
    ["fail", "Aurora by a group of instances", [cluster({ dbClusterParameterGroupName: "ours" }), parameters("ON")]],
    ["fail", "Aurora without", [cluster()], /dbClusterParameterGroupName is unset/],
    ["pass", "a member of Aurora: the cluster has it", [db({ engine: "aurora-mysql" })]],
    ["pass", "a replica has its source's", [db({ replicateSourceDb: "other" })]],
    [
      "fail",
      "a replica with the default group",
      [db({ replicateSourceDb: "o", parameterGroupName: "default.mysql8.4" })],
    ],
    ["pass", "PostgreSQL has another switch", [db({ engine: "postgres" })]],
    ["na", "no database", vpc],
  ],
  "aws-ebs-encrypted": [
    ["pass", "a volume", [volume({ encrypted: true })]],
    ["fail", "an open volume", [volume({ encrypted: false })], /encrypted is false/],
    ["fail", "a volume by default", [volume()], /encrypted is unset/],
    ["fail", "a wrong type", [volume({ encrypted: 1 })]],
    ["fail", "what the provider fills in is unknown, and nobody set it", [volume({ encrypted: unknown })]],
    [
      "pass",
      "the region's default",
      [
        volume({}, { provider: { region: "eu-central-1" } }),
        r(BY_DEFAULT, "d", { id: "d" }, { provider: { region: "eu-central-1" } }),
      ],
    ],
    [
      "fail",
      "the default of another region",
      [volume({ region: "eu-west-1" }), r(BY_DEFAULT, "d", { region: "eu-central-1" })],
    ],
    ["fail", "the default switched off", [volume(), r(BY_DEFAULT, "d", { enabled: false })]],
    ["unknown", "the default unknown", [volume(), r(BY_DEFAULT, "d", { enabled: unknown })]],
    ["pass", "a server", [r(INSTANCE, "web", ROOT)]],
    ["fail", "a server without a root block", [r(INSTANCE, "web")], /rootBlockDevice is unset/],
    ["fail", "a server with an open root", [r(INSTANCE, "web", { rootBlockDevice: { volumeSize: 20 } })]],
    [
      "fail",
      "a second disk",
      [r(INSTANCE, "web", { ...ROOT, ebsBlockDevices: [{ deviceName: "b" }] })],
      /ebsBlockDevices\[0\]/,
    ],
    ["pass", "a second disk, encrypted", [r(INSTANCE, "web", { ...ROOT, ebsBlockDevices: [{ encrypted: true }] })]],
    ["pass", 'a template says "true"', [template("true")]],
    ["pass", "a template with a boolean", [template(true)]],
    ["fail", 'a template says "false"', [template("false")], /blockDeviceMappings\[0\]\.ebs\.encrypted is "false"/],
    ["fail", "a template that says nothing", [template(undefined)]],
    ["fail", "a template without a disk", [r(TEMPLATE, "web")]],
    [
      "fail",
      "a template with an instance store only",
      [r(TEMPLATE, "web", { blockDeviceMappings: [{ virtualName: "x" }] })],
    ],
    ["fail", "a launch configuration", [r("aws:ec2/launchConfiguration:LaunchConfiguration", "web")]],
    ["na", "no disk", vpc],
  ],
  "aws-cache-encrypted": [
    ...mustBeOn("atRestEncryptionEnabled", cache),
    ...mustBeOn("transitEncryptionEnabled", cache),
    ["pass", "Valkey's disk is encrypted by itself", [cache({ engine: "valkey", atRestEncryptionEnabled: undefined })]],
    ["fail", "Valkey told not to", [cache({ engine: "valkey", atRestEncryptionEnabled: false })]],
    ["fail", "preferred still takes plain connections", [cache({ transitEncryptionMode: "preferred" })]],
    ["pass", "required by default", [cache({ transitEncryptionMode: undefined })]],
    ["fail", "a mode of a wrong type", [cache({ transitEncryptionMode: ["required"] })]],
    ["unknown", "an unknown mode", [cache({ transitEncryptionMode: unknown })]],
    ["fail", "nobody is asked", [cache({ userGroupIds: undefined })], /userGroupIds is unset/],
    ["fail", "an empty list of users", [cache({ userGroupIds: [] })]],
    ["pass", "users of this update", [cache({ userGroupIds: [unknown] })]],
    ["pass", "a password", [cache({ userGroupIds: undefined, authToken: secret("CANARY-CANARY-CANARY") })]],
    ["pass", "a password that is written only", [cache({ userGroupIds: undefined, authTokenWoVersion: 1 })]],
    ["fail", "a password without TLS", [cache({ authToken: "x", transitEncryptionEnabled: false })]],
    ["na", "another type", vpc],
  ],
  "aws-search-encrypted": [
    ["pass", "all", search()],
    ["pass", "the older type", [r("aws:elasticsearch/domain:Domain", "s", search()[0]?.props)]],
    ["fail", "the older type without", [r("aws:elasticsearch/domain:Domain", "s")]],
    ["fail", "open disks", search({ encryptAtRest: { enabled: false } }), /encryptAtRest.enabled is false/],
    ["fail", "disks unset", search({ encryptAtRest: undefined })],
    ["fail", "disks of a wrong type", search({ encryptAtRest: { enabled: "yes" } })],
    ["unknown", "disks unknown", search({ encryptAtRest: unknown })],
    ["fail", "plain between nodes", search({ nodeToNodeEncryption: { enabled: false } })],
    ["fail", "plain HTTP", search({ domainEndpointOptions: { tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" } })],
    [
      "fail",
      "TLS 1.0",
      search({ domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" } }),
      /tlsSecurityPolicy is "Policy-Min-TLS-1-0-2019-07"/,
    ],
    ["fail", "TLS unset", search({ domainEndpointOptions: { enforceHttps: true } })],
    ["fail", "outside the VPC", search({ vpcOptions: undefined }), /vpcOptions is unset/],
    ["pass", "a VPC of this update", search({ vpcOptions: unknown })],
    ["fail", "open to everyone", search({ accessPolicies: access("*") }), /open to everyone/],
    ["fail", "open to everyone, as an object", search({ accessPolicies: access({ AWS: ["*"] }) })],
    ["pass", "named principals", search({ accessPolicies: access({ AWS: "arn:aws:iam::1:role/app" }) })],
    [
      "pass",
      "everyone from one address",
      search({ accessPolicies: access("*", { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.1" } } }) }),
    ],
    [
      "pass",
      "the domain's own users decide",
      search({ accessPolicies: access("*"), advancedSecurityOptions: { enabled: true } }),
    ],
    [
      "fail",
      "one of two statements",
      search({
        accessPolicies: json({
          Statement: [
            { Effect: "Allow", Principal: { AWS: "arn:one" }, Action: "es:*" },
            { Effect: "Allow", Principal: "*", Action: "es:*" },
          ],
        }),
      }),
    ],
    ["unknown", "an unknown policy", search({ accessPolicies: unknown })],
    ["na", "another type", vpc],
  ],
  "aws-queue-topic-encrypted": [
    ["pass", "a queue by default", [r(QUEUE, "q")]],
    ["pass", "a queue with SQS's key", [r(QUEUE, "q", { sqsManagedSseEnabled: true })]],
    ["fail", "a queue without", [r(QUEUE, "q", { sqsManagedSseEnabled: false })], /sqsManagedSseEnabled is false/],
    ["fail", 'a queue that says "false"', [r(QUEUE, "q", { sqsManagedSseEnabled: "false" })]],
    ["pass", "a queue with a key of ours", [r(QUEUE, "q", { sqsManagedSseEnabled: false, kmsMasterKeyId: unknown })]],
    ["unknown", "a queue unknown", [r(QUEUE, "q", { sqsManagedSseEnabled: unknown })]],
    ["pass", "a topic with a key", [topic()]],
    ["fail", "a topic without", [topic({ kmsMasterKeyId: undefined })], /kmsMasterKeyId is unset/],
    ["pass", "a topic with a key of this update", [topic({ kmsMasterKeyId: unknown })]],
    ["pass", "AWS's key where no alarm speaks", [topic({ kmsMasterKeyId: "alias/aws/sns" })]],
    [
      "fail",
      "AWS's key under an alarm",
      [topic({ kmsMasterKeyId: "alias/aws/sns" }), alarm()],
      /MetricAlarm alarm can use/,
    ],
    ["fail", "AWS's key under an all-clear", [topic({ kmsMasterKeyId: "alias/aws/sns" }), alarm("okActions")]],
    [
      "fail",
      "AWS's key under an alarm, by dependency",
      [
        topic({ kmsMasterKeyId: "alias/aws/sns", arn: unknown }),
        alarm("alarmActions", unknown, { from: { alarmActions: ["critical"] } }),
      ],
    ],
    [
      "pass",
      "an alarm to another topic",
      [topic({ kmsMasterKeyId: "alias/aws/sns" }), alarm("alarmActions", "arn:other")],
    ],
    ["na", "another type", vpc],
  ],
  "aws-kms-rotation": [
    ...mustBeOn("enableKeyRotation", key),
    ["fail", "29 days", [key({ deletionWindowInDays: 29 })], /deletionWindowInDays is 29, requires 30 days/],
    ["pass", "30 days", [key({ deletionWindowInDays: 30 })]],
    ["fail", "days of a wrong type", [key({ deletionWindowInDays: "a month" })]],
    ["unknown", "days unknown", [key({ deletionWindowInDays: unknown })]],
    ["pass", "an asymmetric key cannot", [key({ enableKeyRotation: false, customerMasterKeySpec: "RSA_4096" })]],
    ["pass", "an HMAC key cannot", [key({ enableKeyRotation: false, customerMasterKeySpec: "HMAC_256" })]],
    ["pass", "a key to sign cannot", [key({ enableKeyRotation: false, keyUsage: "SIGN_VERIFY" })]],
    ["pass", "a key store of ours cannot", [key({ enableKeyRotation: false, customKeyStoreId: "cks-1" })]],
    [
      "fail",
      "spelled out as symmetric",
      [key({ enableKeyRotation: false, customerMasterKeySpec: "SYMMETRIC_DEFAULT" })],
    ],
    ["fail", "an asymmetric key vanishes as quickly", [key({ keyUsage: "SIGN_VERIFY", deletionWindowInDays: 7 })]],
    ["na", "a replica has its primary's", [r("aws:kms/replicaKey:ReplicaKey", "k", { deletionWindowInDays: 30 })]],
    ["na", "another type", vpc],
  ],
  "aws-lb-https-only": [
    ...LISTENERS.flatMap((type): Case[] => [
      ["pass", `${type} redirects`, [listener({}, type)]],
      ["fail", `${type} forwards`, [listener({ defaultActions: [FORWARD] }, type)]],
    ]),
    ["fail", "a wrong type", [listener({ defaultActions: ["redirect"] })]],
    ["fail", "no action", [listener({ defaultActions: [] })]],
    ["fail", "one of two", [listener({ defaultActions: [HTTPS, FORWARD] })], /defaultActions\[1\]\.type is "forward"/],
    ["fail", "a page", [listener({ defaultActions: [{ type: "fixed-response" }] })]],
    [
      "fail",
      "a redirect that browsers forget",
      [listener({ defaultActions: [{ ...HTTPS, redirect: { ...HTTPS.redirect, statusCode: "HTTP_302" } }] })],
    ],
    [
      "fail",
      "a redirect to HTTP",
      [listener({ defaultActions: [{ ...HTTPS, redirect: { ...HTTPS.redirect, protocol: "HTTP" } }] })],
    ],
    [
      "fail",
      "a redirect to the same protocol",
      [listener({ defaultActions: [{ type: "redirect", redirect: { statusCode: "HTTP_301" } }] })],
    ],
    ["unknown", "an unknown action", [listener({ defaultActions: [{ type: unknown }] })]],
    ["pass", "HTTPS forwards", [listener({ port: 443, protocol: "HTTPS", defaultActions: [FORWARD] })]],
    ["pass", "TLS that passes through", [listener({ port: 443, protocol: "TCP", defaultActions: [FORWARD] })]],
    ["fail", "the protocol by the port", [listener({ protocol: undefined, defaultActions: [FORWARD] })]],
    ["pass", "the protocol by port 443", [listener({ port: 443, protocol: undefined, defaultActions: [FORWARD] })]],
    ["fail", "in lower case", [listener({ protocol: "http", defaultActions: [FORWARD] })]],
    [
      "fail",
      "inside the network too",
      [
        r("aws:lb/loadBalancer:LoadBalancer", "lb", { arn: "arn:lb", internal: true }),
        listener({ loadBalancerArn: "arn:lb", defaultActions: [FORWARD] }),
      ],
    ],
    ["fail", "a rule that forwards", [listener(), rule(FORWARD)], /ListenerRule rule: actions\[0\]\.type/],
    [
      "fail",
      "a rule that forwards, by its older name",
      [listener(), rule(FORWARD, "arn:l", "aws:alb/listenerRule:ListenerRule")],
    ],
    ["pass", "a rule that redirects", [listener(), rule(HTTPS)]],
    [
      "pass",
      "a rule of the HTTPS listener",
      [listener(), { ...listener({ arn: "arn:s", protocol: "HTTPS" }), name: "https" }, rule(FORWARD, "arn:s")],
    ],
    [
      "fail",
      "a rule, by dependency",
      [listener({ arn: unknown }), { ...rule(FORWARD, unknown), from: { listenerArn: ["http"] } }],
    ],
    [
      "fail",
      "a rule of one of two listeners",
      [listener(), { ...listener({ arn: "arn:m", port: 8080 }), name: "other" }, rule(FORWARD)],
    ],
    ["unknown", "a rule of some listener", [listener(), rule(FORWARD, unknown)]],
    ["na", "another type", vpc],
  ],
  "aws-lb-tls-policy": [
    ...[
      "ELBSecurityPolicy-TLS13-1-2-2021-06",
      "ELBSecurityPolicy-TLS13-1-3-2021-06",
      "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
    ].map((p) => ["pass", p, tls(p)] as const),
    ...[
      "ELBSecurityPolicy-2016-08",
      "ELBSecurityPolicy-TLS13-1-0-2021-06",
      "ELBSecurityPolicy-TLS13-1-1-2021-06",
      "ELBSecurityPolicy-TLS-1-2-2017-01",
      "ELBSecurityPolicy-FS-1-2-Res-2020-10",
      "",
    ].map((p) => ["fail", `"${p}"`, tls(p), /sslPolicy is/] as const),
    ...LISTENERS.map((type) => ["fail", `unset on ${type}`, tls(undefined, {}, type)] as const),
    ["fail", "a wrong type", tls({ name: "ELBSecurityPolicy-TLS13-1-2-2021-06" })],
    ["unknown", "unknown", tls(unknown)],
    ["fail", "secret", tls(secret("ELBSecurityPolicy-2016-08")), /sslPolicy is \[secret\]/],
    ["fail", "TLS of a network load balancer", tls(undefined, { protocol: "TLS" })],
    ["fail", "the protocol by the port", tls(undefined, { protocol: undefined })],
    ["pass", "TCP has none", tls(undefined, { protocol: "TCP" })],
    ["pass", "HTTP has none", tls(undefined, { protocol: "HTTP", port: 80 })],
    ["na", "another type", vpc],
  ],
  "aws-cdn-https-only": [
    ["pass", "redirect", cdn()],
    ["pass", "HTTPS only", cdn({ defaultCacheBehavior: { viewerProtocolPolicy: "https-only" } })],
    [
      "fail",
      "allow all",
      cdn({ defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" } }),
      /viewerProtocolPolicy is "allow-all"/,
    ],
    ["fail", "unset", cdn({ defaultCacheBehavior: {} })],
    ["fail", "a wrong type", cdn({ defaultCacheBehavior: { viewerProtocolPolicy: true } })],
    ["unknown", "unknown", cdn({ defaultCacheBehavior: { viewerProtocolPolicy: unknown } })],
    [
      "fail",
      "one of the ordered behaviours",
      cdn({ orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only" }, { viewerProtocolPolicy: "allow-all" }] }),
      /orderedCacheBehaviors\[1\]/,
    ],
    ["pass", "an origin over HTTPS", origin({})],
    [
      "fail",
      "an origin over HTTP",
      origin({ originProtocolPolicy: "http-only" }),
      /originProtocolPolicy is "http-only"/,
    ],
    ["pass", "as the visitors, who use HTTPS", origin({ originProtocolPolicy: "match-viewer" })],
    ["fail", "old protocols", origin({ originSslProtocols: ["TLSv1.1", "TLSv1.2"] }), /originSslProtocols/],
    ["fail", "no protocols", origin({ originSslProtocols: [] })],
    ["fail", "a wrong type of protocols", origin({ originSslProtocols: { items: [] } })],
    ["unknown", "an unknown origin policy", origin({ originProtocolPolicy: unknown })],
    [
      "pass",
      "a website of S3 has HTTP only",
      origin({ originProtocolPolicy: "http-only" }, "b.s3-website-eu-west-1.amazonaws.com"),
    ],
    ["pass", "a bucket", cdn({ origins: [{ domainName: "b.s3.amazonaws.com", s3OriginConfig: {} }] })],
    ["pass", "a private origin", vpcOrigin({})],
    ["fail", "a private origin over HTTP", vpcOrigin({ originProtocolPolicy: "http-only" })],
    [
      "fail",
      "a private origin with old protocols",
      vpcOrigin({ originSslProtocols: { items: ["TLSv1"], quantity: 1 } }),
    ],
    ["na", "another type", vpc],
  ],
  "aws-cdn-tls-min": [
    ...["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"].map((v) => ["pass", v, certificate(v)] as const),
    ...["TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", ""].map(
      (v) => ["fail", `"${v}"`, certificate(v)] as const,
    ),
    ["fail", "unset", certificate(undefined), /minimumProtocolVersion is unset/],
    ["fail", "no certificate", cdn()],
    ["fail", "a wrong type", certificate(1.2)],
    ["unknown", "unknown", certificate(unknown)],
    ["unknown", "an unknown certificate", [r(CDN, "cdn", { viewerCertificate: unknown })]],
    [
      "fail",
      "CloudFront's own certificate speaks TLS 1.0 whatever is asked",
      certificate("TLSv1.2_2021", { cloudfrontDefaultCertificate: true }),
      /cloudfrontDefaultCertificate is true/,
    ],
    ["pass", "CloudFront's own certificate off", certificate("TLSv1.2_2021", { cloudfrontDefaultCertificate: false })],
    ["na", "another type", vpc],
  ],
  "do-lb-https": [
    ["pass", "HTTPS and a redirect", balancer(true, http, https)],
    ["pass", "HTTPS alone", balancer(undefined, https)],
    ["fail", "HTTP beside it", balancer(undefined, http, https), /redirectHttpToHttps is unset/],
    ["fail", "a redirect switched off", balancer(false, http, https)],
    ["fail", "a redirect of a wrong type", balancer("yes", http, https)],
    ["unknown", "a redirect unknown", balancer(unknown, http, https)],
    ["fail", "a redirect to nothing", balancer(true, http), /forwardingRules is without https/],
    ["fail", "no rules", balancer(true)],
    ["fail", "no certificate", balancer(true, { ...https, certificateName: undefined }), /certificateName is unset/],
    ["pass", "a certificate by id", balancer(true, { ...https, certificateName: undefined, certificateId: unknown })],
    ["pass", "HTTP/2", balancer(undefined, { ...https, entryProtocol: "http2" })],
    ["pass", "HTTP/3", balancer(undefined, { ...https, entryProtocol: "HTTP3" }, https)],
    [
      "pass",
      "TLS that passes through",
      balancer(undefined, { entryProtocol: "https", entryPort: 443, tlsPassthrough: true }),
    ],
    ["pass", "TCP on 443", balancer(undefined, { entryProtocol: "tcp", entryPort: 443 })],
    ["fail", "TCP on 80", balancer(undefined, { entryProtocol: "tcp", entryPort: 80 }), /entryProtocol is "tcp"/],
    ["unknown", "an unknown protocol", balancer(undefined, { entryProtocol: unknown })],
    ["na", "a droplet alone: Cloudflare is in front", [r("digitalocean:index/droplet:Droplet", "web")]],
  ],
  "ovh-lb-https": [
    [
      "pass",
      "two frontends",
      [frontend({ ssl: true, hsts: true }), frontend({ redirectLocation: "https://a.b" }, "http")],
    ],
    ["fail", "plain", [frontend({})], /ssl is unset/],
    ["fail", "no HSTS", [frontend({ ssl: true })], /hsts is unset/],
    ["fail", "ssl of a wrong type", [frontend({ ssl: 1, hsts: true })]],
    ["unknown", "unknown", [frontend({ ssl: unknown, hsts: true })]],
    ["fail", "secretly plain", [frontend({ ssl: secret(false), hsts: true })], /ssl is \[secret\]/],
    ["fail", "one of two", [frontend({ ssl: true, hsts: true }), frontend({}, "http")], /HttpFrontend http/],
    ["fail", "a redirect to HTTP", [frontend({ redirectLocation: "http://a.b" })]],
    ["pass", "switched off", [frontend({ disabled: true })]],
    ["na", "TLS that passes through", [r("ovh:IpLoadBalancing/tcpFrontend:TcpFrontend", "tcp", { port: "443" })]],
    ["pass", "TLS that ends here", ovh({ protocol: "terminatedHTTPS", tlsVersions: ["TLSv1.2", "TLSv1.3"] })],
    ["fail", "TLS 1.1", ovh({ protocol: "terminatedHTTPS", tlsVersions: ["TLSv1.1", "TLSv1.2"] }), /tlsVersions/],
    ["fail", "no versions", ovh({ protocol: "TERMINATED_HTTPS" })],
    ["fail", "plain HTTP", ovh({ protocol: "http" }), /listeners\[0\]\.protocol is "http"/],
    ["pass", "TLS that passes through the Public Cloud's", ovh({ protocol: "https" })],
    ["unknown", "an unknown listener", ovh({ protocol: unknown })],
    ["na", "another type", vpc],
  ],
};
