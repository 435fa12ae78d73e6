/** The guide is answered line by line (docs/coverage), and no page points at what is not there. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { coverageProblems } from "../../tools/docs/coverage-check.ts";
import { type Coverage, parseCoverage } from "../../tools/docs/coverage.ts";
import { figuresIn, numbersIn, parseGuide } from "../../tools/docs/guide.ts";
import { isFoundation, stateOf, withoutFoundations } from "../../tools/docs/golden.ts";
import { brokenLinks, markdownFiles, parsePage, sectionText } from "../../tools/docs/pages.ts";
import { ROOT, theWorld } from "./world.ts";

const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");
const yaml = read("docs/coverage/coverage.yaml");
const text = read("docs/guide/guide.fr.md");
const guide = parseGuide(text);
const world = theWorld();

describe("the coverage map", () => {
  test("answers every line and figure of the guide with what exists", () => {
    expect(coverageProblems(parseCoverage(yaml), guide, world)).toEqual([]);
  });

  /** One row on a guide of one line, to be spoilt. */
  const small = parseGuide("## A\n\nRAM: 8GB\n");
  const problems = (answer: unknown[], more: object = {}, quote: unknown = "RAM: 8GB", building: string[] = []) =>
    coverageProblems(
      { building, sections: [{ section: "A", rows: [{ quote, answer, ...more }] }] } as Coverage,
      small,
      world,
    );
  const good = { stack: "mvp", has: { "mvp-server-droplet": { size: "s-4vcpu-8gb" } } };

  test("accepts a good row", () => {
    expect(problems([good])).toEqual([]);
    expect(problems([{ concept: "BACKUP_PLANS.mvp.snapshots.keepDays", is: 7 }], { differs: { "8GB": "x" } })).toEqual(
      [],
    );
  });

  test.each<[string, unknown[], string]>([
    ["a stack", [{ stack: "mpv", has: {} }], "there is no stack mpv"],
    ["a type", [{ stack: "mvp", has: { "aws:rds/instance:Instance": null } }], "mvp has no resource aws:rds"],
    ["a name", [{ stack: "mvp", has: { "mvp-droplet": null } }], "mvp has no resource mvp-droplet"],
    [
      "a value",
      [{ stack: "mvp", has: { "mvp-server-droplet": { size: "s-8" } } }],
      'size is "s-4vcpu-8gb", the map says s-8',
    ],
    ["a setting", [{ setting: "jatsmanor:server.ram" }], "there is no setting jatsmanor:server.ram"],
    ["a setting of another project", [{ setting: "server.size" }], "there is no setting server.size"],
    ["a rule", [{ rule: "no-such-rule" }], "there is no rule no-such-rule"],
    ["a parameter", [{ rule: "alert-disk-20pct", with: { freePercent: 8 } }], "freePercent is 20, the map says 8"],
    ["a file", [{ document: "docs/none.md" }], "there is no file docs/none.md"],
    ["a folder instead of a file", [{ document: "docs" }], "there is no file docs"],
    ["a heading", [{ document: "docs/ci.md#none" }], "docs/ci.md has no heading #none"],
    ["words", [{ document: "docs/ci.md#order-and-cancelling", says: ["8 GB"] }], 'does not say "8 GB"'],
    ["a server's file", [{ host: "/etc/apache2.conf", role: "all-in-one" }], "a server (all-in-one) has no file"],
    [
      "words in a server's file",
      [{ host: "/etc/valkey/cache.conf", role: "all-in-one", says: ["8x"] }],
      'not say "8x"',
    ],
    ["a concept", [{ concept: "BUDGETS.none.target", is: 8 }], "BUDGETS.none.target is not set"],
    ["a concept's value", [{ concept: "BUDGETS.mvp.target", is: 8 }], "BUDGETS.mvp.target is 100, the map says 8"],
  ])("refuses a row that dangles: %s", (_, answer, message) => {
    expect(problems([...answer, good])).toEqual([expect.stringContaining(message)]);
  });

  test("refuses a quote that is not there, in the wrong section, in the wrong order, or in two places", () => {
    expect(problems([good], {}, "RAM: 16GB")).toEqual([
      expect.stringContaining("the guide does not say this there"),
      "line 3 of the guide is quoted by no row: RAM: 8GB",
    ]);
    const two = parseGuide("## A\nx 1\nx 2\n## B\ny\n");
    const on = (section: string, ...quote: string[]) =>
      coverageProblems(
        { building: [], sections: [{ section, rows: [{ quote, answer: [{ document: "README.md" }] }] }] },
        two,
        world,
      )[0];
    expect(on("B", "x 1")).toContain("the guide does not say this there");
    expect(on("A", "x 2", "x 1")).toContain("the guide does not say this there");
    expect(on("A", "x")).toContain("stands in 2 places");
    expect(on("C", "x")).toBe('section "C" is not in the guide');
    expect(on("A", "x 1", "x 2")).toBe("line 5 of the guide is quoted by no row: y");
  });

  test("refuses a figure that no answer holds, that no quote shows, or that is explained and not there", () => {
    expect(problems([{ document: "README.md" }])).toEqual([expect.stringContaining("no answer holds the figure 8GB")]);
    expect(problems([{ document: "README.md", note: "8 GB of course" }])).toHaveLength(1);
    expect(problems([{ refusal: "no" }])).toHaveLength(1);
    expect(problems([good], {}, "RAM")).toEqual(["line 3: no row quotes the figure 8GB: RAM: 8GB"]);
    expect(problems([good], { differs: { "9GB": "because" } })).toEqual([expect.stringContaining("names 9GB")]);
  });

  test("takes a stack's answers for planned until it exists", () => {
    const planned = { stack: "next", has: { "aws:rds/instance:Instance": { allocatedStorage: 8 } } };
    expect(problems([planned], {}, "RAM: 8GB", ["next"])).toEqual([]);
    expect(problems([good], {}, "RAM: 8GB", ["mvp"])).toEqual([expect.stringContaining("building: mvp exists")]);
  });

  const parsed = (answer: string) => () =>
    parseCoverage(`{building: [], sections: [{section: A, rows: [{quote: x, answer: ${answer}}]}]}`);
  test.each([
    ["[]"],
    ["[{}]"],
    ["[{rule: ''}]"],
    ["[{refusal: we do not}]"],
    ["[{rule: a, setting: b}]"],
    ["[{document: }]"],
  ])("refuses a blank or unclear answer: %s", (answer) => expect(parsed(answer)).toThrow());
  test("a reason has at least 40 characters", () => {
    expect(parsed(`[{refusal: "${"x".repeat(40)}"}]`)).not.toThrow();
    expect(parsed(`[{refusal: "${"x".repeat(39)}"}]`)).toThrow();
  });
});

