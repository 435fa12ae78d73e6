/** docs/coverage/coverage.yaml: what answers each line of the guide. Read, laid over the guide, and written as a page. */
import { parse } from "yaml";
import { z } from "zod";
import type { Figure, Guide, GuideLine } from "./guide.ts";

const text = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
/** Property path below the inputs -> value; `*` stands for any item of a list: `rules.*.expiration.days`. */
const properties = z.record(text, scalar).nullable();

/** An answer is exactly one of these; `note` says in English what the reader should know about it. */
const answers = {
  /** Resources of a stack, by type token or logical name, with values that its golden inventory must hold. */
  resources: z.strictObject({ stack: text, has: z.record(text, properties), note: text.optional() }),
  /** `jatsmanor:<key>`, dots go inside: `jatsmanor:server.size`. */
  setting: z.strictObject({ setting: text, note: text.optional() }),
  /** Id of a policy; `with` are its parameters' defaults. */
  rule: z.strictObject({ rule: text, with: properties.optional(), note: text.optional() }),
  /** A file of this repository, from its root, with a heading's anchor or none, and words that stand there. */
  document: z.strictObject({ document: text, says: z.array(text).optional(), note: text.optional() }),
  /** A file on a server, as rendered for `role`, and words that stand in it. */
  host: z.strictObject({
    host: text,
    role: z.enum(["all-in-one", "web", "database"]).default("all-in-one"),
    says: z.array(text).optional(),
    note: text.optional(),
  }),
  /** A value of src/concepts: `BUDGETS.mvp.target`. */
  concept: z.strictObject({ concept: text, is: scalar, note: text.optional() }),
  /** Why it is not done, or done differently. */
  refusal: z.strictObject({ refusal: z.string().min(40) }),
};
const answer = z.union([
  answers.resources,
  answers.setting,
  answers.rule,
  answers.document,
  answers.host,
  answers.concept,
  answers.refusal,
]);

const row = z.strictObject({
  /** A line of the guide, a part of one, or parts of consecutive lines. */
  quote: z.union([text, z.array(text).min(1)]),
  answer: z.array(answer).min(1),
  /** Figure of the quote -> why the answer holds another one. */
  differs: z.record(text, z.string().min(20)).optional(),
});

const coverage = z.strictObject({
  /** Stacks that do not exist yet: what they will have is shown as planned, and checked as soon as they exist. */
  building: z.array(text),
  sections: z.array(z.strictObject({ section: text, rows: z.array(row) })),
});

export type Answer = z.infer<typeof answer>;
export type Row = z.infer<typeof row>;
export type Coverage = z.infer<typeof coverage>;

/** @throws ZodError that names the path of what is wrong. */
export const parseCoverage = (yaml: string): Coverage => coverage.parse(parse(yaml));

export interface Quoted {
  line: GuideLine;
  start: number;
  end: number;
}

export const quotesOf = ({ quote }: Row): string[] => [quote].flat();

/** Where a row's quote stands in its section: every place, since one that stands in two places answers neither. */
export function placesOf(guide: Guide, section: string, row: Row): Quoted[][] {
  const lines = guide.lines.filter((line) => line.section === section);
  const quotes = quotesOf(row);
  return lines.flatMap((_, first) => {
    const found = quotes.flatMap((quote, index): Quoted[] => {
      const line = lines[first + index];
      const start = line?.text.indexOf(quote) ?? -1;
      return line === undefined || start < 0 ? [] : [{ line, start, end: start + quote.length }];
    });
    return found.length === quotes.length ? [found] : [];
  });
}

export const figuresOf = (places: Quoted[]): Figure[] =>
  places.flatMap(({ line, start, end }) =>
    line.figures.filter((figure) => figure.start >= start && figure.start + figure.text.length <= end),
  );

