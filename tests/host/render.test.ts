import fc from "fast-check";
import { appEnv } from "../../src/host/app-env.ts";
import { bundleChanges, hostBundle, secretFiles } from "../../src/host/bundle.ts";
import { renderHost } from "../../src/host/render.ts";
import { bufferPoolMiB, hostSizing, totalMiB } from "../../src/host/sizing.ts";
import type { HostSpec } from "../../src/host/spec.ts";
import { file, mvp } from "./fixture.ts";

const changedBy = (overrides: Partial<HostSpec>) =>
  bundleChanges(hostBundle(mvp()).manifest, hostBundle(mvp(overrides)).manifest);

describe("Ubuntu 22.04, the guide's", () => {
  const jammy = (overrides: Partial<HostSpec["versions"]> = {}) =>
    mvp({ versions: { ...mvp().versions, ubuntu: "22.04", ...overrides } });
  const bootstrap = file("/usr/local/sbin/jatsmanor-bootstrap", jammy());

  test("every source and archive is of its series, and a machine of another one is refused first", () => {
    expect(bootstrap).not.toContain("noble");
    expect(bootstrap).toMatch(/add_source php \S+ jammy /);
    expect(bootstrap).toMatch(/add_source mysql \S+ jammy mysql-8\.4-lts/);
    expect(bootstrap).toContain("-jammy-${machine}.tar.gz");
    expect(bootstrap.indexOf('[ "$release" = jammy ]')).toBeLessThan(bootstrap.indexOf("protection first"));
    expect(file("/usr/local/sbin/jatsmanor-bootstrap")).toContain('[ "$release" = noble ]');
  });

  test("rclone comes from its publisher by checksum, where Ubuntu's is too old for write-only credentials", () => {
    expect(bootstrap).toMatch(/rclone-v[\d.]+-linux-amd64\.deb/);
    expect(bootstrap).toMatch(/[0-9a-f]{64} {2}\$work\/rclone\.deb/);
    expect(bootstrap).not.toMatch(/install_packages .* rclone/);
    expect(file("/usr/local/sbin/jatsmanor-bootstrap")).toMatch(/install_packages .* rclone/);
  });

  test("nginx 1.18 gets no directive that it does not know", () => {
    expect(file("/etc/nginx/jatsmanor/site.conf", jammy())).not.toContain("ssl_reject_handshake");
    expect(file("/etc/nginx/jatsmanor/site.conf")).toContain("ssl_reject_handshake on;");
  });

  test("its archive has no Valkey", () =>
    expect(() => renderHost(jammy({ valkey: "7.2" }))).toThrow(/versions\.valkey "7\.2"[\s\S]*use "8"/));
});

describe("sizing", () => {
  test.each([
    [16384, 8192],
    [8192, 4096],
    [4096, 1024],
    [2048, 256],
    [1024, 128],
  ])("%i MiB of memory give MySQL %i MiB", (memory, pool) => expect(bufferPoolMiB(memory)).toBe(pool));

  test.each([
    { memory: 8192, cpus: 4, phpChildren: 13, horizonProcesses: 8, swapMiB: 2048 },
    { memory: 4096, cpus: 2, phpChildren: 15, horizonProcesses: 4, swapMiB: 2048 },
    { memory: 2048, cpus: 1, phpChildren: 8, horizonProcesses: 2, swapMiB: 2048 },
    { memory: 1024, cpus: 1, phpChildren: 2, horizonProcesses: 2, swapMiB: 1024 },
  ])("$memory MiB and $cpus processors", ({ memory, cpus, ...expected }) =>
    expect(hostSizing(memory, cpus)).toMatchObject(expected),
  );

  test("full at once, everything still fits in memory", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1024, max: 262144 }), fc.integer({ min: 1, max: 64 }), (memory, cpus) => {
        const size = hostSizing(memory, cpus);
        expect(totalMiB(size)).toBeLessThanOrEqual(memory);
        expect(size.phpSpareMin).toBeLessThanOrEqual(size.phpSpareMax);
        expect(size.phpSpareMax).toBeLessThanOrEqual(size.phpChildren);
        expect(size.mysqlMaxConnections).toBeGreaterThan(size.phpChildren + size.horizonProcesses);
      }),
    ));

  test.each([
    [512, 1, "memoryMiB is 512"],
    [2048, 0, "cpus is 0"],
    [2048.5, 1, "memoryMiB is 2048.5"],
  ])("%d MiB, %d processors are refused", (memory, cpus, text) => expect(() => hostSizing(memory, cpus)).toThrow(text));
});