describe("the guide", () => {
  test("content is all but headings, rules, fences and decoration; a heading with a figure is content, too", () => {
    const lines = parseGuide("# T\n\n---\n## Two (100€)\n```yaml\n# c\nRAM: 8GB\n```\n┌──┐\n| --- |\n│ x │\n").lines;
    expect(lines.map((line) => [line.number, line.section])).toEqual([
      [4, "Two (100€)"],
      [6, "Two (100€)"],
      [7, "Two (100€)"],
      [11, "Two (100€)"],
    ]);
    expect(guide.lines.length).toBeGreaterThan(270);
  });

  test.each<[string, string[]]>([
    ["Storage: 160GB SSD, 4 vCPUs, 5TB/mois, ~120-600€/mois", ["160GB", "4 vCPUs", "5TB", "120-600€"]],
    ["<1,000 utilisateurs, 500,000-2M pages vues, 500GB-2TB", ["1,000 utilisateurs", "500,000-2M pages", "500GB-2TB"]],
    [
      "(>2min) (>5%) 6h 30j 35 jours 150-300ms 3x 95th (2-10)",
      ["2min", "5%", "6h", "30j", "35 jours", "150-300ms", "3x", "95th", "2-10"],
    ],
    ["50k users, 5M+ users, Mois 6-18, Min: 2 instances", ["50k users", "5M+ users", "Mois 6-18", "2 instances"]],
    ["MySQL 8.0, t3.medium, m5.2xlarge, S3, Route 53, 4xx/5xx, SSD 2, v1.0, 1. VPS", []],
  ])("figures of %s", (line, figures) => {
    expect(figuresIn(line).map((figure) => figure.text)).toEqual(figures);
  });

  test("numbers are compared by value", () => {
    expect(numbersIn("s-4vcpu-8gb 1,000-2M 50k 0.02€ 10200")).toEqual([4, 8, 1000, 2e6, 50000, 0.02, 10200]);
  });
});

