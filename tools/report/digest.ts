/** What the page and the terminal both say about a result, before either words it. */
import { type Finding, resourceName } from "../rehearse/events.ts";
import { buildGraph, type GraphCluster, type GraphNode, order } from "./graph.ts";
import type { RehearsalResult, Summary } from "./model.ts";
import { formatMoney, type Lang, type TextKey, type Translate } from "./texts.ts";

export type Level = Finding["level"];
/** The order of reading: what stops the stack first. */
export const LEVELS: readonly Level[] = ["mandatory", "advisory", "remediated", "exempted", "undetermined"];

export interface Verdict {
  ok: boolean;
  text: TextKey;
  /** What to do about it. */
  next?: TextKey;
  n: number;
}

/** The same condition as the exit code: the operation succeeded and no mandatory rule failed. */
export function verdict(result: RehearsalResult): Verdict {
  const { summary, operation, errors } = result;
  const preview = operation === "preview";
  const found = result.findings.filter(({ level }) => level === "mandatory").length;
  const mandatory = Math.max(found, summary.policies.mandatory);
  if (mandatory > 0) {
    return { ok: false, text: preview ? "verdict.blocked" : "verdict.violated", next: "next.findings", n: mandatory };
  }
  if (!result.succeeded) {
    const text = preview ? "verdict.previewFailed" : "verdict.updateFailed";
    return { ok: false, text, next: "next.errors", n: errors.length };
  }
  if (preview) return { ok: true, text: "verdict.previewed", n: 0 };
  const changed = summary.created + summary.updated + summary.replaced + summary.deleted;
  return { ok: true, text: changed === 0 ? "verdict.unchanged" : "verdict.updated", n: changed };
}

export function findingsOf(result: RehearsalResult, level: Level): Finding[] {
  return result.findings
    .filter((finding) => finding.level === level)
    .sort((a, b) => order(a.rule, b.rule) || order(a.urn, b.urn) || order(a.message, b.message));
}

/** Name of the resource that a finding is about; the stack's own resource and no resource mean the whole stack. */
export const subjectOf = (finding: Finding, t: Translate): string =>
  finding.urn === "" || finding.urn.includes("::pulumi:pulumi:Stack::") ? t("on.stack") : resourceName(finding.urn);

export function costText(cost: Summary["cost"], t: Translate, lang: Lang): string {
  if (cost === null) return t("cost.unpriced");
  const money = (value: number) => formatMoney(value, cost.currency, lang);
  const values = { floor: money(cost.floor), ceiling: money(cost.ceiling), budget: money(cost.budget) };
  return t(cost.ceiling > cost.budget ? "cost.overBudget" : "cost.perMonth", values);
}

/** An output as text: strings as they are, everything else as JSON. */
export const outputText = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");

export interface Group {
  /** undefined: the resources that are in no component. */
  component: GraphCluster | undefined;
  /** By name. */
  nodes: GraphNode[];
}

/** Every resource under the component that holds it directly, both by name; a component without any is left out. */
export function resourcesByComponent(result: RehearsalResult): Group[] {
  const graph = buildGraph(result.resources, result.changes, Infinity);
  const byName = <T extends { name: string; urn: string }>(items: T[]) =>
    items.sort((a, b) => order(a.name, b.name) || order(a.urn, b.urn));
  return [...byName(graph.clusters), undefined]
    .map((component) => ({
      component,
      nodes: byName(graph.nodes.filter(({ cluster }) => cluster === component?.urn)),
    }))
    .filter(({ nodes }) => nodes.length > 0);
}
