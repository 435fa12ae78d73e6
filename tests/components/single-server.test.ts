import { buildPhase } from "../../src/phases/index.ts";
import { readSettings } from "../../src/settings/index.ts";
import { type Recorded, type World, only, orphans, record } from "../support/recorder.ts";
import { stackConfig } from "../support/stack-config.ts";

const computed: World["computed"] = (type, name) => {
  switch (type) {
    case "digitalocean:index/droplet:Droplet":
      return { id: "4711", dropletUrn: "do:droplet:4711", ipv4Address: "203.0.113.9" };
    case "digitalocean:index/reservedIp:ReservedIp":
      return { ipAddress: "203.0.113.7" };
    case "tls:index/privateKey:PrivateKey":
      return {
        privateKeyPem: "-----KEY-----",
        privateKeyOpenssh: "-----KEY-----",
        publicKeyOpenssh: "ssh-ed25519 AAAAmade\n",
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
const EDGE = { ipv4Cidrs: ["192.0.2.0/24"], ipv6Cidrs: ["2001:db8:1::/48"], etag: "e", jdcloudCidrs: [] };

async function build(
  stack: "mvp" | "staging",
  change: Record<string, string> = {},
  preview = false,
): Promise<Recorded[]> {
  const { values, secretKeys } = stackConfig(stack);
  const world: World = {
    stack,
    config: { ...values, ...change },
    secretKeys,
    preview,
    computed,
    calls: { "cloudflare:index/getIpRanges:getIpRanges": EDGE },
  };
  return record(world, () => buildPhase(readSettings(), "jatsmanor", stack));
}

describe("the single server", () => {
  let all: Recorded[];
  beforeAll(async () => {
    all = await build("mvp");
  });
  const one = (type: string, name?: string) => only(all, type, name);

  test("every resource descends from a component", () => {
    expect(all.length).toBeGreaterThan(35);
    expect(orphans(all)).toEqual([]);
  });

  test("what is stateful is protected, the rest is not", () => {
    const names = all.filter((resource) => resource.protect).map((resource) => resource.name);
    expect(names.sort()).toEqual([
      "mvp-certificate-key",
      "mvp-database-password",
      "mvp-edge-always-use-https",
      "mvp-edge-automatic-https-rewrites",
      "mvp-edge-min-tls-version",
      "mvp-edge-security-header",
      "mvp-edge-ssl",
      "mvp-edge-tls-1-3",
      "mvp-firewall-rules",
      "mvp-offsite-block-public",
      "mvp-offsite-bucket",
      "mvp-offsite-versioning",
      "mvp-provisioner-key",
      "mvp-server-address",
      "mvp-server-droplet",
    ]);
  });

  test("allowReplace lifts the protection of the one resource it names, and is an input of the root", async () => {
    const lifted = await build("mvp", { "jatsmanor:allowReplace": '["mvp-server-droplet"]' });
    expect(only(lifted, "digitalocean:index/droplet:Droplet").protect).toBe(false);
    expect(only(lifted, "aws:s3/bucket:Bucket").protect).toBe(true);
    expect(only(lifted, "jatsmanor:phases:SingleServer").inputs["allowReplace"]).toEqual(["mvp-server-droplet"]);
  });

  test("the droplet is backed up daily, watched, and never replaced by what only a first boot reads", () => {
    const droplet = one("digitalocean:index/droplet:Droplet");
    expect(droplet.inputs).toMatchObject({
      size: "s-4vcpu-8gb",
      image: "ubuntu-24-04-x64",
      region: "fra1",
      backups: true,
      backupPolicy: { plan: "daily" },
      monitoring: true,
      resizeDisk: false,
    });
    expect(droplet.ignoreChanges).toEqual(["userData", "sshKeys", "image"]);
    expect(droplet.inputs["tags"]).toEqual(
      expect.arrayContaining(["project:jatsmanor", "env:mvp", "phase:mvp", "data-class:personal"]),
    );
  });

  test("web traffic comes from the edge only, SSH from the declared networks only", () => {
    const rules: any[] = one("digitalocean:index/firewall:Firewall").inputs["inboundRules"];
    expect(rules.map((rule) => [rule.portRange, rule.sourceAddresses])).toEqual([
      ["80", ["192.0.2.0/24", "2001:db8:1::/48"]],
      ["443", ["192.0.2.0/24", "2001:db8:1::/48"]],
      ["22", ["198.51.100.0/24"]],
    ]);
  });

  test("no secret is in user data, in a trigger or in any plain input", () => {
    const plain = all.map((resource) => JSON.stringify(withoutSecrets(resource.inputs))).join("\n");
    for (const secret of ["databasepassword", "write-only-secret", "-----KEY-----", "canary-secret"]) {
      expect(plain).not.toContain(secret);
      expect(plain).not.toContain(Buffer.from(secret).toString("base64").slice(0, 12));
    }
  });

  test("the bundle's triggers name each file with its checksum, so a preview shows which will change", async () => {
    const triggers = one("command:remote:Command").inputs["triggers"];
    expect(triggers[0]).toEqual(expect.arrayContaining([expect.stringMatching(/^\/etc\/nginx\/\S+ [0-9a-f]{16}$/)]));
    const other = await build("mvp", { "jatsmanor:domain": "other.example" });
    const changed = only(other, "command:remote:Command").inputs["triggers"][0].filter(
      (line: string) => !triggers[0].includes(line),
    );
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(triggers[0].length);
  });

  test("the writer of backups can add objects below the agreed prefixes and list the files, nothing else", () => {
    const policy = one("aws:iam/groupPolicy:GroupPolicy").inputs["policy"];
    const [add, list, ...others] = (typeof policy === "string" ? JSON.parse(policy) : policy).Statement;
    expect(others).toEqual([]);
    expect(add.Action).toEqual(["s3:PutObject", "s3:AbortMultipartUpload"]);
    for (const resource of add.Resource)
      expect(resource).toMatch(/^arn:aws:s3:::mvp-offsite-bucket-1a2b3c4\/[a-z/]+\/\*$/);
    // Names of the uploaded files only, so that a sync sends what is new.
    expect(list).toMatchObject({
      Action: "s3:ListBucket",
      Resource: "arn:aws:s3:::mvp-offsite-bucket-1a2b3c4",
      Condition: { StringLike: { "s3:prefix": ["files/", "files/*"] } },
    });
  });

  test("every alert has somebody who hears it, the critical one pages", () => {
    const alerts = all.filter((resource) => /:(Uptime|Monitor)Alert$/.test(resource.type));
    expect(alerts).toHaveLength(6);
    for (const alert of alerts) {
      const emails = alert.inputs["notifications"]?.[0].emails ?? alert.inputs["alerts"].emails;
      const expected =
        alert.name === "mvp-alerting-site-down" ? "critical@jatsmanor.example" : "warnings@jatsmanor.example";
      expect(emails).toEqual([expected]);
    }
    expect(one("digitalocean:index/uptimeAlert:UptimeAlert", "mvp-alerting-site-down").inputs).toMatchObject({
      type: "down_global",
      period: "2m",
    });
  });

  test("a first preview, with nothing known yet, registers the same resources", async () => {
    const preview = await build("mvp", {}, true);
    expect(preview.map((resource) => resource.urn)).toEqual(all.map((resource) => resource.urn));
  });

  test("a way in that the provider cannot build is an error naming provider and key", async () => {
    await expect(build("mvp", { "jatsmanor:adminAccess": '{"mode":"tunnel"}' })).rejects.toThrow(
      /digitalocean: jatsmanor:adminAccess\.mode "tunnel"/,
    );
  });
});

describe("staging", () => {
  let all: Recorded[];
  beforeAll(async () => {
    all = await build("staging");
  });

  test("is the same program as production, smaller and marked: half the size, anonymised data, no search engine", async () => {
    const production = await build("mvp");
    const types = (resources: Recorded[]) => new Set(resources.map((resource) => resource.type));
    expect([...types(production)].filter((type) => !types(all).has(type))).toEqual([]);
    const droplet = only(all, "digitalocean:index/droplet:Droplet").inputs;
    expect(droplet).toMatchObject({ size: "s-1vcpu-2gb", backups: true });
    expect(droplet["tags"]).toEqual(expect.arrayContaining(["env:staging", "phase:staging", "data-class:anonymised"]));
    expect(droplet["userData"]).toContain("X-Robots-Tag");
    expect(only(production, "digitalocean:index/droplet:Droplet").inputs["userData"]).not.toContain("X-Robots-Tag");
    expect(orphans(all)).toEqual([]);
  });

  test("nothing is protected, and its bucket may be deleted with what is in it", async () => {
    expect(all.filter((resource) => resource.protect)).toEqual([]);
    expect(only(all, "aws:s3/bucket:Bucket").inputs["forceDestroy"]).toBe(true);
    expect(only(await build("mvp"), "aws:s3/bucket:Bucket").inputs["forceDestroy"]).toBe(false);
  });

  test("keeps exports for its own 7 days unless the stack says otherwise", async () => {
    const days = (resources: Recorded[]) =>
      only(resources, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"][0].expiration;
    expect(days(all)).toEqual({ days: 7 });
    expect(days(await build("mvp"))).toEqual({ days: 35 });
  });

  test("has nothing of production: no value of its stack file but who pays, who administers and how", () => {
    const [own, production] = [stackConfig("staging").values, stackConfig("mvp").values];
    const shared = Object.keys(own).filter((key) => own[key] === production[key]);
    expect(shared.sort()).toEqual([
      "aws:region",
      "jatsmanor:adminAccess",
      "jatsmanor:admins",
      "jatsmanor:appKey", // both are the same canary here; the committed files hold placeholders
      "jatsmanor:backups",
      "jatsmanor:costCenter",
      "jatsmanor:owner",
      "jatsmanor:platform",
    ]);
  });

  test("the server's software follows the image, and the root says what runs", async () => {
    const versions = (resources: Recorded[]) => only(resources, "jatsmanor:phases:SingleServer").inputs["versions"];
    expect(versions(all)).toEqual({ php: "8.4", mysql: "8.4", valkey: "8", ubuntu: "24.04" });
    const old = await build("staging", {
      "jatsmanor:server": '{"image":"ubuntu-22-04-x64","phpVersion":"8.2"}',
    });
    expect(versions(old)).toMatchObject({ php: "8.2", ubuntu: "22.04" });
    const userData: string = only(old, "digitalocean:index/droplet:Droplet").inputs["userData"];
    expect(userData).toContain("jammy");
    expect(userData).not.toContain("noble");
    expect(userData).toContain("php8.2-fpm");
  });
});

/** Secret values replaced by a mark, as the state would hold them encrypted. */
function withoutSecrets(value: any): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