describe("the pages", () => {
  const links = (files: Record<string, string>) =>
    brokenLinks(new Map(Object.entries(files)), (file) => file === "src/a.ts");

  test("every link of docs/ and the READMEs leads to a file, a heading or a line that exists", () => {
    const files = markdownFiles(ROOT);
    expect(files.size).toBeGreaterThan(10);
    expect(brokenLinks(files, (file) => fs.existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  test.each<[string, string[]]>([
    ["[x](b.md) [y](b.md#two-words) [z](../src/a.ts) [w](#one) [v](https://example.org/x)", []],
    ["![x](none.svg)", ["docs/a.md: none.svg: no such file"]],
    ["[x](b.md#none)", ["docs/a.md: b.md#none: no such heading"]],
    ["[x](#none)", ["docs/a.md: #none: no such heading"]],
    ["[x](b.md?plain=1#L2)", []],
    ["[x](b.md?plain=1#L9)", ["docs/a.md: b.md?plain=1#L9: no such line"]],
    ["`[x](none.md)`\n```\n[x](none.md)\n```", []],
  ])("links: %s", (text, broken) => {
    expect(links({ "docs/a.md": `# One\n${text}\n`, "docs/b.md": "# Two words\n\n" })).toEqual(broken);
  });

  test("every stack has its picture and its parts on the page of topologies", () => {
    const page = read("docs/topologies.md");
    for (const [stack, golden] of world.goldens) {
      const own = sectionText(parsePage(page), stack) ?? "";
      const svg = read(`docs/topologies/${stack}.svg`);
      const root = golden.find(({ type }) => type.startsWith("jatsmanor:phases:"))?.name ?? "";
      const parts = golden.filter(({ type, parent }) => type.startsWith("jatsmanor:") && parent === root);
      expect(parts.length).toBeGreaterThan(3);
      for (const part of parts) {
        const { name } = part;
        const short = name.slice(name.startsWith(`${root}-`) ? root.length + 1 : 0);
        expect(own).toContain(`| \`${short}\` |`);
        // A title holds the whole name of a folded part, whose label may be cut to fit its box.
        if (isFoundation(part)) expect(svg).not.toContain(`<title>${name}`);
        else if (!svg.includes(`<title>${name} (`)) expect(svg).toContain(`>${short}<`);
      }
    }
  });

  test("an inventory becomes a state: parents and uses by URN, protection kept, unknown names left out", () => {
    const entry = { type: "a:b:C", name: "s-x", parent: "s" };
    const [component, x, y] = stateOf("s", [
      { type: "jatsmanor:phases:P", name: "s", parent: "jatsmanor-s" },
      { ...entry, protect: true },
      { ...entry, name: "s-y", edges: { one: ["s-x"], two: ["nobody", "s"] } },
    ]);
    expect(component).toMatchObject({ custom: false, dependencies: [] });
    expect(component?.parent).toBeUndefined();
    expect(x).toMatchObject({ custom: true, protect: true, parent: component?.urn });
    expect(y).toMatchObject({ urn: "urn:pulumi:s::jatsmanor::a:b:C::s-y", protect: false, dependencies: [x?.urn] });
  });

  test("foundations are left out with everything in them, whatever else has their name", () => {
    const golden = [
      { type: "jatsmanor:phases:P", name: "s", parent: "jatsmanor-s" },
      { type: "jatsmanor:aws:Network", name: "s-network", parent: "s" },
      { type: "jatsmanor:aws:Tier", name: "s-network-tier", parent: "s-network" },
      { type: "a:b:C", name: "s-network-x", parent: "s-network-tier" },
      { type: "a:b:C", name: "s-network", parent: "s" },
    ];
    expect(withoutFoundations(golden)).toEqual([golden[0], golden[4]]);
  });

  test("what is generated is current", () => {
    // Graphviz is an ES module, which jest does not load: the command runs in Node.
    execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", "tools/jats.ts", "docs", "--check"], {
      cwd: ROOT,
      stdio: "pipe",
    });
  });
});
