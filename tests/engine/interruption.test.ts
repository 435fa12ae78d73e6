/** What is left when a rehearsal is killed or interrupted, and how the next one puts it in order. */
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { list, setFaults } from "../../sandbox/admin.ts";
import { findSandbox } from "../../tools/sandbox-process.ts";
import type { Ground } from "../../tools/rehearse/ground.ts";
import { policyArguments } from "../../tools/rehearse/ground.ts";
import { onGround, pulumi, removeBases, temporaryBase, up } from "../support/ground.ts";

jest.setTimeout(240_000);
afterAll(removeBases);

const ROOT = path.join(import.meta.dirname, "../..");

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 100) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited two minutes for ${what}`);
}

/** Kills the engine with SIGKILL while the cloud has created `type` and has not answered yet. */
async function killWhileCreating(ground: Ground, type: string): Promise<void> {
  const { cloud, project, stack } = ground.workspace;
  setFaults(cloud, [{ type, operation: "create", when: "after", hang: true }]);
  const args = [
    "up",
    "--yes",
    "--skip-preview",
    "--non-interactive",
    "--stack",
    stack,
    ...policyArguments(ground.policyConfig),
  ];
  const engine = spawn(ground.engine.pulumi, args, { cwd: project, env: ground.env, stdio: "ignore", detached: true });
  const ended = new Promise((resolve) => engine.on("exit", resolve));
  await until(() => list(cloud).some((resource) => resource.type === type), `the creation of a ${type}`);
  await until(() => pendingIn(ground).length > 0, "the checkpoint with the pending creation");
  process.kill(-(engine.pid ?? 0), "SIGKILL");
  await ended;
  setFaults(cloud, []);
}

function pendingIn(ground: Ground): unknown[] {
  const file = path.join(ground.workspace.backend, ".pulumi", "stacks", "jatsmanor", `${ground.workspace.stack}.json`);
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).checkpoint.latest.pending_operations ?? [];
  } catch {
    return []; // being written
  }
}

describe("SIGKILL during an update", () => {
  // A user has a unique name: the cloud refuses a second one. A droplet has not: it would exist twice.
  test.each(["aws:iam/user:User", "digitalocean:index/droplet:Droplet"])("while creating %s", async (type) => {
    const base = temporaryBase();
    await onGround("mvp", base, async (ground) => {
      await killWhileCreating(ground, type);
      // Without our help: the lock is reported, with the command.
      const locked = await pulumi(ground, ["up", "--yes", "--skip-preview"]);
      expect(locked.exitCode).not.toBe(0);
      expect(locked.output).toMatch(/locked by 1 lock[\s\S]*pulumi cancel/);
    });
    // Preparing the next rehearsal removes the lock and imports what the cloud has.
    const printed = await captureStderr(() =>
      onGround("mvp", base, async (ground) => {
        expect(pendingIn(ground)).toEqual([]);
        const run = await up(ground);
        expect(run.output).not.toContain("error:");
        expect(run.exitCode).toBe(0);
        const urns = list(ground.workspace.cloud).map((resource) => resource.urn);
        expect(urns).toHaveLength(new Set(urns).size); // nothing twice
        expect(list(ground.workspace.cloud).filter((resource) => resource.type === type)).toHaveLength(1);
        const again = await up(ground);
        expect(again.output).toMatch(/\d+ unchanged/);
        expect(again.output).not.toMatch(/created|updated|replaced|deleted/);
      }),
    );
    expect(printed).toContain("was killed and left its lock");
    expect(printed).toMatch(/exists in the cloud as \S+: importing it/);
    expect(printed).toContain("$ pulumi import");
  });
});

describe("a rehearsal's first update", () => {
  const stack = "mvp";
  const directory = path.join(ROOT, ".rehearsal", stack);
  const kept = fs.existsSync(directory) ? path.join(temporaryBase(), "kept") : undefined;
  beforeAll(() => {
    if (kept !== undefined) fs.cpSync(directory, kept, { recursive: true, verbatimSymlinks: true });
  });
  afterAll(() => {
    fs.rmSync(directory, { recursive: true, force: true });
    if (kept !== undefined) fs.cpSync(kept, directory, { recursive: true, verbatimSymlinks: true });
  });

  async function startUpdate(): Promise<{ jats: ChildProcess; output: () => string }> {
    const jats = start(["rehearse", stack, "--fresh"]);
    const output = collect(jats);
    await until(() => output().includes("update ..."), "the update");
    await until(() => list(path.join(directory, "cloud")).length > 3, "the first resources");
    return { jats, output };
  }

  async function succeeds(): Promise<string> {
    const next = start(["rehearse", stack]);
    const result = collect(next);
    expect([await exitCode(next), result()]).toEqual([0, expect.stringContaining("every mandatory rule holds")]);
    return result();
  }

  test("Ctrl-C: the engine saves its state, no process stays, the next rehearsal goes on", async () => {
    const { jats, output } = await startUpdate();
    jats.kill("SIGINT");
    expect(await exitCode(jats)).toBe(130);
    expect(output()).toContain("interrupted");
    expect(findSandbox(path.join(directory, "cloud"))).toBeUndefined();
    expect(enginesIn(directory)).toEqual([]);
    expect(await succeeds()).not.toContain("starting over");
  });

  test("SIGKILL: nothing was recorded, so the next rehearsal starts over", async () => {
    const { jats } = await startUpdate();
    for (const pid of pidsIn(directory)) process.kill(pid, "SIGKILL");
    jats.kill("SIGKILL");
    await exitCode(jats);
    expect(await succeeds()).toContain("killed and recorded nothing: starting over");
    const urns = list(path.join(directory, "cloud")).map((resource) => resource.urn);
    expect(urns).toHaveLength(new Set(urns).size); // nothing twice
  });
});

function start(args: string[]): ChildProcess {
  const node = ["--disable-warning=ExperimentalWarning", path.join(ROOT, "tools/jats.ts"), ...args];
  return spawn(process.execPath, node, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stdout!.on("data", (data: Buffer) => (text += data.toString()));
  child.stderr!.on("data", (data: Buffer) => (text += data.toString()));
  return () => text;
}

const exitCode = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.on("close", (code) => resolve(code)));

/** Processes that still work in a folder (Linux: /proc). */
function pidsIn(directory: string): number[] {
  if (!fs.existsSync("/proc")) return [];
  return fs.readdirSync("/proc").flatMap((pid) => {
    try {
      return fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(directory) ? [Number(pid)] : [];
    } catch {
      return []; // not a process, or gone
    }
  });
}

/** Their command lines. */
const enginesIn = (directory: string): string[] =>
  pidsIn(directory).map((pid) => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));

async function captureStderr(work: () => Promise<void>): Promise<string> {
  let text = "";
  const write = jest.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    text += chunk.toString();
    return true;
  });
  try {
    await work();
    return text;
  } finally {
    write.mockRestore();
  }
}
