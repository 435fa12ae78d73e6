/** Wall time and the largest process of a command and its children. */
import { type ChildProcess, execFileSync } from "node:child_process";

export interface Sample {
  seconds: number;
  /** Peak resident memory of the largest single process, in MB (10^6 bytes), as seen by polling. */
  megabytes: number;
  output: string;
}

const POLL_MS = 150;

/** Measures until the process exits, or until it has printed its first line (it is ended then). */
export function measure(child: ChildProcess, end: "to exit" | "to first line"): Promise<Sample> {
  const start = performance.now();
  let [megabytes, output, seconds] = [0, "", 0];
  const look = () => {
    megabytes = Math.max(megabytes, largestOf(child.pid ?? 0));
  };
  const timer = setInterval(look, POLL_MS);
  return new Promise((resolve, reject) => {
    child.stderr?.resume();
    child.stdout?.on("data", (data: Buffer) => {
      output += data.toString();
      if (end !== "to first line" || seconds !== 0) return;
      seconds = (performance.now() - start) / 1000;
      look();
      child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(timer);
      if (end === "to exit") seconds = (performance.now() - start) / 1000;
      if (end === "to exit" && code !== 0) reject(new Error(`the measured command ended with ${code}:\n${output}`));
      else resolve({ seconds, megabytes, output });
    });
  });
}

function largestOf(root: number): number {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" }).trim().split("\n");
  const processes = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const [pid = 0, parent = 0] of processes) if (family.has(parent)) family.add(pid);
  }
  const sizes = processes.filter(([pid = 0]) => family.has(pid)).map(([, , kilobytes = 0]) => (kilobytes * 1024) / 1e6);
  return Math.max(0, ...sizes);
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
