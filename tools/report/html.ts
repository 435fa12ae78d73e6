/** The rehearsal's report: one HTML file that needs no network and no script, so it can be mailed or kept as evidence. */
import { resourceName, resourceType } from "../rehearse/events.ts";
import {
  costText,
  findingsOf,
  type Group,
  type Level,
  LEVELS,
  outputText,
  resourcesByComponent,
  subjectOf,
  verdict,
} from "./digest.ts";
import { escapeMarkup } from "./escape.ts";
import { order, type Status, statusByUrn, STATUSES } from "./graph.ts";
import { PAGE_STYLE } from "./html-style.ts";
import type { RehearsalResult } from "./model.ts";
import { formatNumber, type Lang, providerName, type TextKey, type Translate, translator } from "./texts.ts";

/** Enforced by the browser, whatever slips through: no script runs and nothing is fetched. */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
/** Longer lists of changes start closed. */
const OPEN_CHANGES = 12;

interface Words {
  t: Translate;
  lang: Lang;
}

/** `svg` is the markup of the diagram (renderDiagram), placed as it is; "" when there is none. Deterministic. */
export function renderReport(result: RehearsalResult, svg: string, lang: Lang): string {
  const words = { t: translator(lang), lang };
  const { t } = words;
  const failed = !result.succeeded;
  const errors = section("errors", messages("error", result.errors), words);
  const title = escapeMarkup(t("title", { stack: result.summary.stack }));
  const parts = [
    // What failed comes right after the verdict.
    failed ? errors : "",
    section("numbers", numbers(result, words), words),
    section("findings", findings(result, words), words),
    section("changes", changes(result, words), words),
    section("outputs", outputs(result), words),
    section("resources", resources(result, words), words),
    failed ? "" : errors,
    section("warnings", messages("warning", result.warnings), words),
    section(
      "diagram",
      svg === ""
        ? ""
        : `<section class="diagram" tabindex="0" aria-label="${escapeMarkup(t("section.diagram"))}">${svg.trim()}</section>`,
      words,
    ),
    section("origin", origin(result, words), words),
  ];
  return `<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="muted">${escapeMarkup(t("subtitle", { stack: result.summary.stack, phase: result.summary.phase }))}</p>
${verdictBox(result, words)}
</header>
<main>
${parts.filter((part) => part !== "").join("\n")}
</main>
</body>
</html>
`;
}

type Section =
  "numbers" | "findings" | "changes" | "outputs" | "resources" | "errors" | "warnings" | "diagram" | "origin";

/** An empty section says so in words: silence could also mean that nobody looked. */
function section(name: Section, content: string, { t }: Words): string {
  const empty =
    name === "numbers" || name === "origin" ? "" : `<p class="muted">${escapeMarkup(t(`none.${name}`))}</p>`;
  return `<section id="${name}">
<h2>${escapeMarkup(t(`section.${name}`))}</h2>
${content === "" ? empty : content}
</section>`;
}

function verdictBox(result: RehearsalResult, { t }: Words): string {
  const { ok, text, next, n } = verdict(result);
  const advice = next === undefined ? "" : `\n<p>${escapeMarkup(t(next))}</p>`;
  return `<div class="verdict${ok ? "" : " failed"}">
<p><strong>${ok ? "✓" : "✗"} ${escapeMarkup(t(ok ? "verdict.ok" : "verdict.failed"))}</strong></p>
<p>${escapeMarkup(t(text, { stack: result.summary.stack, n }))}</p>${advice}
</div>`;
}

function numbers({ summary }: RehearsalResult, { t, lang }: Words): string {
  const rows: [TextKey, number][] = [
    ["number.resources", summary.resources],
    ["status.created", summary.created],
    ["status.updated", summary.updated],
    ["status.replaced", summary.replaced],
    ["status.deleted", summary.deleted],
    ["number.seconds", summary.seconds],
  ];
  const cells = rows.map(([key, value]) => cell("", t(key), formatNumber(value, lang)));
  const cost = cell(' class="wide"', t("section.cost"), costText(summary.cost, t, lang));
  return `<dl class="numbers">\n${[...cells, cost].join("\n")}\n</dl>`;
}

const cell = (attributes: string, name: string, value: string): string =>
  `<div${attributes}><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd></div>`;

function findings(result: RehearsalResult, words: Words): string {
  const lists = LEVELS.map((level) => findingsOfLevel(result, level, words)).filter((part) => part !== "");
  if (lists.length === 0) return "";
  const counts = LEVELS.map((level) => words.t(`found.${level}`, { n: result.summary.policies[level] }));
  return [`<p>${escapeMarkup(counts.join(", "))}</p>`, ...lists].join("\n");
}

