/** Judges the coverage map against the program: nothing blank, nothing dangling, no line and no figure unanswered. */
import type { Answer, Coverage, Quoted, Row } from "./coverage.ts";
import { figuresOf, placesOf, quotesOf } from "./coverage.ts";
import type { GoldenEntry } from "./golden.ts";
import { type Guide, numbersIn } from "./guide.ts";
import { type Page, sectionText } from "./pages.ts";

/** What answers may name. */
export interface World {
  goldens: ReadonlyMap<string, readonly GoldenEntry[]>;
  hasSetting(path: string): boolean;
  /** Defaults of a rule's parameters; undefined for a rule that does not exist. */
  ruleParameters(id: string): Record<string, unknown> | undefined;
  /** A file of the repository; undefined when there is none. */
  page(file: string): Page | undefined;
  /** Content of a rendered file of a server. */
  hostFile(path: string, role: string): string | undefined;
  /** Values of src/concepts by name. */
  concepts: Readonly<Record<string, unknown>>;
}

/** Every problem, in the order of the map; empty is good. */
export function coverageProblems(coverage: Coverage, guide: Guide, world: World): string[] {
  const quoted: Quoted[] = [];
  const problems = coverage.building
    .filter((stack) => world.goldens.has(stack))
    .map(
      (stack) => `building: ${stack} exists (tests/golden/${stack}.json): take it out, so that its answers are checked`,
    );
  for (const { section, rows } of coverage.sections) {
    if (!guide.sections.some(({ title }) => title === section))
      problems.push(`section "${section}" is not in the guide`);
    for (const row of rows) {
      const where = `"${quotesOf(row)[0]}" (${section})`;
      const places = placesOf(guide, section, row);
      if (places.length === 0) problems.push(`${where}: the guide does not say this there, or not in these lines`);
      if (places.length > 1) problems.push(`${where}: stands in ${places.length} places: quote more of the line`);
      quoted.push(...(places[0] ?? []));
      problems.push(
        ...row.answer.flatMap((item) => answerProblems(item, coverage, world)).map((p) => `${where}: ${p}`),
      );
      problems.push(...figureProblems(row, places[0] ?? []).map((problem) => `${where}: ${problem}`));
    }
  }
  return [...problems, ...unquoted(guide, quoted)];
}

/** A line counts as quoted when some quote touches it, a figure when a quote holds it whole. */
function unquoted(guide: Guide, quoted: readonly Quoted[]): string[] {
  return guide.lines.flatMap((line) => {
    const own = quoted.filter((quote) => quote.line === line);
    if (own.length === 0) return [`line ${line.number} of the guide is quoted by no row: ${line.text.trim()}`];
    return line.figures
      .filter(({ start, text }) => !own.some((quote) => quote.start <= start && quote.end >= start + text.length))
      .map(({ text }) => `line ${line.number}: no row quotes the figure ${text}: ${line.text.trim()}`);
  });
}

/** Figures must return among the values that answers hold, or be told why not. */
function figureProblems(row: Row, places: Quoted[]): string[] {
  const held = new Set(numbersIn(row.answer.flatMap(heldTexts).join(" ")));
  const figures = figuresOf(places).map(({ text }) => text);
  const differs = Object.keys(row.differs ?? {});
  return [
    ...figures
      .filter((figure) => !differs.includes(figure) && !numbersIn(figure).every((number) => held.has(number)))
      .map((figure) => `no answer holds the figure ${figure}; check a value that does, or say why under "differs"`),
    ...differs
      .filter((figure) => !figures.includes(figure))
      .map((figure) => `"differs" names ${figure}, not in the quote`),
  ];
}

/** The checked values of an answer: what the program holds, not what the row says about it. */
function heldTexts(item: Answer): string[] {
  const values = (properties: Record<string, unknown> | null | undefined) =>
    Object.values(properties ?? {}).map(String);
  if ("stack" in item) return Object.values(item.has).flatMap(values);
  if ("rule" in item) return values(item.with);
  if ("concept" in item) return [String(item.is)];
  if ("document" in item || "host" in item) return item.says ?? [];
  return [];
}

function answerProblems(item: Answer, coverage: Coverage, world: World): string[] {
  if ("refusal" in item) return [];
  if ("stack" in item) return stackProblems(item, coverage, world);
  if ("setting" in item) {
    const key = item.setting.replace(/^jatsmanor:/, "");
    return key !== item.setting && world.hasSetting(key) ? [] : [`there is no setting ${item.setting}`];
  }
  if ("rule" in item) {
    const parameters = world.ruleParameters(item.rule);
    if (parameters === undefined) return [`there is no rule ${item.rule}`];
    return unmet(parameters, item.with ?? {}).map((problem) => `rule ${item.rule}: ${problem}`);
  }
  if ("concept" in item) return unmet(world.concepts, { [item.concept]: item.is });
  if ("host" in item) {
    const content = world.hostFile(item.host, item.role);
    if (content === undefined) return [`a server (${item.role}) has no file ${item.host}`];
    return missingWords(content, item.says, item.host);
  }
  const [file = "", anchor] = item.document.split("#");
  const page = world.page(file);
  if (page === undefined) return [`there is no file ${file}`];
  const content = anchor === undefined ? page.text : sectionText(page, anchor);
  if (content === undefined) return [`${file} has no heading #${anchor}`];
  return missingWords(content, item.says, item.document);
}

function stackProblems(item: Extract<Answer, { stack: string }>, coverage: Coverage, world: World): string[] {
  const golden = world.goldens.get(item.stack);
  if (golden === undefined)
    return coverage.building.includes(item.stack) ? [] : [`there is no stack ${item.stack} (tests/golden)`];
  return Object.entries(item.has).flatMap(([key, properties]) => {
    const found = golden.filter((entry) => (key.includes(":") ? entry.type === key : entry.name === key));
    if (found.length === 0) return [`${item.stack} has no resource ${key}`];
    const closest = found.map(({ inputs }) => unmet(inputs, properties ?? {})).sort((a, b) => a.length - b.length)[0];
    return (closest ?? []).map((problem) => `${item.stack}, ${key}: ${problem}`);
  });
}

const missingWords = (content: string, words: string[] = [], where = ""): string[] =>
  words.filter((word) => !content.includes(word)).map((word) => `${where} does not say "${word}"`);

function unmet(value: unknown, properties: Record<string, unknown>): string[] {
  return Object.entries(properties).flatMap(([path, wanted]) => {
    const found = valuesAt(value, path.split("."));
    return found.some((item) => String(item) === String(wanted))
      ? []
      : [
          `${path} is ${found.map((item) => JSON.stringify(item)).join(" or ") || "not set"}, the map says ${String(wanted)}`,
        ];
  });
}

/** Values at a path; `*` is any item of a list. A list counts as one of its items. */
function valuesAt(value: unknown, [key, ...rest]: string[]): unknown[] {
  if (key === undefined) return Array.isArray(value) ? value : [value];
  if (typeof value !== "object" || value === null) return [];
  if (key === "*") return Object.values(value).flatMap((item) => valuesAt(item, rest));
  return key in value ? valuesAt((value as Record<string, unknown>)[key], rest) : [];
}
