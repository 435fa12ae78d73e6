/** Progress of an operation: one live line on a terminal, a plain line every few seconds elsewhere. */
import pc from "picocolors";
import { type EngineEvent, resourceName, resourceType } from "./events.ts";

const PLAIN_INTERVAL_MS = 3_000;
const LIVE_INTERVAL_MS = 80;

export class Progress {
  private readonly label: string;
  private readonly start = Date.now();
  private readonly live = process.stderr.isTTY && process.env["TERM"] !== "dumb";
  private done = 0;
  private current = "starting";
  private shown = 0;

  constructor(label: string) {
    this.label = label;
    if (!this.live) process.stderr.write(`${label} ...\n`);
    this.show();
  }

  onEvent(event: EngineEvent): void {
    if (event.resourcePreEvent !== undefined) this.current = describe(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent !== undefined) this.done++;
    this.show();
  }

  /** Ends the line: "update: 41 resources, 7.2 s". */
  end(result: string): void {
    const seconds = ((Date.now() - this.start) / 1000).toFixed(1);
    const line = `${this.label}: ${result}, ${seconds} s`;
    process.stderr.write(this.live ? `\r\u001b[K${line}\n` : `${line}\n`);
  }

  private show(): void {
    const now = Date.now();
    if (now - this.shown < (this.live ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
    this.shown = now;
    const seconds = Math.round((now - this.start) / 1000);
    if (this.live) {
      const width = (process.stderr.columns || 80) - 1;
      const text = `${this.label}: ${this.done} resources, ${seconds} s, ${this.current}`;
      process.stderr.write(`\r\u001b[K${pc.dim(text.slice(0, width))}`);
    } else if (this.done > 0) {
      process.stderr.write(`${this.label}: ${this.done} resources, ${seconds} s\n`);
    }
  }
}

const describe = ({ op, urn }: { op: string; urn: string }): string =>
  `${op} ${resourceType(urn)} ${resourceName(urn)}`;