/** The page that people read. Generated: docs/coverage/README.md. */
export function coveragePage(coverage: Coverage, guide: Guide): string {
  const rows = coverage.sections.flatMap((section) => section.rows);
  const refusals = rows.filter((row) => row.answer.some((item) => "refusal" in item)).length;
  const planned = rows.filter((row) => isPlanned(row, coverage)).length;
  const sections = coverage.sections.flatMap(({ section, rows: own }) => {
    const heading = guide.sections.find(({ title }) => title === section);
    const title = heading === undefined ? section : `[${section}](${link(heading.number)})`;
    const lines = own.map((row) => {
      const places = placesOf(guide, section, row)[0] ?? [];
      const differs = Object.entries(row.differs ?? {}).map(([figure, why]) => `**${figure}**: ${why}`);
      const cells = [places.map(quoteCell), [...row.answer.map((item) => answerText(item, coverage)), ...differs]];
      return `| ${cells.map((cell) => cell.join("<br>")).join(" | ")} |`;
    });
    return ["", `## ${title}`, "", "| the guide | answer |", "| --- | --- |", ...lines];
  });
  return [
    "<!-- Written by `make docs` from coverage.yaml. Edit that, not this. -->",
    "",
    "# What answers each line of the guide",
    "",
    "Quotes are the guide's own words, in French, linked to their line. [How we depart from the guide, and",
    "why](../guide/README.md) has the long answers. `tests/docs` holds this page to the program: every line of the guide is",
    "quoted, and every resource, value, rule, setting, file and heading named here exists.",
    "",
    `${rows.length} rows; ${refusals} of them refuse the guide's words at least in part, each with its reason; ${planned} wait for a`,
    `stack that is still being built${coverage.building.length === 0 ? "" : ` (${coverage.building.join(", ")})`}.`,
    ...sections,
    "",
  ].join("\n");
}

export const isPlanned = (row: Row, { building }: Coverage): boolean =>
  row.answer.some((item) => "stack" in item && building.includes(item.stack));

const link = (line: number): string => `../guide/guide.fr.md?plain=1#L${line}`;

/** A quote in a table's cell: a bar ends the cell, an angle bracket starts HTML, brackets and stars are marks. */
const quoteCell = ({ line, start, end }: Quoted): string =>
  `[${line.text
    .slice(start, end)
    .replaceAll("**", "")
    .replace(/\s+/g, " ")
    .replace(/[\\[\]*_<>]/g, "\\$&")
    .replaceAll("|", "\\|")
    .trim()}](${link(line.number)})`;

function answerText(item: Answer, coverage: Coverage): string {
  const note = "note" in item && item.note !== undefined ? `: ${item.note}` : "";
  if ("refusal" in item) return `_Not so:_ ${item.refusal}`;
  if ("stack" in item) {
    const has = Object.entries(item.has).map(([key, values]) => `\`${shortType(key)}\`${listed(values)}`);
    const when = coverage.building.includes(item.stack) ? "planned in" : "in";
    return `${when} \`${item.stack}\`, ${has.join(", ")}${note}`;
  }
  if ("setting" in item) return `setting \`${item.setting}\`${note}`;
  if ("rule" in item) return `rule \`${item.rule}\`${listed(item.with ?? null)}${note}`;
  if ("host" in item) return `on the server, \`${item.host}\`${said(item.says)}${note}`;
  if ("concept" in item) return `\`${item.concept}\` = ${item.is}${note}`;
  const [file = "", anchor] = item.document.split("#");
  const name = anchor === undefined ? file : `${file}, ${anchor.replaceAll("-", " ")}`;
  const target = file.startsWith("docs/") ? `../${item.document.slice("docs/".length)}` : `../../${item.document}`;
  return `[${name}](${target})${note}`;
}

/** "aws:eks/cluster:Cluster" as "eks.Cluster"; a logical name stays. */
function shortType(key: string): string {
  const [, module = "", type] = key.split(":");
  const service = module.split("/")[0] ?? "";
  return type === undefined ? key : service === "index" ? type : `${service}.${type}`;
}

const listed = (values: Record<string, unknown> | null): string =>
  values === null
    ? ""
    : ` (${Object.entries(values)
        .map(([key, value]) => `${key} ${String(value)}`)
        .join(", ")})`;

const said = (words: string[] = []): string =>
  words.length === 0 ? "" : ` (${words.map((word) => `\`${word}\``).join(", ")})`;
