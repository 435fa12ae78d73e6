import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { appEnv } from "../../src/host/app-env.ts";
import { hostBundle, secretFiles } from "../../src/host/bundle.ts";
import { cloudInit } from "../../src/host/cloud-init.ts";
import { type MeshPeer, meshPublicKey } from "../../src/host/mesh.ts";
import { renderHost } from "../../src/host/render.ts";
import { duties } from "../../src/host/roles.ts";
import { hostSizing, totalMiB } from "../../src/host/sizing.ts";
import type { HostSpec } from "../../src/host/spec.ts";
import { file, mvp } from "./fixture.ts";

const key = (letter: string) => `${letter.repeat(43)}=`;
const peer = (name: string, role: MeshPeer["role"], number: number): MeshPeer => ({
  name,
  role,
  address: `10.30.0.${number}`,
  endpoint: `203.0.113.${number}`,
  publicKey: key(name.at(-1)!.toUpperCase()),
});
const hosts = [peer("database", "database", 10), peer("web-1", "web", 11), peer("web-2", "web", 12)];
const mesh = (name: string) => ({
  port: 51820,
  cidr: "10.30.0.0/24",
  address: hosts.find((host) => host.name === name)!.address,
  peers: hosts.filter((host) => host.name !== name),
});

const web = (overrides: Partial<HostSpec> = {}) =>
  mvp({ role: "web", mesh: mesh("web-1"), trustedProxies: ["10.108.0.0/22"], ...overrides });
const database = (overrides: Partial<HostSpec> = {}) =>
  mvp({
    role: "database",
    workers: true,
    mesh: mesh("database"),
    trustedProxies: [],
    sizes: { memoryMiB: 24576, cpus: 8 },
    remoteConnections: 96,
    backup: { ...mvp().backup, everyHours: 6, binlogEveryMinutes: 15 },
    ...overrides,
  });
const paths = (spec: HostSpec) => renderHost(spec).map((f) => f.path);

