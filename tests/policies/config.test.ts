/** The pack config of a stack, the register of exceptions, and the attestations. */
import fs from "node:fs";
import path from "node:path";
import { configText, isStale, type PolicyConfigInput, policyConfig } from "../../policies/config.ts";
import { highest, PHASES } from "../../policies/engine/rule.ts";
import { rules } from "../../policies/rules/index.ts";
import { Pack } from "./pack.ts";

const POLICIES = path.resolve(__dirname, "../../policies");
const read = (file: string) => fs.readFileSync(path.join(POLICIES, file), "utf8");
const URN = "urn:pulumi:mvp::jatsmanor::jatsmanor:aws:OffsiteBackup$aws:iam/accessKey:AccessKey::writer-key";

const make = (change: Partial<PolicyConfigInput> = {}) =>
  policyConfig({
    stack: "mvp",
    phase: "mvp",
    project: "jatsmanor",
    exceptions: "exceptions: []",
    attestations: "attestations: []",
    today: "2026-11-24",
    ...change,
  });

const entry = (change: Record<string, unknown> = {}) => ({
  id: "OPS-12",
  rules: ["aws-no-static-keys"],
  targets: [{ stack: "mvp", type: "aws:iam/accessKey:AccessKey", name: "writer-key" }],
  reason: "The server is not at AWS and has no role to assume.",
  owner: "platform-team",
  expires: "2027-02-01",
  ...change,
});
// JSON is YAML.
const register = (...entries: unknown[]) => JSON.stringify({ exceptions: entries });
const withEntries = (...entries: unknown[]) => make({ exceptions: register(...entries), urns: [URN] });

describe("levels and parameters", () => {
  test.each(PHASES)("%s: every rule at the level of its row", (phase) => {
    const { config, errors } = make({ phase });
    expect(errors).toEqual([]);
    expect(config.version).toBe(2);
    expect(Object.keys(config.policies)).toEqual(rules.map((r) => r.id));
    for (const rule of rules) expect(config.policies[rule.id]!["enforcementLevel"]).toBe(rule.levels[phase]);
  });

  test("governance takes the highest level of every rule, and no phase's parameters", () => {
    const { config } = make({ phase: "governance" });
    for (const rule of rules) expect(config.policies[rule.id]!["enforcementLevel"]).toBe(highest(rule.levels));
    expect(config.policies["policy-config-matches-phase"]).toEqual({
      enforcementLevel: "mandatory",
      phase: "governance",
    });
    expect(config.policies["instance-size-allowlist"]).toEqual({ enforcementLevel: "mandatory" });
  });

  test("the phase, its parameters and the attestations; no date, so that the file does not age", () => {
    const { config } = make({ attestations: "attestations: [{ provider: github, date: 2026-11-01, by: ama }]" });
    expect(config.policies["policy-config-matches-phase"]).toEqual({ enforcementLevel: "mandatory", phase: "mvp" });
    expect(config.policies["instance-size-allowlist"]).toMatchObject({ sizes: ["s-2vcpu-4gb", "s-4vcpu-8gb"] });
    expect(config.policies["mfa-attestation"]).toEqual({
      enforcementLevel: "advisory",
      attestations: [{ provider: "github", date: "2026-11-01", by: "ama" }],
    });
    expect(configText(config)).not.toContain('"now"');
    expect(config.exceptions).toBeUndefined();
  });

  test("a rehearsal's date reaches the rules that compare dates, and no other", () => {
    const { config } = make({ now: "2026-11-24" });
    const dated = Object.entries(config.policies).filter(([, p]) => p["now"] === "2026-11-24");
    expect(dated.map(([id]) => id)).toEqual(["cloudflare-account-2fa", "mfa-attestation", "eol-engine-version"]);
    expect(make({ phase: "staging", now: "2026-11-24" }).config.policies["mfa-attestation"]).toEqual({
      enforcementLevel: "disabled",
    });
  });

  test("the shipped registers are valid, and except nothing", () => {
    const result = make({ exceptions: read("exceptions.yaml"), attestations: read("attestations.yaml") });
    expect(result).toMatchObject({ errors: [], warnings: [], expired: [] });
    expect(result.config.exceptions).toBeUndefined();
    const accounts = result.config.policies["mfa-attestation"]!["attestations"] as { provider: string }[];
    expect(accounts.map((a) => a.provider).sort()).toEqual([
      "cloudflare",
      "digitalocean",
      "github",
      "ovh",
      "pulumi",
      "registrar",
    ]);
  });

  test("stale is any difference, or no file", () => {
    const { config } = make();
    expect(isStale(configText(config), config)).toBe(false);
    expect(isStale(configText(make({ phase: "growth" }).config), config)).toBe(true);
    expect(isStale(undefined, config)).toBe(true);
  });

  test("the pack accepts the config and judges by it", async () => {
    const pack = await Pack.start();
    try {
      const { config } = make({ now: "2026-11-24" });
      await pack.configure(config.policies);
      const root = (phase: string) => ({ type: "jatsmanor:phases:SingleServer", name: phase, props: { phase } });
      expect((await pack.analyze(root("mvp"))).diagnostics).toEqual([]);
      expect((await pack.analyze(root("growth"))).diagnostics).toMatchObject([
        { policy: "policy-config-matches-phase", level: "mandatory" },
      ]);
    } finally {
      pack.stop();
    }
  });
});

