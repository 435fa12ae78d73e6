/** `aws.iam.getPolicyDocument`: renders statements to policy JSON as the provider's data source does. */
import type { Properties, Value } from "../values.ts";
import { asText, isObject } from "../values.ts";
import { createHash } from "node:crypto";

export function policyDocument(args: Properties): Properties {
  const sources = texts(args["sourcePolicyDocuments"]).flatMap(statementsOf);
  const overrides = texts(args["overridePolicyDocuments"]).flatMap(statementsOf);
  const own = objects(args["statements"]).map(statement);
  const merged = [...sources, ...own];
  for (const override of overrides) {
    const at = override["Sid"] ? merged.findIndex((item) => item["Sid"] === override["Sid"]) : -1;
    if (at >= 0) merged[at] = override;
    else merged.push(override);
  }
  const document = {
    Version: args["version"] ?? "2012-10-17",
    ...(args["policyId"] ? { Id: args["policyId"] } : {}),
    Statement: merged,
  };
  const json = JSON.stringify(document, null, 2);
  return {
    id: asText(parseInt(createHash("sha256").update(json).digest("hex").slice(0, 8), 16)),
    json,
    minifiedJson: JSON.stringify(document),
    statements: args["statements"] ?? [],
    version: args["version"] ?? "2012-10-17",
  };
}

/** Key order as the provider writes it; single values are not wrapped in lists. */
function statement(source: Properties): Properties {
  const result: Properties = {};
  if (source["sid"]) result["Sid"] = source["sid"];
  result["Effect"] = source["effect"] ?? "Allow";
  list(result, "Action", source["actions"]);
  list(result, "NotAction", source["notActions"]);
  list(result, "Resource", source["resources"]);
  list(result, "NotResource", source["notResources"]);
  principals(result, "Principal", source["principals"]);
  principals(result, "NotPrincipal", source["notPrincipals"]);
  const conditions = objects(source["conditions"]);
  if (conditions.length > 0) {
    const rendered: Record<string, Properties> = {};
    for (const { test, variable, values } of conditions) {
      (rendered[asText(test)] ??= {})[asText(variable)] = one(texts(values));
    }
    result["Condition"] = rendered;
  }
  return result;
}

function list(result: Properties, key: string, value: Value | undefined): void {
  const items = texts(value);
  // The provider sorts actions and resources from Z to A.
  if (items.length > 0) result[key] = one([...items].sort().reverse());
}

function principals(result: Properties, key: string, value: Value | undefined): void {
  const entries = objects(value);
  if (entries.length === 0) return;
  const anyone = entries.some(({ type, identifiers }) => type === "*" && texts(identifiers).includes("*"));
  result[key] = anyone
    ? "*"
    : Object.fromEntries(entries.map(({ type, identifiers }) => [asText(type), one(texts(identifiers))]));
}

function statementsOf(text: string): Properties[] {
  const found = (JSON.parse(text) as { Statement?: Value }).Statement;
  return Array.isArray(found) ? found.filter(isObject) : isObject(found) ? [found] : [];
}

const one = (items: string[]): Value => (items.length === 1 ? (items[0] ?? "") : items);
const texts = (value: Value | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
const objects = (value: Value | undefined): Properties[] => (Array.isArray(value) ? value.filter(isObject) : []);
