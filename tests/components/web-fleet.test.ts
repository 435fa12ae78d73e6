import { buildPhase } from "../../src/phases/index.ts";
import { readSettings } from "../../src/settings/index.ts";
import { type Recorded, type World, only, orphans, record } from "../support/recorder.ts";
import { stackConfig } from "../support/stack-config.ts";

const FARM = "ovh:IpLoadBalancing/httpFarm:HttpFarm";
const SERVER = "ovh:IpLoadBalancing/httpFarmServer:HttpFarmServer";
const FRONTEND = "ovh:IpLoadBalancing/httpFrontend:HttpFrontend";
const REFRESH = "ovh:IpLoadBalancing/refresh:Refresh";
const INSTANCE = "ovh:CloudProject/instance:Instance";
const COMMAND = "command:remote:Command";

const computed: World["computed"] = (type, name, inputs) => {
  switch (type) {
    case "ovh:IpLoadBalancing/ssl:Ssl":
      return { id: "31" };
    case FARM:
      return { id: "41" };
    case FRONTEND:
      return { id: name.endsWith("https") ? "51" : "52" };
    case SERVER:
      return { id: `6${name.at(-1)}` };
    case INSTANCE:
      return {
        addresses: [
          { ip: inputs.network.private.ip, version: 4 },
          ...(inputs.network.public === true ? [{ ip: `203.0.113.10${name.at(-10)}`, version: 4 }] : []),
        ],
      };
    case "ovh:CloudProject/networkPrivate:NetworkPrivate":
      return { regionsOpenstackIds: { GRA11: "net-gra" } };
    case "random:index/randomBytes:RandomBytes":
      return { base64: Buffer.alloc(32, name).toString("base64") };
    case "random:index/randomPassword:RandomPassword":
      return { result: `${name}-secret` };
    case "random:index/randomId:RandomId":
      return { hex: "1a2b3c4d" };
    case "tls:index/privateKey:PrivateKey":
      return { privateKeyPem: "-KEY-", privateKeyOpenssh: "-KEY-", publicKeyOpenssh: "ssh-ed25519 AAAAmade\n" };
    case "tls:index/certRequest:CertRequest":
      return { certRequestPem: "-CSR-" };
    case "tls:index/selfSignedCert:SelfSignedCert":
    case "tls:index/locallySignedCert:LocallySignedCert":
      return { certPem: "-CERT-" };
    case "cloudflare:index/originCaCertificate:OriginCaCertificate":
      return { certificate: "-CERT-" };
    case "aws:s3/bucket:Bucket":
      return { bucket: `${name}-1a2b3c4`, arn: `arn:aws:s3:::${name}-1a2b3c4` };
    case "aws:iam/role:Role":
      return { arn: `arn:aws:iam::123456789012:role/${inputs.name}` };
    case "aws:rolesanywhere/trustAnchor:TrustAnchor":
    case "aws:rolesanywhere/profile:Profile":
      return { arn: `arn:aws:rolesanywhere:eu-west-3:123456789012:${name.split("-").at(-1)}/1` };
    case "ovh:CloudProject/s3Credential:S3Credential":
      return { accessKeyId: "media-key", secretAccessKey: "media-secret" };
    default:
      return {};
  }
};
const calls = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012", arn: "a", id: "i", userId: "u" },
  "cloudflare:index/getIpRanges:getIpRanges": {
    ipv4Cidrs: ["192.0.2.0/24"],
    ipv6Cidrs: ["2001:db8:1::/48"],
    etag: "e",
    jdcloudCidrs: [],
  },
  "ovh:index/getIploadbalancingNatIps:getIploadbalancingNatIps": {
    id: "i",
    serviceName: "s",
    natIps: [{ zone: "gra", ips: ["10.108.0.0/22", "198.51.100.192/27"] }],
  },
  "ovh:IpLoadBalancing/getIpLoadBalancing:getIpLoadBalancing": { ipv4: "192.0.2.80" },
  "ovh:CloudProject/getFlavors:getFlavors": { flavors: ["b3-8", "b3-32"].map((name) => ({ id: `id-${name}`, name })) },
  "ovh:CloudProject/getImages:getImages": { images: [{ id: "id-noble", name: "Ubuntu 24.04" }] },
};

