/** The engine between rules and SDK, and the pack as a process. Over 300 lines: one pack process serves them all. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as proxy from "@pulumi/policy/proxy.js";
import { build } from "esbuild";
import fc from "fast-check";
import { UNDETERMINED } from "../../policies/engine/message.ts";
import { highest, type Parameter, PHASES } from "../../policies/engine/rule.ts";
import { isUnknown } from "../../policies/engine/values.ts";
import { rules } from "../../policies/rules/index.ts";
import { GUIDE } from "./guide.ts";
import { Pack, PACK_DIR, secret, unknown } from "./pack.ts";

let pack: Pack;
beforeAll(async () => {
  pack = await Pack.start();
});
afterAll(() => pack?.stop());

const DROPLET = "digitalocean:index/droplet:Droplet";
const droplet = (props: Record<string, unknown>) => ({ type: DROPLET, name: "web", props });

describe("a finding", () => {
  beforeAll(() => pack.only("do-droplet-daily-backups"));

  test("names the resource, the found and the required value, the guide, the fix and the exception", async () => {
    const { diagnostics } = await pack.analyze(droplet({ backups: false }));
    expect(diagnostics).toEqual([
      {
        policy: "do-droplet-daily-backups",
        level: "mandatory",
        urn: `urn:pulumi:test::jatsmanor::${DROPLET}::web`,
        message:
          'Droplet web: backups is false, requires true (guide: "Snapshots quotidiens (7 jours)"). ' +
          'Fix: set backups: true and backupPolicy.plan: "daily". ' +
          "Exception: policies/exceptions.yaml, rule do-droplet-daily-backups, " +
          "target type digitalocean:index/droplet:Droplet, name web.",
      },
    ]);
  });

  test("an unknown value is one advisory note, and what is known is judged all the same", async () => {
    const { diagnostics } = await pack.analyze(droplet({ backups: unknown, backupPolicy: { plan: unknown } }));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]!.level).toBe("advisory");
    expect(diagnostics[0]!.message).toBe(
      `Droplet web: ${UNDETERMINED}backups is not known in a preview; the update decides`,
    );
  });

  test("several unknown values of one resource are one note, and a known wrong one beside them is still found", async () => {
    await pack.only("do-firewall-covers-droplets");
    const rule = (sourceAddresses: unknown) => ({ protocol: "tcp", portRange: "22", sourceAddresses });
    const { diagnostics } = await pack.analyzeStack([
      {
        type: "digitalocean:index/firewall:Firewall",
        props: { inboundRules: [unknown, rule(unknown), rule(["0.0.0.0/0"])] },
      },
    ]);
    expect(diagnostics.map((d) => [d.level, d.message.includes(UNDETERMINED)])).toEqual([
      ["advisory", true],
      ["mandatory", false],
    ]);
    await pack.only("do-droplet-daily-backups");
  });

  test("a secret is judged but never shown", async () => {
    const { diagnostics } = await pack.analyze(droplet({ backups: true, backupPolicy: secret({ plan: "CANARY" }) }));
    expect(diagnostics[0]!.message).toContain("backupPolicy.plan is [secret], requires");
    expect(diagnostics[0]!.message).not.toContain("CANARY");
  });

  test("on the stack it has no resource, so that the engine takes the root stack", async () => {
    await pack.only("offsite-db-export");
    const { diagnostics } = await pack.analyzeStack([droplet({})]);
    expect(diagnostics[0]).toMatchObject({
      urn: "",
      message: expect.stringContaining("target type pulumi:pulumi:Stack"),
    });
  });
});

test("no message shows a secret, whatever the property", async () => {
  await pack.configure();
  // Each fail example, with every string leaf of every resource secret.
  const hide = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(hide)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, hide(v)]))
        : typeof value === "string" && /[0-9A-Z/-]/.test(value) && value.length > 12
          ? secret(value)
          : value;
  for (const rule of rules) {
    for (const example of rule.examples.fail) {
      const hidden = example.map((s) => ({ ...s, props: hide(s.props ?? {}) as Record<string, unknown> }));
      const values = JSON.stringify(hidden).match(/"value":"((?:[^"\\]|\\.){13,})"/g) ?? [];
      // What is required and how to fix it are the rule's own words; what was found comes before.
      const messages = (await pack.check(hidden)).map((d) => d.message.replace(/, requires .*/s, "")).join("\n");
      for (const v of values) expect(messages).not.toContain(v.slice(9, -1));
    }
  }
});

