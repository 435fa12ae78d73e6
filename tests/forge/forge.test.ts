/** The client of Forge and what it converges to, over HTTP against the simulated Forge that rehearsals use. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { type Server, createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { ForgeDouble, serveForge } from "../../sandbox/forge/api.ts";
import { ForgeClient } from "../../src/components/forge/client.ts";
import { apply, remove } from "../../src/components/forge/converge.ts";
import type { ForgeRequest, ForgeResult } from "../../src/components/forge/requests.ts";

const TOKEN = "canary-forge-token-0123456789";
const ROOT = path.join(__dirname, "../..");

let dir: string;
let double: ForgeDouble;
let api: string;
let server: Server;
const slept: number[] = [];
const sleep = (ms: number) => {
  slept.push(ms);
  return Promise.resolve();
};
const client = (change: object = {}) =>
  new ForgeClient({ api, organization: "jatsmanor", token: TOKEN, sleep, ...change });
const writes = () => double.calls.filter((call) => !call.startsWith("GET"));

beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "forge-"));
  double = new ForgeDouble(dir);
  ({ api, server } = await serveForge(double));
  slept.length = 0;
});
afterEach(() => {
  server.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

const machine: ForgeRequest = {
  kind: "server",
  name: "jatsmanor-mvp-forge",
  ubuntuVersion: "24.04",
  phpVersion: "php84",
  databaseType: "mysql84",
  address: "203.0.113.7",
  privateAddress: "10.12.0.2",
};
/** Everything of the stack mvp-forge, in its order. */
async function everything(
  forge: ForgeClient,
  previous: Record<string, ForgeResult> = {},
): Promise<Record<string, ForgeResult>> {
  const made: Record<string, ForgeResult> = {};
  const run = async (request: ForgeRequest, secrets: Record<string, string> = {}) => {
    made[request.kind] = await apply(forge, request, secrets, previous[request.kind]);
    return made[request.kind]!.id;
  };
  const serverId = await run(machine);
  await run({ kind: "ready", serverId, minutes: 1 });
  const databaseId = await run({ kind: "database", serverId, name: "jatsmanor" }, { password: "canary-password" });
  const domain = "jatsmanor.example";
  const siteId = await run({
    kind: "site",
    serverId,
    domain,
    phpVersion: "php84",
    repository: "j/app",
    branch: "main",
  });
  await run({ kind: "environment", serverId, siteId }, { content: "APP_KEY=canary-key" });
  const certificate = { certificate: "canary-pem", privateKey: "canary-private" };
  await run({ kind: "certificate", serverId, siteId, domain }, certificate);
  const directory = "/home/forge/jatsmanor.example/current";
  await run({
    kind: "process",
    serverId,
    siteId,
    name: "Horizon",
    command: "php artisan horizon",
    directory,
    stopSeconds: 300,
  });
  await run({ kind: "job", serverId, name: "Scheduler", command: `php ${directory}/artisan schedule:run` });
  await run(
    {
      kind: "backup",
      serverId,
      databaseId,
      name: "offsite",
      region: "eu-west-3",
      bucket: "b",
      directory: "mysql/daily",
      time: "02:00",
      notify: "a@b.c",
    },
    { accessKeyId: "canary-id", secretAccessKey: "canary-secret" },
  );
  return made;
}

test("everything is made once: a second run finds it and writes nothing but the .env", async () => {
  const first = await everything(client());
  expect(writes().filter((call) => call.startsWith("POST")).length).toBe(8);
  double.calls.length = 0;
  expect(await everything(client(), first)).toEqual(first);
  expect(writes()).toEqual([`PUT /servers/${first["server"]!.id}/sites/${first["site"]!.id}/environment 202`]);
});

test("a run that was cut off before it told its ids is taken up, not repeated", async () => {
  const first = await everything(client());
  const again = await everything(client()); // nothing is known of the first
  expect(again["server"]).toEqual(first["server"]);
  expect(again["site"]).toEqual(first["site"]);
  expect(again["process"]).toEqual(first["process"]);
});

test("Forge is waited for: a server until it is provisioned, a site until it is installed", async () => {
  await everything(client());
  expect(slept.length).toBeGreaterThanOrEqual(2);
  const stuck = client({ sleep: () => Promise.resolve() });
  stuck.get = () => Promise.resolve({ id: 1, attributes: { is_ready: false } });
  await expect(apply(stuck, { kind: "ready", serverId: 1, minutes: 1 }, {})).rejects.toThrow(
    /server 1 is not provisioned after 1 minutes.*forgeProvisionCommand/,
  );
});

test("a changed process is made anew and the old one taken away; a changed certificate is delivered", async () => {
  const made = await everything(client());
  const [serverId, siteId] = [made["server"]!.id, made["site"]!.id];
  const changed: ForgeRequest = {
    kind: "process",
    serverId,
    siteId,
    name: "Horizon",
    command: "php artisan horizon -v",
    directory: "/d",
    stopSeconds: 60,
  };
  const next = await apply(client(), changed, {}, made["process"]);
  expect(next.id).not.toBe(made["process"]!.id);
  const processes = await client().list(`/servers/${serverId}/background-processes`);
  expect(processes.map(({ id }) => id)).toEqual([next.id]);
  const domain = "jatsmanor.example";
  const renewed = await apply(
    client(),
    { kind: "certificate", serverId, siteId, domain },
    { certificate: "new", privateKey: "k" },
    made["certificate"],
  );
  expect(renewed.fingerprint).not.toBe(made["certificate"]!.fingerprint);
});

