/** Where the Pulumi engine is. Only Node's own modules here: set-up runs this before anything else. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
export const TOOLS = path.join(ROOT, ".tools");

/** The version that is built or downloaded when the machine has none. go.mod beside this file pins the same. */
export const ENGINE_VERSION = "3.274.1";
/** Policy exceptions in a pack config (version 2) were run on 3.274; older engines ignore or refuse them. */
export const ENGINE_MINIMUM = "3.274.0";

export interface Engine {
  /** Absolute path of the `pulumi` executable. */
  pulumi: string;
  version: string;
  /** How it came here, in words for the user. */
  origin: string;
}

/** The engine to use: `pulumi` on $PATH when recent enough, else the one in `.tools/bin`; undefined when neither is. */
export function locateEngine(environment: NodeJS.ProcessEnv = process.env): Engine | undefined {
  const onPath = findOnPath("pulumi", environment);
  const hasNodeHost = findOnPath("pulumi-language-nodejs", environment) !== undefined;
  if (onPath !== undefined && hasNodeHost) {
    const version = versionOf(onPath);
    if (version !== undefined && atLeast(version, ENGINE_MINIMUM)) return { pulumi: onPath, version, origin: "$PATH" };
  }
  const own = path.join(TOOLS, "bin", "pulumi");
  const version = fs.existsSync(own) ? versionOf(own) : undefined;
  if (version === undefined || !atLeast(version, ENGINE_MINIMUM)) return undefined;
  const standIn = fs.existsSync(path.join(TOOLS, "bin", STAND_IN_MARK));
  return { pulumi: own, version, origin: standIn ? ".tools/bin, built from Go modules" : ".tools/bin, official" };
}

/** A file beside our own build: says that the language host there is the stand-in, not the official one. */
export const STAND_IN_MARK = "BUILT-FROM-GO-MODULES";

/** The engine, or an error that says how to get one. */
export function requireEngine(): Engine {
  const engine = locateEngine();
  if (engine === undefined) {
    throw new Error(
      `no Pulumi engine >= ${ENGINE_MINIMUM} found, neither on $PATH nor in .tools/bin.\n` +
        "Run `tools/setup.sh` (every make target does), or install Pulumi: https://www.pulumi.com/docs/install/",
    );
  }
  return engine;
}

export function findOnPath(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  for (const directory of (environment["PATH"] ?? "").split(path.delimiter).filter(Boolean)) {
    const candidate = path.join(directory, name);
    try {
      fs.accessSync(candidate, fs.constants.X_OK);
      if (fs.statSync(candidate).isFile()) return candidate;
    } catch {
      // not there, or not executable: look further
    }
  }
  return undefined;
}

/** "3.274.1" of an executable, or undefined when it does not run or does not say. */
export function versionOf(pulumi: string): string | undefined {
  try {
    const environment = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const output = execFileSync(pulumi, ["version"], { encoding: "utf8", env: environment, timeout: 20_000 });
    return /^v?(\d+\.\d+\.\d+)/.exec(output.trim())?.[1];
  } catch {
    return undefined;
  }
}

export function atLeast(version: string, minimum: string): boolean {
  const [left, right] = [version, minimum].map((text) => text.split(".").map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
