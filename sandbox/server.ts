/** Starts the simulated clouds: one process, one loopback port per package, one folder of state. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { declaredInventory } from "./inventory.ts";
import { SandboxProvider } from "./provider.ts";
import { packages as models } from "./schema/packages.ts";
import { Store, writeWhole } from "./store.ts";

export interface SandboxOptions {
  /** Folder of the clouds' state; made when absent. */
  readonly dir: string;
  /** Package names to serve; all of sandbox/schema/packages.ts when absent. */
  readonly packages?: readonly string[];
  /** ISO 8601 instant used for every creation date, so that rehearsals repeat; the clock when absent. */
  readonly now?: string;
}

export interface Sandbox {
  readonly ports: Readonly<Record<string, number>>;
  /** Value for PULUMI_DEBUG_PROVIDERS. */
  readonly debugProviders: string;
  stop(): Promise<void>;
}

/** @throws when another sandbox serves the same folder, or a package name is not known. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dir, now } = options;
  const names = options.packages ?? models.map(({ name }) => name);
  const unknown = names.find((name) => !models.some((model) => model.name === name));
  if (unknown) throw new Error(`sandbox: no package "${unknown}"; known: ${models.map(({ name }) => name).join(", ")}`);
  if (now !== undefined && Number.isNaN(Date.parse(now)))
    throw new Error(`sandbox: now "${now}" is not an ISO 8601 date`);
  mkdirSync(dir, { recursive: true });
  await refuseSecondServer(dir);
  const store = new Store(dir, declaredInventory(dir));
  const servers: grpc.Server[] = [];
  const ports: Record<string, number> = {};
  for (const name of names) {
    const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    const provider = new SandboxProvider(name, {
      store,
      now: () => (now === undefined ? new Date() : new Date(now)).toISOString(),
    });
    server.addService(providerServices.ResourceProviderService, provider.service());
    servers.push(server);
    ports[name] = await listen(server);
  }
  const debugProviders = Object.entries(ports)
    .map(([name, port]) => `${name}:${port}`)
    .join(",");
  writeWhole(announcement(dir), `${JSON.stringify({ pid: process.pid, ports, debugProviders })}\n`);
  const stop = async (): Promise<void> => {
    // Operations that hang on purpose (faults.json) never end: do not wait for them.
    for (const server of servers) server.forceShutdown();
    rmSync(announcement(dir), { force: true });
    await Promise.resolve();
  };
  return { ports, debugProviders, stop };
}

/** What a running sandbox says of itself, or undefined when none serves the folder. */
export async function runningSandbox(
  dir: string,
): Promise<{ pid: number; ports: Record<string, number>; debugProviders: string } | undefined> {
  const path = announcement(dir);
  if (!existsSync(path)) return undefined;
  const found = JSON.parse(readFileSync(path, "utf8")) as {
    pid: number;
    ports: Record<string, number>;
    debugProviders: string;
  };
  // The file outlives a killed process, and its pid may belong to another by now: only an open port proves it.
  const port = Object.values(found.ports)[0];
  return port !== undefined && (await answers(port)) ? found : undefined;
}

function announcement(dir: string): string {
  return join(dir, "sandbox.json");
}

async function refuseSecondServer(dir: string): Promise<void> {
  const other = await runningSandbox(dir);
  if (other)
    throw new Error(
      `sandbox: process ${other.pid} serves ${dir} already; stop it first (jats sandbox stop) or use another folder`,
    );
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}
