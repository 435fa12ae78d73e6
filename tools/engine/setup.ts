/**
 * Gets the Pulumi engine into `.tools/bin` unless a recent one is there or on $PATH: the official CLI through the
 * Automation API's installer or, where that host cannot be reached, the same CLI built from its Go modules.
 * Everything is made in `.tools/bin.partial` and renamed at the end, so an interrupted set-up leaves no half tool.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import semver from "semver";
import { ENGINE_MINIMUM, ENGINE_VERSION, findOnPath, locateEngine, STAND_IN_MARK, TOOLS, versionOf } from "./locate.ts";

const PARTIAL = path.join(TOOLS, "bin.partial");
const FINAL = path.join(TOOLS, "bin");
/** Go's build cache and the module cache need about this much for the CLI. */
const BUILD_DISK_GIB = 5;
const DOWNLOAD_TIMEOUT_MS = 600_000;

const say = (text: string) => process.stderr.write(`set-up: ${text}\n`);

class SetupError extends Error {
  readonly waysOut: string[];
  constructor(message: string, waysOut: string[]) {
    super(message);
    this.waysOut = waysOut;
  }
}

async function main(): Promise<void> {
  if (locateEngine() !== undefined) return;
  explainOldEngine();
  fs.rmSync(PARTIAL, { recursive: true, force: true });
  fs.mkdirSync(PARTIAL, { recursive: true });
  if (!(await download())) await build();
  const version = versionOf(path.join(PARTIAL, "pulumi"));
  if (version !== ENGINE_VERSION) {
    throw new SetupError(`the new engine says its version is ${version ?? "nothing"}, not ${ENGINE_VERSION}.`, [
      "run the same command again; if it repeats, install Pulumi yourself: https://www.pulumi.com/docs/install/",
    ]);
  }
  fs.rmSync(FINAL, { recursive: true, force: true });
  fs.renameSync(PARTIAL, FINAL);
  say(`Pulumi ${version} is ready (.tools/bin/pulumi)`);
}

function explainOldEngine(): void {
  const onPath = findOnPath("pulumi");
  if (onPath === undefined) return;
  const version = versionOf(onPath) ?? "of unknown version";
  say(`${onPath} (${version}) is not used: ${ENGINE_MINIMUM} or newer with its Node.js language host is needed.`);
}

/** The official CLI, language hosts included. False when its download host cannot be reached. */
async function download(): Promise<boolean> {
  const root = path.join(TOOLS, "download.partial");
  fs.rmSync(root, { recursive: true, force: true });
  say(`getting Pulumi ${ENGINE_VERSION} (official download, about 150 MB) ...`);
  const version = new semver.SemVer(ENGINE_VERSION);
  try {
    await withTimeout(PulumiCommand.install({ root, version, skipVersionCheck: true }), DOWNLOAD_TIMEOUT_MS);
    fs.rmSync(PARTIAL, { recursive: true, force: true });
    fs.renameSync(path.join(root, "bin"), PARTIAL);
    return true;
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).split("\n")[0];
    say(`the official download cannot be used here (${reason})`);
    return false;
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** The CLI from its Go modules, with our language host stand-in beside it. */
async function build(): Promise<void> {
  if (findOnPath("go") === undefined) {
    throw new SetupError("no way to get the Pulumi engine: no download, and no Go to build it with.", [
      "install Pulumi: https://www.pulumi.com/docs/install/",
      "or install Go >= 1.26 (https://go.dev/dl) and run the same command again",
    ]);
  }
  requireDisk();
  const source = import.meta.dirname;
  const pulumi = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
  const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${ENGINE_VERSION}`;
  say(`building Pulumi ${ENGINE_VERSION} with Go instead: about 5 minutes, once; Ctrl-C is safe, Go keeps what it has.`);
  const total = (await go(["list", "-deps", pulumi], source)).split("\n").length;
  let done = 0;
  const start = Date.now();
  let shown = 0;
  await go(
    ["build", "-v", "-trimpath", "-tags", "osusergo,grpcnotrace", "-o", `${PARTIAL}/`, "-ldflags", `-s -w ${versionFlag}`, pulumi],
    source,
    (line) => {
      done++;
      // Go prints a package as it compiles it: one line each would be 1,500 lines, silence would look like a hang.
      const interval = process.stderr.isTTY ? 250 : 15_000;
      if (Date.now() - shown < interval) return;
      shown = Date.now();
      const seconds = Math.round((Date.now() - start) / 1000);
      const text = `set-up: ${done} of about ${total} Go packages, ${seconds} s, now ${line}`;
      process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text.slice(0, 110)}` : `${text}\n`);
    },
  );
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  writeLanguageHost();
}

function writeLanguageHost(): void {
  const host = path.join(PARTIAL, "pulumi-language-nodejs");
  const script = [
    "#!/bin/sh",
    "# Written by tools/engine/setup.ts: the stand-in for the official language host (see tools/engine/language-host.ts).",
    'here=$(cd "$(dirname "$0")" && pwd)',
    'exec "$here/../node/bin/node" --disable-warning=ExperimentalWarning "$here/../../tools/engine/language-host.ts" "$@"',
    "",
  ];
  fs.writeFileSync(host, script.join("\n"), { mode: 0o755 });
  fs.writeFileSync(path.join(PARTIAL, STAND_IN_MARK), "pulumi-language-nodejs here is this repository's stand-in.\n");
}

/** Runs go and gives its standard output; each line of its standard error goes to `onLine`. */
function go(args: string[], cwd: string, onLine: (line: string) => void = () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, { cwd, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, GOFLAGS: "-mod=readonly" } });
    let output = "";
    let errors: string[] = [];
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => {
      for (const line of data.toString().split("\n").filter(Boolean)) {
        errors = [...errors.slice(-20), line];
        onLine(line);
      }
    });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(output.trim()) : reject(buildFailure(args[0] ?? "", errors))));
  });
}

function buildFailure(step: string, errors: string[]): SetupError {
  const text = errors.join("\n");
  if (/no space left/i.test(text)) return new SetupError(`the disk is full:\n${text}`, [`free about ${BUILD_DISK_GIB} GiB and run again`]);
  if (/requires go >= |toolchain not available/i.test(text)) {
    return new SetupError(`Go is too old for this engine:\n${text}`, ["install Go >= 1.26 (https://go.dev/dl)"]);
  }
  return new SetupError(`go ${step} failed:\n${text}`, [
    "check that the Go module proxy can be reached (go env GOPROXY)",
    "or install Pulumi yourself: https://www.pulumi.com/docs/install/",
  ]);
}

function requireDisk(): void {
  const { bavail, bsize } = fs.statfsSync(TOOLS);
  const free = (bavail * bsize) / 2 ** 30;
  if (free < BUILD_DISK_GIB) {
    throw new SetupError(`only ${free.toFixed(1)} GiB free for the build of the engine.`, [`free ${BUILD_DISK_GIB} GiB, then run again`]);
  }
}

function withTimeout<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${milliseconds / 1000} s`)), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

main().catch((error: unknown) => {
  fs.rmSync(PARTIAL, { recursive: true, force: true });
  process.stderr.write(`set-up: ${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof SetupError) for (const wayOut of error.waysOut) process.stderr.write(`  - ${wayOut}\n`);
  process.exitCode = 1;
});