test("what is deleted is gone, with what lies below it; deleting again is no error", async () => {
  const made = await everything(client());
  const site: ForgeRequest = {
    kind: "site",
    serverId: made["server"]!.id,
    domain: "jatsmanor.example",
    phpVersion: "php84",
    repository: "j/app",
    branch: "main",
  };
  await remove(client(), site, made["site"]!);
  await remove(client(), site, made["site"]!);
  expect(await client().list(`/servers/${made["server"]!.id}/sites`)).toEqual([]);
});

test("no secret is kept by the simulated Forge, nor in what is printed", async () => {
  const made = await everything(client());
  const kept = fs.readFileSync(path.join(dir, "forge.json"), "utf8");
  expect(kept + JSON.stringify(made)).not.toMatch(/canary/);
});

describe("refusals", () => {
  test("name what was asked, each field and its reason, and hide secrets that Forge repeats", async () => {
    const bad = { ...machine, phpVersion: TOKEN, name: "x".repeat(31) } as ForgeRequest;
    const error = await apply(client(), bad, {}).catch((e: Error) => e.message);
    expect(error).toMatch(/forge: POST \/servers answered 422: .*php_version: The php_version \[secret\] is invalid/);
    expect(error).toContain("name: The name must not be greater than 30 characters");
    expect(error).not.toContain(TOKEN);
  });

  test.each([
    ["a token that is none", { token: "short" }, /answered 401.*config set --secret jatsmanor:forgeToken/],
    ["nobody there", { api: "http://127.0.0.1:9" }, /GET \/servers.*no answer from http:\/\/127\.0\.0\.1:9/],
  ])("%s", async (_what, change, message) => {
    await expect(apply(client(change), machine, {})).rejects.toThrow(message);
  });

  test("a secret that is missing is named", async () => {
    await expect(apply(client(), { kind: "environment", serverId: 1, siteId: 1 }, {})).rejects.toThrow(
      /secret content is missing/,
    );
  });
});

test("pages are followed to the last; a refusal for the rate is waited out as long as Forge says", async () => {
  const asked: string[] = [];
  const paged = createServer((request, response) => {
    asked.push(request.url ?? "");
    const record = (id: string) => ({ data: [{ id, attributes: { name: id } }] });
    const second = (request.url ?? "").includes("cursor%5D=next") || (request.url ?? "").includes("[cursor]=next");
    if (asked.length === 1) response.writeHead(429, { "retry-after": "7" }).end("{}");
    else response.end(JSON.stringify({ ...record(second ? "2" : "1"), meta: { next_cursor: second ? null : "next" } }));
  });
  await new Promise<void>((resolve) => paged.listen(0, "127.0.0.1", resolve));
  const { port } = paged.address() as { port: number };
  try {
    const found = await client({ api: `http://127.0.0.1:${port}` }).list("/servers");
    expect(found.map(({ id }) => id)).toEqual([1, 2]);
    expect(slept).toEqual([7000]);
    expect(asked).toHaveLength(3);
  } finally {
    paged.close();
  }
});

describe("the program", () => {
  const run = (operation: string, env: Record<string, string>) =>
    spawnSync(
      process.execPath,
      [path.join(ROOT, "sandbox/forge/run.ts"), dir, "src/components/forge/command.ts", operation],
      {
        cwd: ROOT,
        encoding: "utf8",
        env: {
          PATH: process.env["PATH"] ?? "",
          FORGE_ORGANIZATION: "jatsmanor",
          FORGE_REQUEST: JSON.stringify(machine),
          ...env,
        },
      },
    );

  test("prints one line of JSON, takes it back to delete, and says nothing of the token", () => {
    const made = run("apply", { FORGE_TOKEN: TOKEN });
    expect(made).toMatchObject({ status: 0, stderr: "" });
    expect(made.stdout).toMatch(/^\{"id":\d+\}\n$/);
    expect(run("apply", { FORGE_TOKEN: TOKEN, PULUMI_COMMAND_STDOUT: made.stdout }).stdout).toBe(made.stdout);
    expect(run("delete", { FORGE_TOKEN: TOKEN, PULUMI_COMMAND_STDOUT: made.stdout })).toMatchObject({
      status: 0,
      stdout: "",
    });
    expect(fs.readFileSync(path.join(dir, "forge.json"), "utf8")).toBe("[]");
  });

  test("an error is one line, without a stack trace", () => {
    const failed = run("apply", { FORGE_TOKEN: "short" });
    expect(failed).toMatchObject({ status: 1, stdout: "" });
    expect(failed.stderr).toMatch(/^forge: GET \/servers answered 401: [^\n]*\n$/);
    expect(run("apply", {}).stderr).toBe("forge: the variable FORGE_TOKEN is missing\n");
  });
});