describe("a broken rule", () => {
  let broken: Pack;
  beforeAll(async () => {
    // Under node_modules, so that the bundle finds the same SDK.
    const dir = path.resolve(__dirname, "../../node_modules/.cache/broken-pack");
    await build({
      entryPoints: [path.join(__dirname, "broken-pack.ts")],
      outfile: path.join(dir, "index.cjs"),
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["@pulumi/*"],
    });
    fs.writeFileSync(
      path.join(dir, "package.json"),
      JSON.stringify({ name: "b", version: "0.0.1", main: "index.cjs" }),
    );
    broken = await Pack.start(dir);
    await broken.configure();
  });
  afterAll(() => broken?.stop());

  test("is a finding at its level, without the error's own words, and the others run", async () => {
    const { diagnostics } = await broken.analyze({
      type: "test:index/thing:Thing",
      name: "x",
      props: { document: "{CANARY" },
    });
    expect(diagnostics.map((d) => [d.policy, d.level])).toEqual([
      ["throws-on-resource", "mandatory"],
      ["still-runs", "mandatory"],
    ]);
    expect(diagnostics[0]!.message).toMatch(
      /Thing x: rule throws-on-resource failed with SyntaxError.*nothing was checked/,
    );
    expect(diagnostics[0]!.message).not.toContain("CANARY");
  });

  test("on the stack likewise", async () => {
    const { diagnostics } = await broken.analyzeStack([{ type: "test:index/thing:Thing", name: "x" }]);
    expect(diagnostics.map((d) => [d.policy, d.level])).toEqual([
      ["throws-on-stack", "mandatory"],
      ["still-runs", "advisory"],
    ]);
    expect(diagnostics[0]!.message).toContain("failed with RangeError");
    expect(diagnostics[0]!.message).not.toContain("CANARY");
  });
});