function findingsOfLevel(result: RehearsalResult, level: Level, { t }: Words): string {
  const items = findingsOf(result, level).map((finding) => {
    const exception = finding.exception === undefined ? "" : t("exception", { exception: finding.exception });
    const note = exception === "" ? "" : `<p class="muted">${escapeMarkup(exception)}</p>`;
    return `<li class="item ${level}"><p><code>${escapeMarkup(finding.rule)}</code> · ${escapeMarkup(subjectOf(finding, t))}</p><p class="message">${escapeMarkup(finding.message.trim())}</p>${note}</li>`;
  });
  return items.length === 0 ? "" : list(`${t(`level.${level}`)} (${items.length})`, items);
}

const list = (title: string, items: string[]): string =>
  `<h3>${escapeMarkup(title)}</h3>\n<ul>\n${items.join("\n")}\n</ul>`;

function changes(result: RehearsalResult, { t }: Words): string {
  const causes = new Map<string, Set<string>>();
  for (const { urn, properties } of result.changes) {
    causes.set(urn, new Set([...(causes.get(urn) ?? []), ...properties]));
  }
  // The engine logs its default providers as steps, yet leaves them out of its counts; so does this list.
  const steps = result.changes.filter(({ urn }) => !resourceType(urn).startsWith("pulumi:providers:"));
  const statuses = [...statusByUrn(steps)].sort(([a], [b]) => order(a, b));
  const groups = STATUSES.filter((status) => status !== "unchanged").map((status) => {
    const urns = statuses.filter(([, actual]) => actual === status).map(([urn]) => urn);
    if (urns.length === 0) return "";
    const items = urns.map((urn) => {
      const properties = [...(causes.get(urn) ?? [])].sort(order).join(", ");
      const because = properties === "" ? "" : `, ${escapeMarkup(t("because", { properties }))}`;
      return `<li>${escapeMarkup(resourceName(urn))} <span class="muted">${escapeMarkup(resourceType(urn))}${because}</span></li>`;
    });
    const title = escapeMarkup(t(`count.${status}`, { n: urns.length }));
    return `<details${urns.length > OPEN_CHANGES ? "" : " open"}><summary>${title}</summary>\n<ul>\n${items.join("\n")}\n</ul></details>`;
  });
  const shown = groups.filter((group) => group !== "");
  return shown.length === 0 ? "" : `<div class="changes">\n${shown.join("\n")}\n</div>`;
}

/** The only values that a report shows: the stack's outputs, whose secrets are already masked. */
function outputs(result: RehearsalResult): string {
  const entries = Object.entries(result.outputs).sort(([a], [b]) => order(a, b));
  return facts(entries.map(([name, value]) => [name, `<pre>${escapeMarkup(outputText(value))}</pre>`]));
}

/** Names are text, values are markup. */
const facts = (entries: [string, string][]): string =>
  entries.length === 0
    ? ""
    : `<dl class="facts">\n${entries.map(([name, value]) => `<dt>${escapeMarkup(name)}</dt><dd>${value}</dd>`).join("\n")}\n</dl>`;

function resources(result: RehearsalResult, words: Words): string {
  const groups = resourcesByComponent(result);
  const statuses = new Set(groups.flatMap(({ nodes }) => nodes.map(({ status }) => status)));
  // Forty times "created" hides the one resource that is not; the numbers have said it already.
  const cards = groups.map((group) => card(group, statuses.size > 1, words));
  return cards.length === 0 ? "" : `<div class="components">\n${cards.join("\n")}\n</div>`;
}

function card({ component, nodes }: Group, showStatus: boolean, { t }: Words): string {
  const badge = (className: Status | "protected", text: string) =>
    ` <span class="badge ${className}">${escapeMarkup(text)}</span>`;
  const items = nodes.map((node) => {
    const status = showStatus && node.status !== "unchanged" ? badge(node.status, t(`status.${node.status}`)) : "";
    const lock = node.protected ? badge("protected", t("protected")) : "";
    return `<li><span>${escapeMarkup(node.name)} <span class="muted">${escapeMarkup(node.type)}</span></span>${status}${lock}</li>`;
  });
  const name = component?.name ?? t("no.component");
  const kind = component === undefined ? [] : [`${component.type} · ${providerName(component.provider, t)}`];
  const about = [...kind, t("resources", { n: nodes.length })].join(", ");
  return `<div class="component"><h3>${escapeMarkup(name)} <span class="muted">${escapeMarkup(about)}</span></h3>
<ul>
${items.join("\n")}
</ul></div>`;
}

function messages(kind: "error" | "warning", texts: string[]): string {
  const items = texts.map(
    (text) => `<li class="item ${kind}"><p class="message">${escapeMarkup(text.trim())}</p></li>`,
  );
  return items.length === 0 ? "" : `<ul>\n${items.join("\n")}\n</ul>`;
}

function origin({ engine, date, operation, summary }: RehearsalResult, { t, lang }: Words): string {
  return facts([
    [t("origin.engine"), escapeMarkup(`Pulumi ${engine.version} (${engine.origin})`)],
    [t("origin.operation"), escapeMarkup(t(`operation.${operation}`))],
    [t("origin.date"), escapeMarkup(date)],
    [t("origin.duration"), `${formatNumber(summary.seconds, lang)} s`],
  ]);
}
