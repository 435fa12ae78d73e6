/** Starts the simulated clouds as a process of their own, and finds or stops one that runs. */
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ROOT } from "./engine/locate.ts";
import { UserError } from "./errors.ts";

export interface SandboxInfo {
  pid: number;
  ports: Record<string, number>;
  /** Value of PULUMI_DEBUG_PROVIDERS. */
  debugProviders: string;
}

export interface RunningSandbox extends SandboxInfo {
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;

/**
 * Starts a sandbox on a state folder. It lives in a process group of its own, so that Ctrl-C on the terminal lets the
 * engine finish what is in flight before its clouds go away; it ends by itself when this process does.
 */
export async function startSandboxProcess(directory: string, date: string, detached = false): Promise<RunningSandbox> {
  const running = findSandbox(directory);
  if (running !== undefined) {
    throw new UserError(
      `${path.relative(ROOT, directory)} is in use by a sandbox with process id ${running.pid}.\n` +
        "Wait for that rehearsal to end, or stop it: jats sandbox stop",
    );
  }
  const parent = detached ? [] : ["--parent", String(process.pid)];
  const script = path.join(ROOT, "sandbox", "main.ts");
  const child = spawn(process.execPath, [script, "serve", "--dir", directory, "--now", date, ...parent], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: sandboxEnvironment(),
  });
  const info = await firstLine(child);
  child.unref();
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { ...info, stop: () => stopSandbox(directory, info.pid) };
}

/** The sandbox that runs on a state folder, if one does. */
export function findSandbox(directory: string): SandboxInfo | undefined {
  const file = path.join(directory, "sandbox.json");
  if (!fs.existsSync(file)) return undefined;
  const info = JSON.parse(fs.readFileSync(file, "utf8")) as SandboxInfo;
  return isAlive(info.pid) ? info : undefined;
}

/** Ends a sandbox and waits until it is gone; its state stays. */
export async function stopSandbox(directory: string, pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, "SIGTERM");
  for (let waited = 0; waited < 5_000 && isAlive(pid); waited += 20)
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (isAlive(pid)) throw new UserError(`the sandbox of ${directory} (process ${pid}) does not end; kill it by hand`);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function firstLine(child: ChildProcess): Promise<SandboxInfo> {
  return new Promise((resolve, reject) => {
    let output = "";
    let errors = "";
    const timer = setTimeout(
      () => reject(new Error(`the sandbox did not start in ${START_TIMEOUT_MS / 1000} s: ${errors}`)),
      START_TIMEOUT_MS,
    );
    child.stderr?.on("data", (data: Buffer) => (errors += data.toString()));
    child.stdout?.on("data", (data: Buffer) => {
      output += data.toString();
      if (!output.includes("\n")) return;
      clearTimeout(timer);
      resolve(JSON.parse(output.split("\n")[0] ?? "") as SandboxInfo);
    });
    child.on("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`the sandbox ended with exit code ${code}: ${errors}`));
    });
  });
}

const sandboxEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  NODE_COMPILE_CACHE: path.join(ROOT, ".rehearsal", "compile-cache"),
});
