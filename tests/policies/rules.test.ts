/** Every rule against its tables and its own examples, through the real pack process. */
import { rules } from "../../policies/rules/index.ts";
import { access } from "./cases/access.ts";
import { alarms } from "./cases/alarms.ts";
import { audit } from "./cases/audit.ts";
import { backupClouds } from "./cases/backup-clouds.ts";
import { availability } from "./cases/availability.ts";
import { backup } from "./cases/backup.ts";
import { encryptionClouds } from "./cases/encryption-clouds.ts";
import { encryption } from "./cases/encryption.ts";
import { entries } from "./cases/entries.ts";
import { identity } from "./cases/identity.ts";
import { kubernetes } from "./cases/kubernetes.ts";
import { money } from "./cases/money.ts";
import { network } from "./cases/network.ts";
import { observability } from "./cases/observability.ts";
import { platform } from "./cases/platform.ts";
import { privateNetwork } from "./cases/private-network.ts";
import { secrets } from "./cases/secrets.ts";
import type { Tables, Verdict } from "./cases/table.ts";
import { type Answer, type Diagnostic, Pack } from "./pack.ts";
import type { Sample } from "../../policies/engine/rule.ts";

const tables: Tables = {
  ...backup,
  ...backupClouds,
  ...encryption,
  ...encryptionClouds,
  ...network,
  ...entries,
  ...privateNetwork,
  ...access,
  ...identity,
  ...audit,
  ...secrets,
  ...kubernetes,
  ...observability,
  ...alarms,
  ...availability,
  ...platform,
  ...money,
};

let pack: Pack;
beforeAll(async () => {
  pack = await Pack.start();
});
afterAll(() => pack?.stop());

const isViolation = (d: Diagnostic) => d.message.includes(", requires ");
const isUndetermined = (d: Diagnostic) => d.message.includes("undetermined: ");

/** Both passes, as a preview makes them, and what they amount to. */
async function verdictOn(id: string, samples: readonly Sample[]): Promise<{ verdict: Verdict; messages: string[] }> {
  const answers: Answer[] = [];
  for (const sample of samples) answers.push(await pack.analyze(sample));
  answers.push(await pack.analyzeStack(samples));
  const found = answers.flatMap((a) => a.diagnostics);
  expect(found.filter((d) => d.policy !== id)).toEqual([]);
  const violations = found.filter(isViolation);
  const verdict = violations.some((d) => d.level === "mandatory")
    ? "fail"
    : violations.length > 0
      ? "warn"
      : found.some(isUndetermined)
        ? "unknown"
        : found.length > 0
          ? "note"
          : answers.some((a) => id in a.notApplicable) && !pass(id, answers)
            ? "na"
            : "pass";
  return { verdict, messages: found.map((d) => d.message) };
}

/** A rule of two passes passes when one of them applied. */
function pass(id: string, answers: Answer[]): boolean {
  const rule = rules.find((r) => r.id === id)!;
  const applied = answers.map((a) => !(id in a.notApplicable));
  const resourcePass = rule.resource !== undefined && applied.slice(0, -1).some(Boolean);
  return resourcePass || (rule.stack !== undefined && applied.at(-1)!);
}

describe.each(Object.keys(tables))("%s", (id) => {
  test.each(tables[id]!.map((c) => [c[0], c[1], c] as const))(
    "%s: %s",
    async (expected, _, [, , samples, says, parameters]) => {
      await pack.only(id, parameters);
      const { verdict, messages } = await verdictOn(id, samples);
      expect({ verdict, messages }).toEqual({ verdict: expected, messages });
      if (says) expect(messages.join("\n")).toMatch(says);
    },
  );
});

test("every rule has a table", () => {
  expect(rules.map((r) => r.id).filter((id) => !(id in tables))).toEqual([]);
});

describe.each(rules.map((r) => [r.id, r] as const))("%s: its own examples", (id, rule) => {
  test("pass and fail as they say", async () => {
    await pack.only(id, rule.examples.with ?? {});
    for (const example of rule.examples.pass) {
      expect((await pack.check(example)).filter(isViolation)).toEqual([]);
    }
    for (const example of rule.examples.fail) {
      const found = (await pack.check(example)).filter(isViolation);
      expect(found.map((d) => d.policy)).toContain(id);
      expect(found[0]!.message).toMatch(/, requires .+ \((guide|standard): .+\)\. Fix: .+ (Exception: |No exception)/);
    }
    expect(rule.examples.fail.length).toBeGreaterThan(0);
    expect(rule.examples.pass.length).toBeGreaterThan(0);
  });
});
