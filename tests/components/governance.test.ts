import fs from "node:fs";
import path from "node:path";
import { buildPhase } from "../../src/phases/index.ts";
import { readSettings } from "../../src/settings/index.ts";
import { CANARIES } from "../../tools/rehearse/stack-file.ts";
import { type Recorded, only, orphans, record } from "../support/recorder.ts";
import { stackConfig } from "../support/stack-config.ts";

const type = (name: string) => `pulumiservice:index:${name}`;
const { values, secretKeys } = stackConfig("governance");
const stacks = (JSON.parse(values["jatsmanor:stacks"] ?? "[]") as { name: string }[]).map(({ name }) => name);

async function build(change: Record<string, string> = {}): Promise<Recorded[]> {
  const world = { stack: "governance", config: { ...values, ...change }, secretKeys, computed: () => ({}) };
  return record(world, () => buildPhase(readSettings(), "jatsmanor", "governance"));
}

let all: Recorded[];
beforeAll(async () => {
  all = await build();
});
const each = (name: string) => all.filter((resource) => resource.type === type(name));

test("every resource descends from a component, and each stack has one of each", () => {
  expect(orphans(all)).toEqual([]);
  for (const name of ["DeploymentSettings", "DriftSchedule", "PolicyGroup", "Webhook", "StackTags"])
    expect(each(name)).toHaveLength(stacks.length);
});

test("drift is looked for and never repaired by itself; commits and pull requests trigger nothing", () => {
  for (const schedule of each("DriftSchedule")) {
    expect(schedule.inputs["autoRemediate"]).toBe(false);
    expect(schedule.inputs["scheduleCron"]).toMatch(/^17 \S+ \* \* \S+$/);
    // Without deployment settings there is nothing to run the comparison with.
    expect(schedule.dependencies.join()).toContain(`governance-${String(schedule.inputs["stack"])}-drift-settings`);
  }
  for (const { inputs } of each("DeploymentSettings")) {
    expect(inputs["vcs"]).toMatchObject({ deployCommits: false, previewPullRequests: false });
    expect(inputs["operationContext"].oidc.aws.roleARN).toMatch(/-drift$/);
  }
});

test("policies block, with the levels of the committed config of that very stack", () => {
  for (const group of each("PolicyGroup")) {
    const [{ name: stack }] = group.inputs["stacks"];
    expect(group.inputs).toMatchObject({ mode: "preventative", entityType: "stacks", name: `jatsmanor-${stack}` });
    expect(group.protect).toBe(true);
    const [pack] = group.inputs["policyPacks"];
    const file = path.join(__dirname, "../../policies/config", `${stack}.json`);
    const committed = (JSON.parse(fs.readFileSync(file, "utf8")) as { policies: object }).policies;
    expect(pack).toEqual({ name: "jatsmanor", versionTag: "0.1.0", config: committed });
  }
});

test("the channel hears of drift, of a comparison that failed, and of a failed update; its address is a secret", () => {
  for (const { inputs } of each("Webhook")) {
    expect(inputs).toMatchObject({ active: true, format: "slack", projectName: "jatsmanor" });
    expect(inputs["filters"]).toEqual(
      expect.arrayContaining(["drift_detected", "drift_detection_failed", "update_failed"]),
    );
  }
});

test("no secret is in any plain input", () => {
  const secretMark = "4dabf18193072939515e22adb298388d";
  const plain = JSON.stringify(
    all.map(({ inputs }) => inputs),
    (_key, value: unknown) => (typeof value === "object" && value !== null && secretMark in value ? "[secret]" : value),
  );
  const canaries = ["slackWebhookUrl", "digitaloceanReadToken", "cloudflareReadToken"].map(
    (key) => CANARIES[key] ?? "",
  );
  for (const canary of canaries) {
    expect(canary).not.toBe("");
    expect(plain).not.toContain(canary);
    expect(JSON.stringify(all.map(({ inputs }) => inputs))).toContain(canary);
  }
});

test("pipelines sign in from the environments of docs/ci.md alone, compared as a whole", () => {
  const { inputs } = only(all, type("OidcIssuer"));
  expect(inputs).toMatchObject({ url: "https://token.actions.githubusercontent.com", maxExpirationSeconds: 7200 });
  const subjects = inputs["policies"].map((policy: any) => policy.rules.sub);
  const expected = [...stacks, "governance"].flatMap((stack) => [`${stack}-preview`, stack]);
  expect(subjects).toEqual(expected.map((environment) => `repo:jatsmanor/hosting:environment:${environment}`));
  for (const policy of inputs["policies"]) {
    expect(policy).toMatchObject({ decision: "allow", authorizedPermissions: ["standard"] });
    expect(policy.rules.aud).toBe("urn:pulumi:org:jatsmanor");
    expect(Object.values(policy.rules).join()).not.toContain("*");
  }
});

test.each([
  [
    "a stack without a pack config",
    '[{"name":"nowhere"}]',
    /names "nowhere".*policies\/config\/nowhere\.json.*make policy-config/,
  ],
  ["itself", '[{"name":"governance"}]', /governance\.json is not of a phase that hosts/],
  ["a stack twice", '[{"name":"mvp"},{"name":"mvp"}]', /a stack is named twice/],
])("%s is an error that says what to do", async (_what, value, message) => {
  await expect(build({ "jatsmanor:stacks": value })).rejects.toThrow(message);
});