describe("the pack", () => {
  test("publishes its rules, levels and mappings", () => {
    expect(pack.info).toEqual({ name: "jatsmanor", version: "0.1.0" });
    const published = pack.policies.map((p) => `${p.name} ${p.level} ${p.severity} ${p.framework}`);
    expect(published).toMatchSnapshot();
  });

  test("levels per phase are the catalogue's", () => {
    const short = { mandatory: "m", advisory: "a", disabled: "-" };
    expect(Object.fromEntries(rules.map((r) => [r.id, PHASES.map((p) => short[r.levels[p]]).join("/")]))).toEqual({
      "aws-rds-backup-retention": "m/a/m/m",
      "aws-rds-cluster-backup-retention": "-/a/m/m",
      "aws-db-snapshot-6h": "-/-/m/m",
      "aws-backup-continuous-pitr": "-/-/a/m",
      "aws-db-cross-region-copy": "-/-/m/m",
      "aws-backup-vault-protected": "-/-/a/m",
      "aws-backup-restore-tested": "-/-/a/m",
      "aws-db-deletion-guard": "a/-/m/m",
      "aws-s3-versioning": "m/a/m/m",
      "aws-s3-replication-cross-region": "-/-/m/m",
      "aws-s3-lifecycle-tiers": "-/-/m/m",
      "aws-s3-no-cold-tier-behind-cdn": "-/-/m/m",
      "aws-s3-expire-noncurrent": "a/a/a/a",
      "aws-cache-snapshots": "-/-/m/m",
      "offsite-db-export": "m/-/-/-",
      "do-droplet-daily-backups": "m/a/-/-",
      "do-volume-backed-up": "m/-/-/-",
      "do-spaces-versioned-private": "m/a/-/-",
      "ovh-db-backup-plan": "-/-/m/-",
      "ovh-instance-backup": "-/-/m/-",
      "k8s-stateful-backup": "-/-/-/m",
      "aws-rds-storage-encrypted": "m/a/m/m",
      "aws-db-tls-required": "-/-/m/m",
      "aws-s3-encryption-config": "a/-/m/m",
      "aws-s3-block-public": "m/m/m/m",
      "aws-s3-tls-only": "a/a/m/m",
      "aws-ebs-encrypted": "m/m/m/m",
      "aws-cache-encrypted": "-/a/m/m",
      "aws-search-encrypted": "-/-/-/m",
      "aws-queue-topic-encrypted": "-/-/m/m",
      "aws-kms-rotation": "-/-/m/m",
      "aws-lb-https-only": "m/m/m/m",
      "aws-lb-tls-policy": "m/m/m/m",
      "aws-cdn-https-only": "m/m/m/m",
      "aws-cdn-tls-min": "m/m/m/m",
      "hsts-one-year": "a/a/m/m",
      "cloudflare-tls-strict": "m/m/m/m",
      "do-lb-https": "m/m/-/-",
      "ovh-lb-https": "-/-/m/-",
      "k8s-ingress-tls": "-/-/-/m",
      "waf-in-front": "m/a/m/m",
      "waf-managed-rules-block": "-/-/m/m",
      "rate-limit-present": "m/a/m/m",
      "waf-logging": "-/-/a/m",
      "dns-proxied": "m/a/a/a",
      "origin-not-bypassable": "m/-/m/m",
      "ddos-plan": "-/-/a/a",
      "aws-private-subnets": "-/m/m/m",
      "aws-db-not-public": "m/m/m/m",
      "aws-sg-no-open-admin-ports": "m/m/m/m",
      "aws-default-sg-closed": "-/-/a/m",
      "aws-compute-hardened": "-/m/m/m",
      "aws-vpc-flow-logs": "-/-/m/m",
      "aws-eks-endpoint": "-/-/-/m",
      "do-firewall-covers-droplets": "m/m/-/-",
      "do-private-data": "m/a/-/-",
      "ovh-private-data": "-/-/m/-",
      "aws-iam-no-admin": "m/m/m/m",
      "aws-iam-least-privilege": "a/a/m/m",
      "aws-iam-users-no-policies": "m/m/m/m",
      "aws-no-static-keys": "a/a/m/m",
      "aws-iam-human-mfa": "m/m/m/m",
      "aws-oidc-trust-scoped": "-/m/m/m",
      "aws-password-policy": "-/-/a/m",
      "cloudflare-account-2fa": "m/m/m/m",
      "mfa-attestation": "a/-/m/m",
      "aws-cloudtrail": "-/-/m/m",
      "aws-detect-services": "-/-/a/m",
      "log-retention": "a/a/m/m",
      "aws-access-logs": "-/-/m/m",
      "aws-eks-audit-logs": "-/-/-/m",
      "aws-db-audit-logs": "-/-/a/m",
      "no-plaintext-secrets": "m/m/m/m",
      "aws-db-managed-password": "a/-/m/m",
      "aws-secret-rotation": "-/-/a/m",
      "k8s-no-literal-secrets": "-/-/-/m",
      "k8s-psa-enforced": "-/-/-/m",
      "k8s-container-hardened": "-/-/-/m",
      "k8s-resources-set": "-/-/-/m",
      "k8s-image-pinned": "-/-/-/m",
      "k8s-ha-workload": "-/-/-/m",
      "k8s-probes": "-/-/-/m",
      "k8s-default-deny-netpol": "-/-/-/m",
      "k8s-rbac-no-wildcard": "-/-/-/m",
      "k8s-service-exposure": "-/-/-/m",
      "k8s-helm-visible": "-/-/-/a",
      "aws-db-multi-az": "-/-/m/m",
      "aws-cache-ha": "-/-/a/m",
      "aws-asg-bounds": "-/-/m/m",
      "aws-lb-guard": "-/-/m/m",
      "alarm-has-action": "m/-/m/m",
      "alert-site-down-2min": "m/-/m/m",
      "alert-latency-p95-2s": "-/-/m/m",
      "alert-error-rate-5pct": "-/-/m/m",
      "alert-queue-1000": "a/-/m/m",
      "alert-disk-20pct": "m/-/m/m",
      "every-db-has-alarms": "-/-/m/m",
      "alert-security-breach": "-/-/a/m",
      "business-metrics-alarmed": "-/-/a/m",
      "do-monitoring": "m/a/-/-",
      "db-observability": "-/-/a/m",
      "policy-config-matches-phase": "m/m/m/m",
      "aws-budget-object": "a/-/m/m",
      "stateful-protected": "m/-/m/m",
      "eol-engine-version": "a/a/m/m",
      "extended-support-off": "-/-/m/m",
      "required-tags": "a/a/m/m",
      "allowed-regions": "m/m/m/m",
      "instance-size-allowlist": "m/m/m/m",
      "cdn-reaches-africa": "a/-/m/m",
      "staging-data-anonymised": "-/m/-/-",
    });
  });

  test("without config every rule takes its highest level and toughest parameters", () => {
    for (const p of pack.policies)
      expect([p.name, p.level]).toEqual([p.name, highest(rules.find((r) => r.id === p.name)!.levels)]);
    for (const rule of rules) {
      for (const parameter of Object.values(rule.parameters ?? {}) as Parameter[]) {
        for (const value of Object.values(parameter.perPhase ?? {})) {
          if (Array.isArray(value)) expect(parameter.default).toEqual(expect.arrayContaining(value));
        }
      }
    }
  });

  test("rules are well described: ids, sources, mappings, a guide's sentence that is in the guide", () => {
    for (const rule of rules) {
      expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(rule.why.length).toBeGreaterThan(40);
      expect(rule.tags.length).toBeGreaterThan(0);
      if ("guide" in rule.source) expect(GUIDE).toContain(rule.source.guide);
    }
    expect(new Set(rules.map((r) => r.id)).size).toBe(rules.length);
    const fixed = [
      "aws-rds-storage-encrypted",
      "aws-s3-block-public",
      "aws-db-not-public",
      "aws-sg-no-open-admin-ports",
      "aws-iam-no-admin",
      "no-plaintext-secrets",
    ];
    expect(rules.filter((r) => r.notExemptable).map((r) => r.id)).toEqual(fixed);
  });

  test("shares one copy of the SDKs with the runner, since instanceof decides there", () => {
    const fromPack = createRequire(path.join(PACK_DIR, "bin/index.cjs"));
    const fromPolicy = createRequire(fromPack.resolve("@pulumi/policy"));
    const root = path.resolve(PACK_DIR, "..");
    for (const found of [
      fromPack.resolve("@pulumi/policy"),
      fromPack.resolve("@pulumi/pulumi"),
      fromPolicy.resolve("@pulumi/pulumi"),
    ]) {
      expect(path.relative(root, found)).toMatch(/^node_modules\/@pulumi\/(policy|pulumi)\/[^/]+\.js$/);
    }
    const bundle = fs.readFileSync(path.join(PACK_DIR, "bin/index.cjs"), "utf8");
    expect([...bundle.matchAll(/require\("(@pulumi\/[^"]+)"\)/g)].map((m) => m[1]).sort()).toEqual([
      "@pulumi/policy",
      "@pulumi/policy/deserialize.js",
    ]);
    expect(fs.existsSync(path.join(PACK_DIR, "tsconfig.json"))).toBe(false);
  });

  test("knows the SDK's words for an unknown value", () => {
    const sentinels = Object.entries(proxy as Record<string, unknown>).filter(
      ([k, v]) => /^unknown\w+Value$/.test(k) && typeof v === "string",
    );
    expect(sentinels).toHaveLength(7);
    for (const [, value] of sentinels) expect(isUnknown(value)).toBe(true);
    expect(isUnknown("known")).toBe(false);
  });

  test("a bundle that is missing or older than its sources says how to get it", () => {
    const dir = fs.mkdtempSync(path.join(PACK_DIR, "bin", "copy-"));
    const start = () => spawnSync(process.execPath, [path.join(dir, "main.cjs")], { encoding: "utf8" });
    try {
      for (const file of ["main.cjs", "fingerprint.cjs"])
        fs.copyFileSync(path.join(PACK_DIR, file), path.join(dir, file));
      expect(start()).toMatchObject({ status: 1, stderr: expect.stringMatching(/is not built.*Run `make policies`/) });
      fs.mkdirSync(path.join(dir, "bin"));
      fs.writeFileSync(path.join(dir, "bin/index.cjs"), `// sources ${"0".repeat(32)}\nconsole.log("started");`);
      // A published pack has no sources to be older than.
      expect(start()).toMatchObject({ status: 0, stdout: "started\n" });
      for (const folder of ["engine", "rules"]) fs.mkdirSync(path.join(dir, folder));
      fs.writeFileSync(path.join(dir, "index.ts"), "");
      expect(start()).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/is out of date.*Run `make policies`/),
      });
    } finally {
      fs.rmSync(dir, { recursive: true });
    }
  });
});

