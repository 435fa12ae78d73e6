/** Pulumi Cloud refuses what it would refuse: unknown stacks, unpublished packs, webhooks of no kind, open trust. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "../../sandbox/server.ts";
import { startSandbox } from "../../sandbox/server.ts";
import type { Properties } from "../../sandbox/values.ts";
import { Client } from "./client.ts";

let dir: string;
let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  sandbox = await startSandbox({ dir, packages: ["pulumiservice"] });
  client = new Client(sandbox.ports["pulumiservice"] ?? 0);
});
afterAll(async () => {
  client.close();
  await sandbox.stop();
  rmSync(dir, { recursive: true, force: true });
});

const type = (name: string) => `pulumiservice:index:${name}`;
const stack = { organization: "jatsmanor", project: "jatsmanor", stack: "mvp" };
const group = {
  organizationName: "jatsmanor",
  name: "g",
  mode: "preventative",
  stacks: [{ name: "mvp", routingProject: "jatsmanor" }],
  policyPacks: [{ name: "jatsmanor", versionTag: "0.1.0" }],
};
const hook = { active: true, displayName: "h", organizationName: "jatsmanor", payloadUrl: "https://hooks.example/x" };
const issuer = { organization: "jatsmanor", name: "i", url: "https://issuer.example" };
const allow = { decision: "allow", tokenType: "organization", authorizedPermissions: ["standard"] };

test.each<[string, string, Properties, RegExp]>([
  ["settings of no stack", "DeploymentSettings", { ...stack, stack: "x" }, /'jatsmanor\/jatsmanor\/x' not found/],
  ["a schedule of no stack", "DriftSchedule", { ...stack, project: "x", scheduleCron: "0 5 * * *" }, /not found/],
  ["a schedule that is none", "DriftSchedule", { ...stack, scheduleCron: "daily" }, /scheduleCron/],
  ["tags of no stack", "StackTags", { ...stack, stack: "x", tags: { a: "b" } }, /not found/],
  ["a mode that is none", "PolicyGroup", { ...group, mode: "strict" }, /mode/],
  [
    "a group of no stack",
    "PolicyGroup",
    { ...group, stacks: [{ name: "x", routingProject: "jatsmanor" }] },
    /not found/,
  ],
  [
    "a version that is not published",
    "PolicyGroup",
    { ...group, policyPacks: [{ name: "jatsmanor", versionTag: "9.9.9" }] },
    /jatsmanor 9\.9\.9 is not published/,
  ],
  ["a webhook of a project", "Webhook", { ...hook, projectName: "jatsmanor" }, /projectName needs to be empty/],
  ["a webhook of a stack of no project", "Webhook", { ...hook, stackName: "mvp" }, /projectName must be specified/],
  ["an event that is none", "Webhook", { ...hook, filters: ["drift"] }, /filters/],
  ["trust in everybody", "OidcIssuer", { ...issuer, policies: [{ ...allow, rules: { aud: "a" } }] }, /claim sub/],
  [
    "a token with no rights",
    "OidcIssuer",
    { ...issuer, policies: [{ ...allow, authorizedPermissions: [], rules: { aud: "a", sub: "s" } }] },
    /needs authorizedPermissions/,
  ],
])("%s is refused", async (_, name, inputs, message) => {
  await expect(client.make(type(name), "x", inputs)).rejects.toThrow(message);
});

test("ids are written as the API writes them, and a group's name is taken once", async () => {
  expect((await client.make(type("DeploymentSettings"), "s", stack)).id).toBe("jatsmanor/jatsmanor/mvp");
  const schedule = await client.make(type("DriftSchedule"), "d", { ...stack, scheduleCron: "17 5 * * *" });
  expect(schedule.id).toBe(`jatsmanor/jatsmanor/mvp/drift/${String(schedule.outputs["scheduleId"])}`);
  expect((await client.make(type("PolicyGroup"), "g", group)).id).toBe("jatsmanor/g");
  await expect(client.make(type("PolicyGroup"), "h", group)).rejects.toThrow(/policy group 'g' already exists/);
});
