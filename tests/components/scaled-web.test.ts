import { buildPhase } from "../../src/phases/index.ts";
import { fleetCloudInit } from "../../src/host/fleet.ts";
import { readSettings } from "../../src/settings/index.ts";
import { type Recorded, type World, only, orphans, record } from "../support/recorder.ts";
import { stackConfig } from "../support/stack-config.ts";

const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** What AWS would answer; everything has an ARN that names its resource, so that an edge can be read in a policy. */
const computed: World["computed"] = (type, name, inputs) => {
  const arn = type === "aws:s3/bucket:Bucket" ? `arn:aws:s3:::${name}` : `arn:aws:${name}`;
  switch (type) {
    case "aws:s3/bucket:Bucket":
      return { id: name, bucket: name, arn, bucketRegionalDomainName: `${name}.s3.amazonaws.com` };
    case "aws:acm/certificate:Certificate":
      return {
        arn,
        domainValidationOptions: [inputs.domainName, ...inputs.subjectAlternativeNames].reverse().map((domainName) => ({
          domainName,
          resourceRecordName: `_proof.${domainName}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: `_answer.${domainName}.`,
        })),
      };
    case "aws:rds/instance:Instance":
      return {
        arn,
        address: "db.internal",
        endpoint: "db.internal:3306",
        masterUserSecrets: [{ secretArn: "arn:rds" }],
      };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { id: name, latestVersion: 3 };
    case "aws:cloudfront/distribution:Distribution":
      return { arn, domainName: "d111.cloudfront.net", hostedZoneId: "Z2FDTNDATAQYW2" };
    case "random:index/randomPassword:RandomPassword":
      return { result: "cachepassword" };
    case "aws:route53/record:Record":
      return { fqdn: inputs.name };
    default:
      return { arn, arnSuffix: `suffix/${name}` };
  }
};

async function build(change: Record<string, string> = {}, preview = false): Promise<Recorded[]> {
  const { values, secretKeys } = stackConfig("growth");
  const world: World = {
    stack: "growth",
    config: { ...values, ...change },
    secretKeys,
    preview,
    computed,
    calls: {
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
      "aws:ec2/getManagedPrefixList:getManagedPrefixList": { id: "pl-edge" },
    },
  };
  return record(world, () => buildPhase(readSettings(), "jatsmanor", "growth"));
}

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const GROUP = "aws:autoscaling/group:Group";
const typed = (all: Recorded[], type: string): Recorded[] => all.filter((resource) => resource.type === type);
const names = (resources: Recorded[]): string[] => resources.map((resource) => resource.name).sort();
const statements = (policy: any): any[] => (typeof policy === "string" ? JSON.parse(policy) : policy).Statement;
const dependsOn = (resource: Recorded, property: string): string[] =>
  (resource.propertyDependencies[property] ?? []).map((urn) => urn.split("::").at(-1) ?? "");

describe("the fleet in two colours", () => {
  let all: Recorded[];
  beforeAll(async () => {
    all = await build();
  });
  const one = (type: string, name?: string) => only(all, type, name);
  const alarm = (name: string) => one(ALARM, `growth-alerting-${name}`).inputs;

  test("every resource descends from a component", () => {
    expect(all.length).toBeGreaterThan(250);
    expect(orphans(all)).toEqual([]);
  });

  test("what is stateful is protected", () => {
    const kinds = (pattern: RegExp) =>
      names(all.filter((resource) => pattern.test(resource.type) && !resource.protect));
    for (const kind of [
      /s3\/bucket:Bucket$/,
      /kms\/key:/,
      /rds\/instance:/,
      /backup\/vault:/,
      /ec2\/eip:/,
      /route53\/zone:/,
    ])
      expect(kinds(kind)).toEqual([]);
    for (const guard of [/BucketPublicAccessBlock$/, /BucketVersioning$/, /VaultLockConfiguration$/, /RandomPassword$/])
      expect(kinds(guard)).toEqual([]);
    expect(one("aws:elasticache/replicationGroup:ReplicationGroup").protect).toBe(true);
    expect(names(all.filter((resource) => resource.protect))).toHaveLength(42);
  });

  test("two to ten t3.medium behind the load balancer, in private subnets; scaling owns their number", () => {
    expect(one(GROUP, "growth-fleets-blue-group").inputs).toMatchObject({
      minSize: 2,
      maxSize: 10,
      healthCheckType: "ELB",
      instanceMaintenancePolicy: { minHealthyPercentage: 100 },
    });
    expect(one(GROUP, "growth-fleets-green-group").inputs).toMatchObject({ minSize: 0, maxSize: 0 });
    for (const group of typed(all, GROUP)) {
      expect(group.ignoreChanges).toEqual(["desiredCapacity"]);
      expect(dependsOn(group, "vpcZoneIdentifiers").filter((name) => !/-app-[ab](-routes)?$/.test(name))).toEqual([]);
    }
    for (const { inputs } of typed(all, "aws:ec2/launchTemplate:LaunchTemplate")) {
      expect(inputs).toMatchObject({
        instanceType: "t3.medium",
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [{ ebs: { encrypted: "true", volumeType: "gp3" } }],
      });
      expect(inputs).not.toHaveProperty("keyName");
    }
  });

  test("the database is Multi-AZ, encrypted, closed, and can be set back to any second of 35 days", () => {
    const { inputs } = one("aws:rds/instance:Instance");
    expect(inputs).toMatchObject({
      engineVersion: "8.4",
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      instanceClass: "db.t3.medium",
      allocatedStorage: 100,
      multiAz: true,
      storageEncrypted: true,
      publiclyAccessible: false,
      backupRetentionPeriod: 35,
      deletionProtection: true,
      manageMasterUserPassword: true,
    });
    expect(inputs).not.toHaveProperty("password");
    expect(one("aws:rds/parameterGroup:ParameterGroup").inputs["parameters"]).toContainEqual({
      name: "require_secure_transport",
      value: "1",
    });
    expect(one("aws:elasticache/replicationGroup:ReplicationGroup").inputs).toMatchObject({
      engine: "valkey",
      numCacheClusters: 2,
      transitEncryptionMode: "required",
      multiAzEnabled: true,
    });
  });

  test("snapshots every six hours go to a second region, and a restore is tried every month", () => {
    const [rule] = one("aws:backup/plan:Plan").inputs["rules"];
    expect(rule).toMatchObject({
      schedule: "cron(0 0/6 * * ? *)",
      enableContinuousBackup: false,
      lifecycle: { deleteAfter: 35 },
      copyActions: [{ destinationVaultArn: "arn:aws:growth-backup-copies" }],
    });
    expect(one("aws:backup/vault:Vault", "growth-backup-copies").inputs["region"]).toBe("eu-west-3");
    expect(dependsOn(one("aws:backup/selection:Selection"), "resources")).toEqual(["growth-database-instance"]);
    expect(one("aws:backup/restoreTestingSelection:RestoreTestingSelection").inputs["protectedResourceArns"]).toEqual([
      "arn:aws:growth-database-instance",
    ]);
  });

  test("media are copied to Paris and get cheaper with age, never slower", () => {
    const lifecycle = one(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "growth-storage-media-lifecycle",
    );
    expect(lifecycle.inputs["rules"][0].transitions).toEqual([
      { days: 30, storageClass: "STANDARD_IA" },
      { days: 90, storageClass: "GLACIER_IR" },
    ]);
    const rule = one("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "growth-storage-media-replication-rule");
    expect(rule.inputs["rules"][0]).toMatchObject({
      status: "Enabled",
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
      destination: { bucket: "arn:aws:s3:::growth-storage-media-copy-bucket" },
    });
    // Replication refuses a bucket that keeps no versions yet, on either side.
    expect(dependsOn(rule, "bucket")).toContain("growth-storage-media-versioning");
    expect(dependsOn(rule, "rules")).toContain("growth-storage-media-copy-versioning");
  });

  test("every bucket is closed, versioned and answers over HTTPS only", () => {
    const buckets = names(typed(all, "aws:s3/bucket:Bucket"));
    expect(buckets).toHaveLength(7);
    for (const part of ["PublicAccessBlock", "Versioning", "ServerSideEncryptionConfiguration", "Policy"]) {
      const type = `aws:s3/bucket${part}:Bucket${part}`;
      expect(
        typed(all, type)
          .map((resource) => resource.inputs["bucket"])
          .sort(),
      ).toEqual(buckets);
    }
    for (const { inputs } of typed(all, "aws:s3/bucketPolicy:BucketPolicy"))
      expect(statements(inputs["policy"])[0]).toMatchObject({
        Effect: "Deny",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
  });

  test("only the content network reads media, and only it reaches the load balancer", () => {
    const media = statements(one("aws:s3/bucketPolicy:BucketPolicy", "growth-storage-media-policy").inputs["policy"]);
    expect(media[1].Condition).toEqual({ StringEquals: { "aws:SourceArn": "arn:aws:growth-edge-distribution" } });
    const ingress = typed(all, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ inputs }) => inputs);
    expect(ingress.filter((rule) => rule["cidrIpv4"] !== undefined || rule["cidrIpv6"] !== undefined)).toEqual([]);
    expect(ingress.filter((rule) => rule["prefixListId"] !== undefined)).toMatchObject([
      { prefixListId: "pl-edge", fromPort: 443, toPort: 443 },
    ]);
    expect(one("aws:lb/loadBalancer:LoadBalancer").inputs).toMatchObject({
      internal: true,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: true,
    });
  });

  test("HTTPS from the visitor to the load balancer, with a firewall that blocks", () => {
    const distribution = one("aws:cloudfront/distribution:Distribution");
    const { defaultCacheBehavior, orderedCacheBehaviors, viewerCertificate } = distribution.inputs;
    for (const behaviour of [defaultCacheBehavior, ...orderedCacheBehaviors])
      expect(behaviour.viewerProtocolPolicy).toBe("redirect-to-https");
    expect(viewerCertificate.minimumProtocolVersion).toBe("TLSv1.2_2021");
    expect(dependsOn(distribution, "webAclId")).toEqual(["growth-edge-firewall-acl"]);
    const acl = one("aws:wafv2/webAcl:WebAcl").inputs;
    expect(acl).toMatchObject({ region: "us-east-1", scope: "CLOUDFRONT" });
    expect(acl["rules"].filter((rule: any) => rule.overrideAction?.count !== undefined)).toEqual([]);
    expect(one("aws:lb/listener:Listener", "growth-balancer-https").inputs["sslPolicy"]).toMatch(/TLS13-1-2/);
    expect(one("aws:lb/listener:Listener", "growth-balancer-http").inputs["defaultActions"]).toMatchObject([
      { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } },
    ]);
  });

  test("both certificates rest on one proof per name, made once", () => {
    const proofs = typed(all, "aws:route53/record:Record").filter(({ inputs }) => inputs["type"] === "CNAME");
    expect(proofs.map(({ inputs }) => [inputs["name"], inputs["records"]])).toEqual([
      ["_proof.jatsmanor.example.", ["_answer.jatsmanor.example."]],
      ["_proof.www.jatsmanor.example.", ["_answer.www.jatsmanor.example."]],
    ]);
    expect(typed(all, "aws:acm/certificateValidation:CertificateValidation")).toHaveLength(2);
  });

  test("the guide's limits, in the units of the metrics", () => {
    expect(alarm("web-slow-responses")).toMatchObject({ extendedStatistic: "p95", threshold: 2, evaluationPeriods: 5 });
    expect(alarm("web-error-rate")["threshold"]).toBe(5);
    const queries: any[] = alarm("web-error-rate")["metricQueries"];
    expect(queries.filter((query) => query.returnData === true)).toHaveLength(1);
    expect(queries.slice(1).map((query) => query.metric.metricName)).toEqual([
      "HTTPCode_Target_5XX_Count",
      "HTTPCode_ELB_5XX_Count",
      "RequestCount",
    ]);
    expect(alarm("application-queue-backlog")["threshold"]).toBe(1000);
    expect(alarm("database-disk-low")).toMatchObject({
      comparisonOperator: "LessThanThreshold",
      threshold: 20 * 1024 ** 3, // a fifth of 100 GiB, in bytes
    });
    const check = one("aws:route53/healthCheck:HealthCheck").inputs;
    const down = alarm("site-site-down");
    const seconds = check["requestInterval"] * check["failureThreshold"] + down["period"] * down["evaluationPeriods"];
    expect(seconds).toBeLessThanOrEqual(120);
    expect(down).toMatchObject({ region: "us-east-1", treatMissingData: "breaching" });
  });

  test("every alarm is heard in its own region: critical ones page, warnings do not", () => {
    const alarms = typed(all, ALARM);
    expect(alarms.length).toBeGreaterThan(25);
    for (const { inputs } of alarms) {
      const severity: string = inputs["tags"].severity;
      const topics = inputs["region"] === "us-east-1" ? "growth-global-topics" : "growth-topics";
      expect(inputs["alarmActions"]).toEqual([`arn:aws:${topics}-${severity}`]);
    }
    const subscriptions = typed(all, "aws:sns/topicSubscription:TopicSubscription");
    const pagers = subscriptions.filter(({ inputs }) => inputs["protocol"] === "https");
    expect(pagers.map(({ inputs }) => inputs["topic"])).toEqual([
      "arn:aws:growth-global-topics-critical",
      "arn:aws:growth-topics-critical",
    ]);
    expect(
      one("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration").inputs["guardrailPolicyArns"],
    ).toEqual(["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]);
  });

  test("one repository in one environment deploys, to one colour at a time, and CodeDeploy moves no traffic", () => {
    const [trust] = statements(one("aws:iam/role:Role", "growth-deploy-workflow").inputs["assumeRolePolicy"]);
    expect(trust.Condition).toEqual({
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:jatsmanor/platform:environment:production",
      },
    });
    const groups = typed(all, "aws:codedeploy/deploymentGroup:DeploymentGroup");
    expect(groups).toHaveLength(3);
    for (const group of groups) {
      expect(group.inputs["deploymentStyle"].deploymentType).toBe("IN_PLACE");
      expect(group.inputs).not.toHaveProperty("blueGreenDeploymentConfig");
      expect(group.inputs["autoscalingGroups"]).toHaveLength(1);
      expect(group.inputs["alarmConfiguration"].alarms).toHaveLength(2);
    }
  });

  test("no secret is in a plain input, least of all in user data", () => {
    const plain = all.map((resource) => JSON.stringify(withoutSecrets(resource.inputs))).join("\n");
    for (const secret of ["cachepassword", "canary-secret"]) {
      expect(plain.includes(secret)).toBe(false);
      expect(plain.includes(Buffer.from(secret).toString("base64").slice(0, 12))).toBe(false);
    }
    expect(
      names(typed(all, "aws:ssm/parameter:Parameter").filter(({ inputs }) => inputs["type"] === "SecureString")),
    ).toEqual(["growth-config-app-key", "growth-config-redis-password"]);
  });

  test("the bill is watched in dollars, against the phase's ceiling and target", () => {
    const budget = one("aws:budgets/budget:Budget").inputs;
    expect(budget["limitAmount"]).toBe("977"); // 850 EUR at 1.15
    expect(
      budget["notifications"].map((item: any) => [item.notificationType, item.thresholdType, item.threshold]),
    ).toEqual([
      ["ACTUAL", "ABSOLUTE_VALUE", 575],
      ["ACTUAL", "PERCENTAGE", 80],
      ["FORECASTED", "PERCENTAGE", 100],
    ]);
  });

  test("a first preview, with nothing known yet, registers the same resources", async () => {
    const preview = await build({}, true);
    expect(preview.map((resource) => resource.urn)).toEqual(all.map((resource) => resource.urn));
  });
});

describe("its settings", () => {
  const weights = (all: Recorded[]): Record<string, number> => {
    const [action] = only(all, "aws:lb/listener:Listener", "growth-balancer-https").inputs["defaultActions"];
    return Object.fromEntries(
      action.forward.targetGroups.map((group: any) => [group.arn.split("-").at(-1), group.weight]),
    );
  };
  const idle = (all: Recorded[], colour: string) => only(all, GROUP, `growth-fleets-${colour}-group`).inputs["minSize"];

  test("a release is tried on the idle colour with some of the visitors", async () => {
    const all = await build({ "jatsmanor:release": '{"active":"blue","idleServers":2,"idleWeight":10}' });
    expect(weights(all)).toEqual({ blue: 90, green: 10 });
    expect([idle(all, "blue"), idle(all, "green")]).toEqual([2, 2]);
    expect(only(all, GROUP, "growth-fleets-green-group").inputs["maxSize"]).toBe(2);
  });

  test("then it gets all of them; three zones have a way out each; Cloudflare may hold the names", async () => {
    const all = await build({
      "jatsmanor:release": '{"active":"green"}',
      "jatsmanor:network": '{"zones":3,"nat":"per-zone"}',
      "jatsmanor:dns": '{"provider":"cloudflare","zoneId":"023e105f4ecef8ad9ca31a8372d0c353"}',
    });
    expect(weights(all)).toEqual({ green: 100, blue: 0 });
    expect([idle(all, "blue"), idle(all, "green")]).toEqual([0, 2]);

    expect(typed(all, "aws:ec2/natGateway:NatGateway")).toHaveLength(3);
    expect(typed(all, "aws:ec2/subnet:Subnet")).toHaveLength(9);
    const app = only(all, "aws:ec2/routeTableAssociation:RouteTableAssociation", "growth-network-app-c-routes");
    expect(dependsOn(app, "routeTableId")).toEqual(["growth-network-app-c-routes"]);

    expect(typed(all, "aws:route53/zone:Zone")).toEqual([]);
    const records = typed(all, "cloudflare:index/dnsRecord:DnsRecord").map(({ inputs }) => inputs);
    expect(records.map((record) => [record["name"], record["type"], record["proxied"]]).sort()).toEqual([
      ["_proof.jatsmanor.example", "CNAME", false],
      ["_proof.www.jatsmanor.example", "CNAME", false],
      ["jatsmanor.example", "CNAME", false],
      ["www.jatsmanor.example", "CNAME", false],
    ]);
  });

  test("visitors are not sent to a colour without servers", async () => {
    await expect(build({ "jatsmanor:release": '{"active":"blue","idleWeight":10}' })).rejects.toThrow(
      /jatsmanor:release.*set idleServers first/,
    );
  });

  test("a database class whose memory is unknown is an error naming provider and key", async () => {
    await expect(build({ "jatsmanor:database": '{"instanceClass":"db.x9.huge"}' })).rejects.toThrow(
      /aws: jatsmanor:database\.instanceClass "db\.x9\.huge"/,
    );
  });
});

describe("the first boot of a server", () => {
  const server = {
    region: "eu-central-1",
    phpVersion: "8.4",
    configPath: "/jatsmanor/growth/app",
    networkCidr: "10.20.0.0/16",
    logGroup: "/jatsmanor/growth/app",
  } as const;

  test("web servers answer the load balancer before the first release, workers have no web server", () => {
    const web = fleetCloudInit({ ...server, role: "web" });
    expect(web).toMatch(/location = \/up \{\n.*return 200/);
    expect(web).toContain("set_real_ip_from 10.20.0.0/16");
    const worker = fleetCloudInit({ ...server, role: "worker" });
    expect(worker).not.toContain("nginx");
    expect(worker).toContain("supervisor");
  });

  test("it is YAML of a cloud-config, below what AWS takes", async () => {
    const { parse } = await import("yaml");
    for (const role of ["web", "worker"] as const) {
      const text = fleetCloudInit({ ...server, role });
      expect(text.startsWith("#cloud-config\n")).toBe(true);
      const config = parse(text) as { write_files: { path: string; content: string }[]; runcmd: string[][] };
      expect(config.runcmd.every((step) => step[0] === "bash" && step[1] === "-euc")).toBe(true);
      expect(config.write_files.map((file) => file.path)).toContain("/usr/local/sbin/app-environment");
      expect(Buffer.byteLength(text)).toBeLessThan(16 * 1024);
    }
  });
});

/** Secret values replaced by a mark, as the state would hold them encrypted. */
function withoutSecrets(value: any): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_MARK in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