describe("repairs, when the config opts in", () => {
  const repair = async (id: string, sample: Parameters<Pack["remediate"]>[0], parameters = {}) => {
    await pack.only(id, parameters, "remediate");
    const fixed = await pack.remediate(sample);
    // A second pass changes nothing, and the rule is content.
    if (fixed) {
      expect(await pack.remediate({ ...sample, props: fixed })).toBeUndefined();
      expect((await pack.analyze({ ...sample, props: fixed })).diagnostics).toEqual([]);
    }
    return fixed;
  };

  test("backups, in place: unknown and secret values stay as they are", async () => {
    const token = secret("CANARY");
    const fixed = await repair(
      "do-droplet-daily-backups",
      droplet({ backups: false, userData: token, vpcUuid: unknown }),
    );
    expect(fixed).toEqual({ backups: true, userData: token, vpcUuid: unknown });
    expect(
      await repair("do-droplet-daily-backups", droplet({ backups: true, backupPolicy: { plan: "weekly" } })),
    ).toEqual({
      backups: true,
      backupPolicy: { plan: "daily" },
    });
    expect(await repair("do-droplet-daily-backups", droplet({ backups: true }))).toBeUndefined();
  });

  test("the four flags of a bucket's block", async () => {
    const fixed = await repair("aws-s3-block-public", {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      props: { bucket: "files", blockPublicAcls: false },
    });
    expect(fixed).toEqual({
      bucket: "files",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  test("the tags that the stack knows, never an owner", async () => {
    await pack.only("required-tags", {}, "remediate");
    const map = await pack.remediate({ type: "aws:s3/bucket:Bucket", props: { tags: { owner: "ama", env: "kept" } } });
    expect(map).toEqual({ tags: { owner: "ama", env: "kept", project: "jatsmanor" } });
    const list = await pack.remediate(droplet({ tags: ["owner:ama"] }));
    expect(list).toEqual({ tags: ["owner:ama", "project:jatsmanor", "env:test"] });
  });

  test("the threshold of a disk alert", async () => {
    const alert = {
      type: "digitalocean:index/monitorAlert:MonitorAlert",
      props: { type: "v1/insights/droplet/disk_utilization_percent", value: 95 },
    };
    expect(await repair("alert-disk-20pct", alert)).toMatchObject({ value: 80 });
  });

  test("flags of the trail, the log group, the cluster, the password policy and Cloudflare's account", async () => {
    const trail = { type: "aws:cloudtrail/trail:Trail", props: { s3BucketName: unknown, enableLogging: false } };
    expect(await pack.only("aws-cloudtrail", {}, "remediate").then(() => pack.remediate(trail))).toEqual({
      s3BucketName: unknown,
      isMultiRegionTrail: true,
      enableLogFileValidation: true,
      enableLogging: true,
    });
    const group = (name: string, days: number) =>
      repair("log-retention", { type: "aws:cloudwatch/logGroup:LogGroup", props: { name, retentionInDays: days } });
    expect(await group("/x/audit", 30)).toMatchObject({ retentionInDays: 365 });
    expect(await group("/x/web", 0)).toMatchObject({ retentionInDays: 90 });
    expect(await group("/x/web", 3)).toMatchObject({ retentionInDays: 14 });
    expect(await group("/x/web", 30)).toBeUndefined();
    expect(
      await repair("aws-eks-audit-logs", {
        type: "aws:eks/cluster:Cluster",
        props: { enabledClusterLogTypes: ["scheduler"] },
      }),
    ).toEqual({ enabledClusterLogTypes: ["scheduler", "api", "audit", "authenticator"] });
    expect(
      await repair("aws-password-policy", {
        type: "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
        props: { minimumPasswordLength: 8 },
      }),
    ).toEqual({ minimumPasswordLength: 14, passwordReusePrevention: 24 });
    expect(
      await repair("cloudflare-account-2fa", { type: "cloudflare:index/account:Account", props: { name: "x" } }),
    ).toEqual({ name: "x", settings: { enforceTwofactor: true } });
  });

  test("standby, guards, budget and support, and nothing that nobody can guess", async () => {
    const rds = { type: "aws:rds/instance:Instance", props: { engine: "mysql", instanceClass: "db.t3.medium" } };
    expect(await repair("aws-db-multi-az", rds)).toMatchObject({ multiAz: true });
    await pack.only("db-observability", {}, "remediate");
    // Without a role AWS refuses the interval.
    expect(await pack.remediate(rds)).toEqual({ ...rds.props, performanceInsightsEnabled: true });
    const template = { type: "aws:ec2/launchTemplate:LaunchTemplate", props: { keyName: "ama" } };
    await pack.only("aws-compute-hardened", {}, "remediate");
    expect(await pack.remediate(template)).toEqual({ keyName: "ama", metadataOptions: { httpTokens: "required" } });
    const budget = { type: "aws:budgets/budget:Budget", props: { budgetType: "COST", timeUnit: "MONTHLY" } };
    const limited = (limitAmount: string) => ({ ...budget, props: { ...budget.props, limitAmount, limitUnit: "EUR" } });
    expect(await repair("aws-budget-object", limited("900"), { ceiling: 850 })).toMatchObject({ limitAmount: "850" });
    expect(await repair("aws-budget-object", limited("800"), { ceiling: 850 })).toBeUndefined();
  });

  test("nothing at level mandatory", async () => {
    await pack.only("do-droplet-daily-backups");
    expect(await pack.remediate(droplet({ backups: false }))).toBeUndefined();
  });
});

test("no value at any path makes a rule throw or the call fail", async () => {
  await pack.configure({ "mfa-attestation": { now: "2026-11-24" } });
  const odd = fc.constantFrom<unknown>(
    null,
    0,
    -1,
    "",
    "35",
    true,
    [],
    {},
    [[]],
    [null],
    { a: { b: [1] } },
    unknown,
    secret("x"),
    secret({ a: [unknown] }),
    [unknown],
    "{",
    "arn:aws:*",
  );
  const samples = rules
    .flatMap((r) => [...r.examples.pass, ...r.examples.fail].flat())
    .filter((s) => Object.keys(s.props ?? {}).length > 0);
  /** Replaces one leaf or branch, picked by the numbers. */
  const mutate = (value: unknown, picks: number[], by: unknown): unknown => {
    const [pick, ...rest] = picks;
    if (pick === undefined || typeof value !== "object" || value === null) return by;
    const keys = Object.keys(value);
    if (keys.length === 0) return by;
    const key = keys[pick % keys.length]!;
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    copy[key] = mutate(copy[key], rest, by);
    return copy;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(samples.length - 1), fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), odd), {
        minLength: 1,
        maxLength: 4,
      }),
      async (picks) => {
        const changed = picks.map(([i, at, by], n) => {
          const sample = samples[i]!;
          return { ...sample, name: `r${n}`, from: {}, props: mutate(sample.props, at, by) as Record<string, unknown> };
        });
        const found = await pack.check(
          changed.filter((s) => typeof s.props === "object" && s.props !== null && !Array.isArray(s.props)),
        );
        expect(found.filter((d) => d.message.includes("failed with"))).toEqual([]);
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);