async function build(change: Record<string, string> = {}, preview = false): Promise<Recorded[]> {
  const stack = "growth-ovh";
  const { values, secretKeys } = stackConfig(stack);
  const world: World = { stack, config: { ...values, ...change }, secretKeys, preview, computed, calls };
  return record(world, () => buildPhase(readSettings(), "jatsmanor", stack));
}

const CLOUD = { "jatsmanor:hosts": '{"mode":"publicCloud"}' };
const DRAINED = '{"serviceName":"loadbalancer-0123456789abcdef0123456789abcdef","zone":"gra","drained":["web-2"]}';

describe("the web fleet", () => {
  let all: Recorded[];
  beforeAll(async () => {
    all = await build();
  });
  const named = (name: string) => all.find((resource) => resource.name === name)!;
  const ofType = (type: string) => all.filter((resource) => resource.type === type);

  test("every resource descends from a component, in a preview too", async () => {
    expect(orphans(all)).toEqual([]);
    const preview = await build({}, true);
    expect(preview.map((resource) => resource.urn)).toEqual(all.map((resource) => resource.urn));
  });

  test("what is stateful is protected, the rest is not", () => {
    const names = all.filter(({ protect, name }) => protect && !name.includes("-edge-")).map(({ name }) => name);
    expect(names.sort()).toEqual([
      "growth-ovh-cache-password",
      "growth-ovh-certificate-key",
      "growth-ovh-database-password",
      "growth-ovh-identity-authority-key",
      "growth-ovh-identity-key",
      "growth-ovh-media-copy",
      "growth-ovh-media-files",
      "growth-ovh-mesh-database",
      "growth-ovh-mesh-web-1",
      "growth-ovh-mesh-web-2",
      "growth-ovh-mesh-web-3",
      "growth-ovh-offsite-audit-key-key",
      "growth-ovh-offsite-bucket-block-public",
      "growth-ovh-offsite-bucket-bucket",
      "growth-ovh-offsite-bucket-encryption",
      "growth-ovh-offsite-bucket-versioning",
      "growth-ovh-offsite-logs-block-public",
      "growth-ovh-offsite-logs-bucket",
      "growth-ovh-offsite-logs-encryption",
      "growth-ovh-offsite-logs-versioning",
      "growth-ovh-provisioner-key",
    ]);
  });

  test("HTTPS with the origin's certificate and HSTS, plain HTTP only sends there, both for the edge alone", () => {
    const edge = ["192.0.2.0/24", "2001:db8:1::/48"];
    expect(named("growth-ovh-balancer-https").inputs).toMatchObject({
      port: "443",
      ssl: true,
      hsts: true,
      defaultSslId: 31,
      defaultFarmId: 41,
      allowedSources: edge,
    });
    const plain = named("growth-ovh-balancer-http").inputs;
    expect(plain).toMatchObject({ port: "80", redirectLocation: "https://jatsmanor.example", allowedSources: edge });
    expect(plain["defaultFarmId"]).toBeUndefined();
  });

  test("three hosts answer /up over TLS, probed as often as OVH does", () => {
    expect(only(all, FARM).inputs["probe"]).toMatchObject({ url: "/up", interval: 30, pattern: "200", forceSsl: true });
    expect(
      ofType(SERVER).map(({ inputs }) => [inputs["address"], inputs["ssl"], inputs["status"], inputs["port"]]),
    ).toEqual(["203.0.113.11", "203.0.113.12", "203.0.113.13"].map((address) => [address, true, "active", 443]));
  });

  test("changes are applied last, and any change of the load balancer is one", async () => {
    const refresh = only(all, REFRESH);
    const parts = all.filter(({ type }) => type.startsWith("ovh:IpLoadBalancing/") && type !== REFRESH);
    expect(parts).toHaveLength(7);
    for (const part of parts) expect(refresh.dependencies).toContain(part.urn);
    expect(refresh.inputs["keepers"]).toEqual(expect.arrayContaining(["31", "41", "51", "52", "61", "62", "63"]));

    const drained = await build({ "jatsmanor:loadBalancer": DRAINED });
    expect(drained.filter(({ type }) => type === SERVER).map(({ inputs }) => inputs["status"])).toEqual([
      "active",
      "inactive",
      "active",
    ]);
    const [before, after] = [refresh, only(drained, REFRESH)].map(({ inputs }) => inputs["keepers"] as string[]);
    expect(after).not.toEqual(before);
    expect(after!.slice(0, -1)).toEqual(before!.slice(0, -1)); // no id changed: the hash alone tells
  });

  test("the edge leads to the load balancer, never to a host", () => {
    for (const dns of ofType("cloudflare:index/dnsRecord:DnsRecord")) {
      expect(dns.inputs).toMatchObject({ content: "192.0.2.80", proxied: true });
      expect(dns.propertyDependencies["content"]).toContain(named("growth-ovh-balancer-https").urn);
    }
  });

  test("each host boots once with the operator's agent, then takes its bundle with the stack's key; the database first", () => {
    const boot = named("growth-ovh-machines-web-1-run");
    const { value: connection } = boot.inputs["connection"]; // the SDK makes every connection a secret
    expect(connection).toMatchObject({ host: "203.0.113.11", user: "ubuntu" });
    expect(connection.hostKey).toContain("WEB1");
    expect(connection).not.toHaveProperty("privateKey");
    expect(boot.ignoreChanges).toEqual(["connection", "create", "stdin"]);
    const bundles = ofType(COMMAND).filter(({ name }) => name.endsWith("-apply"));
    expect(bundles.map(({ name }) => name)).toEqual([
      "growth-ovh-database-apply",
      "growth-ovh-web-1-apply",
      "growth-ovh-web-2-apply",
      "growth-ovh-web-3-apply",
    ]);
    expect(named("growth-ovh-web-2-apply").dependencies).toContain(named("growth-ovh-database-apply").urn);
    expect(named("growth-ovh-database-apply").dependencies).toContain(named("growth-ovh-machines-web-3-run").urn);
  });

  test("workers and scheduler run on exactly one host", () => {
    const triggers = ofType(COMMAND).flatMap(({ name, inputs }) =>
      JSON.stringify(inputs["triggers"]).includes("jatsmanor-scheduler") ? [name] : [],
    );
    expect(triggers).toEqual(["growth-ovh-database-apply"]);
  });

  test("the database host may add exports and nothing else, with credentials of an hour", () => {
    expect(ofType("aws:iam/accessKey:AccessKey")).toEqual([]);
    const policy = JSON.stringify(named("growth-ovh-identity-role-policy").inputs["policy"]);
    expect(policy.match(/s3:\w+/g)).toEqual(["s3:PutObject", "s3:AbortMultipartUpload"]);
    const trust = JSON.stringify(named("growth-ovh-identity-role").inputs["assumeRolePolicy"]);
    expect(trust).toContain('"aws:SourceArn":"arn:aws:rolesanywhere:eu-west-3:123456789012:anchor/1"');
    expect(trust).toContain('"aws:PrincipalTag/x509Subject/CN":"database"');
    expect(only(all, "aws:rolesanywhere/profile:Profile").inputs["durationSeconds"]).toBe(3600);
  });

  test("uploaded files are versioned, encrypted and copied to a second region without deletions", () => {
    const files = named("growth-ovh-media-files").inputs;
    const copy = named("growth-ovh-media-copy").inputs;
    for (const bucket of [files, copy])
      expect(bucket).toMatchObject({ versioning: { status: "enabled" }, encryption: { sseAlgorithm: "AES256" } });
    expect(files["replication"].rules[0]).toMatchObject({
      deleteMarkerReplication: "disabled",
      destination: { name: copy["name"], region: "SBG" },
    });
    expect(files["regionName"]).not.toBe(copy["regionName"]);
  });

  test("no secret is in a trigger, in a first boot or in any plain input", () => {
    const plain = JSON.stringify(all.map(({ inputs }) => withoutSecrets(inputs)));
    const mesh = Buffer.alloc(32, "growth-ovh-mesh-web-1").toString("base64");
    for (const secret of ["-password-secret", "media-secret", "-KEY-", "canary-secret", mesh]) {
      expect(plain).not.toContain(secret);
      expect(plain).not.toContain(Buffer.from(secret).toString("base64").slice(0, 12));
    }
  });
});

