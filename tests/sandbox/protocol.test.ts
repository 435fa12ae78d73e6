/** The provider protocol, method by method, as the engine speaks it. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calls, drift, list, reset, setFaults } from "../../sandbox/admin.ts";
import { packageSchema } from "../../sandbox/schema/load.ts";
import type { Sandbox } from "../../sandbox/server.ts";
import { startSandbox } from "../../sandbox/server.ts";
import type { Properties } from "../../sandbox/values.ts";
import { UNKNOWN, asText, isSecret, plain, secret } from "../../sandbox/values.ts";
import { Client } from "./client.ts";

const NOW = "2026-11-24T00:00:00.000Z";
const VPC = "digitalocean:index/vpc:Vpc";
const DROPLET = "digitalocean:index/droplet:Droplet";
const FIREWALL = "digitalocean:index/firewall:Firewall";
const droplet = { image: "ubuntu-24-04-x64", size: "s-2vcpu-4gb", region: "fra1" };

let dir: string;
let sandbox: Sandbox;
let clients: Client[] = [];
const client = (name: string): Client => {
  const made = new Client(sandbox.ports[name] ?? 0);
  clients.push(made);
  return made;
};
const start = async (): Promise<void> => {
  sandbox = await startSandbox({ dir, now: NOW });
};
const stop = async (): Promise<void> => {
  clients.forEach((each) => each.close());
  clients = [];
  await sandbox.stop();
};

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(dir, { recursive: true, force: true });
});

describe("a provider", () => {
  test("introduces itself as the pinned SDK's version and accepts secrets", async () => {
    const own = client("aws");
    expect(await own.handshake()).toMatchObject({
      acceptSecrets: true,
      acceptOutputs: false,
      supportsAutonamingConfiguration: true,
    });
    expect(await own.version()).toBe(packageSchema("aws").version);
    expect(await own.schemaText()).toBe("{}");
    expect(await own.configure({ region: "eu-west-3" })).toMatchObject({ acceptsecrets: true, supportspreview: true });
  });

  // The engine cancels attached providers at the end of every operation.
  test("goes on after Cancel and Attach", async () => {
    const own = client("digitalocean");
    await own.empty("attach");
    await own.empty("cancel");
    expect((await own.make(VPC, "net", { region: "fra1" })).id).not.toBe("");
  });

  test("serves one port per package and announces them for PULUMI_DEBUG_PROVIDERS", () => {
    expect(sandbox.debugProviders).toBe(
      Object.entries(sandbox.ports)
        .map(([name, port]) => `${name}:${port}`)
        .join(","),
    );
    expect(new Set(Object.values(sandbox.ports)).size).toBe(Object.keys(sandbox.ports).length);
  });

  test("checks its configuration", async () => {
    const own = client("aws");
    expect((await own.checkConfig({ region: "eu-west-3", defaultTags: '{"tags":{"a":"b"}}' })).failures).toEqual([]);
    expect((await own.checkConfig({})).failures.join()).toMatch(/region: missing or invalid region/);
    expect((await own.checkConfig({ region: "eu-west-3", regoin: "x" })).failures.join()).toMatch(
      /regoin.*did you mean|regoin/,
    );
    expect(await own.diffConfig({ region: "eu-west-3" }, { region: "us-east-1" })).toEqual(["region"]);
    expect(await own.diffConfig({ region: "eu-west-3" }, { region: "eu-west-3" })).toEqual([]);
  });

  test("refuses types, data sources and properties it does not know, naming them", async () => {
    const own = client("digitalocean");
    await expect(own.check("digitalocean:index/app:App", "x", {})).rejects.toThrow(
      /"digitalocean:index\/app:App".*sandbox does not model/,
    );
    await expect(own.invoke("digitalocean:index/getSizes:getSizes", {})).rejects.toThrow(/getSizes.*does not simulate/);
    const { failures } = await own.check(DROPLET, "web", { ...droplet, backup: true, sizes: "x" });
    expect(failures).toEqual([
      expect.stringMatching(/^backup: Invalid or unknown key "backup".*did you mean "backups"\?/),
      expect.stringMatching(/^sizes: Invalid or unknown key "sizes"/),
    ]);
    await expect(own.invoke("digitalocean:index/getSshKey:getSshKey", { nmae: "x" })).rejects.toThrow(/"nmae"/);
  });
});

describe("check", () => {
  test("fills defaults and notes them as Pulumi's bridge does", async () => {
    const { inputs } = await client("digitalocean").check(DROPLET, "web", {
      ...droplet,
      backups: true,
      backupPolicy: { plan: "daily" },
    });
    expect(inputs).toMatchObject({
      backups: true,
      resizeDisk: true,
      gracefulShutdown: false,
      backupPolicy: { plan: "daily", __defaults: [] },
    });
    expect(inputs["__defaults"]).toEqual(["gracefulShutdown", "ipv6", "monitoring", "name", "resizeDisk"]);
  });

  test("names resources, keeps the name on updates, and obeys the engine's naming", async () => {
    const own = client("digitalocean");
    const first = (await own.check(DROPLET, "web", droplet)).inputs;
    expect(first["name"]).toMatch(/^web-[0-9a-f]{7}$/);
    expect((await own.check(DROPLET, "web", droplet, { ...first, name: "web-0000000" })).inputs["name"]).toBe(
      "web-0000000",
    );
    expect(
      (await own.check(DROPLET, "web", droplet, { ...first, name: "mine", __defaults: [] })).inputs["name"],
    ).toMatch(/^web-/);
    expect((await own.check(DROPLET, "web", droplet, {}, { mode: 1, name: "web-dev" })).inputs["name"]).toBe("web-dev");
    expect((await own.check(DROPLET, "web", droplet, {}, { mode: 2, name: "" })).failures.join()).toMatch(
      /name: Missing required argument/,
    );
    const aws = client("aws");
    expect((await aws.check("aws:s3/bucket:Bucket", "Backups", {})).inputs["bucket"]).toMatch(/^backups-[0-9a-f]{7}$/);
    expect(
      (await aws.check("aws:iam/policy:Policy", "p", { policy: "{}", namePrefix: "a-" })).inputs["name"],
    ).toBeUndefined();
  });

  test("judges ranges, lengths, enums, patterns, conflicts and companions", async () => {
    const own = client("digitalocean");
    const reasons = async (type: string, inputs: Properties): Promise<string> =>
      (await own.check(type, "x", inputs)).failures.join("\n");
    expect(await reasons(DROPLET, { ...droplet, backups: true, backupPolicy: { hour: 21 } })).toMatch(
      /backupPolicy.hour.*at most 20/,
    );
    expect(await reasons(DROPLET, { ...droplet, backupPolicy: { plan: "daily" } })).toMatch(
      /"backupPolicy" needs "backups"/,
    );
    expect(await reasons(VPC, { region: "fra1", ipRange: "10.0.0.0" })).toMatch(/ipRange.*not a valid cidr/);
    expect(await reasons(VPC, { region: "fra1", description: "x".repeat(256) })).toMatch(/at most 255 characters/);
    const alert = {
      alerts: { emails: ["a@b.c"] },
      description: "d",
      type: "v1/insights/droplet/cpu",
      value: 80,
      window: "5m",
    };
    expect(await reasons("digitalocean:index/monitorAlert:MonitorAlert", { ...alert, compare: "Above" })).toMatch(
      /compare.*"GreaterThan", "LessThan"/,
    );
    const flare = client("cloudflare");
    const record = { zoneId: "z", name: "a", type: "A", ttl: 1 };
    expect(
      (
        await flare.check("cloudflare:index/dnsRecord:DnsRecord", "r", {
          ...record,
          content: "1.2.3.4",
          data: { value: "x" },
        })
      ).failures.join(),
    ).toMatch(/conflicts with/);
    const ruleset = { kind: "zone", name: "r", phase: "http_ratelimit", rules: [] };
    expect((await flare.check("cloudflare:index/ruleset:Ruleset", "r", ruleset)).failures.join()).toMatch(
      /exactly one of "accountId", "zoneId"/,
    );
    expect((await client("aws").check("aws:iam/policy:Policy", "p", { policy: "not json" })).failures.join()).toMatch(
      /not a valid IAM policy/,
    );
  });

  test("lets unknown and secret values through, and takes policy documents as objects", async () => {
    const own = client("digitalocean");
    const { inputs, failures } = await own.check(DROPLET, "web", {
      ...droplet,
      region: UNKNOWN,
      userData: secret("#cloud-config"),
      sshKeys: [UNKNOWN],
    });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ region: UNKNOWN, userData: secret("#cloud-config"), sshKeys: [UNKNOWN] });
    expect((await own.check(DROPLET, "web", { ...droplet, userData: secret(12) })).failures.join()).toMatch(
      /userData.*wanted a string/,
    );
    const document = { Version: "2012-10-17", Statement: [] };
    const { policy } = (await client("aws").check("aws:iam/policy:Policy", "p", { policy: document })).inputs;
    expect([typeof policy, JSON.parse(asText(policy))]).toEqual(["string", document]);
  });
});

describe("diff", () => {
  test("tells updates from replacements and shows the paths", async () => {
    const own = client("digitalocean");
    const known = await own.make(DROPLET, "web", { ...droplet, tags: ["a", "b"] });
    const change = async (news: Properties) =>
      own.diff(
        known,
        (await own.check(DROPLET, "web", { ...droplet, tags: ["a", "b"], ...news }, known.inputs)).inputs,
      );
    expect(await change({})).toMatchObject({ changes: "none", replaces: [], detailed: {} });
    expect(await change({ size: "s-4vcpu-8gb" })).toMatchObject({
      changes: "some",
      replaces: [],
      detailed: { size: { kind: "update", input: true } },
    });
    expect(await change({ image: "debian-12-x64" })).toMatchObject({
      replaces: ["image"],
      detailed: { image: { kind: "update-replace" } },
      deleteBeforeReplace: false,
    });
    expect(await change({ userData: UNKNOWN })).toMatchObject({
      replaces: ["userData"],
      detailed: { userData: { kind: "add-replace" } },
    });
    expect(await change({ tags: ["b", "a"] })).toMatchObject({ changes: "none" });
    expect(await change({ tags: ["b"] })).toMatchObject({ replaces: [], detailed: { "tags[1]": { kind: "delete" } } });
    expect(await change({ backups: true, backupPolicy: { plan: "daily" } })).toMatchObject({
      replaces: [],
      detailed: { backups: { kind: "update" }, backupPolicy: { kind: "add" } },
    });
  });

  test("replaces conditionally, and deletes first when the name is fixed", async () => {
    const own = client("digitalocean");
    const known = await own.make(DROPLET, "web", { ...droplet, name: "web", ipv6: true });
    const inputs = (await own.check(DROPLET, "web", { ...droplet, name: "web", ipv6: false }, known.inputs)).inputs;
    expect(await own.diff(known, inputs)).toMatchObject({ replaces: ["ipv6"], deleteBeforeReplace: true });
    const other = await own.make(DROPLET, "two", { ...droplet, ipv6: false });
    expect(
      await own.diff(other, (await own.check(DROPLET, "two", { ...droplet, ipv6: true }, other.inputs)).inputs),
    ).toMatchObject({ replaces: [] });
  });

  test("honours ignoreChanges, keeps values the cloud filled, reads policies by meaning", async () => {
    const own = client("digitalocean");
    const known = await own.make(DROPLET, "web", { ...droplet, userData: "a" });
    const inputs = (await own.check(DROPLET, "web", { ...droplet, userData: "b" }, known.inputs)).inputs;
    expect(await own.diff(known, inputs, ["userData"])).toMatchObject({ changes: "none", replaces: [] });
    // `region` may be left to the cloud, so dropping it from the program changes nothing.
    const { image, size } = droplet;
    expect(
      await own.diff(known, (await own.check(DROPLET, "web", { image, size, userData: "a" }, known.inputs)).inputs),
    ).toMatchObject({ changes: "none" });
    const aws = client("aws");
    await aws.configure({ region: "eu-west-3" });
    const policy = await aws.make("aws:iam/policy:Policy", "p", { policy: '{"Version":"2012-10-17","Statement":[]}' });
    expect(
      await aws.diff(policy, { ...policy.inputs, policy: '{"Statement": [], "Version": "2012-10-17"}' }),
    ).toMatchObject({ changes: "none" });
  });

  test("a resource follows the provider's region", async () => {
    const aws = client("aws");
    await aws.configure({ region: "eu-west-3" });
    const queue = await aws.make("aws:sqs/queue:Queue", "jobs", {});
    expect(queue.outputs["arn"]).toMatch(/^arn:aws:sqs:eu-west-3:123456789012:jobs-[0-9a-f]{7}$/);
    const moved = client("aws");
    await moved.configure({ region: "us-east-1" });
    expect(await moved.diff(queue, queue.inputs)).toMatchObject({ replaces: ["region"] });
    // The first connection keeps its own region.
    expect(await aws.diff(queue, queue.inputs)).toMatchObject({ changes: "none" });
  });
});

describe("create, read, update, delete", () => {
  test("a preview changes nothing and leaves what only the cloud knows unknown", async () => {
    const own = client("digitalocean");
    const { inputs } = await own.check(DROPLET, "web", droplet);
    const { id, outputs } = await own.create(DROPLET, "web", inputs, true);
    expect(id).toBe("");
    expect(outputs).toMatchObject({
      image: droplet.image,
      name: inputs["name"],
      ipv4Address: UNKNOWN,
      dropletUrn: UNKNOWN,
      vpcUuid: UNKNOWN,
    });
    expect(list(dir)).toEqual([]);
    const known = await own.make(DROPLET, "web", droplet);
    const later = await own.update(known, { ...known.inputs, size: "s-4vcpu-8gb" }, true);
    expect(later).toMatchObject({ size: "s-4vcpu-8gb", ipv4Address: known.outputs["ipv4Address"] });
    expect((await own.read(DROPLET, "web", known.id, known.inputs)).outputs["size"]).toBe("s-2vcpu-4gb");
    expect(calls(dir).filter(({ preview }) => preview)).toHaveLength(2);
  });

  test("computes what the cloud computes", async () => {
    const own = client("digitalocean");
    const vpc = await own.make(VPC, "net", { region: "fra1", ipRange: "10.10.0.0/20" });
    const { id, outputs } = await own.make(DROPLET, "web", { ...droplet, vpcUuid: vpc.id, ipv6: true });
    expect(outputs).toMatchObject({
      dropletUrn: `do:droplet:${id}`,
      createdAt: NOW,
      memory: 4096,
      vcpus: 2,
      disk: 80,
      priceMonthly: 24,
      status: "active",
      vpcUuid: vpc.id,
    });
    expect(outputs["ipv4Address"]).toMatch(/^(203\.0\.113|198\.51\.100|192\.0\.2)\.\d+$/);
    expect(outputs["ipv4AddressPrivate"]).toMatch(/^10\.10\.([0-9]|1[0-5])\.\d+$/);
    expect(outputs["ipv6Address"]).toMatch(/^2001:db8::/);
    const aws = client("aws");
    await aws.configure({ region: "eu-west-3", defaultTags: '{"tags":{"project":"jatsmanor"}}' });
    const bucket = await aws.make("aws:s3/bucket:Bucket", "b", { tags: { env: "mvp" } });
    expect(bucket.outputs).toMatchObject({
      arn: `arn:aws:s3:::${bucket.id}`,
      region: "eu-west-3",
      tagsAll: { project: "jatsmanor", env: "mvp" },
    });
  });

  test("marks secrets: sensitive outputs, and inputs that came as secrets", async () => {
    const aws = client("aws");
    await aws.configure({ region: "eu-west-3" });
    await aws.make("aws:iam/user:User", "writer", { name: "writer" });
    const key = await aws.make("aws:iam/accessKey:AccessKey", "key", { user: "writer" });
    expect(isSecret(key.outputs["secret"])).toBe(true);
    const own = client("digitalocean");
    const known = await own.make(DROPLET, "web", { ...droplet, userData: secret("canary") });
    expect(known.outputs["userData"]).toEqual(secret("canary"));
    expect(JSON.stringify(list(dir))).not.toContain("canary");
  });

  test("reads what is there, with inputs for imports, and nothing for what is gone", async () => {
    const own = client("digitalocean");
    const known = await own.make(VPC, "net", { region: "fra1" });
    const imported = await own.read(VPC, "other", known.id);
    expect(imported).toMatchObject({ id: known.id, inputs: { region: "fra1" }, outputs: { region: "fra1" } });
    expect(
      (await own.diff({ ...known, inputs: imported.inputs, outputs: imported.outputs }, known.inputs)).changes,
    ).toBe("none");
    await own.delete(known);
    await own.delete(known); // gone already: no error
    expect((await own.read(VPC, "net", known.id)).id).toBe("");
    await expect(own.update(known, known.inputs)).rejects.toThrow(/not found/);
  });

  test("an address or id is never given twice, and the same program gets the same ones", async () => {
    const own = client("digitalocean");
    const addresses = [];
    for (let index = 0; index < 60; index++)
      addresses.push((await own.make(DROPLET, `web${index}`, droplet)).outputs["ipv4Address"]);
    expect(new Set(addresses).size).toBe(60);
    const first = list(dir).find(({ name }) => name === "web0");
    await own.delete({ type: DROPLET, name: "web0", id: first?.id ?? "" });
    const again = await own.make(DROPLET, "web0", droplet);
    expect(again.id).not.toBe(first?.id);
    await stop();
    await reset(dir);
    await start();
    expect((await client("digitalocean").make(DROPLET, "web0", droplet)).id).toBe(first?.id);
  });

  test("state outlives the process, half-written files are ignored", async () => {
    const known = await client("digitalocean").make(VPC, "net", { region: "fra1" });
    await stop();
    appendFileSync(join(dir, "cloud", "Vpc-half.json.1.tmp"), '{"type":');
    await start();
    const own = client("digitalocean");
    expect((await own.read(VPC, "net", known.id)).id).toBe(known.id);
    // What was given out before the restart is not given out again.
    await own.delete(known);
    expect((await own.make(VPC, "net", { region: "fra1" })).id).not.toBe(known.id);
  });
});

describe("from outside Pulumi", () => {
  test("drift shows in Read and in Diff, also for what the program never set", async () => {
    const own = client("digitalocean");
    const known = await own.make(FIREWALL, "fw", {
      inboundRules: [{ protocol: "tcp", portRange: "22", sourceAddresses: ["198.51.100.0/24"] }],
    });
    drift({
      dir,
      type: "Firewall",
      target: "fw",
      set: { "inboundRules.0.sourceAddresses": ["0.0.0.0/0"], tags: ["by-hand"] },
    });
    const now = await own.read(FIREWALL, "fw", known.id, known.inputs, known.outputs);
    expect(now.inputs).toMatchObject({ inboundRules: [{ sourceAddresses: ["0.0.0.0/0"] }] });
    const { detailed, replaces } = await own.diff({ ...known, inputs: now.inputs, outputs: now.outputs }, known.inputs);
    expect(Object.keys(detailed).sort()).toEqual(["inboundRules[0].sourceAddresses[0]", "tags"]);
    expect(replaces).toEqual([]);
  });

  test("drift works on a stopped sandbox, deletes, and explains a target it does not find", async () => {
    const known = await client("digitalocean").make(VPC, "net", { region: "fra1" });
    await stop();
    drift({ dir, type: VPC, target: known.id, remove: true });
    expect(() => drift({ dir, type: "Vpc", target: "net" })).toThrow(/"Vpc" "net" matches nothing/);
    await start();
    expect((await client("digitalocean").read(VPC, "net", known.id)).id).toBe("");
    await client("digitalocean").make(VPC, "net", { region: "fra1" });
    expect(() => drift({ dir, type: "Vpc", target: "net", set: { nonsense: 1 } })).toThrow(/no property "nonsense"/);
  });

  test("a second server on the same folder is refused, and so is a reset under a running one", async () => {
    await expect(startSandbox({ dir })).rejects.toThrow(/serves .* already/);
    await expect(reset(dir)).rejects.toThrow(/stop it before a reset/);
    await expect(startSandbox({ dir: join(dir, "x"), packages: ["gcp"] })).rejects.toThrow(/no package "gcp"/);
  });

  test("faults: an error before, and an answer that never comes although the resource exists", async () => {
    const own = client("digitalocean");
    setFaults(dir, [{ type: VPC, operation: "create", when: "before", error: "503 service unavailable" }]);
    await expect(own.make(VPC, "net", { region: "fra1" })).rejects.toThrow(/503/);
    expect(list(dir)).toEqual([]);
    setFaults(dir, [{ name: "net", when: "after", hang: true }]);
    const { inputs } = await own.check(VPC, "net", { region: "fra1" });
    const answered = await Promise.race([
      own.create(VPC, "net", inputs).then(
        () => true,
        () => true,
      ),
      new Promise((resolve) => setTimeout(resolve, 300, false)),
    ]);
    expect(answered).toBe(false);
    expect(list(dir).map(({ name }) => name)).toEqual(["net"]);
    setFaults(dir, []);
  });

  test("every call is logged with method, type, name and failure", async () => {
    const own = client("digitalocean");
    const known = await own.make(VPC, "net", { region: "fra1" });
    await expect(own.make(DROPLET, "web", { ...droplet, vpcUuid: "none" })).rejects.toThrow();
    expect(calls(dir)).toEqual([
      { method: "Check", package: "digitalocean", type: VPC, name: "net" },
      { method: "Create", package: "digitalocean", type: VPC, name: "net", id: known.id },
      { method: "Check", package: "digitalocean", type: DROPLET, name: "web" },
      {
        method: "Create",
        package: "digitalocean",
        type: DROPLET,
        name: "web",
        error: "422 Failed to resolve VPC none",
      },
    ]);
  });
});

describe("as a process", () => {
  const serve = (args: string[]) =>
    spawn(process.execPath, [join(__dirname, "../../sandbox/main.ts"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const firstLine = (child: ReturnType<typeof serve>): Promise<string> =>
    new Promise((resolve) =>
      child.stdout.once("data", (data: Buffer) => resolve(data.toString().split("\n")[0] ?? "")),
    );
  const ended = (child: ReturnType<typeof serve>): Promise<number | null> =>
    new Promise((resolve) => child.once("exit", (code) => resolve(code)));

  test("announces itself, ends on SIGTERM, leaves the state", async () => {
    await stop();
    const child = serve(["serve", "--dir", dir, "--packages", "digitalocean", "--now", NOW]);
    const { pid, ports } = JSON.parse(await firstLine(child)) as { pid: number; ports: Record<string, number> };
    expect([pid, Object.keys(ports)]).toEqual([child.pid, ["digitalocean"]]);
    const own = new Client(ports["digitalocean"] ?? 0);
    const known = await own.make(VPC, "net", { region: "fra1" });
    own.close();
    const end = ended(child);
    child.kill("SIGTERM");
    expect(await end).toBe(0);
    await start();
    expect((await client("digitalocean").read(VPC, "net", known.id)).id).toBe(known.id);
  });

  test("ends when its parent is gone, and explains wrong arguments", async () => {
    await stop();
    const parent = spawn("sleep", ["30"]);
    const child = serve(["serve", "--dir", dir, "--packages", "tls", "--parent", String(parent.pid)]);
    await firstLine(child);
    const end = ended(child);
    parent.kill("SIGKILL");
    expect(await end).toBe(0);
    const wrong = serve(["serve"]);
    expect(await ended(wrong)).toBe(1);
    await start();
  });
});

describe("data sources", () => {
  test("find what the account has", async () => {
    const flare = client("cloudflare");
    const zone = await flare.invoke("cloudflare:index/getZone:getZone", { filter: { name: "jatsmanor.example" } });
    expect(zone).toMatchObject({ name: "jatsmanor.example", status: "active" });
    expect(await flare.invoke("cloudflare:index/getZone:getZone", { zoneId: zone["zoneId"] ?? "" })).toMatchObject({
      id: zone["id"],
    });
    await expect(
      flare.invoke("cloudflare:index/getZone:getZone", { filter: { name: "other.example" } }),
    ).rejects.toThrow(/no zone matches/);
    expect((await flare.invoke("cloudflare:index/getIpRanges:getIpRanges", {}))["ipv4Cidrs"]).toContain(
      "173.245.48.0/20",
    );
    const account = zone["account"] as Properties;
    expect(
      await flare.invoke("cloudflare:index/getAccount:getAccount", { accountId: account["id"] ?? "" }),
    ).toMatchObject({ name: "Jatsmanor" });
  });

  test("a declared inventory is added to the default one", async () => {
    await stop();
    const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPq6OmNoVSnVnh2Sh8BWpZC1x8uRT4pUOmkP1uHT3IkM ops";
    writeFileSync(
      join(dir, "inventory.json"),
      JSON.stringify([
        {
          type: "digitalocean:index/sshKey:SshKey",
          id: "42",
          outputs: { name: "ops", publicKey, fingerprint: "aa:bb" },
        },
      ]),
    );
    await start();
    const own = client("digitalocean");
    expect(await own.invoke("digitalocean:index/getSshKey:getSshKey", { name: "ops" })).toMatchObject({
      id: 42,
      fingerprint: "aa:bb",
    });
    expect((await own.make(DROPLET, "web", { ...droplet, sshKeys: ["42"] })).id).not.toBe("");
    expect(list(dir).map(({ type }) => type)).toEqual([DROPLET]);
  });

  test("AWS: identity, region, zones, images, policy documents", async () => {
    const aws = client("aws");
    await aws.configure({ region: "eu-west-3" });
    expect(await aws.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).toMatchObject({
      accountId: "123456789012",
    });
    expect(await aws.invoke("aws:index/getRegion:getRegion", {})).toMatchObject({
      name: "eu-west-3",
      region: "eu-west-3",
    });
    expect(
      (await aws.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" }))["names"],
    ).toEqual(["eu-west-3a", "eu-west-3b", "eu-west-3c"]);
    expect((await aws.invoke("aws:ec2/getAmi:getAmi", { owners: ["099720109477"], mostRecent: true }))["id"]).toMatch(
      /^ami-[0-9a-f]{17}$/,
    );
    const document = await aws.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          sid: "Write",
          actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
          resources: ["arn:aws:s3:::b/*"],
          conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["true"] }],
        },
        { effect: "Deny", actions: ["*"], resources: ["*"], principals: [{ type: "AWS", identifiers: ["*"] }] },
      ],
    });
    expect(JSON.parse(asText(document["json"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Write",
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
          Resource: "arn:aws:s3:::b/*",
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        },
        { Effect: "Deny", Action: "*", Resource: "*", Principal: { AWS: "*" } },
      ],
    });
  });
});

describe("providers without a cloud", () => {
  test("random: the asked length and classes, secret, the same in every rehearsal", async () => {
    const own = client("random");
    const made = await own.make("random:index/randomPassword:RandomPassword", "db", {
      length: 24,
      special: false,
      minNumeric: 3,
    });
    expect(isSecret(made.outputs["result"])).toBe(true);
    const text = asText(made.outputs["result"]);
    expect(text).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(text.replace(/\D/g, "").length).toBeGreaterThanOrEqual(3);
    const other = await own.make("random:index/randomPassword:RandomPassword", "other", { length: 24, special: false });
    expect(plain(other.outputs["result"] ?? "")).not.toBe(text);
    // Nothing but the Pulumi state knows a random resource: a refresh echoes it.
    expect((await own.read(made.type, "db", made.id, made.inputs, made.outputs)).outputs).toEqual(made.outputs);
    await expect(own.make("random:index/randomString:RandomString", "s", { length: 4, minLower: 5 })).rejects.toThrow(
      /at least sum/,
    );
    expect((await own.make("random:index/randomUuid:RandomUuid", "u", {})).outputs["result"]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4/,
    );
  });

  test("tls: real keys", async () => {
    const own = client("tls");
    for (const algorithm of ["ED25519", "ECDSA", "RSA"]) {
      const made = await own.make("tls:index/privateKey:PrivateKey", algorithm, {
        algorithm,
        ecdsaCurve: "P256",
        rsaBits: 2048,
      });
      const outputs = Object.fromEntries(Object.entries(made.outputs).map(([key, value]) => [key, plain(value)]));
      expect(isSecret(made.outputs["privateKeyPem"])).toBe(true);
      expect(outputs["publicKeyOpenssh"]).toMatch(/^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256) AAAA/);
      expect(
        await own.invoke("tls:index/getPublicKey:getPublicKey", { privateKeyPem: outputs["privateKeyPem"] ?? "" }),
      ).toMatchObject({ algorithm, publicKeyOpenssh: outputs["publicKeyOpenssh"] });
      const request = await own.make("tls:index/certRequest:CertRequest", `csr ${algorithm}`, {
        privateKeyPem: outputs["privateKeyPem"] ?? "",
        subject: { commonName: "x" },
      });
      expect(request.outputs["certRequestPem"]).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----/);
    }
    await expect(own.make("tls:index/certRequest:CertRequest", "bad", { privateKeyPem: "not a key" })).rejects.toThrow(
      /Failed to parse private key/,
    );
  });

  test("command: runs on known servers only, as version 1.2.1 does", async () => {
    const own = client("command");
    const COMMAND = "command:remote:Command";
    const connection = (host: string) => secret({ host, privateKey: "key" });
    await expect(own.make(COMMAND, "run", { connection: connection("192.0.2.250"), create: "true" })).rejects.toThrow(
      /dial tcp 192\.0\.2\.250:22: i\/o timeout/,
    );
    const web = await client("digitalocean").make(DROPLET, "web", droplet);
    const host = asText(web.outputs["ipv4Address"]);
    writeFileSync(
      join(dir, "commands.json"),
      JSON.stringify([
        { match: "^apply", stdout: "applied" },
        { match: "^fail", stderr: "no space", exitCode: 28 },
      ]),
    );
    const made = await own.make(COMMAND, "run", {
      connection: connection(host),
      create: "apply",
      stdin: secret("canary"),
      triggers: ["1"],
    });
    expect(made.outputs).toMatchObject({ stdout: "applied", stderr: "" });
    expect([isSecret(made.outputs["connection"]), made.outputs["stdin"]]).toEqual([true, secret("canary")]);
    expect(made.inputs).toMatchObject({ addPreviousOutputInEnv: true });
    expect(JSON.stringify(list(dir))).not.toContain("canary");
    // What it prints next time is not known in a preview.
    expect(await own.update(made, { ...made.inputs, create: "apply 2" }, true)).toMatchObject({
      stdout: UNKNOWN,
      stderr: UNKNOWN,
    });
    const again = await own.change(made, {
      connection: connection(host),
      create: "apply 2",
      stdin: secret("canary"),
      triggers: ["1"],
    });
    expect(
      list(dir)
        .find(({ name }) => name === "run")
        ?.runs.map(({ operation, environment }) => [operation, environment]),
    ).toEqual([
      ["create", []],
      ["update", ["PULUMI_COMMAND_STDOUT", "PULUMI_COMMAND_STDERR"]],
    ]);
    expect(await own.diff(again, { ...again.inputs, triggers: ["2"] })).toMatchObject({ replaces: ["triggers"] });
    await expect(own.make(COMMAND, "bad", { connection: connection(host), create: "fail now" })).rejects.toThrow(
      /Process exited with status 28.*\n.*no space/,
    );
    await expect(own.make("command:local:Command", "here", { create: "rm -rf /" })).rejects.toThrow(
      /sandbox runs nothing/,
    );
  });
});
