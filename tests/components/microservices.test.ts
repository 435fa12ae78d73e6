/** The phase enterprise under mocks. Over 300 lines: one world, built once, serves most of them. */
import { buildPhase } from "../../src/phases/index.ts";
import { SERVICES } from "../../src/concepts/services.ts";
import { readSettings } from "../../src/settings/index.ts";
import { type Recorded, type World, only, orphans, record } from "../support/recorder.ts";
import { stackConfig } from "../support/stack-config.ts";

const SECRET_MARK = "4dabf18193072939515e22adb298388d";

const computed: World["computed"] = (type, name, inputs) => {
  const arn = type === "aws:s3/bucket:Bucket" ? `arn:aws:s3:::${name}` : `arn:aws:${name}`;
  switch (type) {
    case "aws:s3/bucket:Bucket":
      return { id: name, bucket: name, arn, bucketRegionalDomainName: `${name}.s3.amazonaws.com` };
    case "aws:acm/certificate:Certificate":
      return {
        arn,
        domainValidationOptions: [inputs.domainName, ...inputs.subjectAlternativeNames].map((domainName) => ({
          domainName,
          resourceRecordName: `_proof.${domainName}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: `_answer.${domainName}.`,
        })),
      };
    case "aws:eks/cluster:Cluster":
      return {
        arn,
        endpoint: "https://cluster.internal",
        certificateAuthority: { data: "Y2E=" },
        vpcConfig: { ...inputs.vpcConfig, clusterSecurityGroupId: "sg-cluster" },
      };
    case "aws:rds/cluster:Cluster":
      return { arn, endpoint: "writer.internal", readerEndpoint: "reader.internal", masterUserSecrets: [] };
    case "aws:elasticache/replicationGroup:ReplicationGroup":
      return { arn, configurationEndpointAddress: "cache.internal" };
    case "aws:ecr/repository:Repository":
      return { arn, repositoryUrl: `registry.internal/${name}` };
    case "aws:apigatewayv2/api:Api":
      return { arn, apiEndpoint: "https://api.internal" };
    case "aws:sqs/queue:Queue":
      return { arn, url: `https://sqs/${name}` };
    case "random:index/randomPassword:RandomPassword":
      return { result: "planted-password" };
    case "tls:index/privateKey:PrivateKey":
      return { privateKeyPem: "-----PLANTED KEY-----" };
    case "tls:index/selfSignedCert:SelfSignedCert":
      return { certPem: "-----CERT-----" };
    case "aws:route53/record:Record":
      return { fqdn: inputs.name };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { id: name, latestVersion: 3 };
    default:
      return { arn, arnSuffix: `suffix/${name}` };
  }
};

async function build(change: Record<string, string> = {}, preview = false): Promise<Recorded[]> {
  const { values, secretKeys } = stackConfig("enterprise");
  const world: World = {
    stack: "enterprise",
    config: { ...values, ...change },
    secretKeys,
    preview,
    computed,
    calls: {
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
      "aws:ec2/getManagedPrefixList:getManagedPrefixList": { id: "pl-edge" },
    },
  };
  return record(world, () => buildPhase(readSettings(), "jatsmanor", "enterprise"));
}

const typed = (all: Recorded[], type: string): Recorded[] => all.filter((resource) => resource.type === type);
const names = (resources: Recorded[]): string[] => resources.map((resource) => resource.name).sort();
const statements = (policy: any): any[] => (typeof policy === "string" ? JSON.parse(policy) : policy).Statement;
const last = (urn: string): string => urn.split("::").at(-1) ?? "";

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe("six services on a cluster", () => {
  let all: Recorded[];
  beforeAll(async () => {
    all = await build();
  });
  const one = (type: string, name?: string) => only(all, type, name);
  const ofService = (type: string) => typed(all, type).filter(({ inputs }) => SERVICES.includes(inputs.metadata?.name));

  test("every resource descends from a component", () => {
    expect(all.length).toBeGreaterThan(500);
    expect(orphans(all)).toEqual([]);
  });

  test("what is stateful is protected", () => {
    for (const kind of [
      /s3\/bucket:Bucket$/,
      /kms\/key:/,
      /rds\/cluster(Instance)?:/,
      /eks\/cluster:/,
      /opensearch\//,
      /replicationGroup:/,
      /ecr\/repository:/,
      /RandomPassword$/,
      /ec2\/eip:/,
      /route53\/zone:/,
    ]) {
      const found = all.filter(({ type }) => kind.test(type));
      expect(found.length).toBeGreaterThan(0);
      expect(names(found.filter(({ protect }) => !protect))).toEqual([]);
    }
  });

  test("the cluster is private, logged, encrypted, and never on paid support", () => {
    expect(one("aws:eks/cluster:Cluster").inputs).toMatchObject({
      version: "1.35",
      vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
      accessConfig: { authenticationMode: "API" },
      upgradePolicy: { supportType: "STANDARD" },
      encryptionConfig: { resources: ["secrets"], provider: { keyArn: "arn:aws:enterprise-data-key-key" } },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      deletionProtection: true,
    });
  });

  test("3 to 20 nodes of the guide's shapes, whose dearest month stays below 3,500 EUR", () => {
    const groups = typed(all, NODE_GROUP).map(({ inputs }) => ({
      type: inputs.instanceTypes[0],
      ...inputs.scalingConfig,
    }));
    const sum = (of: (group: any) => number) => groups.reduce((total, group) => total + of(group), 0);
    expect(sum(({ minSize }) => minSize)).toBe(3);
    expect(sum(({ maxSize }) => maxSize)).toBe(20);
    // Dollars a month, 2026-11, as the table of the phase has them.
    const price: Record<string, number> = { "m5.large": 83.95, "m5.xlarge": 167.9, "m5.2xlarge": 335.8 };
    const disk = one("aws:ec2/launchTemplate:LaunchTemplate", "enterprise-nodes-system-template").inputs
      .blockDeviceMappings[0].ebs.volumeSize;
    const rest = 23.8 + 540 + 256 + 198 + 492;
    const month = (size: "minSize" | "maxSize") =>
      (sum((group) => group[size] * (price[group.type]! + disk * 0.0952)) + rest) / 1.15;
    expect(month("maxSize")).toBeCloseTo(3440, 0);
    expect(month("minSize")).toBeLessThan(2000);
    for (const { ignoreChanges } of typed(all, NODE_GROUP))
      expect(ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
  });

  test("each service has probes, limits, a scaler, a disruption budget, and a policy of who may call it", () => {
    for (const type of [
      DEPLOYMENT,
      POLICY,
      "kubernetes:core/v1:Service",
      "kubernetes:core/v1:ServiceAccount",
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
      "kubernetes:policy/v1:PodDisruptionBudget",
      "kubernetes:security.istio.io/v1:AuthorizationPolicy",
      "kubernetes:external-secrets.io/v1:ExternalSecret",
    ])
      expect(
        ofService(type)
          .map(({ inputs }) => inputs.metadata.name)
          .sort(),
      ).toEqual([...SERVICES].sort());
    for (const { inputs, ignoreChanges } of ofService(DEPLOYMENT)) {
      const pod = inputs.spec.template.spec;
      const [container] = pod.containers;
      expect(container.image).toMatch(/^registry\.internal\/.*@sha256:[0-9a-f]{64}$/);
      expect(Object.keys(container)).toEqual(
        expect.arrayContaining(["startupProbe", "readinessProbe", "livenessProbe", "lifecycle", "resources"]),
      );
      expect(container.resources.requests.memory).toBe(container.resources.limits.memory);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(container.lifecycle.preStop.sleep.seconds);
      expect(pod.topologySpreadConstraints.map(({ topologyKey }: any) => topologyKey)).toEqual([
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
      ]);
      expect(inputs.spec.template.metadata.labels).toMatchObject(inputs.spec.selector.matchLabels);
      expect(ignoreChanges).toEqual(["spec.replicas"]);
    }
    for (const { inputs } of ofService("kubernetes:autoscaling/v2:HorizontalPodAutoscaler"))
      expect(inputs.spec).toMatchObject({ minReplicas: 2, maxReplicas: 10 });
  });

  test("the services' namespace is closed, restricted, in the mesh, and limited", () => {
    expect(
      one("kubernetes:core/v1:Namespace", "enterprise-services-namespace-namespace").inputs.metadata.labels,
    ).toMatchObject({
      "pod-security.kubernetes.io/enforce": "restricted",
      "istio.io/dataplane-mode": "ambient",
    });
    expect(one(POLICY, "enterprise-services-namespace-default-deny").inputs.spec).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    expect(one("kubernetes:security.istio.io/v1:PeerAuthentication").inputs.spec).toEqual({ mtls: { mode: "STRICT" } });
    expect(one("kubernetes:core/v1:ResourceQuota").inputs.spec.hard.pods).toBe("80");
  });

  test("only booking, the door and the metrics may call payment: in the mesh and on the network", () => {
    const mesh = one(
      "kubernetes:security.istio.io/v1:AuthorizationPolicy",
      "enterprise-services-gateway-callers-of-payment",
    );
    expect(mesh.inputs.spec.rules[0].from[0].source.principals).toEqual([
      "cluster.local/ns/istio-ingress/sa/istio-ingress",
      "cluster.local/ns/jatsmanor/sa/booking",
      "cluster.local/ns/observability/sa/prometheus",
    ]);
    const [{ from, ports }] = one(POLICY, "enterprise-services-payment-network").inputs.spec.ingress;
    expect(ports.map(({ port }: any) => port)).toEqual([8080, 15008]);
    expect(from).toHaveLength(3);
    expect(from[1]).toEqual({ podSelector: { matchLabels: { "app.kubernetes.io/name": "booking" } } });
  });

  test("no pod reaches the node's credentials", () => {
    for (const { inputs } of ofService(POLICY)) {
      const open = inputs.spec.egress
        .flatMap(({ to }: any) => to)
        .filter(({ ipBlock }: any) => ipBlock?.cidr === "0.0.0.0/0");
      expect(open.map(({ ipBlock }: any) => ipBlock.except)).toEqual([["169.254.169.254/32"]]);
    }
    for (const { inputs } of typed(all, "aws:ec2/launchTemplate:LaunchTemplate"))
      expect(inputs.metadataOptions).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
  });

  test("a service may use its own queue and give work to those it names, nothing else", () => {
    const policy = one("aws:iam/rolePolicy:RolePolicy", "enterprise-access-booking-identity-role-policy");
    const byId = Object.fromEntries(statements(policy.inputs.policy).map((statement) => [statement.Sid, statement]));
    expect(Object.keys(byId)).toEqual(["OwnJobs", "Count", "WorkForOthers"]);
    expect(byId["OwnJobs"].Resource).toBe("arn:aws:enterprise-queues-booking");
    expect(byId["WorkForOthers"].Resource).toEqual([
      "arn:aws:enterprise-queues-payment",
      "arn:aws:enterprise-queues-notification",
    ]);
  });

  test("each queue sets aside what failed too often; payments keep their order", () => {
    const queues = typed(all, "aws:sqs/queue:Queue");
    expect(queues).toHaveLength(12);
    const main = queues.filter(({ inputs }) => inputs.redrivePolicy !== undefined);
    expect(main).toHaveLength(6);
    for (const { inputs } of main) expect(JSON.parse(inputs.redrivePolicy).maxReceiveCount).toBe(5);
    expect(queues.filter(({ inputs }) => inputs.fifoQueue).map(({ inputs }) => inputs.name)).toEqual([
      "jatsmanor-enterprise-payment.fifo",
      "jatsmanor-enterprise-payment-failed.fifo",
    ]);
  });

  test("Aurora: a writer and a reader, 35 days, TLS, audit, a password nobody has seen", () => {
    const cluster = one("aws:rds/cluster:Cluster");
    expect(cluster.inputs).toMatchObject({
      engine: "aurora-mysql",
      engineVersion: "8.4.mysql_aurora.8.4.8",
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      backupRetentionPeriod: 35,
      storageEncrypted: true,
      deletionProtection: true,
      manageMasterUserPassword: true,
      enabledCloudwatchLogsExports: ["audit", "error", "slowquery"],
    });
    expect(typed(all, "aws:rds/clusterInstance:ClusterInstance")).toHaveLength(2);
    const parameters = one("aws:rds/clusterParameterGroup:ClusterParameterGroup").inputs;
    expect(parameters.family).toBe("aurora-mysql8.4");
    expect(parameters.parameters).toEqual(
      expect.arrayContaining([
        { name: "require_secure_transport", value: "ON" },
        { name: "server_audit_logging", value: "1" },
      ]),
    );
  });

  test("the cache has three shards over TLS; the search is private, signed in to and encrypted", () => {
    expect(one("aws:elasticache/replicationGroup:ReplicationGroup").inputs).toMatchObject({
      engine: "valkey",
      numNodeGroups: 3,
      replicasPerNodeGroup: 1,
      transitEncryptionMode: "required",
      multiAzEnabled: true,
    });
    expect(one("aws:opensearch/domain:Domain").inputs).toMatchObject({
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true },
      advancedSecurityOptions: { enabled: true },
      vpcOptions: { securityGroupIds: ["enterprise-groups-search-id"] },
    });
  });

  test("no API call without a token and below the limits; it passes the firewall, and the balancer is not public", () => {
    for (const { inputs } of typed(all, "aws:apigatewayv2/route:Route"))
      expect(inputs).toMatchObject({ authorizationType: "JWT" });
    const stage = one("aws:apigatewayv2/stage:Stage").inputs;
    expect(stage.defaultRouteSettings).toMatchObject({ throttlingRateLimit: 500, throttlingBurstLimit: 1000 });
    expect(stage.routeSettings).toMatchObject([{ routeKey: "ANY /api/v1/payments/{proxy+}", throttlingRateLimit: 50 }]);
    const { origins, orderedCacheBehaviors } = one("aws:cloudfront/distribution:Distribution").inputs;
    expect(origins.find(({ originId }: any) => originId === "api").domainName).toBe("api.internal");
    expect(orderedCacheBehaviors.at(-1)).toMatchObject({ pathPattern: "/api/v1/*", targetOriginId: "api" });
    expect(one("aws:lb/loadBalancer:LoadBalancer").inputs.internal).toBe(true);
    expect(one("aws:lb/targetGroup:TargetGroup").inputs).toMatchObject({
      targetType: "ip",
      protocol: "HTTPS",
      port: 443,
    });
  });

  test("the longest path wins, and everything else is the property service's", () => {
    const [{ http }] = typed(all, "kubernetes:networking.istio.io/v1:VirtualService").map(({ inputs }) => inputs.spec);
    const prefixes = http.map(({ match }: any) => match[0].uri.prefix);
    expect(prefixes.map((text: string) => text.length)).toEqual(
      [...prefixes.map((text: string) => text.length)].sort((a, b) => b - a),
    );
    expect(http.at(-1)).toMatchObject({ name: "property", match: [{ uri: { prefix: "/" } }] });
  });

  test("platform charts are pinned to one version each and installed after what they need", () => {
    const releases = typed(all, "kubernetes:helm.sh/v3:Release");
    expect(releases).toHaveLength(12);
    for (const { inputs } of releases) expect(inputs.version).toMatch(/^\d+\.\d+\.\d+$/);
    const istio = releases.filter(({ inputs }) => inputs.repositoryOpts.repo.includes("istio"));
    expect(new Set(istio.map(({ inputs }) => inputs.version)).size).toBe(1);
    const door = one("kubernetes:helm.sh/v3:Release", "enterprise-platform-istio-ingress");
    expect(door.dependencies.map(last)).toContain("enterprise-platform-ztunnel");
  });

  test("what is in the cluster goes before its nodes, and bindings before the controller that undoes them", () => {
    const provider = one("pulumi:providers:kubernetes");
    expect(provider.dependencies.map(last)).toEqual(
      expect.arrayContaining(["enterprise-nodes-system", "enterprise-pod-add-ons-coredns"]),
    );
    const binding = one("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding");
    expect(binding.dependencies.map(last)).toContain("enterprise-platform-load-balancer-controller");
  });

  test("no secret is in a manifest, a kubeconfig or any other plain input", () => {
    const leaks = all.filter((resource) =>
      /planted-password|PLANTED KEY|canary-secret/.test(JSON.stringify(withoutSecrets(resource.inputs))),
    );
    expect(names(leaks)).toEqual([]);
    const config = one("pulumi:providers:kubernetes").inputs["kubeconfig"];
    expect(JSON.parse(config).users[0].user.exec.command).toBe("aws");
  });

  test("every alert that the phase promises has an alarm or a rule", () => {
    const alarms = JSON.stringify(typed(all, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name));
    const rules = JSON.stringify(one("kubernetes:monitoring.coreos.com/v1:PrometheusRule").inputs.spec);
    for (const alert of [
      "site-down",
      "queue-backlog",
      "error-rate",
      "slow-responses",
      "database-unavailable",
      "bookings-low",
    ])
      expect(alarms).toContain(alert);
    for (const alert of ["payment-errors", "disk-low volumes", "cpu-high nodes"]) expect(rules).toContain(alert);
  });
});

describe("settings", () => {
  test("a service without an image is not deployed, and no path leads to it", async () => {
    const all = await build({ "jatsmanor:images": JSON.stringify({ user: `sha256:${"a".repeat(64)}` }) });
    expect(typed(all, DEPLOYMENT).map(({ inputs }) => inputs.metadata.name)).toEqual(["user"]);
    const [{ http }] = typed(all, "kubernetes:networking.istio.io/v1:VirtualService").map(({ inputs }) => inputs.spec);
    expect(http.every(({ name }: any) => name.startsWith("user"))).toBe(true);
    expect(typed(all, "aws:ecr/repository:Repository")).toHaveLength(6);
  });

  test("a second region gets a cluster without credentials, made after the first one's instances", async () => {
    const all = await build({ "jatsmanor:database": JSON.stringify({ secondRegion: true }) });
    const second = only(all, "aws:rds/cluster:Cluster", "enterprise-database-secondary-cluster");
    expect(second.inputs).toMatchObject({
      region: "eu-west-3",
      globalClusterIdentifier: "enterprise-database-global-id",
    });
    for (const key of ["masterUsername", "manageMasterUserPassword", "databaseName", "replicationSourceIdentifier"])
      expect(second.inputs).not.toHaveProperty(key);
    expect(second.ignoreChanges).toContain("replicationSourceIdentifier");
    expect(second.dependencies.map(last)).toEqual(
      expect.arrayContaining(["enterprise-database-1-instance", "enterprise-database-2-instance"]),
    );
    expect(orphans(all)).toEqual([]);
  });

  test("networks that reach the API from outside are named, and opened to no more", async () => {
    const cluster = { operatorRoleArns: ["arn:aws:iam::123456789012:role/x"], apiCidrs: ["198.51.100.0/24"] };
    const all = await build({ "jatsmanor:cluster": JSON.stringify(cluster) });
    expect(only(all, "aws:eks/cluster:Cluster").inputs["vpcConfig"]).toMatchObject({
      endpointPublicAccess: true,
      publicAccessCidrs: ["198.51.100.0/24"],
    });
    const open = { ...cluster, apiCidrs: ["0.0.0.0/0"] };
    await expect(build({ "jatsmanor:cluster": JSON.stringify(open) })).rejects.toThrow(/cluster\.apiCidrs/);
  });

  test("a first preview, where nothing is known yet, passes", async () => {
    expect(orphans(await build({}, true))).toEqual([]);
  });
});

function withoutSecrets(value: any): any {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_MARK in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
