/** Who a statement trusts, and under which conditions. */
import { isObject, isUnknown } from "../../engine/values.ts";
import type { Statement } from "./iam.ts";

export interface Texts {
  known: string[];
  /** Some are not known before the update. */
  partial: boolean;
}

function texts(value: unknown): Texts {
  const all = Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];
  const known = all.filter((v) => !isUnknown(v) && !isObject(v) && v !== null).map(String);
  return { known, partial: all.some(isUnknown) };
}

/** Principals of a kind; `*` alone means every AWS principal. */
export function principals({ principal }: Statement, kind: "AWS" | "Federated"): Texts {
  if (isUnknown(principal)) return { known: [], partial: true };
  if (isObject(principal)) return texts(principal[kind]);
  return texts(kind === "AWS" ? principal : undefined);
}

export interface Test extends Texts {
  /** As written, in lower case: `boolifexists`, `forallvalues:stringlike`. */
  operator: string;
  /** In lower case, since IAM ignores it. */
  key: string;
}

/** A statement's conditions, one per operator and key. */
export function tests({ condition }: Statement): Test[] {
  return Object.entries(condition).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, value]) => ({
          operator: operator.toLowerCase(),
          key: key.toLowerCase(),
          ...texts(value),
        }))
      : [],
  );
}
