/** The hosting guide as lines: what says something, under which heading, and which figures it gives. */

export interface Figure {
  /** As written, for example "~120-600€" without the mark: "120-600€". */
  text: string;
  /** Place in the line, from 0. */
  start: number;
}

export interface GuideLine {
  /** From 1, as editors count. */
  number: number;
  text: string;
  /** Heading above it, without marks; "" before the first. */
  section: string;
  figures: Figure[];
}

export interface GuideSection {
  title: string;
  level: number;
  /** Line of the heading. */
  number: number;
}

export interface Guide {
  sections: GuideSection[];
  /** Only lines with content, in order. */
  lines: GuideLine[];
}

/**
 * Content is every line but: blank ones, rules (`---`), fence marks, lines without a letter or digit (borders of drawings
 * and tables) and headings that give no figure. What stands inside a code fence is content, a comment too.
 */
export function parseGuide(text: string): Guide {
  const sections: GuideSection[] = [];
  const lines: GuideLine[] = [];
  let fenced = false;
  for (const [index, raw] of text.split("\n").entries()) {
    const heading = fenced ? null : /^(#+)\s+(.*)$/.exec(raw);
    const fence = raw.startsWith("```");
    if (fence) fenced = !fenced;
    if (heading !== null) {
      sections.push({ title: plain(heading[2] ?? ""), level: heading[1]?.length ?? 1, number: index + 1 });
    }
    const figures = figuresIn(raw);
    if (fence || !/[\p{L}\p{N}]/u.test(raw) || (heading !== null && figures.length === 0)) continue;
    lines.push({ number: index + 1, text: raw, section: sections.at(-1)?.title ?? "", figures });
  }
  return { sections, lines };
}

/** Without marks of emphasis and pictures. */
export const plain = (heading: string): string =>
  heading
    .replaceAll("**", "")
    .replace(/[^\p{L}\p{N}\p{P}\p{Sc}\p{Zs}+]/gu, "")
    .trim();

const NUMBER = String.raw`\d+(?:[.,]\d+)*[kM]?\+?`;
/** What makes a number a figure and not part of a name: "S3", "t3.medium" and "MySQL 8.0" are none. */
const UNIT = [
  "€|%|GB|TB|ms|min|s|h|j|x|th|vCPUs?|jours|mois",
  "instances|nodes|utilisateurs|users|annonces|pages|jobs|pays",
].join("|");
const FIGURE = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}.,])${NUMBER}(?:GB|TB)?(?:-${NUMBER})?\s?(?:${UNIT})(?![\p{L}\p{N}])`,
    String.raw`Mois ${NUMBER}(?:-${NUMBER})?`,
    String.raw`(?<=\()\d+-\d+(?=\))`,
  ].join("|"),
  "gu",
);

export const figuresIn = (text: string): Figure[] =>
  [...text.matchAll(FIGURE)].map((match) => ({ text: match[0], start: match.index }));

/** Every number of a text, also inside names: "s-4vcpu-8gb" holds 4 and 8, "1,000-2M" 1000 and 2000000. */
export function numbersIn(text: string): number[] {
  return [...text.matchAll(/(\d+(?:,\d{3})+|\d+(?:\.\d+)?)([kM](?![\p{L}]))?/gu)].map(
    ([, digits = "", suffix]) => Number(digits.replaceAll(",", "")) * (suffix === "k" ? 1e3 : suffix === "M" ? 1e6 : 1),
  );
}
