import { rules } from "../../policies/rules/index.ts";
import { Pack, type Diagnostic } from "./pack.ts";

let pack: Pack;
beforeAll(async () => {
  pack = await Pack.start();
});
afterAll(() => pack?.stop());

const isNote = (d: Diagnostic) => d.level === "advisory" && !d.message.includes(", requires ");

describe.each(rules.map((r) => [r.id, r] as const))("%s: its own examples", (id, rule) => {
  beforeAll(() => pack.only(id, rule.examples.with ?? {}));

  test.each(rule.examples.pass.map((e, i) => [i, e] as const))("pass %i", async (_, example) => {
    expect((await pack.check(example)).filter((d) => !isNote(d))).toEqual([]);
  });

  test.each(rule.examples.fail.map((e, i) => [i, e] as const))("fail %i", async (_, example) => {
    const found = (await pack.check(example)).filter((d) => !isNote(d));
    expect(found.map((d) => d.policy)).toContain(id);
    expect(found[0]!.message).toMatch(/, requires .+ \((guide|standard): .+\)\. Fix: .+ (Exception: |No exception)/);
  });
});
