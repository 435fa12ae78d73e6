/** IAM policy documents, whichever way they are written. */
import { isObject, isUnknown, type View } from "../../engine/values.ts";
import { Undetermined } from "../../engine/values.ts";

export interface Statement {
  allow: boolean;
  /** Lower case: IAM ignores case in actions. */
  actions: string[];
  notActions: string[];
  resources: string[];
  notResources: string[];
  condition: Record<string, unknown>;
  principal: unknown;
  /** Some leaf is unknown until the update. */
  partial: boolean;
}

/** @throws Undetermined while the whole document is unknown. Returns undefined when it is not a document at all. */
export function statementsOf(at: View, path = ""): Statement[] | undefined {
  const value = path === "" ? at.get() : at.get(path);
  const document = typeof value === "string" ? parse(value) : value;
  if (!isObject(document)) return undefined;
  const statements = document["Statement"] ?? document["statement"];
  if (isUnknown(statements)) throw new Undetermined(at, at.at(path));
  if (!isObject(statements)) return undefined;
  return (Array.isArray(statements) ? statements : [statements]).flatMap((s) => (isObject(s) ? [toStatement(s)] : []));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function toStatement(s: Record<string, unknown>): Statement {
  const read = (key: string): unknown[] => {
    const v = s[key] ?? s[key.charAt(0).toLowerCase() + key.slice(1)];
    return Array.isArray(v) ? v : v === undefined || v === null ? [] : [v];
  };
  const texts = (key: string) => read(key).filter((v): v is string => typeof v === "string" && !isUnknown(v));
  const lower = (key: string) => texts(key).map((v) => v.toLowerCase());
  const condition = s["Condition"] ?? s["condition"];
  return {
    allow: String(read("Effect")[0]).toLowerCase() === "allow",
    actions: lower("Action"),
    notActions: lower("NotAction"),
    resources: texts("Resource"),
    notResources: texts("NotResource"),
    condition: isObject(condition) ? condition : {},
    principal: s["Principal"] ?? s["principal"],
    partial: ["Action", "NotAction", "Resource", "NotResource", "Effect"].some((k) => read(k).some(isUnknown)),
  };
}

/** `*`, `**` or `arn:aws:*`: everything in the account. */
export const isEverything = (resource: string): boolean => /^(\*+|arn:[^:]*:\*.*|arn:\*)$/.test(resource);

/** Where identity policies are written: token and the paths of their documents. */
export const POLICY_DOCUMENTS: Readonly<Record<string, string>> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
};

/** A role's inline documents; the name of the block is singular in some versions. */
export const inlinePolicies = (resource: View): View[] => resource.items("inlinePolicies");