describe("rendered files", () => {
  test("are the same twice, sorted, one per path, and end with a line end", () => {
    const files = renderHost(mvp());
    expect(files).toEqual(renderHost(mvp()));
    const paths = files.map((f) => f.path);
    expect(paths).toEqual([...new Set(paths)].sort());
    for (const f of files) expect(f.content).toMatch(/[^\n]\n$/);
  });

  test("every script is executable, strict and judged before it is installed", () => {
    const scripts = renderHost(mvp()).filter((f) => f.path.startsWith("/usr/local/sbin/"));
    expect(scripts.length).toBeGreaterThanOrEqual(6);
    for (const f of scripts) {
      expect(f).toMatchObject({ mode: "0755", validate: "bash -n {file}" });
      expect(f.content).toMatch(/^#!\/usr\/bin\/env bash\n[\s\S]*\nset -euo pipefail\n/);
    }
  });

  test("every unit that starts a program of ours has that program", () => {
    const files = renderHost(mvp({ tls: { source: "lets-encrypt" } }));
    const paths = new Set(files.map((f) => f.path));
    const started = files.flatMap((f) =>
      [...f.content.matchAll(/^ExecStart=(\/usr\/local\/sbin\/[\w-]+)/gm)].map(([, program]) => program!),
    );
    expect(started).toContain("/usr/local/sbin/jatsmanor-certificate");
    for (const program of started) expect(paths).toContain(program);
    for (const unit of files.flatMap((f) => f.enable)) expect(paths).toContain(`/etc/systemd/system/${unit}`);
  });

  test("nginx: braces close, one protocol floor for all names, headers where nginx would drop them", () => {
    const nginx = renderHost(mvp()).filter((f) => /^\/etc\/nginx\/.*\.conf$/.test(f.path));
    expect(nginx).toHaveLength(6);
    for (const { path, content, validate, restart } of nginx) {
      expect([path, content.split("{").length]).toEqual([path, content.split("}").length]);
      expect({ validate, restart }).toEqual({ validate: "nginx -t -q", restart: ["nginx.service"] });
    }
    // In the http block: a default server without it would decide for every name on the port.
    expect(file("/etc/nginx/nginx.conf")).toMatch(/^ {4}include \/etc\/nginx\/jatsmanor\/tls\.conf;$/m);
    expect(file("/etc/nginx/jatsmanor/tls.conf")).toMatch(/^ssl_protocols TLSv1\.2 TLSv1\.3;$/m);
    const site = file("/etc/nginx/jatsmanor/site.conf");
    expect(site).toContain("return 301 https://$host$request_uri;");
    expect(site).toContain("listen 443 ssl http2;");
    expect(site).toContain("ssl_reject_handshake on;");
    const locations = site.match(/^ {4}location [^{]*\{[\s\S]*?^ {4}\}/gm) ?? [];
    expect(locations.length).toBeGreaterThan(8);
    for (const location of locations.filter((l) => l.includes("add_header")))
      expect(location).toContain("include /etc/nginx/jatsmanor/headers.conf;");
    expect(file("/etc/nginx/jatsmanor/headers.conf")).toMatch(/Strict-Transport-Security "max-age=31536000/);
    expect(site).toMatch(/location ~ \/\\\.\(\?!well-known\/\) \{[^}]*return 404;/);
  });

  test("nginx believes the visitor's address only from the proxy, and the firewall lets only the proxy in", () => {
    const proxies = mvp().trustedProxies;
    const real = file("/etc/nginx/jatsmanor/real-ip.conf");
    expect([...real.matchAll(/^set_real_ip_from (.*);$/gm)].map((m) => m[1])).toEqual(proxies);
    expect(real).toContain("real_ip_header CF-Connecting-IP;");
    const firewall = file("/etc/nftables.conf");
    for (const cidr of [...proxies, ...mvp().ssh.allowedCidrs]) expect(firewall).toContain(cidr);
    expect(firewall).toMatch(/policy drop;/);
    expect(firewall).not.toMatch(/dport \{ 80, 443 \} accept/);

    const open = mvp({ trustedProxies: [] });
    expect(file("/etc/nginx/jatsmanor/real-ip.conf", open)).not.toContain("real_ip_header ");
    expect(file("/etc/nftables.conf", open)).toMatch(/dport \{ 80, 443 \} accept/);
  });

  test("MySQL keeps what a later move needs, listens only here, and fits the machine", () => {
    const values = Object.fromEntries(
      [...file("/etc/mysql/mysql.conf.d/zz-jatsmanor.cnf").matchAll(/^(\w+) = (.*)$/gm)].map(([, k, v]) => [k, v]),
    );
    expect(values).toMatchObject({
      bind_address: "127.0.0.1",
      gtid_mode: "ON",
      enforce_gtid_consistency: "ON",
      binlog_format: "ROW",
      binlog_row_image: "FULL",
      binlog_expire_logs_seconds: "604800",
      innodb_buffer_pool_size: "4096M",
      require_secure_transport: "ON",
    });
  });

  test("two Valkey instances: one forgets when full, the other refuses and writes to disk", () => {
    const cache = file("/etc/valkey/cache.conf");
    const queue = file("/etc/valkey/queue.conf");
    expect(cache).toMatch(/^port 6379$[\s\S]*^maxmemory-policy allkeys-lru$[\s\S]*^appendonly no$/m);
    expect(queue).toMatch(/^port 6380$[\s\S]*^maxmemory-policy noeviction$[\s\S]*^appendonly yes$/m);
    for (const text of [cache, queue]) expect(text).toMatch(/^bind 127\.0\.0\.1 -::1$/m);
  });

  test("an upload that nginx lets through fits PHP's form, and workers get their time to stop", () => {
    const spec = mvp({ app: { ...mvp().app, phpUploadMiB: 50, horizonStopSeconds: 900 } });
    expect(file("/etc/nginx/nginx.conf", spec)).toContain("client_max_body_size 50m;");
    expect(file("/etc/php/8.4/fpm/conf.d/90-jatsmanor.ini", spec)).toContain("post_max_size = 50M");
    expect(file("/etc/supervisor/conf.d/horizon.conf", spec)).toContain("stopwaitsecs=900");
    expect(file("/etc/systemd/system/supervisor.service.d/jatsmanor.conf", spec)).toContain("TimeoutStopSec=930");
  });

  test("the dump is consistent, complete, encrypted and stamped only at the end", () => {
    const script = file("/usr/local/sbin/jatsmanor-backup-database");
    const order = ["--single-transaction", "Dump completed", "age --recipient", 'send "$name"', '"$stamp"', "-delete"];
    const positions = order.map((text) => script.lastIndexOf(text));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(Math.min(...positions)).toBeGreaterThan(0);
    expect(script).toContain("RCLONE_CONFIG_OFFSITE_PROVIDER=AWS");
    expect(file("/etc/systemd/system/jatsmanor-backup-database.timer")).toContain("OnCalendar=*-*-* 02:00:00");
    const late = mvp({ backup: { ...mvp().backup, dumpAt: "23:45" } });
    expect(file("/etc/systemd/system/jatsmanor-backup-files.timer", late)).toContain("OnCalendar=*-*-* 00:15:00");
  });

  test("every backup job that fails tells somebody", () => {
    for (const job of ["backup-database", "backup-files", "backup-check"])
      expect(file(`/etc/systemd/system/jatsmanor-${job}.service`)).toContain("OnFailure=jatsmanor-alert@%n.service");
  });

  test.each<[string, Partial<HostSpec>, string]>([
    ["another role", { role: "edge" }, 'role "edge" is not built'],
    ["no domain", { domains: [] }, "domains is empty"],
    ["SSH for everyone", { ssh: { allowedCidrs: ["0.0.0.0/0"] } }, "0.0.0.0/0"],
    ["SSH for everyone on IPv6", { ssh: { allowedCidrs: ["::/0"] } }, "::/0"],
    ["nobody to log in", { adminUsers: [] }, "adminUsers is empty"],
    ["a login without key", { adminUsers: [{ name: "ops", sshPublicKeys: [] }] }, '"ops" has no SSH public key'],
    ["a domain that would end the directive", { domains: ["a.example; return 200"] }, "no spaces or quotes"],
    ["a bucket that would run a command", { backup: { ...mvp().backup, agePublicKey: "$(id)" } }, "agePublicKey"],
  ])("refuses %s", (_, overrides, text) => expect(() => renderHost(mvp(overrides))).toThrow(text));
});

describe("the application's .env", () => {
  const values = { environment: "production", domain: "a.example", appKey: "k", database: "d" } as const;
  const env = Object.fromEntries(
    appEnv({ ...values, databasePassword: "p", timezone: "UTC" })
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=")),
  );
  test("reaches the database by the only way that MySQL allows", () => {
    expect(file("/etc/mysql/mysql.conf.d/zz-jatsmanor.cnf")).toContain("require_secure_transport = ON");
    expect(env.DB_SOCKET).toMatch(/mysqld\.sock$/);
  });
  test("keeps jobs on the instance that never forgets", () => {
    expect(file("/etc/valkey/queue.conf")).toContain(`port ${env.REDIS_PORT}\n`);
    expect(file("/etc/valkey/cache.conf")).toContain(`port ${env.REDIS_CACHE_PORT}\n`);
  });
  test("never shows what went wrong to a visitor", () =>
    expect(env).toMatchObject({ APP_DEBUG: "false", TELESCOPE_ENABLED: "false", DEBUGBAR_ENABLED: "false" }));
});

describe("changes that a preview shows", () => {
  test("nothing changes: same hash, no file", () => {
    expect(hostBundle(mvp()).hash).toBe(hostBundle(mvp()).hash);
    expect(changedBy({})).toEqual({ added: [], changed: [], removed: [] });
  });
  test("a new domain touches what names it", () =>
    expect(changedBy({ domains: ["jatsmanor.example"] })).toEqual({
      added: [],
      changed: ["/etc/nginx/jatsmanor/site.conf"],
      removed: [],
    }));
  test("a new administrator's network touches the firewall only", () =>
    expect(changedBy({ ssh: { allowedCidrs: ["198.51.100.0/24"] } }).changed).toEqual(["/etc/nftables.conf"]));
  test("another certificate source brings its job and takes none away", () => {
    const { added, removed } = changedBy({ tls: { source: "lets-encrypt" } });
    expect(added).toContain("/etc/systemd/system/jatsmanor-certificate.timer");
    expect(removed).toEqual([]);
  });
  test("another PHP takes the old one's files away", () => {
    const { removed } = changedBy({ versions: { ...mvp().versions, php: "8.5" } });
    expect(removed).toContain("/etc/php/8.4/fpm/pool.d/www.conf");
  });
});

describe("secret files", () => {
  const secrets = {
    appEnv: "APP_KEY=x",
    databasePassword: "abc",
    backup: { accessKeyId: "A", secretAccessKey: "b/c+" },
  };

  test("only their reader may read them, and each change reaches its program", () => {
    const files = secretFiles(mvp({ tls: { source: "lets-encrypt" } }), secrets);
    for (const { mode } of files) expect(["0600", "0640"]).toContain(mode);
    expect(files.find((f) => f.path === "/etc/jatsmanor/backup.env")?.content).toBe(
      "AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=b/c+\n",
    );
    expect(files.find((f) => f.path === "/etc/jatsmanor/database.env")?.restart).toEqual([
      "jatsmanor-database-user.service",
    ]);
  });
  test("an origin certificate that is missing is said at once", () =>
    expect(() => secretFiles(mvp(), secrets)).toThrow(/origin-ca.*no certificate/));
  test("a value that its file cannot hold is refused without being shown", () => {
    const bad = { ...secrets, databasePassword: "pa ss'word" };
    const attempt = () => secretFiles(mvp({ tls: { source: "lets-encrypt" } }), bad);
    expect(attempt).toThrow(/APP_DATABASE_PASSWORD/);
    expect(attempt).not.toThrow(/pa ss/);
  });
});
