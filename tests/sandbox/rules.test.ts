/** Rules between resources: references, unique names, what cannot be deleted. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drift } from "../../sandbox/admin.ts";
import { packageSchema } from "../../sandbox/schema/load.ts";
import type { Sandbox } from "../../sandbox/server.ts";
import { startSandbox } from "../../sandbox/server.ts";
import type { Properties } from "../../sandbox/values.ts";
import { Client } from "./client.ts";
import references from "../../sandbox/facts/references.json" with { type: "json" };
import unique from "../../sandbox/facts/unique.json" with { type: "json" };
import deletion from "../../sandbox/facts/deletion.json" with { type: "json" };

let dir: string;
let sandbox: Sandbox;
let own: Client;
let aws: Client;
let flare: Client;
const droplet = { image: "ubuntu-24-04-x64", size: "s-2vcpu-4gb", region: "fra1" };

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  sandbox = await startSandbox({ dir, packages: ["aws", "digitalocean", "cloudflare"] });
  [own, aws, flare] = [
    new Client(sandbox.ports["digitalocean"] ?? 0),
    new Client(sandbox.ports["aws"] ?? 0),
    new Client(sandbox.ports["cloudflare"] ?? 0),
  ];
  await aws.configure({ region: "eu-west-3" });
});
afterEach(async () => {
  for (const client of [own, aws, flare]) client.close();
  await sandbox.stop();
  rmSync(dir, { recursive: true, force: true });
});

test("the rules name types and properties that exist", () => {
  for (const [name, rules] of Object.entries(references)) {
    const schema = packageSchema(name);
    for (const [key, rule] of Object.entries(rules as Record<string, { to: string[] }>)) {
      for (const target of rule.to.filter((item) => item !== "*"))
        expect([key, schema.resources.has(`${name}:${target}`)]).toEqual([key, true]);
      const type = /^(\w+:[^.]+)\./.exec(key)?.[1];
      if (type) expect([key, schema.resources.has(type)]).toEqual([key, true]);
    }
  }
  for (const [key, rule] of Object.entries(unique)) {
    const schema = packageSchema(key.split(":")[0] ?? "").resources.get(key.split(" ")[0] ?? "");
    expect([key, rule.by.filter((name) => !schema?.inputs.has(name))]).toEqual([key, []]);
  }
  for (const [type, rules] of Object.entries(deletion)) {
    const schema = packageSchema(type.split(":")[0] ?? "").resources.get(type);
    const names = (rules as { property?: string; unless?: string }[]).flatMap((rule) =>
      [rule.property, rule.unless].filter((name) => name !== undefined),
    );
    expect([type, names.filter((name) => !schema?.inputs.has(name))]).toEqual([type, []]);
  }
});

describe("references", () => {
  test.each<[string, string, Properties, RegExp]>([
    [
      "a droplet in no VPC",
      "digitalocean:index/droplet:Droplet",
      { ...droplet, vpcUuid: "none" },
      /Failed to resolve VPC none/,
    ],
    [
      "a droplet with no such key",
      "digitalocean:index/droplet:Droplet",
      { ...droplet, sshKeys: ["1"] },
      /1 are invalid key identifiers/,
    ],
    ["a droplet of no size", "digitalocean:index/droplet:Droplet", { ...droplet, size: "huge" }, /invalid size/],
    [
      "a droplet nowhere",
      "digitalocean:index/droplet:Droplet",
      { ...droplet, region: "abj1" },
      /invalid region: "abj1"/,
    ],
    [
      "an assignment to nothing",
      "digitalocean:index/reservedIpAssignment:ReservedIpAssignment",
      { dropletId: 1, ipAddress: "203.0.113.1" },
      /could not be found/,
    ],
    [
      "a project's missing resource",
      "digitalocean:index/projectResources:ProjectResources",
      { project: "p", resources: ["do:droplet:1"] },
      /project p not found/,
    ],
    [
      "an alert on nothing",
      "digitalocean:index/uptimeAlert:UptimeAlert",
      { checkId: "x", type: "down", notifications: [{ emails: ["a@b.c"] }] },
      /check x not found/,
    ],
    ["a broken SSH key", "digitalocean:index/sshKey:SshKey", { publicKey: "hello" }, /Key invalid/],
  ])("%s is refused", async (_, type, inputs, message) => {
    await expect(own.make(type, "x", inputs)).rejects.toThrow(message);
  });

  test.each<[string, string, Properties, RegExp]>([
    ["a policy on no bucket", "aws:s3/bucketPolicy:BucketPolicy", { bucket: "none", policy: "{}" }, /NoSuchBucket/],
    ["a key for no user", "aws:iam/accessKey:AccessKey", { user: "none" }, /NoSuchEntity: The user with name none/],
    [
      "an unknown managed policy",
      "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      { group: "none", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
      /group with name none/,
    ],
    [
      "a subnet of no VPC",
      "aws:ec2/subnet:Subnet",
      { vpcId: "vpc-0", cidrBlock: "10.0.0.0/24" },
      /InvalidVpcID.NotFound/,
    ],
  ])("%s is refused", async (_, type, inputs, message) => {
    await expect(aws.make(type, "x", inputs)).rejects.toThrow(message);
  });

  test("Cloudflare: zones and what may be proxied", async () => {
    const record = { name: "a.jatsmanor.example", ttl: 1, content: "203.0.113.1" };
    await expect(
      flare.make("cloudflare:index/dnsRecord:DnsRecord", "r", { ...record, zoneId: "none", type: "A" }),
    ).rejects.toThrow(/Could not route to \/zones\/none/);
    const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
    await expect(
      flare.make("cloudflare:index/dnsRecord:DnsRecord", "r", {
        ...record,
        zoneId,
        type: "MX",
        proxied: true,
        priority: 1,
      }),
    ).rejects.toThrow(/cannot be proxied/);
    await expect(
      flare.make("cloudflare:index/dnsRecord:DnsRecord", "r", {
        ...record,
        zoneId,
        type: "A",
        proxied: true,
        ttl: 300,
      }),
    ).rejects.toThrow(/ttl must be set to 1/);
    expect(
      (await flare.make("cloudflare:index/dnsRecord:DnsRecord", "r", { ...record, zoneId, type: "A", proxied: true }))
        .id,
    ).toMatch(/^[0-9a-f]{32}$/);
  });

  test("a reference elsewhere is refused: region, VPC", async () => {
    const vpc = await own.make("digitalocean:index/vpc:Vpc", "net", { region: "lon1" });
    await expect(
      own.make("digitalocean:index/droplet:Droplet", "web", { ...droplet, vpcUuid: vpc.id }),
    ).rejects.toThrow(/is in region lon1, this resource is in fra1/);
    const one = await aws.make("aws:ec2/vpc:Vpc", "one", { cidrBlock: "10.0.0.0/16" });
    const two = await aws.make("aws:ec2/vpc:Vpc", "two", { cidrBlock: "10.1.0.0/16" });
    const subnet = await aws.make("aws:ec2/subnet:Subnet", "s", { vpcId: one.id, cidrBlock: "10.0.0.0/24" });
    const group = await aws.make("aws:ec2/securityGroup:SecurityGroup", "g", { vpcId: two.id });
    const instance = { ami: "ami-1", instanceType: "t3.micro", subnetId: subnet.id, vpcSecurityGroupIds: [group.id] };
    await expect(aws.make("aws:ec2/instance:Instance", "i", instance)).rejects.toThrow(/belong to different VPCs/);
  });

  test("a reserved address stays in its region, a droplet never shrinks its disk, a user has two keys at most", async () => {
    const web = await own.make("digitalocean:index/droplet:Droplet", "web", droplet);
    const address = await own.make("digitalocean:index/reservedIp:ReservedIp", "ip", { region: "lon1" });
    const assignment = { dropletId: Number(web.id), ipAddress: address.id };
    await expect(
      own.make("digitalocean:index/reservedIpAssignment:ReservedIpAssignment", "a", assignment),
    ).rejects.toThrow(/same region as the Droplet/);
    await expect(own.change(web, { ...droplet, size: "s-1vcpu-1gb" })).rejects.toThrow(/smaller disk/);
    expect((await own.change(web, { ...droplet, size: "s-4vcpu-8gb" })).outputs["memory"]).toBe(8192);
    await aws.make("aws:iam/user:User", "u", { name: "writer" });
    for (const key of ["one", "two"]) await aws.make("aws:iam/accessKey:AccessKey", key, { user: "writer" });
    await expect(aws.make("aws:iam/accessKey:AccessKey", "three", { user: "writer" })).rejects.toThrow(/LimitExceeded/);
  });

  test("a wrong reference is refused in an update as well, and in no preview", async () => {
    const web = await own.make("digitalocean:index/firewall:Firewall", "fw", { inboundRules: [] });
    await expect(own.change(web, { inboundRules: [], dropletIds: [7] })).rejects.toThrow(/droplet 7 does not exist/);
    expect(await own.create("digitalocean:index/firewall:Firewall", "fw2", { dropletIds: [7] }, true)).toMatchObject({
      outputs: { dropletIds: [7] },
    });
  });
});

describe("names", () => {
  test("that must be unique are refused twice; droplets may share one", async () => {
    await own.make("digitalocean:index/vpc:Vpc", "a", { region: "fra1", name: "net" });
    await expect(own.make("digitalocean:index/vpc:Vpc", "b", { region: "fra1", name: "net" })).rejects.toThrow(
      /VPC name is already in use \(net\)/,
    );
    await own.make("digitalocean:index/droplet:Droplet", "a", { ...droplet, name: "web" });
    expect((await own.make("digitalocean:index/droplet:Droplet", "b", { ...droplet, name: "web" })).id).not.toBe("");
    await aws.make("aws:s3/bucket:Bucket", "a", { bucket: "jats-backups" });
    const elsewhere = new Client(sandbox.ports["aws"] ?? 0);
    await elsewhere.configure({ region: "us-east-1" });
    await expect(elsewhere.make("aws:s3/bucket:Bucket", "b", { bucket: "jats-backups" })).rejects.toThrow(
      /BucketAlreadyExists/,
    );
    // Queue names are unique in a region only.
    await aws.make("aws:sqs/queue:Queue", "q", { name: "jobs" });
    await expect(aws.make("aws:sqs/queue:Queue", "q2", { name: "jobs" })).rejects.toThrow(/QueueAlreadyExists/);
    expect((await elsewhere.make("aws:sqs/queue:Queue", "q3", { name: "jobs" })).id).toContain("us-east-1");
    elsewhere.close();
  });

  test("cannot be taken by a change either", async () => {
    await own.make("digitalocean:index/project:Project", "a", { name: "one" });
    const other = await own.make("digitalocean:index/project:Project", "b", { name: "two" });
    await expect(own.change(other, { name: "one" })).rejects.toThrow(/name is already in use/);
    expect((await own.change(other, { name: "two", description: "x" })).outputs["description"]).toBe("x");
  });

  test("settings of one zone are put again by the same resource, not by a second one", async () => {
    const setting = { zoneId: "023e105f4ecef8ad9ca31a8372d0c353", settingId: "ssl", value: "strict" };
    const first = await flare.make("cloudflare:index/zoneSetting:ZoneSetting", "ssl", setting);
    expect((await flare.make("cloudflare:index/zoneSetting:ZoneSetting", "ssl", setting)).id).toBe(first.id);
    await expect(flare.make("cloudflare:index/zoneSetting:ZoneSetting", "other", setting)).rejects.toThrow(
      /would overwrite each other/,
    );
  });
});

describe("deletion", () => {
  test("waits for what depends on it", async () => {
    const vpc = await own.make("digitalocean:index/vpc:Vpc", "net", { region: "fra1" });
    const web = await own.make("digitalocean:index/droplet:Droplet", "web", { ...droplet, vpcUuid: vpc.id });
    await expect(own.delete(vpc)).rejects.toThrow(/Can not delete VPC with members/);
    await own.delete(web);
    await own.delete(vpc);
    const network = await aws.make("aws:ec2/vpc:Vpc", "net", { cidrBlock: "10.0.0.0/16" });
    const subnet = await aws.make("aws:ec2/subnet:Subnet", "s", { vpcId: network.id, cidrBlock: "10.0.0.0/24" });
    await expect(aws.delete(network)).rejects.toThrow(/DependencyViolation: The vpc/);
    await aws.delete(subnet);
    await aws.delete(network);
  });

  test("of users, groups and policies in use is refused", async () => {
    const user = await aws.make("aws:iam/user:User", "u", { name: "writer" });
    const policy = await aws.make("aws:iam/policy:Policy", "p", { policy: "{}" });
    const key = await aws.make("aws:iam/accessKey:AccessKey", "k", { user: "writer" });
    const attachment = await aws.make("aws:iam/userPolicyAttachment:UserPolicyAttachment", "a", {
      user: "writer",
      policyArn: policy.outputs["arn"] ?? "",
    });
    await expect(aws.delete(user)).rejects.toThrow(/DeleteConflict/);
    await expect(aws.delete(policy)).rejects.toThrow(/Cannot delete a policy attached to entities/);
    await aws.delete(attachment);
    await aws.delete(policy);
    await aws.delete(key);
    await aws.delete(user);
  });

  test("of what is not empty or is protected is refused", async () => {
    const bucket = await aws.make("aws:s3/bucket:Bucket", "b", { bucket: "jats-backups" });
    drift({ dir, type: "Bucket", target: "b", contents: ["dumps/2026-11-24.sql.gz"] });
    await expect(aws.delete(bucket)).rejects.toThrow(/BucketNotEmpty/);
    await aws.change(bucket, { bucket: "jats-backups", forceDestroy: true });
    await aws.delete(bucket);
    const database = {
      identifier: "db",
      engine: "mysql",
      instanceClass: "db.t3.medium",
      allocatedStorage: 20,
      username: "root",
      password: "secret-1234",
    };
    const kept = await aws.make("aws:rds/instance:Instance", "db", {
      ...database,
      deletionProtection: true,
      skipFinalSnapshot: true,
    });
    await expect(aws.delete(kept)).rejects.toThrow(/Cannot delete protected DB Instance/);
    const open = await aws.change(kept, { ...database, deletionProtection: false, skipFinalSnapshot: false });
    await expect(aws.delete(open)).rejects.toThrow(/final_snapshot_identifier is required/);
    await aws.change(open, {
      ...database,
      deletionProtection: false,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "last",
    });
    await aws.delete(open);
  });
});
