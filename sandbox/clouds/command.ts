/**
 * The command provider 1.2.1 against simulated servers. A remote command needs a host that exists in the sandbox and runs
 * nowhere; what would have run is kept with the resource (`runs`), by hash where it may hold secrets. Of local commands
 * only the program's own client of Laravel Forge runs, against the simulated Forge (../forge); any other is refused.
 *
 * `DIR/commands.json` scripts answers: `[{"match": "regular expression on the command", "stdout", "stderr", "exitCode"}]`;
 * without a match a command succeeds silently.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../store.ts";
import { output } from "../store.ts";
import type { Properties, Value } from "../values.ts";
import { asText, canonical, isObject } from "../values.ts";
import type { Cloud, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";

/** Outputs that hold the address of a server, per type. */
const addresses: Record<string, readonly string[]> = {
  "digitalocean:index/droplet:Droplet": ["ipv4Address", "ipv4AddressPrivate", "ipv6Address"],
  "digitalocean:index/reservedIp:ReservedIp": ["ipAddress"],
  "aws:ec2/instance:Instance": ["publicIp", "privateIp", "publicDns"],
  "aws:ec2/eip:Eip": ["publicIp"],
  "ovh:Vps/vps:Vps": ["displayName", "serviceName", "ipv4"],
  "ovh:CloudProject/instance:Instance": ["addresses"],
};

interface Answer {
  readonly match: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

function hostExists(store: Store, host: string): boolean {
  return store
    .all()
    .some((resource) =>
      (addresses[resource.type] ?? []).some((name) =>
        JSON.stringify(output(resource, name) ?? "").includes(JSON.stringify(host)),
      ),
    );
}

/** @throws CloudError when the connection's host, or a proxy on the way, is not a server of the sandbox. */
function connect({ inputs, store }: Request): string {
  const connection = isObject(inputs["connection"]) ? inputs["connection"] : {};
  const hops = [connection["proxy"], connection].filter((hop) => isObject(hop as Value)) as Properties[];
  for (const hop of hops) {
    const [host, port, tries] = [asText(hop["host"]), Number(hop["port"] ?? 22), Number(hop["dialErrorLimit"] ?? 10)];
    if (hostExists(store, host)) continue;
    throw new CloudError(
      `after ${tries} failed attempts: dial tcp ${host}:${port}: i/o timeout (the sandbox has no server with this address)`,
    );
  }
  return asText(connection["host"]);
}

/** @throws CloudError with the exit status when a scripted answer fails. */
function run(store: Store, command: string): { stdout: string; stderr: string } {
  const path = join(store.dir, "commands.json");
  const answers = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Answer[]) : [];
  const answer = answers.find(({ match }) => new RegExp(match).test(command));
  const { stdout = "", stderr = "", exitCode = 0 } = answer ?? {};
  if (exitCode !== 0)
    throw new CloudError(
      `Process exited with status ${exitCode}: running "${command.slice(0, 200)}":\n${stdout}${stderr}`,
    );
  return { stdout, stderr };
}

function remote(request: Request): Properties {
  connect(request);
  const { inputs, old, store } = request;
  // Without an `update` command, `create` runs again on an update.
  const command = old ? (inputs["update"] ?? inputs["create"]) : inputs["create"];
  const id = old?.["id"] ?? `${request.name}${request.identity.hex(8)}`;
  return {
    id,
    ...(typeof command === "string"
      ? run(store, command)
      : { stdout: old?.["stdout"] ?? "", stderr: old?.["stderr"] ?? "" }),
  };
}

function copy(request: Request): Properties {
  connect(request);
  return { id: request.old?.["id"] ?? `${request.name}${request.identity.hex(8)}` };
}

const digest = (value: Value | undefined): string => createHash("sha256").update(canonical(value)).digest("hex");

/** What happened on the server, for tests and `jats sandbox list`. */
function noted(request: Request, operation: "create" | "update" | "delete"): Properties | undefined {
  if (request.type === "command:local:Command" && operation === "delete") forge(request, request.inputs["delete"]);
  if (!request.type.startsWith("command:remote:")) return undefined;
  const { inputs, old, now } = request;
  const host = isObject(inputs["connection"]) ? (inputs["connection"]["host"] ?? "") : "";
  if (request.type !== "command:remote:Command")
    return {
      operation,
      host,
      at: now,
      remotePath: inputs["remotePath"] ?? "",
      source: digest(inputs["source"] ?? inputs["localPath"]),
    };
  const command =
    operation === "delete"
      ? inputs["delete"]
      : operation === "update"
        ? (inputs["update"] ?? inputs["create"])
        : inputs["create"];
  if (typeof command !== "string") return undefined;
  if (operation === "delete") {
    connect(request);
    run(request.store, command);
  }
  const previous = inputs["addPreviousOutputInEnv"] !== false && old !== undefined;
  const environment = [
    ...(isObject(inputs["environment"]) ? Object.keys(inputs["environment"]) : []),
    ...(previous ? ["PULUMI_COMMAND_STDOUT", "PULUMI_COMMAND_STDERR"] : []),
  ];
  return { operation, host, at: now, command: digest(command), stdin: digest(inputs["stdin"]), environment };
}

/** Our own program, by its whole command line. */
const FORGE = /^node (?:--[\w=-]+ )*(src\/components\/forge\/command\.ts) (apply|delete)$/;

const refuseLocal = ({ type, inputs }: Request): void => {
  if (["create", "update", "delete"].every((name) => isForge(inputs[name]))) return;
  throw new CloudError(
    `${type} would run a command on the machine of whoever deploys; the sandbox runs nothing but the client of Forge: use command:remote:Command`,
  );
};
const isForge = (command: Value | undefined): boolean => command === undefined || FORGE.test(asText(command));

/** @throws CloudError with what the program printed when it fails, as the provider words it. */
function forge(request: Request, command: Value | undefined): string {
  const { inputs, old, store } = request;
  const [, script = "", operation = ""] = FORGE.exec(asText(command ?? "")) ?? [];
  const given = isObject(inputs["environment"]) ? inputs["environment"] : {};
  const previous = old === undefined ? {} : { PULUMI_COMMAND_STDOUT: asText(old["stdout"] ?? "") };
  const root = join(import.meta.dirname, "..", "..");
  const ran = spawnSync(process.execPath, [join(root, "sandbox", "forge", "run.ts"), store.dir, script, operation], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
    env: { PATH: process.env["PATH"] ?? "", ...(given as Record<string, string>), ...previous },
  });
  if (ran.status === 0) return ran.stdout.trim();
  throw new CloudError(`exit status ${ran.status ?? "unknown"}: running ${JSON.stringify(command)}:\n${ran.stderr}`);
}

function local(request: Request): Properties {
  const { inputs, old } = request;
  const id = old?.["id"] ?? `${request.name}${request.identity.hex(8)}`;
  return { id, stdout: forge(request, old ? (inputs["update"] ?? inputs["create"]) : inputs["create"]), stderr: "" };
}

export const command: Cloud = {
  compute: {
    "command:local:Command": local,
    "command:remote:Command": remote,
    "command:remote:CopyToRemote": copy,
    "command:remote:CopyFile": copy,
  },
  refuse: { "command:local:Command": refuseLocal },
  react: noted,
};
