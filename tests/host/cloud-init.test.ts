import { parse } from "yaml";
import { secretFiles } from "../../src/host/bundle.ts";
import { cloudInit, USER_DATA_LIMIT } from "../../src/host/cloud-init.ts";
import { renderHost } from "../../src/host/render.ts";
import { file, mvp } from "./fixture.ts";

describe("cloud-init", () => {
  interface CloudConfig {
    users: { name: string; lock_passwd: boolean; sudo?: string; ssh_authorized_keys?: string[] }[];
    write_files: { path: string; permissions: string; content: string }[];
    runcmd: string[][];
    [key: string]: unknown;
  }
  const config = (spec = mvp()) => parse(cloudInit(spec)) as CloudConfig;

  test("has the header, only known keys and no password", () => {
    expect(cloudInit(mvp())).toMatch(/^#cloud-config\n/);
    const keys = ["hostname", "timezone", "users", "disable_root", "ssh_pwauth", "swap", "write_files", "runcmd"];
    expect(Object.keys(config())).toEqual(keys);
    expect(config()).toMatchObject({ disable_root: true, ssh_pwauth: false, swap: { size: 2 * 1024 ** 3 } });
    for (const user of config().users) {
      expect(user.lock_passwd).toBe(true);
      expect(Object.keys(user)).not.toContain("passwd");
    }
    expect(config().users.filter((user) => user.sudo)).toEqual([expect.objectContaining({ name: "ops" })]);
  });

  test("writes the same bytes as the bundle does, so that the first bundle finds them unchanged", () => {
    const rendered = new Map(renderHost(mvp()).map((f) => [f.path, f]));
    const written = config().write_files;
    expect(written.length).toBeGreaterThan(15);
    for (const { path, permissions, content } of written)
      expect({ content, mode: permissions }).toEqual({
        content: rendered.get(path)?.content,
        mode: rendered.get(path)?.mode,
      });
  });

  test("protects before it serves, and starts the database before the application", () => {
    expect(config().runcmd.at(-1)).toEqual(["/usr/local/sbin/jatsmanor-bootstrap"]);
    const script = file("/usr/local/sbin/jatsmanor-bootstrap");
    const order = [
      "nft -f /etc/nftables.conf",
      "BCA43417C3B485DD128EC6D4B7B3B788A8D3785C",
      "mysql-community-server",
      "enable --now mysql.service",
      "enable --now php8.4-fpm.service",
      "> /var/lib/jatsmanor/bootstrapped".replace("> ", ">"),
    ];
    const positions = order.map((text) => script.indexOf(text));
    expect(Math.min(...positions)).toBeGreaterThan(0);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    // Each of these listens or decides who may enter: its file must be there before the package that starts it.
    const written = config().write_files.map((f) => f.path);
    for (const path of ["/etc/nftables.conf", "/etc/ssh/sshd_config.d/10-jatsmanor.conf", "/etc/nginx/nginx.conf"])
      expect(written).toContain(path);
    expect(written).toContain("/etc/mysql/mysql.conf.d/zz-jatsmanor.cnf");
  });

  test("holds no secret: none is in a spec, and nothing in the text looks like one", () => {
    const text = cloudInit(mvp());
    for (const pattern of [
      /AKIA[0-9A-Z]{16}/,
      /dop_v1_/,
      /base64:/,
      /-----BEGIN/,
      /sk_(live|test)_/,
      /PASSWORD\s*=\s*[^"'$\s]/i,
    ])
      expect(text).not.toMatch(pattern);
    const secretPaths = secretFiles(mvp(), {
      appEnv: "",
      databasePassword: "x",
      backup: { accessKeyId: "x", secretAccessKey: "x" },
      certificate: { certificate: "x", privateKey: "x" },
      alertUrl: "https://alert.example/x",
    }).map((s) => s.path);
    expect(secretPaths).toHaveLength(6);
    for (const { path } of config().write_files) expect(secretPaths).not.toContain(path);
  });

  test("stays under its limit with the real proxy networks and four administrators' RSA keys", () => {
    const rsa = `ssh-rsa ${"A".repeat(716)} someone@example`;
    const team = ["ada", "bia", "cleo", "dan"].map((name) => ({ name, sshPublicKeys: [rsa] }));
    expect(Buffer.byteLength(cloudInit(mvp({ adminUsers: team })))).toBeLessThanOrEqual(USER_DATA_LIMIT);
    const crowd = Array.from({ length: 20 }, (_, i) => ({ name: `user${i}`, sshPublicKeys: [rsa] }));
    expect(() => cloudInit(mvp({ adminUsers: crowd }))).toThrow(/the limit is 32768/);
  });
});