describe("roles", () => {
  test("a web host has no data and no workers, a database host no web server", () => {
    const onWeb = paths(web()).join("\n");
    expect(onWeb).toMatch(/nginx\/nginx.conf/);
    expect(onWeb).not.toMatch(/mysql|valkey|supervisor|cron\.d|backup|database-user/);
    const onData = paths(database()).join("\n");
    expect(onData).toMatch(/mysql/);
    expect(onData).toMatch(/cron\.d\/jatsmanor-scheduler/);
    expect(onData).not.toMatch(/nginx|fpm/);
    expect(paths(database({ workers: false })).join("\n")).not.toMatch(/supervisor|cron\.d|\/php\//);
  });

  test("their first boot installs what they do, in valid bash, and fits into user data", () => {
    for (const [spec, wanted, unwanted] of [
      [web(), "nginx", "mysql-community-server"],
      [database(), "mysql-community-server", " nginx"],
      [database({ workers: false }), "mysql-community-server", "php8.4"],
    ] as const) {
      const script = file("/usr/local/sbin/jatsmanor-bootstrap", spec);
      expect(script).toContain(wanted);
      expect(script).not.toContain(unwanted);
      expect(script).toContain("wireguard-tools");
      expect(cloudInit(spec)).toContain("jatsmanor-bootstrap");
    }
  });

  test("every script and unit of every role is whole", () => {
    for (const spec of [web(), database(), database({ workers: false })]) {
      const files = renderHost(spec);
      const known = new Set(files.map((f) => f.path));
      for (const f of files) {
        if (!f.path.startsWith("/usr/local/sbin/")) continue;
        const { status, stderr } = spawnSync("bash", ["-n"], { input: f.content, encoding: "utf8" });
        expect([f.path, status, stderr]).toEqual([f.path, 0, ""]);
      }
      for (const [, program] of files.flatMap((f) => [
        ...f.content.matchAll(/^ExecStart=(\/usr\/local\/sbin\/[\w-]+)/gm),
      ]))
        expect(known).toContain(program);
      for (const unit of files.flatMap((f) => f.enable)) expect(known).toContain(`/etc/systemd/system/${unit}`);
    }
  });

  test("a role that is not built, a mesh without keys and a lonely web host are refused", () => {
    expect(() => renderHost(web({ role: "edge" }))).toThrow('role "edge" is not built');
    expect(() => renderHost(mvp({ role: "web" }))).toThrow('role "web" needs a mesh');
    const broken = { ...mesh("web-1"), peers: [{ ...hosts[0]!, publicKey: "" }] };
    expect(() => renderHost(web({ mesh: broken }))).toThrow('peer "database" has the public key ""');
    expect(() => renderHost(web({ mesh: { ...mesh("web-1"), address: "10.30.0.10" } }))).toThrow("an address twice");
  });
});

describe("sizing of a role", () => {
  test("a web host gives its memory to PHP, a database host counts the others' connections", () => {
    const onWeb = hostSizing(8192, 4, duties(web()));
    expect(onWeb).toMatchObject({ phpChildren: 32, mysqlBufferPoolMiB: 0, horizonProcesses: 0, valkeyCacheMiB: 0 });
    const onData = hostSizing(24576, 8, duties(database()), 96);
    expect(onData).toMatchObject({ mysqlBufferPoolMiB: 12288, horizonProcesses: 16, mysqlMaxConnections: 142 });
    expect(totalMiB(onWeb)).toBeLessThanOrEqual(8192);
    expect(totalMiB(onData)).toBeLessThanOrEqual(24576);
  });
});

describe("the firewall of a role", () => {
  const DHCP = "udp dport 546 udp sport 547 accept";
  const rules = (spec: HostSpec) =>
    file("/etc/nftables.conf", spec)
      .match(/^.* dport .* accept$/gm)!
      .map((r) => r.trim());
  test("web: administrators, load balancer and the tunnel, nothing else", () =>
    expect(rules(web())).toEqual([
      DHCP,
      "tcp dport 22 ip saddr @admin4 accept",
      "tcp dport 22 ip6 saddr @admin6 accept",
      "tcp dport 443 ip saddr @proxy4 accept",
      "tcp dport 443 ip6 saddr @proxy6 accept",
      "udp dport 51820 ip saddr @peer4 accept",
      "udp dport 51820 ip6 saddr @peer6 accept",
    ]));
  test("database: MySQL and Valkey from web hosts and through the tunnel only", () => {
    const own = rules(database());
    expect(own.filter((rule) => rule.includes("3306"))).toEqual([
      'iifname "mesh" tcp dport { 3306, 6379, 6380 } ip saddr @web4 accept',
    ]);
    expect(own.join()).not.toContain("443");
    expect(file("/etc/nftables.conf", database())).toContain("elements = { 10.30.0.11, 10.30.0.12 }");
  });
});

describe("the mesh", () => {
  test("derives public keys as the platform's own X25519 does", () => {
    const { privateKey } = generateKeyPairSync("x25519");
    const { d, x } = privateKey.export({ format: "jwk" }) as { d: string; x: string };
    const base64 = (text: string) => Buffer.from(text, "base64url").toString("base64");
    expect(meshPublicKey(base64(d))).toBe(base64(x));
  });

  test("every host lists the others, with their keys and addresses and no private key", () => {
    const config = file("/etc/wireguard/mesh.conf", web());
    expect(config.match(/^AllowedIPs = .*$/gm)).toEqual(["AllowedIPs = 10.30.0.10/32", "AllowedIPs = 10.30.0.12/32"]);
    expect(config).toContain("Endpoint = 203.0.113.10:51820");
    expect(config).not.toContain("PrivateKey");
  });

  test("its key is a secret file of the host, of the form that WireGuard reads", () => {
    const secrets = { appEnv: "A=b", meshKey: key("K"), certificate: { certificate: "C", privateKey: "P" } };
    expect(secretFiles(web(), secrets)).toContainEqual({
      path: "/etc/wireguard/mesh.key",
      mode: "0600",
      owner: "root:root",
      content: `${key("K")}\n`,
      restart: ["jatsmanor-mesh.service"],
    });
    expect(hostBundle(web()).payload).not.toContain(Buffer.from(key("K")).toString("base64").slice(0, 20));
  });

  test("a host is told which secret it lacks", () => {
    expect(() => secretFiles(web(), { appEnv: "A=b" })).toThrow("no certificate");
    expect(() => secretFiles(database(), { appEnv: "A=b" })).toThrow("(database) needs the secret databasePassword");
    expect(() => meshPublicKey("c2hvcnQ=")).toThrow("a mesh key has 5 bytes");
  });
});

describe("data across hosts", () => {
  test("MySQL and Valkey listen on the mesh and on loopback, Valkey with a password", () => {
    expect(file("/etc/mysql/mysql.conf.d/zz-jatsmanor.cnf", database())).toMatch(
      /^bind_address = 127.0.0.1,10.30.0.10$/m,
    );
    for (const instance of ["cache", "queue"]) {
      const config = file(`/etc/valkey/${instance}.conf`, database());
      expect(config).toMatch(/^bind 127.0.0.1 -::1 10.30.0.10$/m);
      expect(config).toMatch(/^include \/etc\/valkey\/auth.conf$/m);
    }
    expect(file("/usr/local/sbin/jatsmanor-database-user", database())).toContain("'jatsmanor'@'10.30.0.0/24'");
    expect(file("/usr/local/sbin/jatsmanor-database-user", mvp())).not.toContain("10.30");
  });

  test("dumps every six hours, binary logs every quarter of an hour, both off-site", () => {
    const timer = (name: string) => file(`/etc/systemd/system/jatsmanor-${name}.timer`, database());
    expect(timer("backup-database")).toContain("OnCalendar=*-*-* 00/6:00:00");
    expect(timer("backup-binlog")).toContain("OnCalendar=*:0/15");
    expect(file("/usr/local/sbin/jatsmanor-backup-binlog", database())).toContain("mysql/daily/binlog/");
  });

  test("the application is led to the database host and to shared files", () => {
    const text = appEnv({
      environment: "production",
      domain: "jatsmanor.example",
      appKey: "base64:x",
      database: "jatsmanor",
      databasePassword: "p",
      timezone: "Africa/Abidjan",
      data: { host: "10.30.0.10", cachePassword: "c" },
      files: { bucket: "media", region: "gra", endpoint: "https://s3.example", accessKeyId: "a", secretAccessKey: "s" },
    });
    expect(text).toContain("DB_HOST=10.30.0.10\n");
    expect(text).not.toContain("DB_SOCKET");
    expect(text).toContain("REDIS_HOST=10.30.0.10\nREDIS_PASSWORD=c\n");
    expect(text).toContain("FILESYSTEM_DISK=s3\n");
  });

  test("nginx behind a load balancer answers TLS without a name, and drops names that are not ours", () => {
    const site = file("/etc/nginx/jatsmanor/site.conf", web());
    expect(site).toContain("listen 443 ssl http2 default_server;");
    expect(site).not.toContain("ssl_reject_handshake");
    expect(site).toContain('if ($host !~ "^(jatsmanor\\.example|www\\.jatsmanor\\.example)$")');
  });
});
