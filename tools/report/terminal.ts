/** The last words of `jats rehearse`: what a person reads in ten seconds. The report holds the rest. */
import pc from "picocolors";
import type { Finding } from "../rehearse/events.ts";
import {
  costText,
  findingsOf,
  type Level,
  LEVELS,
  outputText,
  resourcesByComponent,
  subjectOf,
  verdict,
} from "./digest.ts";
import { cut, firstLine, plain } from "./escape.ts";
import { order, type Status, STATUSES } from "./graph.ts";
import type { RehearsalResult } from "./model.ts";
import { formatNumber, type Lang, providerName, type TextKey, type Translate, translator } from "./texts.ts";

/** Longest lists; mandatory findings and errors are never cut. */
const MOST = { components: 16, findings: 6, outputs: 12, warnings: 4 } as const;
const DEFAULT_COLUMNS = 100;

export interface TerminalOptions {
  lang: Lang;
  /** Paths as the user can open them. */
  files: string[];
  /** Width of the terminal in characters. */
  columns?: number;
  /** Default: picocolors' own judgement (terminal, NO_COLOR, FORCE_COLOR). */
  colours?: ReturnType<typeof pc.createColors>;
}

interface Context {
  t: Translate;
  lang: Lang;
  columns: number;
  c: ReturnType<typeof pc.createColors>;
}

export function renderSummary(result: RehearsalResult, options: TerminalOptions): string[] {
  const context: Context = {
    t: translator(options.lang),
    lang: options.lang,
    columns: options.columns ?? DEFAULT_COLUMNS,
    c: options.colours ?? pc,
  };
  const warnings = result.warnings.map((text) => oneLine(`  ${firstLine(text)}`, context));
  return [
    ...verdictLines(result, context),
    ...block(
      "section.errors",
      result.errors.flatMap((text) => indented(text, context)),
      context,
    ),
    ...block("section.resources", componentLines(result, context), context),
    ...block("section.findings", policyLines(result, context), context),
    ...block("section.warnings", shorten(warnings, MOST.warnings, context), context),
    ...block("section.cost", [`  ${costText(result.summary.cost, context.t, context.lang)}`], context),
    ...block("section.outputs", outputLines(result, context), context),
    ...block(
      "section.files",
      options.files.map((file) => `  ${plain(file)}`),
      context,
    ),
  ];
}

const block = (title: TextKey, lines: string[], { t, c }: Context): string[] =>
  lines.length === 0 ? [] : ["", c.bold(t(title)), ...lines];

function shorten(lines: string[], most: number, { t, c }: Context): string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), c.dim(`  ${t("cut", { n: lines.length - most })}`)];
}

const oneLine = (text: string, { columns }: Context): string => cut(text, columns);
const indented = (text: string, { c }: Context): string[] =>
  plain(text)
    .trim()
    .split("\n")
    .map((line, index) => (index === 0 ? `  ${c.red("✗")} ${line}` : `    ${line}`));

function verdictLines(result: RehearsalResult, { t, lang, c }: Context): string[] {
  const { ok, text, next, n } = verdict(result);
  const { stack, seconds, created, updated, replaced, deleted } = result.summary;
  const word = t(ok ? "verdict.ok" : "verdict.failed");
  const counts = { created, updated, replaced, deleted };
  const changed = (Object.keys(counts) as (keyof typeof counts)[])
    .filter((status) => counts[status] > 0)
    .map((status) => t(`count.${status}`, { n: counts[status] }));
  const facts = [...changed, `${formatNumber(seconds, lang)} s`].join(", ");
  return [
    `${ok ? c.green(c.bold(`✓ ${word}`)) : c.red(c.bold(`✗ ${word}`))}  ${plain(t(text, { stack, n }))}`,
    c.dim(`  ${facts}`),
    ...(next === undefined ? [] : [`  ${t(next)}`]),
  ];
}

/** "  server        6 resources   DigitalOcean", and what changed in it. */
function componentLines(result: RehearsalResult, context: Context): string[] {
  const { t, c } = context;
  const rows = resourcesByComponent(result).map(({ component, nodes }) => ({
    name: plain(component?.name ?? t("no.component")),
    count: t("resources", { n: nodes.length }),
    provider: plain(providerName(component?.provider ?? "", t)),
    changes: changesOf(nodes, context),
  }));
  const width = (key: "name" | "count" | "provider") => Math.max(...rows.map((row) => row[key].length), 0);
  const lines = rows.map(({ name, count, provider, changes }) => {
    const gap = changes === "" ? "" : " ".repeat(width("provider") - provider.length + 2);
    return `  ${name.padEnd(width("name"))}  ${count.padEnd(width("count"))}  ${c.dim(provider)}${gap}${changes}`;
  });
  return shorten(lines, MOST.components, context);
}

/** Only when a component's resources differ from "all created": on a first run that is said once, at the top. */
function changesOf(members: { status: Status }[], { t, c }: Context): string {
  const paint: Record<Status, (text: string) => string> = {
    created: c.green,
    updated: c.yellow,
    replaced: c.magenta,
    deleted: c.red,
    unchanged: c.dim,
  };
  const parts = STATUSES.filter((status) => status !== "unchanged").flatMap((status) => {
    const n = members.filter((member) => member.status === status).length;
    return n === 0 || (status === "created" && n === members.length)
      ? []
      : [paint[status](t(`count.${status}`, { n }))];
  });
  return parts.join(", ");
}

function policyLines(result: RehearsalResult, context: Context): string[] {
  const { t, c } = context;
  const { policies } = result.summary;
  const paint: Partial<Record<Level, (text: string) => string>> = { mandatory: c.red, advisory: c.yellow };
  const counts = LEVELS.map((level) => {
    const text = t(`found.${level}`, { n: policies[level] });
    return policies[level] > 0 ? (paint[level] ?? c.cyan)(text) : c.dim(text);
  });
  const others = LEVELS.filter((level) => level !== "mandatory").flatMap((level) =>
    findingsOf(result, level).map(
      (finding) => `  ${(paint[level] ?? c.cyan)(t(`level.${level}`))} ${brief(finding, level, context)}`,
    ),
  );
  return [
    `  ${counts.join(", ")}`,
    ...findingsOf(result, "mandatory").flatMap((finding) => [
      `  ${c.red(`✗ ${t("level.mandatory")}`)} ${c.bold(plain(finding.rule))} · ${plain(subjectOf(finding, t))}`,
      ...plain(finding.message)
        .trim()
        .split("\n")
        .map((line) => `    ${line}`),
    ]),
    ...shorten(others, MOST.findings, context),
  ];
}

function brief(finding: Finding, level: Level, context: Context): string {
  const exception =
    finding.exception === undefined ? "" : `${context.t("exception", { exception: finding.exception })}. `;
  const used = context.t(`level.${level}`).length + 3;
  return cut(firstLine(`${finding.rule}: ${exception}${finding.message}`), context.columns - used);
}

function outputLines(result: RehearsalResult, context: Context): string[] {
  const entries = Object.entries(result.outputs).sort(([a], [b]) => order(a, b));
  const width = Math.max(...entries.map(([name]) => name.length), 0);
  const lines = entries.map(([name, value]) => {
    const text = typeof value === "string" ? firstLine(value) : plain(JSON.stringify(value) ?? outputText(value));
    return oneLine(`  ${plain(name).padEnd(width)}  ${text}`, context);
  });
  return shorten(lines, MOST.outputs, context);
}
