/** Turns an engine run into the files of the contract (state.json, summary.json, report.html, diagram.svg) and a summary. */
import fs from "node:fs";
import path from "node:path";
import { ROOT } from "../engine/locate.ts";
import { renderDiagram } from "../report/diagram.ts";
import { buildGraph, order } from "../report/graph.ts";
import { renderReport } from "../report/html.ts";
import type { Change, RehearsalResult, StateResource } from "../report/model.ts";
import { renderSummary } from "../report/terminal.ts";
import { type EngineEvent, type Finding, changes, diagnostics, findings, hideSecrets, reasons } from "./events.ts";
import { type PulumiRun, runPulumi } from "./pulumi.ts";
import { type Ground, failureTexts } from "./ground.ts";

/** Writes the files, prints the summary and gives the result. The cloud may be half-built: the files say so. */
export async function writeResults(
  ground: Ground,
  operation: RehearsalResult["operation"],
  run: PulumiRun,
  seconds: number,
  lang: "en" | "fr",
): Promise<RehearsalResult> {
  const { workspace } = ground;
  const file = (name: string) => path.join(workspace.directory, name);
  await exportState(ground, file("state.json"));
  const resources = readResources(file("state.json"));
  const found = findings(run.events);
  const { created, updated, replaced, deleted } = changes(run.events);
  const result: RehearsalResult = {
    summary: {
      stack: workspace.stack,
      phase: workspace.phase,
      resources: resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:providers:")).length,
      created,
      updated,
      replaced,
      deleted,
      policies: count(found),
      cost: null,
      seconds: Math.round(seconds * 10) / 10,
    },
    operation,
    succeeded: run.exitCode === 0,
    resources,
    changes: changedResources(run.events),
    findings: found,
    errors: failureTexts(run),
    warnings: diagnostics(run.events, "warning"),
    outputs: stackOutputs(resources),
    engine: { version: ground.engine.version, origin: ground.engine.origin },
    date: ground.date,
  };
  fs.writeFileSync(file("summary.json"), `${JSON.stringify(result.summary, null, 2)}\n`);
  const svg = await renderDiagram(buildGraph(resources, result.changes), { stack: workspace.stack, lang });
  fs.writeFileSync(file("diagram.svg"), svg);
  fs.writeFileSync(file("report.html"), renderReport(result, svg, lang));
  const written = ["report.html", "diagram.svg", "summary.json", "state.json"].map((name) =>
    path.relative(ROOT, file(name)),
  );
  process.stdout.write(
    `${renderSummary(result, { lang, files: written, columns: process.stdout.columns }).join("\n")}\n`,
  );
  return result;
}

/** `pulumi stack export`: secrets stay encrypted. */
async function exportState(ground: Ground, target: string): Promise<void> {
  const { pulumi } = ground.engine;
  const args = ["stack", "export", "--stack", ground.workspace.stack, "--file", target];
  const run = await runPulumi(args, { pulumi, cwd: ground.workspace.project, env: ground.env });
  if (run.exitCode !== 0) throw new Error(`pulumi stack export failed:\n${run.output}`);
}

function readResources(stateFile: string): StateResource[] {
  const state = JSON.parse(fs.readFileSync(stateFile, "utf8")) as { deployment?: { resources?: StateResource[] } };
  return state.deployment?.resources ?? [];
}

function count(found: Finding[]): RehearsalResult["summary"]["policies"] {
  const counts = { mandatory: 0, advisory: 0, remediated: 0, exempted: 0, undetermined: 0 };
  for (const finding of found) counts[finding.level]++;
  return counts;
}

/** Operations that change something; a replacement is one change, not its three steps. */
const SHOWN = new Set(["create", "update", "delete", "replace"]);

function changedResources(events: EngineEvent[]): Change[] {
  const steps = events.flatMap((event) => event.resourcePreEvent?.metadata ?? []);
  return steps
    .filter(({ op }) => SHOWN.has(op))
    .map((step) => ({ op: step.op, urn: step.urn, properties: reasons(step) }))
    .sort((a, b) => order(a.urn, b.urn));
}

function stackOutputs(resources: StateResource[]): Record<string, unknown> {
  const all = resources.find((resource) => resource.type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const outputs = Object.entries(all).filter(([name]) => name !== "readme"); // a page template for Pulumi Cloud
  return hideSecrets(Object.fromEntries(outputs)) as Record<string, unknown>;
}
