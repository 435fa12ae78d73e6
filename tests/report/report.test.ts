/** What a rehearsal shows: graph, diagram, page and terminal. Graphviz is an ES module, so the diagram runs in Node. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import fc from "fast-check";
import pc from "picocolors";
import { toDot } from "../../tools/report/dot.ts";
import { cut, escapeMarkup, plain } from "../../tools/report/escape.ts";
import { buildGraph, MAX_NODES, unwrap } from "../../tools/report/graph.ts";
import { renderReport } from "../../tools/report/html.ts";
import type { Change, RehearsalResult, StateResource } from "../../tools/report/model.ts";
import { renderSummary } from "../../tools/report/terminal.ts";
import { type Lang, LANGS, type TextKey, TEXTS, translator } from "../../tools/report/texts.ts";
import { CANARY, result, state, urn } from "./fixture.ts";

const ROOT = path.resolve(__dirname, "../..");
const noColours = pc.createColors(false);

type Finding = RehearsalResult["findings"][number];
const mandatory = (name: string, message = `${name}: broken`): Finding => ({
  rule: "do-droplet-daily-backups",
  urn: urn(name),
  level: "mandatory",
  message,
});

const terminal = (of: RehearsalResult, lang: Lang = "en", columns = 100) =>
  renderSummary(of, { lang, columns, colours: noColours, files: [".rehearsal/mvp/report.html"] }).join("\n");

/** Runs the real renderer, with Graphviz, on several cases at once: loading it costs more than drawing. */
function draw(cases: { resources: StateResource[]; changes?: Change[]; max?: number; lang?: Lang }[]): string[] {
  const script = `
    import { renderDiagram } from "./tools/report/diagram.ts";
    import { buildGraph } from "./tools/report/graph.ts";
    import fs from "node:fs";
    const svgs = [];
    for (const { resources, changes, max, lang } of JSON.parse(fs.readFileSync(0, "utf8"))) {
      svgs.push(await renderDiagram(buildGraph(resources, changes ?? [], max), { stack: "mvp", lang: lang ?? "en" }));
    }
    process.stdout.write(JSON.stringify(svgs));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "pipe"],
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  return JSON.parse(output) as string[];
}

/** Every tag in order, attributes left out; throws when tags do not nest. */
function skeleton(markup: string, voidTags: string[] = []): string[] {
  const tags: string[] = [];
  const open: string[] = [];
  for (const [, close, name = "", self] of markup.matchAll(/<(\/?)([A-Za-z][\w-]*)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    tags.push(`${close}${name}`);
    if (close === "/") {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}>`);
    } else if (self !== "/" && !voidTags.includes(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(", ")}`);
  return tags;
}
const htmlSkeleton = (markup: string) => skeleton(markup, ["meta"]);

/** A stack of `components` with `each` resources, where every resource uses the first of the next component. */
function bigStack(components: number, each: number): StateResource[] {
  const component = (c: number) => `urn:pulumi:big::jatsmanor::jatsmanor:aws:Part::part${c}`;
  const resource = (c: number, r: number) =>
    `urn:pulumi:big::jatsmanor::jatsmanor:aws:Part$aws:sqs/queue:Queue::part${c}-queue${r}`;
  return Array.from({ length: components }, (_, c) => [
    { urn: component(c), type: "jatsmanor:aws:Part", custom: false },
    ...Array.from({ length: each + (c === 0 ? 1 : 0) }, (_, r) => ({
      urn: resource(c, r),
      type: "aws:sqs/queue:Queue",
      custom: true,
      parent: component(c),
      protect: c === 1 && r === 0,
      dependencies: [resource((c + 1) % components, 0)],
    })),
  ]).flat();
}

describe("graph", () => {
  const graph = buildGraph(state(), []);
  const node = (name: string, of = graph) => of.nodes.find((candidate) => candidate.name === name);

  test("nodes are the resources, clusters their components; the root stack and providers are left out", () => {
    const custom = state().filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    expect(graph.nodes.map(({ urn }) => urn)).toEqual(custom.map(({ urn }) => urn).sort());
    expect(graph.clusters.map(({ name }) => name).sort()).toEqual(
      ["alerting", "backup", "certificate", "dns", "edge", "firewall", "host", "network", "project", "server"].sort(),
    );
    expect(graph.clusters.every(({ parent }) => parent === undefined)).toBe(true);
    expect(node("server-droplet")).toEqual({
      urn: urn("server-droplet"),
      name: "server-droplet",
      shortName: "droplet",
      type: "Droplet",
      provider: "digitalocean",
      cluster: urn("server"),
      status: "unchanged",
      protected: true,
      count: 1,
    });
    expect(node("network-vpc")?.protected).toBe(false);
  });

  test("edges are the dependencies between resources, each once", () => {
    const of = (name: string) => graph.edges.filter(({ from }) => from === urn(name)).map(({ to }) => to);
    expect(of("server-address-assignment")).toEqual([urn("server-droplet"), urn("server-address")].sort());
    expect(of("network-vpc")).toEqual([]);
    const onlyProperties: StateResource[] = state().map((r) => ({ ...r, dependencies: [] }));
    expect(buildGraph(onlyProperties, []).edges).toEqual(graph.edges);
    const onlyDependencies: StateResource[] = state().map((r) => ({ ...r, propertyDependencies: {} }));
    expect(buildGraph(onlyDependencies, []).edges).toEqual(graph.edges);
    const outside = state().map((r) => (r.custom ? { ...r, dependencies: [urn("server"), "urn:gone", r.urn] } : r));
    expect(buildGraph(outside, []).edges).toEqual(graph.edges);
  });

  test("the engine's order changes nothing", () => {
    const changes = result().changes;
    const expected = toDot(buildGraph(state(), changes));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(state(), { minLength: state().length }),
        fc.shuffledSubarray(changes, { minLength: changes.length }),
        (resources, steps) => {
          const turned = resources.map((r) => ({ ...r, dependencies: [...(r.dependencies ?? [])].reverse() }));
          expect(toDot(buildGraph(turned, steps))).toBe(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("the gravest step of a resource is its status", () => {
    const target = urn("server-droplet");
    const statusAfter = (...ops: string[]) =>
      node(
        "server-droplet",
        buildGraph(
          state(),
          ops.map((op) => ({ op, urn: target, properties: [] })),
        ),
      )?.status;
    expect(statusAfter()).toBe("unchanged");
    expect(statusAfter("same")).toBe("unchanged");
    expect(statusAfter("create")).toBe("created");
    expect(statusAfter("update")).toBe("updated");
    expect(statusAfter("delete")).toBe("deleted");
    for (const ops of [
      ["create-replacement", "replace", "delete-replaced"],
      ["delete-replaced", "create"],
    ]) {
      expect(statusAfter(...ops)).toBe("replaced");
      expect(statusAfter(...ops.reverse())).toBe("replaced");
    }
  });

  test("a deleted resource is shown in the component it was in, although the state has it no more", () => {
    const gone = urn("alerting-uptime").replace(/uptime$/, "old-check");
    const shown = node("alerting-old-check", buildGraph(state(), [{ op: "delete", urn: gone, properties: [] }]));
    expect(shown).toMatchObject({ status: "deleted", cluster: urn("alerting"), shortName: "old-check" });

    const web = (name: string) => `urn:pulumi:s::jatsmanor::jatsmanor:ovh:Web::${name}`;
    const webs = ["web", "web-2"].map((name) => ({ urn: web(name), type: "jatsmanor:ovh:Web", custom: false }));
    const disk = "urn:pulumi:s::jatsmanor::jatsmanor:ovh:Web$ovh:index/disk:Disk::web-2-disk";
    const twins = buildGraph(webs, [{ op: "delete", urn: disk, properties: [] }]);
    expect(node("web-2-disk", twins)?.cluster).toBe(web("web-2"));
  });

  test("a first preview has no state: resources and components come from its changes", () => {
    const graph = buildGraph([], result().changes);
    expect(graph.clusters).toHaveLength(10);
    expect(node("server-droplet", graph)).toMatchObject({ status: "created", cluster: urn("server") });
  });

  test("a big stack is folded, the fullest component first, and loses nothing", () => {
    const exact = bigStack(1, MAX_NODES - 1);
    expect(buildGraph(exact, []).nodes).toHaveLength(MAX_NODES);

    const big = bigStack(30, 10);
    const graph = buildGraph(big, [{ op: "update", urn: big[2]!.urn, properties: [] }]);
    expect(graph.nodes.length).toBeLessThanOrEqual(MAX_NODES);
    expect(graph.nodes.reduce((sum, { count }) => sum + count, 0)).toBe(301);
    expect(node("part0", graph)).toMatchObject({ count: 11, status: "updated", protected: false, type: "Part" });
    expect(node("part1", graph)).toMatchObject({ count: 10, status: "unchanged", protected: true });
    const urns = new Set(graph.nodes.map(({ urn }) => urn));
    expect(graph.edges.length).toBeGreaterThan(0);
    expect(graph.edges.filter(({ from, to }) => from === to || !urns.has(from) || !urns.has(to))).toEqual([]);
    expect(new Set(graph.edges.map(({ from, to }) => `${from} ${to}`)).size).toBe(graph.edges.length);
  });

  test("nested components fold from the inside out", () => {
    const inner = state().map((r) => (r.urn === urn("dns") ? { ...r, parent: urn("edge") } : r));
    const cluster = buildGraph(inner, []).clusters.find(({ name }) => name === "dns");
    expect(cluster?.parent).toBe(urn("edge"));
    expect(
      buildGraph(inner, [], 1)
        .nodes.map(({ count }) => count)
        .sort((a, b) => b - a)[0],
    ).toBe(12);
    expect(node("edge", buildGraph(inner, [], 1))?.count).toBe(10);
  });
});

describe("diagram", () => {
  /** As the phases make it: one component around all others, with resources of its own. */
  const phase = "urn:pulumi:mvp::jatsmanor::jatsmanor:phases:SingleServer::mvp";
  const wrapped: StateResource[] = [
    { urn: phase, type: "jatsmanor:phases:SingleServer", custom: false },
    ...state().map((r) =>
      (!r.custom && r.type.startsWith("jatsmanor:")) || r.urn === urn("network-vpc") ? { ...r, parent: phase } : r,
    ),
  ];

  test("a component around everything is not drawn, two roots or a loose resource are", () => {
    const graph = unwrap(buildGraph(wrapped, []));
    expect(graph.clusters.map(({ name }) => name)).not.toContain("mvp");
    expect(graph.clusters.every(({ parent }) => parent === undefined)).toBe(true);
    expect(graph.nodes.filter(({ cluster }) => cluster === undefined).map(({ name }) => name)).toEqual(["network-vpc"]);
    const roots = buildGraph(state(), []);
    expect(unwrap(roots)).toBe(roots);
    const loose = buildGraph(
      [...wrapped, { urn: "urn:pulumi:mvp::j::aws:sqs/queue:Queue::q", type: "aws:sqs/queue:Queue", custom: true }],
      [],
    );
    expect(unwrap(loose)).toBe(loose);
  });

  const changes: Change[] = [
    { op: "update", urn: urn("edge-ssl"), properties: ["value"] },
    { op: "replace", urn: urn("host-apply"), properties: [] },
    { op: "create", urn: urn("edge-waf"), properties: [] },
    { op: "delete", urn: urn("dns-jatsmanor.example").replace("jatsmanor.example", "old"), properties: [] },
  ];
  const hostile = '<script>alert("1")</script>&\u0000\u001b]0;x\u0007\\N"];';
  /** JSON, so that the dependencies on it are renamed as well. */
  const named = JSON.parse(
    JSON.stringify(state()).replaceAll(
      JSON.stringify(urn("network-vpc")),
      JSON.stringify(urn("network-vpc").replace(/vpc$/, () => hostile)),
    ),
  ) as StateResource[];
  const nested = state().map((r) => (r.urn === urn("backup") ? { ...r, parent: urn("server") } : r));
  let [first, again, french, bad, empty, big, boxes] = ["", "", "", "", "", "", ""];
  beforeAll(() => {
    [first, again, french, bad, empty, big, boxes] = draw([
      { resources: state(), changes },
      { resources: state().reverse(), changes: [...changes].reverse() },
      { resources: state(), changes, lang: "fr" },
      { resources: named },
      { resources: [] },
      { resources: bigStack(30, 10) },
      { resources: nested },
    ]) as [string, string, string, string, string, string, string];
  });
  const count = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].length;

  test("shows every resource, component and edge", () => {
    const graph = buildGraph(state(), changes);
    expect(count(first, /<g class="node [a-z ]+" transform[^>]*><title>/g)).toBe(graph.nodes.length);
    expect(count(first, /<g class="cluster">/g)).toBe(graph.clusters.length);
    expect(count(first, /<g class="edge"><title>/g)).toBe(graph.edges.length);
    expect(first).toContain("<title>alerting-cpu-high uses server-droplet</title>");
    expect(first).toContain("<title>server-droplet (Droplet): unchanged, protected</title>");
    expect(first).toMatch(/<g class="node created" [^>]*><title>edge-waf \(Ruleset\): created</);
    expect(first).toMatch(/<g class="node updated protected" [^>]*><title>edge-ssl/);
    expect(first).toMatch(/<g class="node replaced" [^>]*><title>host-apply/);
    expect(first).toMatch(/<g class="node deleted" [^>]*><title>dns-old/);
    expect(first).not.toMatch(/NaN|undefined/);
  });

  test("has a legend, a title and a description in both languages", () => {
    for (const word of ["created", "updated", "replaced", "deleted", "unchanged", "uses"]) {
      expect(first).toContain(`>${word}</text>`);
    }
    for (const word of ["créée", "modifiée", "remplacée", "supprimée", "inchangée", "utilise"]) {
      expect(french).toContain(`>${word}</text>`);
    }
    expect(first).toContain('<title id="jats-diagram-title">Resources of the stack mvp</title>');
    expect(french).toContain("43 ressources, 1 créée, 1 modifiée, 1 remplacée, 1 supprimée, 39 inchangées");
    expect(first).toContain("prefers-color-scheme:dark");
  });

  test("is well-formed, deterministic, and fetches nothing", () => {
    expect(again).toBe(first);
    for (const svg of [first, french, bad, empty, big]) {
      skeleton(svg);
      expect(svg.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|@import|@font-face|href|<image/);
    }
  });

  test("a name cannot break out of its text", () => {
    expect(bad).not.toContain("<script");
    expect(bad).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;\\N&quot;];");
    expect(skeleton(bad).length).toBe(skeleton(draw([{ resources: state() }])[0]!).length);
  });

  test("resources without edges stand in a grid, not in one tall column", () => {
    const invisible = toDot(buildGraph(state(), [])).match(/style=invis/g);
    expect(invisible).toHaveLength(5); // the edge's eight settings and rulesets: rows of three, three and two
  });

  test("a component inside another is drawn on top of it", () => {
    const order = [...boxes.matchAll(/<g class="cluster">.*?<text[^>]*>([\w-]+)</g)].map(([, name]) => name);
    expect(order.indexOf("backup")).toBeGreaterThan(order.indexOf("server"));
  });

  test("says that there is nothing, and how much a folded box stands for", () => {
    expect(empty).toContain("No resources.");
    expect(big).toContain("AWS, 10 resources");
  });
});

describe("page", () => {
  test("a good run: verdict, numbers, and every empty section says so in words", () => {
    const page = renderReport(result(), "<svg></svg>", "en");
    expect(page).toContain("The stack mvp is up on the simulated clouds; every mandatory rule holds.");
    expect(page).toContain("not priced yet");
    expect(page).toContain("Exception OPS-12: the pro plan is bought with the first paying hosts");
    expect(page).toContain("Pulumi 3.274.1 (downloaded)");
    expect(page).toContain("<svg></svg>");
    expect(
      page.match(/server-droplet <span[^>]*>Droplet<\/span><\/span> <span class="badge protected">/),
    ).not.toBeNull();
    expect(page).toContain("No errors.");
    expect(page).toContain(`<summary>${result().summary.created} created</summary>`);
    expect(page).not.toContain("pulumi:providers");

    const nothing = result({ resources: [], changes: [], findings: [], outputs: {} });
    const empty = renderReport(nothing, "", "en");
    for (const words of [
      "No findings",
      "No changes",
      "No outputs",
      "No resources",
      "No errors",
      "No warnings",
      "No diagram",
    ]) {
      expect(empty).toContain(words);
    }
    expect(empty).not.toContain('<dl class="facts">\n</dl>');
  });

  test("a bad run: what failed comes first", () => {
    const failed = result({
      operation: "preview",
      succeeded: false,
      errors: ["backup-bucket: the name is taken"],
      findings: [...result().findings, mandatory("server-droplet", "backups is false\nFix: set it")],
    });
    const page = renderReport(failed, "", "en");
    expect(page).toContain("Stopped before anything was changed: 1 mandatory finding.");
    expect(page.indexOf("the name is taken")).toBeLessThan(page.indexOf('id="numbers"'));
    expect(page.indexOf("backups is false")).toBeLessThan(page.indexOf("mfaAttestation is unset"));
    expect(page.match(/id="errors"/g)).toHaveLength(1);
  });

  test("changes name the properties that cause them, and steps of one resource are one line", () => {
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op) => ({
      op,
      urn: urn("server-droplet"),
      properties: op === "replace" ? ["size", "region"] : [],
    }));
    const page = renderReport(
      result({ changes: [...steps, { op: "same", urn: urn("dns"), properties: [] }] }),
      "",
      "en",
    );
    expect(page).toContain("1 replaced");
    expect(page).toContain("because of region, size");
    expect(page.match(/<details/g)).toHaveLength(1);
  });

  test("a cost is shown with its budget, and says when it is over", () => {
    const cost = { currency: "EUR" as const, floor: 40, ceiling: 1055, budget: 1200 };
    const page = (budget: number, lang: Lang) =>
      renderReport(result({ summary: { ...result().summary, cost: { ...cost, budget } } }), "", lang);
    expect(page(1200, "en")).toContain("€40 to €1,055 a month, budget €1,200");
    expect(page(1000, "en")).toContain("over the budget of €1,000");
    expect(page(1000, "fr")).toMatch(/40\s€ à 1\s055\s€ par mois, au-dessus du budget de 1\s000\s€/);
  });

  test("everything is escaped: no text adds or closes a tag", () => {
    const withText = (text: string): RehearsalResult => {
      const renamed = state().map((r) =>
        r.urn === urn("network-vpc") ? { ...r, urn: r.urn.replace(/vpc$/, text.replaceAll("::", ":")) } : r,
      );
      return result({
        summary: { ...result().summary, stack: text, phase: text },
        resources: renamed,
        changes: [{ op: "update", urn: urn("server-droplet"), properties: [text] }],
        findings: [{ rule: text, urn: urn("edge-waf"), level: "exempted", message: text, exception: text }],
        errors: [text],
        warnings: [text],
        outputs: { [text]: text, list: [text] },
        engine: { version: text, origin: text },
        date: text,
      });
    };
    const expected = htmlSkeleton(renderReport(withText("x"), "", "fr"));
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(fc.constantFrom("<script>", "</p>", "</style>", '"', "'", "&", "-->", "<", ">", "]]>"))
        .map((p) => p.join("")),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        expect(htmlSkeleton(renderReport(withText(`x${text}`), "", "fr"))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
    const page = renderReport(withText("x<script>alert(1)</script>"), "", "en");
    expect(page).toContain("x&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toContain("<script");
  });

  test("needs no network and runs no script", () => {
    const page = renderReport(result({ outputs: {} }), "", "en");
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(page).not.toMatch(/<script|<link|<img|https?:|@import|url\(| on\w+=/);
  });
});

describe("terminal", () => {
  test("a good run: verdict first, then components, policies, cost, outputs, files", () => {
    const lines = terminal(result()).split("\n");
    expect(lines[0]).toBe("✓ Passed  The stack mvp is up on the simulated clouds; every mandatory rule holds.");
    expect(lines[1]).toBe("  53 created, 12.3 s");
    expect(lines).toContain("  server       5 resources   DigitalOcean");
    expect(lines).toContain("  network      1 resource    DigitalOcean");
    expect(lines).toContain("  0 mandatory, 1 advisory, 0 fixed by policy, 1 excepted, 1 not known yet");
    expect(lines).toContain("  databasePassword  [secret]");
    expect(lines).toContain("  not priced yet");
    expect(lines.at(-1)).toBe("  .rehearsal/mvp/report.html");
    expect(lines.filter((line) => [...line].length > 100)).toEqual([]);
    expect(lines.length).toBeLessThan(40);
  });

  test("says what changed in which component", () => {
    const changes = [{ op: "update", urn: urn("edge-ssl"), properties: [] }];
    const text = terminal(result({ changes }));
    expect(text).toMatch(/ {2}edge +8 resources +Cloudflare +1 updated/);
    expect(text).toMatch(/ {2}dns +2 resources +Cloudflare$/m);
  });

  test("mandatory findings and errors are never cut; the rest is", () => {
    const long = "z".repeat(300);
    const many = Array.from({ length: 40 }, (_, index) => index);
    const text = terminal(
      result({
        succeeded: false,
        operation: "preview",
        findings: many.flatMap((n): Finding[] => [
          mandatory("server-droplet", `mandatory ${n} ${long}\nsecond line ${n}`),
          { rule: "soft", urn: "", level: "advisory", message: `advisory ${n} ${long}\nsecond` },
        ]),
        errors: many.map((n) => `error ${n} ${long}\nmore of it ${n}`),
        warnings: many.map((n) => `warning ${n}`),
        outputs: Object.fromEntries(many.map((n) => [`output${n}`, long])),
      }),
    );
    for (const n of many) {
      for (const part of [`mandatory ${n} ${long}`, `second line ${n}`, `error ${n} ${long}`, `more of it ${n}`]) {
        expect(text).toContain(part);
      }
    }
    expect(text.match(/advisory \d+ z+…$/gm)).toHaveLength(6);
    expect(text).toContain("... and 34 more in report.html"); // advisory findings
    expect(text).toContain("... and 36 more in report.html"); // warnings
    expect(text).toContain("... and 28 more in report.html"); // outputs
    expect(text).toContain("Stopped before anything was changed: 40 mandatory findings.");
  });

  test("data cannot steer the terminal", () => {
    const evil = "a\u001b[2J\u001b]0;title\u0007b\rc\u0008\u202ed<{%fg 1%}>e";
    const text = terminal(
      result({ errors: [evil], warnings: [evil], findings: [mandatory("edge-waf", evil)], outputs: { [evil]: evil } }),
    );
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(text).not.toContain("{%");
  });

  test("colours follow picocolors, so NO_COLOR is honoured", () => {
    const coloured = renderSummary(result(), { lang: "en", files: [], colours: pc.createColors(true) }).join("\n");
    expect(coloured).toContain("\u001b[32m");
    const script = `
      import { renderSummary } from "./tools/report/terminal.ts";
      import { result } from "./tests/report/fixture.ts";
      process.stdout.write(renderSummary(result(), { lang: "en", files: [] }).join("\\n"));`;
    const run = (env: Record<string, string>) =>
      execFileSync(process.execPath, ["--input-type=module", "-e", script], {
        cwd: ROOT,
        encoding: "utf8",
        env: { ...env, NODE_NO_WARNINGS: "1" },
      });
    expect(run({ FORCE_COLOR: "1" })).toContain("\u001b[32m");
    expect(run({ FORCE_COLOR: "1", NO_COLOR: "1" })).not.toContain("\u001b");
  });
});

describe("verdict", () => {
  const first = (overrides: Partial<RehearsalResult>) => terminal(result(overrides)).split("\n")[0];
  const noChanges = { created: 0, updated: 0, replaced: 0, deleted: 0 };

  test.each<[string, Partial<RehearsalResult>]>([
    ["✓ Passed  The stack mvp is up on", {}],
    [
      "✓ Passed  The stack mvp is as the program describes it: nothing to change",
      { summary: { ...result().summary, ...noChanges } },
    ],
    ["✓ Passed  The preview of mvp passed; nothing was changed", { operation: "preview" }],
    ["✗ Failed  The preview failed with 1 error;", { operation: "preview", succeeded: false, errors: ["e"] }],
    ["✗ Failed  The update stopped with 2 errors.", { succeeded: false, errors: ["e", "f"] }],
    ["✗ Failed  Stopped before anything was changed: 1", { operation: "preview", findings: [mandatory("edge-waf")] }],
    ["✗ Failed  1 mandatory finding in the update.", { findings: [mandatory("edge-waf")] }],
  ])("%s", (text, overrides) => expect(first(overrides)).toContain(text));

  test("a mandatory count alone fails the run, even when its finding was lost", () => {
    const { summary } = result();
    const counted = { ...summary, policies: { ...summary.policies, mandatory: 3 } };
    expect(first({ summary: counted })).toContain("✗ Failed  3 mandatory findings");
  });
});

describe("languages", () => {
  const keys = Object.keys(TEXTS.en) as TextKey[];
  const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

  test("every language has the same keys and the same values to fill in", () => {
    for (const lang of LANGS) {
      expect(Object.keys(TEXTS[lang]).sort()).toEqual([...keys].sort());
      for (const key of keys) expect([key, placeholders(TEXTS[lang][key])]).toEqual([key, placeholders(TEXTS.en[key])]);
    }
  });

  test("no French text is the English one", () => {
    expect(keys.filter((key) => TEXTS.fr[key] === TEXTS.en[key])).toEqual([]);
  });

  test("plurals follow the language: zero is plural in English only", () => {
    const [en, fr] = [translator("en"), translator("fr")];
    expect([0, 1, 2].map((n) => en("resources", { n }))).toEqual(["0 resources", "1 resource", "2 resources"]);
    expect([0, 1, 2].map((n) => fr("resources", { n }))).toEqual(["0 ressource", "1 ressource", "2 ressources"]);
  });

  /** Text that both languages show alike must be data, a brand or the loan word; else it was written into the code. */
  test("nothing outside the table is worded", () => {
    const values = (value: unknown): string[] =>
      typeof value === "object" && value !== null ? Object.values(value).flatMap(values) : [String(value)];
    const pieces = (text: string) =>
      text
        .replace(/<style>[^]*?<\/style>/, "")
        .replaceAll("&quot;", '"')
        .split(/<[^>]*>|\n|, | · |[✓✗] | {2,}/)
        .map((piece) => piece.trim());
    const failed = result({
      succeeded: false,
      errors: ["some error"],
      warnings: ["some warning"],
      findings: [...result().findings, mandatory("edge-waf")],
    });
    for (const shown of [result(), failed, result({ resources: [], changes: [], findings: [], outputs: {} })]) {
      const data = `${values(shown).join("\n")}\n${JSON.stringify(shown.outputs, null, 1)}\n.rehearsal/mvp/report.html`;
      const known = (text: string) =>
        data.includes(text) || JSON.stringify(shown.outputs.runbooks) === text || text === "stack mvp";
      for (const render of [
        (lang: Lang) => renderReport(shown, "", lang),
        (lang: Lang) => terminal(shown, lang, 400),
      ]) {
        const french = new Set(pieces(render("fr")));
        const same = pieces(render("en")).filter((text) => french.has(text) && /\p{L}{2}/u.test(text));
        expect(same.filter((text) => !known(text) && !/^(AWS|Cloudflare|DigitalOcean|Pulumi)\b/.test(text))).toEqual(
          [],
        );
      }
    }
  });
});

describe("secrets", () => {
  test("values of resources reach no report", () => {
    expect(JSON.stringify(state())).toContain(CANARY);
    const changes: Change[] = state().map(({ urn }) => ({ op: "update", urn, properties: ["secret"] }));
    const of = result({ changes });
    const svgs = draw([
      { resources: state(), changes },
      { resources: state(), changes, max: 5 },
    ]);
    const outputs = LANGS.flatMap((lang) => [renderReport(of, svgs[0]!, lang), terminal(of, lang)]);
    for (const text of [...svgs, ...outputs, toDot(buildGraph(state(), changes))]) expect(text).not.toContain(CANARY);
    expect(outputs.every((text) => text.includes("[secret]"))).toBe(true);
  });
});

describe("text", () => {
  test("escaping leaves no character that markup, XML or a terminal reads as its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeMarkup(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        expect(plain(text)).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cs}]/u);
      }),
    );
    expect(plain("Île\tde Gorée\r\n50 €")).toBe("Île\tde Gorée\n50 €");
  });

  test("a cut text keeps whole characters within its length", () => {
    expect(cut("abcdef", 6)).toBe("abcdef");
    expect(cut("abcdefg", 6)).toBe("abcde…");
    expect(cut("😀😀😀", 2)).toBe("😀…");
  });
});
