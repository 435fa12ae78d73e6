/** Markdown pages as a link checker needs them: headings with their anchors, and links. */
import fs from "node:fs";
import path from "node:path";

export interface Heading {
  anchor: string;
  level: number;
  /** Index of its line. */
  line: number;
}

export interface Page {
  text: string;
  headings: Heading[];
  /** Targets of links and pictures, as written. */
  links: string[];
}

export function parsePage(text: string): Page {
  const headings: Heading[] = [];
  const links: string[] = [];
  const uses = new Map<string, number>();
  let fenced = false;
  for (const [line, raw] of text.split("\n").entries()) {
    if (/^\s*(```|~~~)/.test(raw)) fenced = !fenced;
    if (fenced) continue;
    const heading = /^(#{1,6})\s+(.*?)\s*$/.exec(raw);
    if (heading !== null) {
      const anchor = anchorOf(heading[2] ?? "");
      const used = uses.get(anchor) ?? 0;
      uses.set(anchor, used + 1);
      headings.push({ anchor: used === 0 ? anchor : `${anchor}-${used}`, level: heading[1]?.length ?? 1, line });
    }
    const withoutCode = raw.replace(/`[^`]*`/g, (code) => "x".repeat(code.length));
    for (const match of withoutCode.matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g)) links.push(match[1] ?? "");
  }
  return { text, headings, links };
}

/** GitHub's anchor: lower case, no marks or punctuation, a hyphen for each space. */
const anchorOf = (title: string): string =>
  title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .replace(/\s/gu, "-");

/** From a heading to the next of its level or higher; undefined when there is none. */
export function sectionText(page: Page, anchor: string): string | undefined {
  const heading = page.headings.find((item) => item.anchor === anchor);
  if (heading === undefined) return undefined;
  const next = page.headings.find(({ line, level }) => line > heading.line && level <= heading.level);
  return page.text.split("\n").slice(heading.line, next?.line).join("\n");
}

/** Pages that readers start from, by path from the root: READMEs, the contributor's page and all of docs/. */
export function markdownFiles(root: string): Map<string, string> {
  const top = fs.readdirSync(root).filter((file) => /^(README.*|CONTRIBUTING)\.md$/.test(file));
  const docs = fs.readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" });
  const below = docs.filter((file) => file.endsWith(".md")).map((file) => path.join("docs", file));
  return new Map([...top, ...below].sort().map((file) => [file, fs.readFileSync(path.join(root, file), "utf8")]));
}

/** Links that lead nowhere, as sentences. Addresses of other sites are not followed: tests need no network. */
export function brokenLinks(files: ReadonlyMap<string, string>, exists: (file: string) => boolean): string[] {
  const pages = new Map([...files].map(([file, text]) => [file, parsePage(text)]));
  return [...pages].flatMap(([file, { links }]) =>
    links
      .filter((link) => !/^[a-z]+:/i.test(link))
      .flatMap((link) => {
        const [target = "", anchor] = link.split("#");
        const name = target.replace(/\?.*$/, "");
        const to = name === "" ? file : path.join(path.dirname(file), decodeURIComponent(name));
        const page = pages.get(to);
        if (page === undefined && !exists(to)) return [`${file}: ${link}: no such file`];
        if (anchor === undefined || page === undefined) return [];
        const line = /^L(\d+)$/.exec(anchor)?.[1];
        if (line !== undefined)
          return Number(line) <= page.text.split("\n").length ? [] : [`${file}: ${link}: no such line`];
        return page.headings.some((heading) => heading.anchor === decodeURIComponent(anchor))
          ? []
          : [`${file}: ${link}: no such heading`];
      }),
  );
}
