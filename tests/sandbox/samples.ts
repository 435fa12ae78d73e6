/** The least that a type's inputs need, made up from its schema and facts, for tests that go over every type. */
import { factsOf } from "../../sandbox/facts/load.ts";
import type { Facts } from "../../sandbox/facts/load.ts";
import type { Type, TypeSchema } from "../../sandbox/schema/load.ts";
import type { Properties, Value } from "../../sandbox/values.ts";

export function leastInputs(schema: TypeSchema): Properties {
  const facts = factsOf(schema.token);
  return Object.fromEntries(
    [...schema.inputs]
      .filter(([, { required }]) => required)
      .map(([name, { type }]) => [name, sample(type, name, facts)]),
  );
}

function sample(type: Type, path: string, facts: Facts): Value {
  const rule = facts.validations?.[path];
  const first = rule?.enum?.[0];
  if (first !== undefined) return type.kind === "list" ? [first] : first;
  switch (type.kind) {
    case "string":
      return rule?.format === "arn"
        ? "arn:aws:iam::999999999999:role/x"
        : /cidr/i.test(path)
          ? "10.0.0.0/24"
          : /polic|json/i.test(path + (rule?.format ?? ""))
            ? "{}"
            : "value-x";
    case "number":
      return rule?.min ?? 1;
    case "boolean":
      return true;
    case "literal":
      return type.value;
    case "list":
      return [sample(type.of, path, facts)];
    case "map":
      return { a: sample(type.of, path, facts) };
    case "union":
      return type.of[0] ? sample(type.of[0], path, facts) : "x";
    case "object":
      return Object.fromEntries(
        [...type.properties()]
          .filter(([, { required }]) => required)
          .map(([name, field]) => [name, sample(field.type, `${path}.${name}`, facts)]),
      );
    default:
      return "x";
  }
}
