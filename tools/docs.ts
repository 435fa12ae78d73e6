/** `jats docs`: the pages that are generated: coverage of the guide, topologies and their pictures. */
import fs from "node:fs";
import path from "node:path";
import { coveragePage, parseCoverage } from "./docs/coverage.ts";
import { readGoldens } from "./docs/golden.ts";
import { parseGuide } from "./docs/guide.ts";
import { type Topology, pictureOf, topologiesPage } from "./docs/topologies.ts";
import { PHASES } from "../src/concepts/phase.ts";
import { ROOT } from "./engine/locate.ts";
import { phaseOf } from "./rehearse/workspace.ts";

const DOCS = path.join(ROOT, "docs");

/** Writes them; with `check`, only says which committed ones are out of date. Exit code 0, or 1 when some are. */
export async function docsCommand(check: boolean): Promise<number> {
  const pages = await generatedPages();
  const stale = [...pages].filter(([file, text]) => readIfThere(path.join(DOCS, file)) !== text);
  for (const [file, text] of stale) {
    if (check) process.stderr.write(`docs/${file} is out of date; run: make docs\n`);
    else {
      fs.mkdirSync(path.dirname(path.join(DOCS, file)), { recursive: true });
      fs.writeFileSync(path.join(DOCS, file), text);
      process.stdout.write(`wrote docs/${file}\n`);
    }
  }
  return check && stale.length > 0 ? 1 : 0;
}

/** By path below docs/. */
async function generatedPages(): Promise<Map<string, string>> {
  const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");
  const place = (stack: string) => PHASES.findIndex((phase) => phase === phaseOf(stack));
  const topologies = [...readGoldens(ROOT)]
    .sort(([a], [b]) => place(a) - place(b))
    .map(([stack, golden]): Topology => ({ stack, golden, stackFile: read(`Pulumi.${stack}.yaml`) }));
  const pictures = await Promise.all(
    topologies.map(async (topology) => [`topologies/${topology.stack}.svg`, await pictureOf(topology)] as const),
  );
  const coverage = parseCoverage(read("docs/coverage/coverage.yaml"));
  return new Map([
    ["coverage/README.md", coveragePage(coverage, parseGuide(read("docs/guide/guide.fr.md")))],
    ["topologies.md", topologiesPage(topologies)],
    ...pictures,
  ]);
}

const readIfThere = (file: string): string | undefined =>
  fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
