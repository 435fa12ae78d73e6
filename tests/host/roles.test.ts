import { spawnSync } from "node:child_process";
import { X509Certificate, createHash, generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appEnv } from "../../src/host/app-env.ts";
import { hostBundle, secretFiles } from "../../src/host/bundle.ts";
import { cloudInit } from "../../src/host/cloud-init.ts";
import { firstBootScript } from "../../src/host/first-boot.ts";
import { meshPublicKey } from "../../src/host/mesh.ts";
import { renderHost } from "../../src/host/render.ts";
import { duties } from "../../src/host/roles.ts";
import { hostSizing, totalMiB } from "../../src/host/sizing.ts";
import type { HostSpec, MeshPeer } from "../../src/host/spec.ts";
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

describe("the backup session of a host that is not at AWS", () => {
  const arn = (kind: string) => `arn:aws:rolesanywhere:eu-west-3:123456789012:${kind}/1`;
  const session = { trustAnchorArn: arn("trust-anchor"), profileArn: arn("profile"), roleArn: "arn:aws:iam::1:role/w" };
  const spec = database({ backup: { ...database().backup, session } });
  const folder = mkdtempSync(join(tmpdir(), "jats-session-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The script with its key and certificate here, and a `curl` that keeps its arguments and answers. */
  function run(): { status: number | null; stdout: string; stderr: string; sent: string[] } {
    const script = file("/usr/local/sbin/jatsmanor-offsite-session", spec).replaceAll("/etc/jatsmanor/offsite", folder);
    const answer = {
      credentialSet: [{ credentials: { accessKeyId: "A", secretAccessKey: "b c", sessionToken: "T" } }],
    };
    writeFileSync(
      join(folder, "curl"),
      `#!/bin/bash\nprintf '%s\\0' "$@" >${folder}/sent\necho '${JSON.stringify(answer)}'\n`,
      { mode: 0o755 },
    );
    const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}` };
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", env });
    return { status, stdout, stderr, sent: status === 0 ? readFileSync(join(folder, "sent"), "utf8").split("\0") : [] };
  }

  test("without its key the host is told what to do", () => {
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining("run the update that delivers") });
  });

  test("signs the request with the host's own key, as signature version 4 with X.509 asks", () => {
    const openssl = (...args: string[]) => expect(spawnSync("openssl", args, { cwd: folder }).status).toBe(0);
    openssl(
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=database".split(" "),
      ..."-keyout host.key -out host.pem".split(" "),
    );
    const { status, stdout, sent } = run();
    expect(status).toBe(0);
    expect(stdout).toBe("export AWS_ACCESS_KEY_ID=A\nexport AWS_SECRET_ACCESS_KEY='b c'\nexport AWS_SESSION_TOKEN=T\n");

    const certificate = new X509Certificate(readFileSync(join(folder, "host.pem")));
    const header = (name: string) => sent.find((text) => text.startsWith(`${name}: `))!.slice(name.length + 2);
    const [now, der] = [header("X-Amz-Date"), header("X-Amz-X509")];
    expect(der).toBe(certificate.raw.toString("base64"));
    const host = "rolesanywhere.eu-west-3.amazonaws.com";
    expect(sent).toContain(`https://${host}/sessions`);
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const signed = "content-type;host;x-amz-date;x-amz-x509";
    const body = sent.find((text) => text.startsWith("{"))!;
    expect(JSON.parse(body)).toEqual({ durationSeconds: 3600, ...session });
    const request = [
      "POST",
      "/sessions",
      "",
      "content-type:application/json",
      `host:${host}`,
      `x-amz-date:${now}`,
      `x-amz-x509:${der}`,
      "",
      signed,
      sha256(body),
    ].join("\n");
    const scope = `${now.slice(0, 8)}/eu-west-3/rolesanywhere/aws4_request`;
    const serial = BigInt(`0x${certificate.serialNumber}`);
    const [, credential, headers, signature] =
      /^AWS4-X509-ECDSA-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]+)$/.exec(
        header("Authorization"),
      )!;
    expect([credential, headers]).toEqual([`${serial}/${scope}`, signed]);
    const text = ["AWS4-X509-ECDSA-SHA256", now, scope, sha256(request)].join("\n");
    const ok = verify("sha256", Buffer.from(text), certificate.publicKey, Buffer.from(signature!, "hex"));
    expect(ok).toBe(true);
  });

  test("backups ask for it, and the secrets are the host's certificate and key", () => {
    expect(file("/usr/local/sbin/jatsmanor-backup-database", spec)).toContain("session=$(jatsmanor-offsite-session)");
    expect(file("/usr/local/sbin/jatsmanor-backup-database", database())).not.toContain("offsite-session");
    const secrets = {
      appEnv: "A=b",
      databasePassword: "p",
      cachePassword: "c",
      meshKey: key("K"),
      offsite: { certificate: "C", privateKey: "P" },
    };
    const found = secretFiles(spec, secrets).map(({ path, mode }) => `${mode} ${path}`);
    expect(found).toContain("0600 /etc/jatsmanor/offsite/host.key");
    expect(found.join()).not.toContain("backup.env");
  });
});

describe("the first boot of a machine without cloud-init", () => {
  test("is one valid script that makes users, writes the boot files and runs the bootstrap, once", () => {
    const script = firstBootScript(web());
    expect(spawnSync("bash", ["-n"], { input: script }).status).toBe(0);
    expect(script).toContain("add_user ops '");
    for (const { path, boot } of renderHost(web()).filter((f) => f.boot))
      expect([boot, script.includes(path)]).toEqual([true, true]);
    expect(script).toContain("[ -e /var/lib/jatsmanor/bootstrapped ] || /usr/local/sbin/jatsmanor-bootstrap");
  });

  test("writes the very bytes that cloud-init would", () => {
    const script = firstBootScript(web());
    const [, encoded] = /base64 -d <<<'([^']+)' \| install -m 0755 \/dev\/stdin \/etc\/nftables.conf/.exec(script)!;
    expect(Buffer.from(encoded!, "base64").toString()).toBe(file("/etc/nftables.conf", web()));
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
