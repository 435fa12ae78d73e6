/** Schemas, facts and templates agree with the installed SDKs, and the sandbox refuses what a real cloud refuses. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { conditions } from "../../sandbox/conditions.ts";
import { factsOf } from "../../sandbox/facts/load.ts";
import type { Validation } from "../../sandbox/facts/load.ts";
import { honestyCases, judge } from "../../sandbox/honesty.ts";
import { fieldAt, packageSchema } from "../../sandbox/schema/load.ts";
import { packages } from "../../sandbox/schema/packages.ts";
import { schemaPath, schemaText } from "../../sandbox/schema/generate.ts";
import { templatesOf } from "../../sandbox/templates.ts";
import { expression } from "../../sandbox/validate.ts";
import { mvpLike } from "./inventory.ts";

const types = packages.flatMap(({ name }) => [...packageSchema(name).resources.keys()]);

describe("data", () => {
  // A stale schema would accept properties that the SDK no longer has.
  test.each(packages)("the schema of $name is the installed SDK's", (model) => {
    expect(readFileSync(schemaPath(model.name), "utf8")).toBe(schemaText(model));
  });

  test("every pattern of the facts compiles", () => {
    const patterns = types.flatMap((type) => Object.values(factsOf(type).validations ?? {}).flatMap(patternsOf));
    expect(patterns.length).toBeGreaterThan(100);
    for (const pattern of patterns) expect(() => expression(pattern)).not.toThrow();
  });

  test("every replacement condition of the facts has a predicate", () => {
    const texts = types.flatMap((type) => Object.values(factsOf(type).forceNewIf ?? {}));
    expect(texts.filter((text) => !(text in conditions))).toEqual([]);
  });

  test("output templates name types and outputs that exist", () => {
    const folder = join(__dirname, "../../sandbox/facts");
    for (const file of readdirSync(folder).filter((name) => name.endsWith("-outputs.json"))) {
      const schema = packageSchema(file.replace("-outputs.json", ""));
      for (const type of Object.keys(JSON.parse(readFileSync(join(folder, file), "utf8")) as object)) {
        const known = schema.resources.get(type);
        if (!known) throw new Error(`${file}: no type ${type}`);
        const strange = Object.keys(templatesOf(type)).filter(
          (name) => name !== "id" && !known.inputs.has(name) && !known.outputs.has(name),
        );
        expect([type, strange]).toEqual([type, []]);
      }
    }
  });

  test("facts name properties that exist", () => {
    const strange = types.flatMap((type) => {
      const schema = packageSchema(type.split(":")[0] ?? "").resources.get(type);
      const names = [...(factsOf(type).forceNew ?? []), ...Object.keys(factsOf(type).defaults ?? {})];
      return names
        .filter(
          (name) => schema && !fieldAt(schema.inputs, name.split(".")) && !schema.outputs.has(name.split(".")[0] ?? ""),
        )
        .map((name) => `${type} ${name}`);
    });
    expect(strange).toEqual([]);
  });
});

function patternsOf(rule: Validation): string[] {
  const own = [rule.pattern, rule.notPattern].flatMap((item) =>
    item === undefined ? [] : typeof item === "string" ? [item] : [...item],
  );
  return [...own, ...(rule.each ? patternsOf(rule.each) : []), ...(rule.anyOf ?? []).flatMap(patternsOf)];
}

describe("every way of spoiling a valid resource", () => {
  test("is generated for each kind", () => {
    const kinds = new Set(mvpLike.flatMap((resource) => honestyCases(resource).map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(["enum", "missing", "replace", "type", "unknown"]);
  });

  test.each(mvpLike.map((resource) => [resource.type, resource] as const))("%s", (_, resource) => {
    const wrong = honestyCases(resource).flatMap((variant) => {
      const verdict = judge(resource, variant);
      return verdict.outcome === variant.expect
        ? []
        : [`${variant.title}: wanted ${variant.expect}, got ${verdict.outcome} ${verdict.reasons.join("; ")}`];
    });
    expect(wrong).toEqual([]);
  });
});
