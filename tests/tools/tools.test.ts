/** The `jats` command: pure parts, and how it speaks. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { atLeast } from "../../tools/engine/locate.ts";
import { writeRehearsalPolicyConfig } from "../../tools/policy-config.ts";
import { forgetArguments, importFile, pendingCreates, recoveryText } from "../../tools/recovery.ts";
import { rehearsalEnvironment } from "../../tools/rehearse/environment.ts";
import { type EngineEvent, changes, diagnostics, findings, hideSecrets, reasons } from "../../tools/rehearse/events.ts";
import { rehearsedConfig } from "../../tools/rehearse/stack-file.ts";
import { workspaceOf } from "../../tools/rehearse/workspace.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const base = fs.mkdtempSync(path.join(os.tmpdir(), "jats-tools-"));
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

const jats = (...args: string[]) =>
  spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "tools/jats.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

describe("the environment of a rehearsal", () => {
  const poison = {
    AWS_ACCESS_KEY_ID: "user",
    AWS_PROFILE: "user",
    DIGITALOCEAN_TOKEN: "user",
    CLOUDFLARE_API_TOKEN: "user",
    KUBECONFIG: "user",
    PULUMI_ACCESS_TOKEN: "user",
    PULUMI_OPTION_POLICY_PACK: "user",
    PULUMI_CONFIG_PASSPHRASE: "user",
    PULUMI_DEBUG_PROVIDERS: "user",
    NODE_OPTIONS: "--user",
    HTTPS_PROXY: "user",
  };

  test("nothing of the user's gets in, and HOME is the rehearsal's own", () => {
    const before = { ...process.env };
    Object.assign(process.env, poison, { NO_COLOR: "1", PATH: `/user/bin:${before["PATH"] ?? ""}` });
    try {
      const engine = { pulumi: "/engine/pulumi", version: "3.274.1", origin: "test" };
      const env = rehearsalEnvironment(workspaceOf("mvp", base), engine);
      expect(Object.values(env).filter((value) => value?.includes("user"))).toEqual([]);
      expect(Object.keys(env).filter((name) => /^(AWS|KUBE|PULUMI_OPTION|NODE_OPTIONS|HTTP)/.test(name))).toEqual([]);
      expect(env["HOME"]).toBe(path.join(base, "mvp", "home"));
      expect(env["PULUMI_BACKEND_URL"]).toBe(`file://${path.join(base, "mvp", "backend")}`);
      expect(env["PULUMI_IGNORE_AMBIENT_PLUGINS"]).toBe("true");
      expect(env["NO_COLOR"]).toBe("1");
    } finally {
      process.env = before;
    }
  });
});

describe("the stack file of a rehearsal", () => {
  test("placeholders lose their mark, secrets become canaries, the rest stays", () => {
    const { plain, secrets } = rehearsedConfig(`
encryptionsalt: v1:real
config:
  jatsmanor:domain: placeholder:jatsmanor.example
  jatsmanor:list: [placeholder:a, b]
  jatsmanor:nested: { token: { secure: v1:real }, plain: x }
  jatsmanor:appKey: { secure: v1:real }
`);
    expect(parse(plain)).toEqual({
      config: {
        "jatsmanor:domain": "jatsmanor.example",
        "jatsmanor:list": ["a", "b"],
        "jatsmanor:nested": { plain: "x" },
      },
    });
    expect(Object.keys(secrets).sort()).toEqual(["jatsmanor:appKey", "jatsmanor:nested.token"]);
    expect(secrets["jatsmanor:appKey"]).toMatch(/^base64:[A-Za-z0-9+/]{43}=$/);
    expect(plain + JSON.stringify(secrets)).not.toContain("v1:real");
  });

  test("a secret setting that is committed in plain text as a placeholder becomes a canary too", () => {
    const { plain, secrets } = rehearsedConfig("config:\n  jatsmanor:appKey: placeholder:base64:x\n");
    expect(plain).not.toContain("appKey");
    expect(Object.keys(secrets)).toEqual(["jatsmanor:appKey"]);
  });
});

describe("the register of exceptions, before anything is started", () => {
  const entry = { id: "OPS-12", rules: ["do-droplet-daily-backups"], owner: "platform-team", expires: "2026-12-01" };
  const reason = "A reason that is long enough to be one.";
  const target = { stack: "mvp", type: "pulumi:pulumi:Stack", name: "x" };

  function config(exception: object): { error: string; written: boolean } {
    const registers = fs.mkdtempSync(path.join(base, "registers-"));
    fs.writeFileSync(path.join(registers, "exceptions.yaml"), JSON.stringify({ exceptions: [exception] }));
    fs.copyFileSync(path.join(ROOT, "policies", "attestations.yaml"), path.join(registers, "attestations.yaml"));
    const file = path.join(registers, "policy-config.json");
    try {
      writeRehearsalPolicyConfig(workspaceOf("mvp", base), "2026-11-24", file, registers);
      return { error: "", written: fs.existsSync(file) };
    } catch (error) {
      return { error: (error as Error).message, written: fs.existsSync(file) };
    }
  }

  test("an entry without a reason is refused, naming entry and key", () => {
    const { error, written } = config({ ...entry, targets: [target] });
    expect(error).toBe(
      "policies/exceptions.yaml: exceptions[0].reason is missing: allowed: a reason of 20 characters or more",
    );
    expect(written).toBe(false);
  });

  test("a complete one is compiled", () => {
    expect(config({ ...entry, reason, targets: [target] })).toEqual({ error: "", written: true });
  });

  test("one past its date is left out, and said", () => {
    const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      expect(config({ ...entry, reason, targets: [target], expires: "2026-11-23" }).written).toBe(true);
      expect(said.mock.calls.map(([text]) => String(text)).join("")).toMatch(/OPS-12 expired on 2026-11-23/);
    } finally {
      said.mockRestore();
    }
  });
});

describe("after an interrupted update", () => {
  const urn = "urn:pulumi:mvp::jatsmanor::jatsmanor:aws:OffsiteBackup$aws:iam/user:User::mvp-offsite-writer";
  const resource = { urn, type: "aws:iam/user:User", parent: "urn:parent" };
  const pending = pendingCreates({
    pending_operations: [
      { type: "creating", resource },
      { type: "updating", resource },
    ],
  });

  test("only creations are asked about: the others are repeated by the next update", () => {
    expect(pending).toEqual([
      { urn, type: "aws:iam/user:User", name: "mvp-offsite-writer", parent: "urn:parent", protect: false },
    ]);
    expect(pendingCreates(undefined)).toEqual([]);
  });

  test("the text gives the command for each, under the right parent", () => {
    const text = recoveryText("mvp", pending);
    expect(text).toContain("pulumi import --stack mvp");
    expect(text).toContain("--parent 'parent=urn:parent'");
    expect(text).toContain("aws:iam/user:User mvp-offsite-writer <its id>");
    expect(text).toContain(`pulumi ${forgetArguments("mvp").join(" ")}`);
  });

  test("the import names type, name, id and parent", () => {
    expect(JSON.parse(importFile(pending[0]!, "some-id"))).toEqual({
      nameTable: { parent: "urn:parent" },
      resources: [{ type: "aws:iam/user:User", name: "mvp-offsite-writer", id: "some-id", parent: "parent" }],
    });
  });
});

describe("the engine's events", () => {
  const policy = (message: string, more: object = {}): EngineEvent => ({
    policyEvent: {
      resourceUrn: "urn:x",
      message,
      policyName: "r",
      policyPackName: "p",
      enforcementLevel: "mandatory",
      ...more,
    },
  });

  test.each([
    ["a mandatory finding", policy("bad"), "mandatory"],
    ["an advisory one", policy("bad", { enforcementLevel: "advisory" }), "advisory"],
    [
      "an unknown value",
      policy("X: undetermined: acl is not known in a preview", { enforcementLevel: "advisory" }),
      "undetermined",
    ],
    ["an excepted one", policy("bad", { exceptions: [{ id: "OPS-1", reason: "because" }] }), "exempted"],
    ["a repaired one", { policyRemediationEvent: { policyName: "r", before: 1, after: 2 } }, "remediated"],
  ])("%s", (_name, event, level) => {
    expect(findings([event, event]).map((finding) => finding.level)).toEqual([level]);
  });

  test("the same finding of preview and update counts once, two resources count twice", () => {
    expect(findings([policy("bad"), policy("bad"), policy("bad", { resourceUrn: "urn:y" })])).toHaveLength(2);
  });

  test("a host bundle changes because of files, anything else because of properties", () => {
    const triggers = (...files: string[]) => ({ inputs: { triggers: [files, "secrets 1"] } });
    const step = { op: "replace", urn: "u", type: "t", diffs: ["stdin", "triggers"] };
    const both = {
      ...step,
      old: triggers("/etc/a 1", "/etc/b 1", "/etc/gone 1"),
      new: triggers("/etc/a 1", "/etc/b 2", "/etc/new 1"),
    };
    expect(reasons(both)).toEqual(["stdin", "/etc/b", "/etc/gone", "/etc/new"]);
    expect(reasons({ ...step, old: triggers("/etc/a 1"), new: triggers("/etc/a 1") })).toEqual(["stdin", "triggers"]);
    expect(reasons({ ...step, diffs: ["size"], old: null })).toEqual(["size"]);
  });

  test("secrets in a repair are not shown", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hunter2" };
    expect(
      JSON.stringify(findings([{ policyRemediationEvent: { policyName: "r", before: { a: secret }, after: {} } }])),
    ).not.toContain("hunter2");
    expect(hideSecrets([{ b: secret }])).toEqual([{ b: "[secret]" }]);
  });

  test("counts and messages", () => {
    expect(changes([{ summaryEvent: { resourceChanges: { create: 2, same: 3 } } }])).toEqual({
      created: 2,
      updated: 0,
      replaced: 0,
      deleted: 0,
      same: 3,
    });
    const error = (message: string): EngineEvent => ({
      diagnosticEvent: { urn: "a::b::c::name", message, severity: "error" },
    });
    expect(diagnostics([error("it broke\n"), error("it broke\n"), error("update failed")], "error")).toEqual([
      "name: it broke",
    ]);
  });
});

test.each([
  ["3.274.0", true],
  ["3.274.1", true],
  ["4.0.0", true],
  ["3.273.9", false],
  ["2.300.0", false],
])("engine %s is recent enough: %s", (version, expected) => {
  expect(atLeast(version, "3.274.0")).toBe(expected);
});

describe("the command line", () => {
  test("help lists the commands", () => {
    const { stdout, status } = jats("--help");
    expect(status).toBe(0);
    for (const command of ["rehearse", "up", "policy-config", "sandbox"]) expect(stdout).toContain(command);
  });

  test("a stack that does not exist: one line, the stacks there are, exit code 2", () => {
    const { stderr, status } = jats("rehearse", "prod");
    expect(stderr).toMatch(/^there is no stack "prod" \(no Pulumi\.prod\.yaml\)\. Stacks: .*mvp/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  });

  test("an unknown language is refused with the choices", () => {
    const { stderr, status } = jats("rehearse", "mvp", "--lang", "de");
    expect(stderr).toMatch(/Allowed choices are en, fr/);
    expect(status).not.toBe(0);
  });

  test("drift on a resource that does not exist names what to look at", () => {
    const { stderr, status } = jats("sandbox", "drift", "mvp", "no-such-resource");
    expect(stderr).toContain('0 resources are called "no-such-resource"');
    expect(status).toBe(2);
  });
});
