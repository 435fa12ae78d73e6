/** The apply script, really run, in a temporary root with stand-ins for the programs it calls. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundleInput, hostBundle, remoteCommand, secretFiles } from "../../src/host/bundle.ts";
import type { HostBundle } from "../../src/host/bundle.ts";
import { mvp } from "./fixture.ts";

// It runs on servers, which are Linux: flock, sha256sum and GNU mv are not on a Mac.
const onLinux = process.platform === "linux" ? describe : describe.skip;

const whole = hostBundle(mvp());
const input = bundleInput(
  whole,
  secretFiles(mvp(), {
    appEnv: "APP_KEY=canary-app-key",
    databasePassword: "canary-password",
    backup: { accessKeyId: "canary-id", secretAccessKey: "canary-key" },
    certificate: { certificate: "cert", privateKey: "canary-tls-key" },
  }),
);
/** A bundle with other contents for some files, or without them. */
function edited(contents: Record<string, string | null>): HostBundle {
  const blocks = whole.payload.split(/^(?=file )/m).flatMap((block) => {
    const [, path = "", mode, owner] = block.split(" ");
    if (!(path in contents)) return [block];
    const text = contents[path];
    if (text == null) return [];
    const metadata = block.slice(block.indexOf("\n") + 1);
    return [`file ${path} ${mode} ${owner} ${Buffer.from(text).toString("base64")}\n${metadata}`];
  });
  return { ...whole, payload: blocks.join("") };
}

const SITE = "/etc/nginx/jatsmanor/site.conf";
const POOL = "/etc/php/8.4/fpm/pool.d/www.conf";
const CHECK_TIMER = "/etc/systemd/system/jatsmanor-backup-check.timer";

