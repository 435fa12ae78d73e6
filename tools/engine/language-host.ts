/**
 * A stand-in for `pulumi-language-nodejs`, used only where the official CLI cannot be downloaded and `pulumi` was built
 * from Go modules instead (the official language host is not published as a Go module). It serves the few calls of
 * pulumirpc.LanguageRuntime that preview, up, refresh, destroy and policy packs need; the rest stays UNIMPLEMENTED.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import grpc from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import languageServices from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageProto from "@pulumi/pulumi/proto/language_pb.js";
import type {
  ProgramInfo,
  RunPluginRequest,
  RunPluginResponse,
  RunRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";

/** Exit code of the SDK's runners for "failed, and the user has already been told why". */
const ALREADY_REPORTED = 32;

let engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";
const children = new Set<ChildProcess>();

type Reply<T> = (error: grpc.ServiceError | null, value?: T) => void;

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(languageServices.LanguageRuntimeService, {
  handshake(call: grpc.ServerUnaryCall<{ getEngineAddress(): string }, unknown>, reply: Reply<unknown>) {
    engineAddress = call.request.getEngineAddress() || engineAddress;
    reply(null, new languageProto.LanguageHandshakeResponse());
  },
  getPluginInfo: (_call: unknown, reply: Reply<unknown>) => reply(null, new pluginProto.PluginInfo()),
  getRequiredPackages: (_call: unknown, reply: Reply<unknown>) =>
    reply(null, new languageProto.GetRequiredPackagesResponse()),
  getRequiredPlugins: (_call: unknown, reply: Reply<unknown>) =>
    reply(null, new languageProto.GetRequiredPluginsResponse()),
  about(_call: unknown, reply: Reply<unknown>) {
    const about = new languageProto.AboutResponse();
    about.setExecutable(process.execPath);
    about.setVersion(process.version);
    reply(null, about);
  },
  cancel(_call: unknown, reply: Reply<unknown>) {
    for (const child of children) child.kill("SIGTERM");
    reply(null, new emptyProto.Empty());
  },
  run: (call: grpc.ServerUnaryCall<RunRequest, unknown>, reply: Reply<unknown>) => runProgram(call.request, reply),
  runPlugin: (call: grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>) => runPlugin(call),
});

/** Runs the Pulumi program once, as the official host does: `node [nodeargs] cmd/run ... ENTRY`. */
function runProgram(request: RunRequest, reply: Reply<unknown>): void {
  const info = request.getInfo();
  const programDirectory = info?.getProgramDirectory() ?? request.getPwd();
  const options = runtimeOptions(info);
  const flags: [string, string][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engineAddress],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory() ?? programDirectory],
    ["stack", request.getStack()],
    ["pwd", request.getPwd()],
    ["parallel", String(request.getParallel())],
  ];
  const args = [
    ...options.nodeargs,
    runner(programDirectory, "run"),
    ...flags.flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
  const config = Object.fromEntries(request.getConfigMap().toArray().map(([key, value]) => [configKey(key), value]));
  const child = start(args, programDirectory, {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig === "" ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  });
  child.stdout?.pipe(process.stdout);
  child.stderr?.pipe(process.stderr);
  child.on("close", (code, signal) => {
    const response = new languageProto.RunResponse();
    if (code === ALREADY_REPORTED) response.setBail(true);
    else if (code !== 0) response.setError(`the program ended with ${signal ?? `exit code ${code}`}`);
    reply(null, response);
  });
}

/** Starts a policy pack (kind "analyzer") or a Node plugin, its output streamed to the engine until it ends. */
function runPlugin(call: grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const request = call.request;
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getProgram();
  const environment = Object.fromEntries(request.getEnvList().map((entry) => split(entry, "=")));
  const isPack = request.getKind() === "analyzer";
  const args = isPack
    ? [runner(directory, "run-policy-pack"), ...request.getArgsList(), directory]
    : [runner(directory, "run-plugin"), directory, ...request.getArgsList()];
  const child = start(args, isPack ? directory : request.getPwd(), environment);
  const send = (fill: (response: RunPluginResponse) => void) => {
    const response = new languageProto.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  child.stdout?.on("data", (data: Buffer) => send((response) => response.setStdout(data)));
  child.stderr?.on("data", (data: Buffer) => send((response) => response.setStderr(data)));
  child.on("close", (code) => {
    send((response) => response.setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill("SIGTERM"));
}

function start(args: string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  child.on("close", () => children.delete(child));
  return child;
}

/** The SDK's own runner, from the program's node_modules, so that program and runner share one copy of the SDK. */
function runner(directory: string, name: string): string {
  return createRequire(path.join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function runtimeOptions(info: ProgramInfo | undefined): { nodeargs: string[]; typescript: boolean; tsconfig: string } {
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  return {
    nodeargs: text(options["nodeargs"]).split(" ").filter(Boolean),
    typescript: options["typescript"] !== false,
    tsconfig: text(options["tsconfig"]),
  };
}

/** The official host hands keys over as `ns:config:name` (secret keys as they are); the SDK reads both. */
function configKey(key: string): string {
  const [namespace, name] = split(key, ":");
  return `${namespace}:config:${name}`;
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(0);
  });
}

server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`); // the engine reads the port from the first line
});
