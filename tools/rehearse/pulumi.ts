/** Runs the engine and follows its event log: one JSON object per line, written while the operation runs. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { EngineEvent } from "./events.ts";

export interface PulumiRun {
  exitCode: number;
  events: EngineEvent[];
  /** Everything the engine printed, for the case in which no event tells what went wrong. */
  output: string;
  seconds: number;
}

export interface PulumiOptions {
  pulumi: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Called with each event as it happens. */
  onEvent?: (event: EngineEvent) => void;
  /** File for the event log; without it no events are read. */
  eventLog?: string;
  signal?: AbortSignal;
}

const POLL_MS = 100;

/**
 * Runs `pulumi ARGS` to its end. On abort the engine gets one SIGINT: it finishes what is in flight and saves its state.
 * The engine is in a process group of its own: a Ctrl-C on the terminal must not reach it a second time, since two make
 * it stop without saving.
 */
export async function runPulumi(args: string[], options: PulumiOptions): Promise<PulumiRun> {
  const start = Date.now();
  const logged = options.eventLog === undefined ? [] : ["--event-log", options.eventLog];
  if (options.eventLog !== undefined) {
    fs.mkdirSync(path.dirname(options.eventLog), { recursive: true });
    fs.writeFileSync(options.eventLog, "");
  }
  const child = spawn(options.pulumi, [...args, "--non-interactive", "--color", "never", ...logged], {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const interrupt = () => child.kill("SIGINT");
  if (options.signal?.aborted === true) interrupt();
  options.signal?.addEventListener("abort", interrupt);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  const events: EngineEvent[] = [];
  const reader = new LineReader(options.eventLog, (line) => {
    const event = JSON.parse(line) as EngineEvent;
    events.push(event);
    options.onEvent?.(event);
  });
  const timer = setInterval(() => reader.read(), POLL_MS);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? 255));
    });
    reader.read();
    return { exitCode, events, output, seconds: (Date.now() - start) / 1000 };
  } finally {
    clearInterval(timer);
    options.signal?.removeEventListener("abort", interrupt);
  }
}

/** Gives each whole new line of a growing file once. */
class LineReader {
  private offset = 0;
  private rest = "";
  private readonly file: string | undefined;
  private readonly onLine: (line: string) => void;

  constructor(file: string | undefined, onLine: (line: string) => void) {
    this.file = file;
    this.onLine = onLine;
  }

  read(): void {
    if (this.file === undefined) return;
    const descriptor = fs.openSync(this.file, "r");
    try {
      const { size } = fs.fstatSync(descriptor);
      if (size < this.offset) {
        // A command that previews first begins its log anew with the second operation.
        this.offset = 0;
        this.rest = "";
      }
      const data = Buffer.alloc(size - this.offset);
      this.offset += fs.readSync(descriptor, data, 0, data.length, this.offset);
      // latin1 keeps bytes as they are: a character cut in two by the end of the file is joined by the next read
      const lines = (this.rest + data.toString("latin1")).split("\n");
      this.rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") this.onLine(Buffer.from(line, "latin1").toString("utf8"));
    } finally {
      fs.closeSync(descriptor);
    }
  }
}