onLinux("the apply script", () => {
  let home: string;
  let root: string;
  /** A root to which the whole bundle was applied once: most tests start from it. */
  let installed: string;
  const at = (path: string) => join(root, path);
  const read = (path: string) => fs.readFileSync(at(path), "utf8");
  const calls = () => {
    const log = join(home, "calls");
    const text = fs.existsSync(log) ? fs.readFileSync(log, "utf8") : "";
    fs.rmSync(log, { force: true });
    return text.split("\n").filter(Boolean);
  };
  const environment = (extra: Record<string, string> = {}) => ({
    PATH: `${join(home, "bin")}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    ROOT: root,
    ...extra,
  });
  /** A stand-in that notes its call and then does `body`. */
  const stub = (name: string, body = "") =>
    fs.writeFileSync(join(home, "bin", name), `#!/bin/sh\necho "${name} $*" >>"${home}/calls"\n${body}\n`, {
      mode: 0o755,
    });
  const apply = (stdin: string, extra?: Record<string, string>) =>
    spawnSync("bash", ["--norc", "-c", whole.script], { input: stdin, env: environment(extra), encoding: "utf8" });
  /** Content, mode and modification time of every file outside the script's own state. */
  const snapshot = () =>
    fs
      .readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("/var/lib/jatsmanor"))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => {
        const { mode, mtimeMs } = fs.statSync(path);
        return [path.slice(root.length), mode & 0o777, mtimeMs, fs.readFileSync(path, "utf8")] as const;
      });

  beforeAll(() => {
    begin();
    expect(apply(input)).toMatchObject({ status: 0, stderr: "" });
    installed = home;
  });
  afterAll(() => fs.rmSync(installed, { recursive: true, force: true }));
  beforeEach(() => begin());
  afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

  const begin = () => {
    home = fs.mkdtempSync(join(tmpdir(), "host-apply-"));
    root = join(home, "root");
    fs.mkdirSync(join(home, "bin"));
    for (const name of ["systemctl", "supervisorctl", "nginx", "php-fpm8.4", "mysqld", "nft", "sshd", "visudo"])
      stub(name);
    for (const name of ["fail2ban-client", "logrotate", "jatsmanor-bootstrap"]) stub(name);
  };
  const applied = () => fs.cpSync(join(installed, "root"), root, { recursive: true, preserveTimestamps: true });

  test("writes every file with its rights, judges before it reloads, and changes nothing the second time", () => {
    const first = apply(input);
    expect(first).toMatchObject({ status: 0, stderr: "" });
    for (const file of whole.files) {
      expect(read(file.path)).toBe(file.content);
      expect(fs.statSync(at(file.path)).mode & 0o777).toBe(parseInt(file.mode, 8));
    }
    expect(fs.statSync(at("/etc/jatsmanor/backup.env")).mode & 0o777).toBe(0o600);
    // A service that runs as another user must be able to enter the folders.
    expect(fs.statSync(at("/etc/valkey")).mode & 0o777).toBe(0o755);

    const log = calls();
    const lastJudged = Math.max(...log.map((call, i) => (/^(nginx|php-fpm8\.4|mysqld|sshd|nft) /.test(call) ? i : -1)));
    const firstReload = log.findIndex((call) => call.startsWith("systemctl"));
    expect(lastJudged).toBeGreaterThan(0);
    expect(firstReload).toBeGreaterThan(lastJudged);
    expect(log.filter((call) => call === "systemctl reload-or-restart nginx.service")).toHaveLength(1);

    const before = snapshot();
    const second = apply(input);
    expect(second).toMatchObject({ status: 0, stderr: "" });
    expect(second.stdout).toContain("nothing to change");
    expect(calls()).toEqual([]);
    expect(snapshot()).toEqual(before);
  });

  test("keeps the manifest in sha256sum's own form, without the secrets, and never says a secret", () => {
    const run = apply(input);
    const manifest = read("/var/lib/jatsmanor/manifest").trimEnd().split("\n");
    expect(manifest).toEqual(
      whole.files.map((f) => `${createHash("sha256").update(f.content).digest("hex")}  ${f.path}`),
    );
    expect(run.stdout + run.stderr + manifest.join() + calls().join()).not.toMatch(/canary/);
  });

  test("reloads only what a changed file belongs to", () => {
    applied();
    expect(apply(bundleInput(edited({ [POOL]: "[www]\n" }))).status).toBe(0);
    expect(calls()).toEqual(["php-fpm8.4 -t", "systemctl reload-or-restart php8.4-fpm.service"]);
    expect(read(POOL)).toBe("[www]\n");
    expect(fs.readFileSync(at(`/var/lib/jatsmanor/previous/old${POOL}`), "utf8")).toContain("pm.max_children");
  });

  test("a broken configuration is not activated: every old file is back, nothing was reloaded", () => {
    applied();
    const before = snapshot();
    stub("nginx", "echo 'unexpected end of file'; exit 1");
    const run = apply(bundleInput(edited({ [SITE]: "server {\n", [POOL]: "[www]\n", "/etc/nginx/nginx.conf": null })));
    expect(run.status).not.toBe(0);
    expect(run.stderr).toMatch(/`nginx -t -q`[\s\S]*unexpected end of file[\s\S]*the server is as it was/);
    expect(snapshot()).toEqual(before);
    expect(calls().filter((call) => call.startsWith("systemctl"))).toEqual([]);
    // And the same server takes the mended bundle.
    stub("nginx");
    expect(apply(bundleInput(edited({ [SITE]: "server {}\n" }))).status).toBe(0);
    expect(read(SITE)).toBe("server {}\n");
  });

  test("a key that does not fit its certificate is found before nginx needs it", () => {
    applied();
    stub("nginx", "exit 1");
    const run = apply(input.replace(Buffer.from("canary-tls-key\n").toString("base64"), "eA=="));
    expect(run.status).not.toBe(0);
    expect(read("/etc/jatsmanor/tls/site.key")).toBe("canary-tls-key\n");
    expect(calls()).toEqual(["nginx -t -q"]);
  });

  test("a file that can be judged alone is refused before anything is touched", () => {
    applied();
    const before = snapshot();
    stub("visudo", "exit 1");
    const run = apply(bundleInput(edited({ "/etc/sudoers.d/jatsmanor-deploy": "broken\n", [SITE]: "x\n" })));
    expect(run.status).not.toBe(0);
    expect(run.stderr).toContain("/etc/sudoers.d/jatsmanor-deploy was refused");
    expect(snapshot()).toEqual(before);
    expect(calls()).toEqual([expect.stringMatching(/^visudo -cqf .*\/new\/etc\/sudoers\.d/)]);
  });

  test("a service that does not take the new files gets the old ones back", () => {
    applied();
    stub("systemctl", `case "$*" in *php8.4-fpm*) grep -q max_children "${at(POOL)}" || exit 1;; esac`);
    const run = apply(bundleInput(edited({ [POOL]: "[www]\n" })));
    expect(run.status).not.toBe(0);
    expect(read(POOL)).toContain("pm.max_children");
    expect(calls().filter((call) => call.startsWith("systemctl"))).toHaveLength(2);
  });

  test("a stream that was cut off is refused: half a bundle would remove files", () => {
    applied();
    const before = snapshot();
    const run = apply(input.slice(0, input.length / 2));
    expect(run.status).not.toBe(0);
    expect(run.stderr).toMatch(/cut off|not base64/);
    expect(snapshot()).toEqual(before);
    for (const wrong of ["", "hello\n", "jatsmanor-bundle 2\nend\n"]) expect(apply(wrong).status).not.toBe(0);
    expect(apply("jatsmanor-bundle 1\nfile /etc/../etc/shadow 0644 root:root eA==\nend\n").stderr).toContain(
      "absolute",
    );
    expect(snapshot()).toEqual(before);
  });

  test("a file that left the bundle leaves the server, its timer stopped first; secrets stay", () => {
    applied();
    expect(apply(bundleInput(edited({ [CHECK_TIMER]: null, [SITE]: null }))).status).toBe(0);
    expect(fs.existsSync(at(CHECK_TIMER))).toBe(false);
    expect(fs.existsSync(at("/etc/jatsmanor/backup.env"))).toBe(true);
    const log = calls();
    expect(log[0]).toBe("systemctl disable --now jatsmanor-backup-check.timer");
    expect(log).toContain("nginx -t -q");
    expect(log).toContain("systemctl reload-or-restart nginx.service");
  });

  test("killed in the middle, the next run undoes it and applies its own", () => {
    applied();
    const before = snapshot();
    stub("php-fpm8.4", "kill -9 $PPID");
    expect(apply(bundleInput(edited({ [POOL]: "[half]\n", "/etc/new": "x" }))).signal).toBe("SIGKILL");
    expect(read(POOL)).toBe("[half]\n");
    calls();
    stub("php-fpm8.4");
    const run = apply(input);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toMatch(/interrupted; undoing it first[\s\S]*nothing to change/);
    expect(snapshot()).toEqual(before);

    stub("php-fpm8.4", "kill -9 $PPID");
    apply(bundleInput(edited({ [POOL]: "[next]\n" })));
    stub("php-fpm8.4");
    calls();
    expect(apply(bundleInput(edited({ [POOL]: "[next]\n" }))).status).toBe(0);
    expect(read(POOL)).toBe("[next]\n");
    expect(calls()).toContain("systemctl reload-or-restart php8.4-fpm.service");
  });

  test("two runs at once wait for each other", async () => {
    const run = () =>
      new Promise<string>((resolve) => {
        const child = spawn("bash", ["--norc", "-c", whole.script], { env: environment() });
        let output = "";
        child.stdout.on("data", (data: Buffer) => (output += data.toString()));
        child.on("close", (code) => resolve(`${code} ${output}`));
        child.stdin.end(input);
      });
    const results = (await Promise.all([run(), run()])).sort((a, b) => a.length - b.length);
    expect(results[0]).toMatch(/^0 [\s\S]*nothing to change/);
    expect(results[1]).toMatch(/^0 [\s\S]*applied: \d+ written/);
  });

  test("a dry run says what would change and touches nothing", () => {
    const run = apply(input, { DRY_RUN: "1" });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toContain(`new ${SITE}`);
    expect(snapshot()).toEqual([]);
    expect(calls()).toEqual([]);
  });

  test("the remote command carries the script whole through a shell, and fits one argument", () => {
    stub("sudo", 'exec "$@"');
    const command = remoteCommand(whole);
    // Linux refuses a single argument of 128 KiB.
    expect(Buffer.byteLength(command)).toBeLessThan(100_000);
    expect(command).not.toContain("canary");
    const run = spawnSync("sh", ["-c", command], { input, env: environment(), encoding: "utf8" });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(read(SITE)).toBe(whole.files.find((f) => f.path === SITE)?.content);
    expect(dirname(SITE)).toBe("/etc/nginx/jatsmanor");
  });
});
