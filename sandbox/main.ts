/**
 * The sandbox as a process: `node sandbox/main.ts serve --dir DIR [--packages a,b] [--now ISO] [--parent PID]`.
 * Prints one JSON line when ready, exits on SIGTERM or SIGINT (and when the parent is gone), leaving the state as it is.
 */
import { argv, exit, kill, stderr, stdout } from "node:process";
import { parseArgs } from "node:util";
import { startSandbox } from "./server.ts";

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      dir: { type: "string" },
      packages: { type: "string" },
      now: { type: "string" },
      parent: { type: "string" },
    },
  });
  if (positionals[0] !== "serve" || !values.dir) {
    throw new Error("usage: node sandbox/main.ts serve --dir DIR [--packages a,b] [--now ISO] [--parent PID]");
  }
  const sandbox = await startSandbox({
    dir: values.dir,
    ...(values.packages ? { packages: values.packages.split(",") } : {}),
    ...(values.now ? { now: values.now } : {}),
  });
  const leave = (): void => {
    void sandbox.stop().then(() => exit(0));
  };
  process.once("SIGTERM", leave);
  process.once("SIGINT", leave);
  // A rehearsal that is killed must not leave a process behind.
  if (values.parent) setInterval(() => alive(Number(values.parent)) || leave(), 1000).unref();
  stdout.write(
    `${JSON.stringify({ pid: process.pid, ports: sandbox.ports, debugProviders: sandbox.debugProviders })}\n`,
  );
}

function alive(pid: number): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

main(argv.slice(2)).catch((error: unknown) => {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
});