describe("machines of Public Cloud", () => {
  test("boot by cloud-init, are backed up daily for a week, and the one with data is protected", async () => {
    const all = await build(CLOUD);
    expect(orphans(all)).toEqual([]);
    const instances = all.filter(({ type }) => type === INSTANCE);
    expect(instances.map(({ name, protect, inputs }) => [name, protect, inputs["flavor"].flavorId])).toEqual([
      ["growth-ovh-machines-database-instance", true, "id-b3-32"],
      ["growth-ovh-machines-web-1-instance", false, "id-b3-8"],
      ["growth-ovh-machines-web-2-instance", false, "id-b3-8"],
      ["growth-ovh-machines-web-3-instance", false, "id-b3-8"],
    ]);
    for (const { inputs, ignoreChanges } of instances) {
      expect(inputs).toMatchObject({ region: "GRA11", autoBackup: { rotation: 7 }, bootFrom: { imageId: "id-noble" } });
      expect(inputs["userData"]).toMatch(/^#cloud-config\n/);
      expect(ignoreChanges).toEqual(["userData", "sshKeyCreate", "bootFrom"]);
    }
    expect(all.filter(({ name }) => name.endsWith("-run"))).toEqual([]);
    const addresses = all.filter(({ type }) => type === SERVER).map(({ inputs }) => inputs["address"]);
    expect(addresses).toEqual(["203.0.113.101", "203.0.113.102", "203.0.113.103"]);
  });

  test("speak in a private network; the one with data has no public address and is reached through a web host", async () => {
    const all = await build(CLOUD);
    const networks = all.filter(({ type }) => type === INSTANCE).map(({ inputs }) => inputs["network"]);
    expect(networks.map((network) => [network.public, network.private.ip, network.private.network.id])).toEqual([
      [false, "10.31.0.10", "net-gra"],
      [true, "10.31.0.11", "net-gra"],
      [true, "10.31.0.12", "net-gra"],
      [true, "10.31.0.13", "net-gra"],
    ]);
    const connection = (name: string) => only(all, COMMAND, name).inputs["connection"].value;
    expect(connection("growth-ovh-database-apply")).toMatchObject({
      host: "10.31.0.10",
      proxy: { host: "203.0.113.101" },
    });
    expect(connection("growth-ovh-web-2-apply")).not.toHaveProperty("proxy");
    const userData: string = only(all, INSTANCE, "growth-ovh-machines-database-instance").inputs["userData"];
    expect(userData).toContain("elements = { 198.51.100.0/24, 10.31.0.11/32 }");
  });

  test("what cannot be built is an error naming provider and key", async () => {
    const hosts = (flavor: string) => `{"mode":"publicCloud","flavors":{"web":"${flavor}"}}`;
    await expect(build({ "jatsmanor:hosts": hosts("x9-1") })).rejects.toThrow(/ovh: jatsmanor:hosts\.flavors "x9-1"/);
    await expect(build({ "jatsmanor:adminAccess": '{"mode":"tunnel"}' })).rejects.toThrow(
      /ovh: jatsmanor:adminAccess\.mode "tunnel"/,
    );
    await expect(build({ "jatsmanor:hosts": '{"mode":"ordered"}' })).rejects.toThrow(/jatsmanor:hosts/);
  });
});

/** Secret values replaced by a mark, as the state would hold them encrypted. */
function withoutSecrets(value: any): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
