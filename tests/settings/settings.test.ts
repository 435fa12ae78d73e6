import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { SingleServerSettings } from "../../src/settings/single-server.ts";
import { loadSettings } from "../../src/settings/load.ts";
import { stackConfig } from "../support/stack-config.ts";

const PREFIX = "jatsmanor:";
const valid = (() => {
  const { values } = stackConfig("mvp");
  const own = Object.entries(values).filter(([key]) => key.startsWith(PREFIX));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), value]));
})();

/** The message for a stack file that differs from the valid one; undefined removes a key. */
function problem(change: Record<string, string | undefined>, secretKeys = ["appKey"]): string {
  const merged = Object.entries({ ...valid, ...change }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  try {
    loadSettings("mvp", { values: Object.fromEntries(merged) as Record<string, string>, secretKeys });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("the committed stack file is valid once its placeholders are stripped", () => {
  const settings = loadSettings("mvp", { values: valid, secretKeys: ["appKey"] });
  expect(settings).toMatchObject({ phase: "mvp", domain: "jatsmanor.example", allowReplace: [] });
  expect((settings as SingleServerSettings).backups).toMatchObject({ region: "eu-west-3" });
});

// key, bad value, what the message must say: the key, the value, what is allowed
test.each([
  ["phase", "prod", ["jatsmanor:phase", '"prod"', "mvp, staging, growth, enterprise"]],
  ["phase", undefined, ["jatsmanor:phase is missing", "pulumi config set jatsmanor:phase"]],
  ["phase", "growth", ["jatsmanor:platform", "growth on digitalocean", "mvp on digitalocean"]],
  ["platform", "azure", ["jatsmanor:platform", '"azure"', "digitalocean"]],
  ["domain", undefined, ["jatsmanor:domain is missing", "jatsmanor.ci", "pulumi config set jatsmanor:domain"]],
  ["domain", "https://jatsmanor.ci/", ["jatsmanor:domain", "https://jatsmanor.ci/", "(string)"]],
  ["domain", "localhost", ["jatsmanor:domain"]],
  [
    "adminAccess",
    '{"mode":"ssh","cidrs":["300.1.2.3/24"]}',
    ["adminAccess.cidrs[0]", "300.1.2.3/24", "is not a CIDR", "198.51.100.7/32"],
  ],
  ["adminAccess", '{"mode":"ssh","cidrs":["10.0.0.1"]}', ["adminAccess.cidrs[0]", "is not a CIDR"]],
  ["adminAccess", '{"mode":"ssh","cidrs":["0.0.0.0/0"]}', ["adminAccess.cidrs[0]", "too much of the internet", "/16"]],
  [
    "adminAccess",
    '{"mode":"ssh","cidrs":["0.0.0.0/1","128.0.0.0/1"]}',
    ["cidrs[0]", "cidrs[1]", "too much of the internet"],
  ],
  ["adminAccess", '{"mode":"ssh","cidrs":["::/0"]}', ["too much of the internet", "/32"]],
  ["adminAccess", '{"mode":"ssh","cidrs":[]}', ["adminAccess.cidrs"]],
  ["adminAccess", undefined, ["jatsmanor:adminAccess is missing"]],
  [
    "backups",
    '{"agePublicKey":"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p","keepDailyDays":-1}',
    ["backups.keepDailyDays", "-1 (number)", "7 to 365"],
  ],
  [
    "backups",
    '{"agePublicKey":"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p","keepDailyDays":6}',
    ["backups.keepDailyDays"],
  ],
  [
    "backups",
    '{"agePublicKey":"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p","keepDailyDays":"7"}',
    ["backups.keepDailyDays", '"7" (string)'],
  ],
  ["backups", "7", ["jatsmanor:backups", "7 (number)"]],
  ["backups", '{"agePublicKey":"AGE-SECRET-KEY-1"}', ["backups.agePublicKey", "age1"]],
  ["cloudflare", '{"zoneId":"my-zone"}', ["cloudflare.zoneId", '"my-zone"', "023e105f4ecef8ad9ca31a8372d0c353"]],
  [
    "cloudflare",
    '{"zoneId":"023e105f4ecef8ad9ca31a8372d0c353","proxied":false}',
    ["unknown setting proxied", "jatsmanor:cloudflare"],
  ],
  ["alerts", '{"criticalEmails":[],"warningEmails":["x"]}', ["alerts.criticalEmails", "alerts.warningEmails[0]"]],
  ["admins", '[{"name":"Root Me","sshPublicKey":"ssh-rsa AAAA"}]', ["admins[0].name", "admins[0].sshPublicKey"]],
  ["server", '{"image":"ubuntu-20-04-x64"}', ["server.image", "ubuntu-20-04-x64"]],
  ["allowReplce", "[]", ["unknown setting allowReplce", "known keys: ", "allowReplace"]],
])("%s = %s", (key, value, expected) => {
  const message = problem({ [key]: value });
  for (const text of expected) expect(message).toContain(text);
});

test("all problems come at once, with the stack file's name", () => {
  const message = problem({ domain: undefined, owner: "X Y", cloudflare: "{}" });
  expect(message).toContain("Pulumi.mvp.yaml");
  expect(message.split("\n  - ")).toHaveLength(4);
});

test("boundaries: seven days and a /16 are allowed", () => {
  const key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
  expect(problem({ backups: `{"agePublicKey":"${key}","keepDailyDays":7}` })).toBe("");
  expect(problem({ adminAccess: '{"mode":"ssh","cidrs":["198.51.0.0/16","2001:db8::/32"]}' })).toBe("");
  expect(problem({ adminAccess: '{"mode":"ssh","cidrs":["198.50.0.0/15"]}' })).toContain("too much of the internet");
});

test("a secret in plain text is refused, and a malformed one is never shown", () => {
  expect(problem({}, [])).toContain("pulumi config set --secret jatsmanor:appKey");
  const message = problem({ appKey: "hunter2-is-my-key" });
  expect(message).toContain("jatsmanor:appKey");
  expect(message).not.toContain("hunter2");
});

test("the committed file, as it is, is refused with the command that sets each placeholder", () => {
  const source = fs.readFileSync(path.join(import.meta.dirname, "../../Pulumi.mvp.yaml"), "utf8");
  const { config } = parse(source) as { config: Record<string, unknown> };
  const own = Object.entries(config).filter(([key]) => key.startsWith(PREFIX));
  const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const message = problem(Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), text(value)])));
  expect(message.match(/still is a placeholder/g)).toHaveLength(JSON.stringify(config).match(/"placeholder:/g)!.length);
  expect(message).toContain("pulumi config set 'jatsmanor:domain' <value>");
  expect(message).toContain("pulumi config set --path 'jatsmanor:adminAccess.cidrs[0]' <value>");
  expect(message).toContain("pulumi config set --secret 'jatsmanor:appKey' <value>");
});
