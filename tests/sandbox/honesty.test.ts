/** Schemas, facts and templates agree with the installed SDKs, and the sandbox refuses what a real cloud refuses. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Request } from "../../sandbox/clouds/cloud.ts";
import { cloudOf } from "../../sandbox/clouds/index.ts";
import { conditions } from "../../sandbox/conditions.ts";
import { factsOf } from "../../sandbox/facts/load.ts";
import type { Validation } from "../../sandbox/facts/load.ts";
import { honestyCases, judge } from "../../sandbox/honesty.ts";
import { fieldAt, packageSchema } from "../../sandbox/schema/load.ts";
import { packages } from "../../sandbox/schema/packages.ts";
import { schemaPath, schemaText } from "../../sandbox/schema/generate.ts";
import { templateOutputs, templatesOf } from "../../sandbox/templates.ts";
import { expression } from "../../sandbox/validate.ts";
import { Store } from "../../sandbox/store.ts";
import { liveOutputs } from "../../sandbox/outputs.ts";
import { Identity } from "../../sandbox/identity.ts";
import { ResourceEngine } from "../../sandbox/engine.ts";
import { mvpLike } from "./inventory.ts";
import { leastInputs } from "./samples.ts";

const now = "2026-11-24T00:00:00.000Z";

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

test("what the program gives is never overwritten by what the cloud would fill in", () => {
  const lost = types.flatMap((type) => {
    const inputs = packageSchema(type.split(":")[0] ?? "").resources.get(type)?.inputs;
    const filled = Object.keys(templatesOf(type)).filter((name) => name !== "id" && inputs?.has(name));
    const request = { type, name: "logical", account: "1", region: "eu-west-3", now, createdAt: now } as Request;
    const given = Object.fromEntries(filled.map((name) => [name, "given"]));
    return Object.keys(templateOutputs({ ...request, inputs: given, identity: new Identity(type) }))
      .filter((name) => filled.includes(name))
      .map((name) => `${type} ${name}`);
  });
  expect(lost).toEqual([]);
});

describe("every type of every package", () => {
  // Needs a server, or a real private key: covered in protocol.test.ts.
  const special = /^(command|tls):/;

  test.each(types.filter((type) => !special.test(type)))(
    "%s has all its outputs and no difference once made",
    (type) => {
      const name = type.split(":")[0] ?? "";
      const engine = new ResourceEngine(name);
      const schema = engine.schemaOf(type);
      const naming = { name: "logical", seed: new Uint8Array([1]), mode: "propose" } as const;
      const { inputs } = engine.check(type, leastInputs(schema), {}, naming);
      const store = new Store(mkdtempSync(join(tmpdir(), "sandbox-")));
      const request = {
        store,
        now,
        region: "eu-west-3",
        account: "123456789012",
        config: {},
        type,
        name: "logical",
        urn: "",
        inputs,
        identity: new Identity(type),
        createdAt: now,
      };
      const { id, outputs } = liveOutputs(schema, cloudOf(name), request, inputs);
      rmSync(store.dir, { recursive: true });
      expect(id).not.toBe("");
      // Templates that found no value, or values that were no text.
      expect(JSON.stringify(outputs)).not.toMatch(/undefined|\{\w+\}|\[object/);
      expect([...schema.outputs.keys()].filter((key) => outputs[key] === undefined)).toEqual([]);
      const news = engine.check(type, leastInputs(schema), inputs, naming).inputs;
      expect(
        engine.diff(type, { oldInputs: inputs, olds: outputs, news, ignoreChanges: [], region: "eu-west-3" }).changes,
      ).toEqual([]);
      // A preview knows the same properties, with what the cloud decides unknown.
      const preview = engine.preview(type, inputs);
      expect(Object.keys(outputs).filter((key) => key !== "id" && !(key in preview))).toEqual([]);
    },
  );
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
