/**
 * `make bench`: what a preview costs, as ratios to an empty program on the same engine in the same run (absolute times
 * depend on the machine and its neighbours). Prints a table and writes docs/performance.md.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ROOT } from "./engine/locate.ts";
import { measure, median, type Sample } from "./bench/measure.ts";
import { type Ground, policyArguments, prepare } from "./rehearse/ground.ts";
import { knownStacks } from "./rehearse/workspace.ts";

const RUNS = Number(process.env["RUNS"] ?? 5);

interface Row {
  what: string;
  resources: number | undefined;
  seconds: number;
  ratio: number | undefined;
  megabytes: number;
}

async function main(): Promise<void> {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), "jats-bench-"));
  const rows: Row[] = [];
  try {
    const empty = await prepare("mvp", { fresh: false, base: path.join(base, "empty") });
    fs.writeFileSync(path.join(empty.workspace.project, "src", "index.ts"), "export {};\n");
    try {
      for (const stack of knownStacks())
        rows.push(...(await benchStack(stack, path.join(base, "stacks"), empty, rows.length === 0)));
    } finally {
      await empty.sandbox.stop();
    }
    rows.push(await benchPack());
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
  const table = markdown(rows);
  process.stdout.write(`${table}\n`);
  fs.writeFileSync(path.join(ROOT, "docs", "performance.md"), page(table));
}

/** A stack's first preview with the pack, each run paired with one of the empty program. */
async function benchStack(stack: string, base: string, empty: Ground, showEmpty: boolean): Promise<Row[]> {
  const ground = await prepare(stack, { fresh: false, base });
  try {
    const [baseline, full]: [Sample[], Sample[]] = [[], []];
    for (let run = 0; run <= RUNS; run++) {
      const pair = [await preview(empty, []), await preview(ground, policyArguments(ground.policyConfig))] as const;
      if (run === 0) continue; // the first fills caches
      baseline.push(pair[0]);
      full.push(pair[1]);
      process.stderr.write(
        `${stack}: ${pair[1].seconds.toFixed(2)} s, empty program ${pair[0].seconds.toFixed(2)} s\n`,
      );
    }
    const ratio = median(full.map((sample, index) => sample.seconds / (baseline[index]?.seconds ?? NaN)));
    const emptyRow = row("preview of an empty program, no pack", baseline, 0, 1);
    const fullRow = row(`preview of ${stack}, with the pack`, full, countCreates(full[0]?.output ?? ""), ratio);
    return showEmpty ? [emptyRow, fullRow] : [fullRow];
  } finally {
    await ground.sandbox.stop();
  }
}

function preview(ground: Ground, policies: string[]): Promise<Sample> {
  const args = ["preview", "--non-interactive", "--color", "never", "--stack", ground.workspace.stack, ...policies];
  return measure(spawn(ground.engine.pulumi, args, { cwd: ground.workspace.project, env: ground.env }), "to exit");
}

/** The pack's own process, from start to the port it prints: what every preview and update waits for. */
async function benchPack(): Promise<Row> {
  const runner = createRequire(path.join(ROOT, "policies", "package.json")).resolve(
    "@pulumi/pulumi/cmd/run-policy-pack",
  );
  const samples: Sample[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", path.join(ROOT, "policies")], {
      cwd: path.join(ROOT, "policies"),
    });
    const sample = await measure(child, "to first line");
    if (run > 0) samples.push(sample);
  }
  return row("policy pack, start to port", samples, undefined, undefined);
}

function row(what: string, samples: Sample[], resources: number | undefined, ratio: number | undefined): Row {
  const seconds = median(samples.map((sample) => sample.seconds));
  return { what, resources, seconds, ratio, megabytes: Math.max(...samples.map((sample) => sample.megabytes)) };
}

const countCreates = (output: string): number => Number(/\+ (\d+) to create/.exec(output)?.[1] ?? NaN);

function markdown(rows: Row[]): string {
  const cells = rows.map(({ what, resources, seconds, ratio, megabytes }) =>
    [
      what,
      resources ?? "",
      `${seconds.toFixed(2)} s`,
      ratio === undefined ? "" : ratio.toFixed(1),
      `${Math.round(megabytes)} MB`,
    ].join(" | "),
  );
  const header = ["what | resources | wall, median | ratio to empty | largest process", "--- | --: | --: | --: | --:"];
  return [...header, ...cells].map((line) => `| ${line} |`).join("\n");
}

function page(table: string): string {
  const cpus = os.cpus();
  const machine = `${cpus.length} cores (${cpus[0]?.model.trim() ?? "unknown"}), ${os.platform()}, Node ${process.version}`;
  return [
    "# Performance",
    "",
    "Written by `make bench`. Compare ratios, not seconds: each run of a stack is paired with one of an empty program on the",
    `same engine. ${RUNS} runs after one that fills the caches. Machine: ${machine}.`,
    "",
    table,
    "",
    "Where the time goes and why TypeScript runs as it does: [decisions/typescript.md](decisions/typescript.md).",
    "",
  ].join("\n");
}

await main();
