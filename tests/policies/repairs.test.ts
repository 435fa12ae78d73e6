/** Repairs against what the providers say: none may touch a property whose change replaces the resource. */
import { Resource } from "../../policies/engine/resource.ts";
import type { AnyRule, Sample } from "../../policies/engine/rule.ts";
import { steps, type Path } from "../../policies/engine/values.ts";
import { rules } from "../../policies/rules/index.ts";
import { factsOf } from "../../sandbox/facts/load.ts";
import { Pack, urnOf } from "./pack.ts";

let pack: Pack;
beforeAll(async () => {
  pack = await Pack.start();
});
afterAll(() => pack?.stop());

const repairs = rules.filter((r) => r.remediate);
const parametersOf = (rule: AnyRule) => ({
  ...Object.fromEntries(
    Object.entries(rule.parameters ?? {}).map(([k, p]) => [k, (p as { default?: unknown }).default]),
  ),
  ...rule.examples.with,
});

/** Paths that a repair sets, as the facts write them: without list positions. */
function pathsOf(rule: AnyRule, sample: Sample): string[] {
  const resource = new Resource({ type: sample.type, name: "x", urn: urnOf(sample), props: sample.props });
  const found: string[] = [];
  if (!resource.is(rule.remediate?.types ?? [])) return [];
  rule.remediate?.repair(
    resource,
    (path: Path) =>
      found.push(
        steps(path)
          .filter((s) => typeof s === "string")
          .join("."),
      ),
    parametersOf(rule),
  );
  return found;
}

/** Nobody can guess an owner: of the tags only some are repaired, so the violation stays. */
const PARTIAL = new Set(["required-tags"]);

describe.each(repairs.map((r) => [r.id, r] as const))("%s", (id, rule) => {
  const broken = rule.examples.fail.flat().filter((s) => pathsOf(rule, s).length > 0);

  test("has an example that it repairs, in place", () => {
    expect(broken.length).toBeGreaterThan(0);
    for (const sample of broken) {
      const facts = factsOf(sample.type);
      expect([sample.type, Object.keys(facts).length > 0]).toEqual([sample.type, true]);
      const replacing = [...(facts.forceNew ?? []), ...Object.keys(facts.forceNewIf ?? {})];
      for (const path of pathsOf(rule, sample)) {
        const inside = (a: string, b: string): boolean => a === b || a.startsWith(`${b}.`);
        expect(replacing.filter((p) => inside(path, p) || inside(p, path))).toEqual([]);
      }
    }
  });

  test("leaves nothing of what it repaired", async () => {
    for (const sample of broken) {
      await pack.only(id, rule.examples.with ?? {}, "remediate");
      const props = (await pack.remediate(sample)) ?? {};
      expect(props).not.toEqual({});
      const left = (await pack.check([{ ...sample, props }])).map((d) => d.message);
      for (const path of PARTIAL.has(id) ? [] : pathsOf(rule, sample)) {
        expect(left.filter((m) => m.includes(`${path.split(".").at(-1)} is `))).toEqual([]);
      }
      expect(await pack.remediate({ ...sample, props })).toBeUndefined();
    }
  });
});

test("a database that jatsmanor:allowReplace names may go, and is not guarded again", async () => {
  const off = Object.fromEntries(pack.policies.map((p) => [p.name, { enforcementLevel: "disabled" as const }]));
  const on = { enforcementLevel: "remediate" as const };
  await pack.configure({
    ...off,
    "aws-db-deletion-guard": on,
    "stateful-protected": { enforcementLevel: "mandatory" },
  });
  const db = (name: string) => ({
    type: "aws:rds/instance:Instance",
    name,
    props: { engine: "mysql" },
    protect: false,
  });
  await pack.analyze({ type: "jatsmanor:phases:Cloud", name: "root", props: { allowReplace: ["leaving"] } });
  expect((await pack.analyze(db("leaving"))).diagnostics.map((d) => d.level)).toEqual(["advisory", "advisory"]);
  expect(await pack.remediate(db("leaving"))).toBeUndefined();
  expect((await pack.analyze(db("staying"))).diagnostics.length).toBeGreaterThan(2);
  expect(await pack.remediate(db("staying"))).toMatchObject({ deletionProtection: true });
});
