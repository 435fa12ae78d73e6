import { buildPhase } from "../../src/phases/index.ts";
import { readSettings } from "../../src/settings/index.ts";
import { type Recorded, type World, only, orphans, record } from "../support/recorder.ts";
import { stackConfig } from "../support/stack-config.ts";

const STACK = "mvp-forge";
const EDGE = { ipv4Cidrs: ["192.0.2.0/24"], ipv6Cidrs: ["2001:db8:1::/48"], etag: "e", jdcloudCidrs: [] };
let ids = 100;
const computed: World["computed"] = (type, name) => {
  switch (type) {
    case "command:local:Command":
      return { stdout: `{"id":${ids++}}` };
    case "digitalocean:index/droplet:Droplet":
      return { id: "4711", dropletUrn: "do:droplet:4711", ipv4Address: "203.0.113.9", ipv4AddressPrivate: "10.12.0.2" };
    case "digitalocean:index/reservedIp:ReservedIp":
      return { ipAddress: "203.0.113.7" };
    case "tls:index/privateKey:PrivateKey":
      return {
        privateKeyPem: "-----KEY-----",
        privateKeyOpenssh: "-----KEY-----",
        publicKeyOpenssh: "ssh-ed25519 AAAA\n",
      };
    case "tls:index/certRequest:CertRequest":
      return { certRequestPem: "-----CSR-----" };
    case "cloudflare:index/originCaCertificate:OriginCaCertificate":
      return { certificate: "-----CERT-----" };
    case "random:index/randomPassword:RandomPassword":
      return { result: "databasepassword" };
    case "aws:s3/bucket:Bucket":
      return { bucket: `${name}-1a2b3c4`, arn: `arn:aws:s3:::${name}-1a2b3c4` };
    case "aws:iam/accessKey:AccessKey":
      return { secret: "write-only-secret" };
    default:
      return {};
  }
};

async function build(change: Record<string, string | undefined> = {}): Promise<Recorded[]> {
  const { values, secretKeys } = stackConfig(STACK);
  const config = Object.fromEntries(
    Object.entries({ ...values, ...change }).filter(([, value]) => value !== undefined),
  );
  const world: World = {
    stack: STACK,
    config: config as Record<string, string>,
    secretKeys,
    computed,
    calls: { "cloudflare:index/getIpRanges:getIpRanges": EDGE },
  };
  return record(world, () => buildPhase(readSettings(), "jatsmanor", STACK));
}

let all: Recorded[];
beforeAll(async () => {
  all = await build();
});
const local = () => all.filter(({ type }) => type === "command:local:Command");
const requestOf = (resource: Recorded) =>
  JSON.parse(resource.inputs["environment"].FORGE_REQUEST) as Record<string, unknown>;

test("every resource descends from a component; the machine and what holds data are protected", () => {
  expect(orphans(all)).toEqual([]);
  for (const type of [
    "digitalocean:index/droplet:Droplet",
    "aws:s3/bucket:Bucket",
    "digitalocean:index/reservedIp:ReservedIp",
  ])
    expect(only(all, type).protect).toBe(true);
  // Deleting one of these would delete it, with its data, in Forge.
  const held = local().filter(({ protect }) => protect);
  expect(held.map((resource) => requestOf(resource)["kind"]).sort()).toEqual(["database", "server", "site"]);
});

test("one owner: the machine of the guide, with an empty first boot and no host bundle", () => {
  const droplet = only(all, "digitalocean:index/droplet:Droplet").inputs;
  expect(droplet).toMatchObject({
    size: "s-2vcpu-4gb",
    backups: true,
    backupPolicy: { plan: "daily" },
    monitoring: true,
  });
  expect(droplet["userData"]).toBe("#cloud-config\n# Laravel Forge provisions this server.\n");
  expect(all.filter(({ type }) => type === "jatsmanor:host:Bundle")).toEqual([]);
});

test("Forge gets the guide's list: server, site with deploy on push, TLS, workers, scheduler, daily backup", () => {
  const kinds = local().map((resource) => requestOf(resource)["kind"]);
  expect(kinds.sort()).toEqual(
    ["backup", "certificate", "database", "environment", "job", "process", "ready", "server", "site"].sort(),
  );
  const site = local()
    .map(requestOf)
    .find(({ kind }) => kind === "site");
  expect(site).toMatchObject({
    domain: "jatsmanor.example",
    repository: "jatsmanor/app",
    branch: "main",
    phpVersion: "php84",
  });
  const machine = local()
    .map(requestOf)
    .find(({ kind }) => kind === "server");
  expect(machine).toMatchObject({ databaseType: "mysql84", ubuntuVersion: "24.04", address: "203.0.113.7" });
  expect(String(machine?.["name"]).length).toBeLessThanOrEqual(30);
});

test("the token and every secret are marked, and in no plain input", () => {
  const secretMark = "4dabf18193072939515e22adb298388d";
  for (const { inputs } of local())
    for (const name of ["FORGE_TOKEN", "FORGE_SECRETS"]) expect(inputs["environment"][name]).toHaveProperty(secretMark);
  const plain = JSON.stringify(
    all.map(({ inputs }) => inputs),
    (_key, value: unknown) => (typeof value === "object" && value !== null && secretMark in value ? "[secret]" : value),
  );
  for (const text of ["canary-secret", "databasepassword", "write-only-secret", "-----KEY-----"])
    expect(plain).not.toContain(text);
});

test("SSH is open to the administrators and Forge, address by address; the web to the edge only", () => {
  const rules: any[] = only(all, "digitalocean:index/firewall:Firewall").inputs["inboundRules"];
  expect(rules.map((rule) => [rule.portRange, rule.sourceAddresses])).toEqual([
    ["80", ["192.0.2.0/24", "2001:db8:1::/48"]],
    ["443", ["192.0.2.0/24", "2001:db8:1::/48"]],
    ["22", ["198.51.100.0/24", "192.0.2.10/32", "192.0.2.11/32"]],
  ]);
});

test("the provisioning command runs once, as root, and never again; without it Forge is waited for", async () => {
  const provision = only(all, "command:remote:Command");
  expect(provision.inputs).toMatchObject({ update: ":", connection: expect.anything() });
  const ready = only(all, "command:local:Command", "mvp-forge-forge-ready");
  expect(ready.dependencies.join()).toContain("mvp-forge-forge-provision");
  const without = await build({ "jatsmanor:forgeProvisionCommand": undefined });
  expect(without.filter(({ type }) => type === "command:remote:Command")).toEqual([]);
});

test.each([
  [
    "a network for Forge's addresses",
    '{"organization":"j","repository":"j/a","branch":"main","addresses":["192.0.2.0/24"]}',
    /is not a single address/,
  ],
  [
    "a repository without owner",
    '{"organization":"j","repository":"app","branch":"main","addresses":["192.0.2.1/32"]}',
    /forge\.repository/,
  ],
])("%s is refused", async (_what, forge, message) => {
  await expect(build({ "jatsmanor:forge": forge })).rejects.toThrow(message);
});