describe("exceptions", () => {
  test("are resolved to the exact URN; the reason says who and until when", () => {
    const { config, errors, warnings } = withEntries(entry());
    expect([errors, warnings]).toEqual([[], []]);
    expect(config.exceptions).toEqual({
      "OPS-12": {
        reason: "The server is not at AWS and has no role to assume. (platform-team, until 2027-02-01)",
        match: [{ policies: ["aws-no-static-keys"], targets: [URN] }],
      },
    });
  });

  test("of another stack are not this one's", () => {
    expect(make({ stack: "growth", exceptions: register(entry()) }).config.exceptions).toBeUndefined();
  });

  test("may give a URN, or target the stack itself", () => {
    const byUrn = make({ exceptions: register(entry({ targets: [{ urn: URN }] })) });
    expect(byUrn.errors).toEqual([]);
    expect(byUrn.config.exceptions!["OPS-12"]!.match[0]!.targets).toEqual([URN]);
    const stack = entry({ targets: [{ stack: "mvp", type: "pulumi:pulumi:Stack", name: "any" }] });
    expect(make({ exceptions: register(stack) }).config.exceptions!["OPS-12"]!.match[0]!.targets).toEqual([
      "urn:pulumi:mvp::jatsmanor::pulumi:pulumi:Stack::jatsmanor-mvp",
    ]);
  });

  test("expire by themselves: the day after the last one they are out, and reported", () => {
    const last = make({ exceptions: register(entry()), urns: [URN], today: "2027-02-01" });
    expect([last.expired, Object.keys(last.config.exceptions!)]).toEqual([[], ["OPS-12"]]);
    const after = make({ exceptions: register(entry()), urns: [URN], today: "2027-02-02" });
    expect(after.expired.map((e) => e.id)).toEqual(["OPS-12"]);
    expect(after.config.exceptions).toBeUndefined();
  });

  test("an unknown rule or a target that is gone is a warning", () => {
    expect(withEntries(entry({ rules: ["no-such-rule"] })).warnings).toEqual([
      "policies/exceptions.yaml: exceptions[0] (OPS-12): rules names no-such-rule, which is no rule of the pack: it excepts nothing",
    ]);
    const gone = make({ exceptions: register(entry()), urns: [] });
    expect(gone.warnings[0]).toMatch(/name writer-key is not in stack mvp: the exception is unused/);
    expect(gone.config.exceptions).toBeUndefined();
  });

  test("an ambiguous target is an error that names both", () => {
    const twice = make({ exceptions: register(entry()), urns: [URN, URN.replace("OffsiteBackup", "Other")] });
    expect(twice.errors).toHaveLength(1);
    expect(twice.errors[0]).toMatch(/is ambiguous: .*OffsiteBackup.* or .*Other.*; give one of them as urn/);
  });

  test("without the stack's resources a type and a name cannot be found", () => {
    expect(make({ exceptions: register(entry()) }).errors[0]).toMatch(/cannot be found without the stack's resources/);
  });

  const bad: [string, Record<string, unknown>, RegExp][] = [
    ["no reason", { reason: undefined }, /exceptions\[0\]\.reason is missing: allowed: a reason of 20 characters/],
    [
      "a short reason",
      { reason: "because" },
      /exceptions\[0\]\.reason is "because": allowed: a reason of 20 characters/,
    ],
    ["spaces for a reason", { reason: " ".repeat(30) }, /reason of 20 characters/],
    ["no owner", { owner: "" }, /owner is "": allowed/],
    ["no end", { expires: undefined }, /expires is missing/],
    ["an end that is no day", { expires: "2027-02-31" }, /expires is "2027-02-31": allowed: a day that exists/],
    ["an end that is a word", { expires: "never" }, /expires is "never"/],
    ["181 days", { expires: "2027-05-24" }, /expires is "2027-05-24", in 181 days; allowed: 2027-05-23 at the latest/],
    ["no rules", { rules: [] }, /rules is \[\]: allowed: a list of at least one rule id/],
    ["a rule that accepts none", { rules: ["aws-s3-block-public"] }, /aws-s3-block-public, which accepts no exception/],
    ["no targets", { targets: [] }, /targets is \[\]: allowed: a list of at least one target/],
    [
      "half a target",
      { targets: [{ stack: "mvp", name: "x" }] },
      /targets\[0\] is .*: allowed: stack, type and name, or urn/,
    ],
    ["a target of a wrong form", { targets: [{ urn: "web" }] }, /urn is "web": allowed: a URN/],
    ["a urn of another stack", { targets: [{ stack: "growth", urn: URN }] }, /allowed: a urn of the stack/],
    ["an id with spaces", { id: "OPS 12" }, /id is "OPS 12": allowed: the ticket's id/],
    ["a key that is none", { expiry: "2027-02-01" }, /exceptions\[0\] has expiry: no such key/],
  ];
  test.each(bad)("%s: one message with key, value and what is allowed", (_, change, message) => {
    const { errors, config } = withEntries(entry(change));
    expect(errors).toEqual([expect.stringMatching(message)]);
    expect(errors[0]).toMatch(/^policies\/exceptions\.yaml: /);
    expect(config.exceptions).toBeUndefined();
  });

  test("180 days are allowed", () => {
    expect(withEntries(entry({ expires: "2027-05-23" })).errors).toEqual([]);
  });

  test("every error of every entry is said at once", () => {
    const { errors } = withEntries(entry({ reason: "short", owner: "" }), entry({ id: "a b" }), null, entry(), entry());
    expect(errors.map((e) => /exceptions\[(\d)\]/.exec(e)?.[1])).toEqual(["0", "0", "1", "2", "3", "4"].sort());
  });

  test("a file that is no YAML, or no register", () => {
    expect(make({ exceptions: "exceptions: [" }).errors[0]).toMatch(/^policies\/exceptions\.yaml: is not valid YAML/);
    expect(make({ exceptions: "exceptions: none" }).errors[0]).toMatch(/exceptions is "none": allowed: array/);
    expect(make({ exceptions: "exemptions: []" }).errors[0]).toMatch(/has exemptions: no such key/);
    expect(make({ exceptions: "" }).errors).toEqual([]);
  });
});

test("attestations: a bad entry names key, value and what is allowed", () => {
  const { errors } = make({ attestations: "attestations: [{ provider: github, date: 2026-13-01 }]" });
  expect(errors).toEqual([
    'policies/attestations.yaml: attestations[0].date is "2026-13-01": allowed: a day that exists, as YYYY-MM-DD, for example 2027-02-01',
    "policies/attestations.yaml: attestations[0].by is missing: allowed: string",
  ]);
});
