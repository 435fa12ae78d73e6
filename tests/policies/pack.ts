/**
 * Drives a policy pack the way the engine does: the SDK's `run-policy-pack` process, Configure from a pack config,
 * then Analyze, Remediate and AnalyzeStack over gRPC. Nothing is passed that the engine would not pass.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import analyzerRpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import { buildPack } from "../../policies/build.ts";
import type { Sample } from "../../policies/engine/rule.ts";

export const PACK_DIR = path.resolve(__dirname, "../../policies");
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A value the preview does not know yet, and a secret, as the engine writes them. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

export type Level = "advisory" | "mandatory" | "disabled" | "remediate";
export type PolicyConfig = Record<string, { enforcementLevel?: Level } & Record<string, unknown>>;
export interface Diagnostic {
  policy: string;
  level: Level;
  message: string;
  urn: string;
}
export interface Answer {
  diagnostics: Diagnostic[];
  notApplicable: Record<string, string>;
}
export interface Policy {
  name: string;
  level: Level;
  title: string;
  severity: number;
  tags: string[];
  framework: string;
  fix: string;
  parameters: Record<string, { default?: unknown }>;
}

const LEVELS: readonly Level[] = ["advisory", "mandatory", "disabled", "remediate"];
const typeName = (type: string) => type.split(":").pop() ?? type;
export const urnOf = (sample: Sample, stack = "test") =>
  `urn:pulumi:${stack}::jatsmanor::${sample.type}::${sample.name ?? typeName(sample.type).toLowerCase()}`;

/** What the engine does with a pack's own defaults before it calls Configure. */
function withDefaults(policies: Policy[], config: PolicyConfig): Map<string, { level: Level; properties: object }> {
  return new Map(
    policies.map((p) => {
      const { enforcementLevel, ...given } = config[p.name] ?? {};
      const defaults = Object.entries(p.parameters).flatMap(([k, s]) => ("default" in s ? [[k, s.default]] : []));
      return [
        p.name,
        { level: enforcementLevel ?? p.level, properties: { ...Object.fromEntries(defaults), ...given } },
      ];
    }),
  );
}

const raw = analyzer as any;
/** A property that is undefined is left out, as the SDK does. */
const struct = (value: object) => structPb.Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));

function fill(message: any, sample: Sample, stack: string) {
  message.setType(sample.type);
  message.setUrn(urnOf(sample, stack));
  message.setName(sample.name ?? typeName(sample.type).toLowerCase());
  message.setProperties(struct(sample.props ?? {}));
  const options = new raw.AnalyzerResourceOptions();
  options.setProtect(sample.protect ?? false);
  message.setOptions(options);
  if (sample.provider) {
    const provider = new raw.AnalyzerProviderResource();
    const kind = `pulumi:providers:${sample.type.split(":")[0]}`;
    provider.setType(kind);
    provider.setName("default");
    provider.setUrn(`urn:pulumi:${stack}::jatsmanor::${kind}::default`);
    provider.setProperties(struct(sample.provider));
    message.setProvider(provider);
  }
  return message;
}

export class Pack {
  private readonly child: ChildProcess;
  private readonly client: any;
  /** From spawn to the port on stdout, in milliseconds. */
  readonly startMs: number;
  policies: Policy[] = [];
  info: { name: string; version: string } = { name: "", version: "" };

  private constructor(child: ChildProcess, port: string, startMs: number) {
    this.child = child;
    this.startMs = startMs;
    this.client = new (analyzerRpc as any).AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": 400 << 20,
      "grpc.max_send_message_length": 400 << 20,
    });
  }

  /** Builds the pack unless another folder is given, then starts it. */
  static async start(dir?: string): Promise<Pack> {
    if (!dir) await buildPack(PACK_DIR);
    const cwd = dir ?? PACK_DIR;
    const runner = createRequire(path.join(PACK_DIR, "main.cjs")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const started = Date.now();
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", cwd], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    // A test that fails before afterAll must not leave the process behind.
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.removeListener("exit", kill));
    const port = await new Promise<string>((resolve, reject) => {
      let out = "";
      child.stdout.on("data", (text: Buffer) => {
        out += text.toString();
        if (/^\d+\n/.test(out)) resolve(out.trim());
      });
      child.once("exit", (code) => reject(new Error(`the pack exited with ${code}: ${out}${errors}`)));
    });
    const pack = new Pack(child, port, Date.now() - started);
    await pack.readInfo();
    return pack;
  }

  private call<T>(method: string, request: unknown): Promise<T> {
    return new Promise((resolve, reject) =>
      this.client[method](request, (error: Error | null, reply: T) => (error ? reject(error) : resolve(reply))),
    );
  }

  private async readInfo(): Promise<void> {
    const info = await this.call<any>("getAnalyzerInfo", new emptyPb.Empty());
    this.info = { name: info.getName(), version: info.getVersion() };
    this.policies = info.getPoliciesList().map((p: any) => ({
      name: p.getName(),
      level: LEVELS[p.getEnforcementlevel()],
      title: p.getDescription(),
      severity: p.getSeverity(),
      tags: p.getTagsList(),
      framework: p.getFramework()?.getReference() ?? "",
      fix: p.getRemediationSteps(),
      parameters: p.getConfigschema()?.getProperties()?.toJavaScript() ?? {},
    }));
  }

  /** As the engine: the pack's defaults overlaid with the `policies` of a pack config file. */
  async configure(config: PolicyConfig = {}): Promise<void> {
    const request = new raw.ConfigureAnalyzerRequest();
    for (const [name, { level, properties }] of withDefaults(this.policies, config)) {
      const policy = new raw.PolicyConfig();
      policy.setEnforcementlevel(LEVELS.indexOf(level));
      policy.setProperties(struct(properties));
      request.getPolicyconfigMap().set(name, policy);
    }
    await this.call("configure", request);
  }

  /** Configures so that one rule alone runs. */
  async only(rule: string, parameters: Record<string, unknown> = {}, level: Level = "mandatory"): Promise<void> {
    const config: PolicyConfig = {};
    for (const p of this.policies) config[p.name] = { enforcementLevel: "disabled" };
    config[rule] = { enforcementLevel: level, ...parameters };
    await this.configure(config);
  }

  private answer(reply: any): Answer {
    return {
      diagnostics: reply.getDiagnosticsList().map((d: any) => ({
        policy: d.getPolicyname(),
        level: LEVELS[d.getEnforcementlevel()],
        message: d.getMessage(),
        urn: d.getUrn(),
      })),
      notApplicable: Object.fromEntries(
        reply.getNotApplicableList().map((n: any) => [n.getPolicyName(), n.getReason()]),
      ),
    };
  }

  /** Resource rules, on inputs. */
  async analyze(sample: Sample, stack = "test"): Promise<Answer> {
    return this.answer(await this.call("analyze", fill(new raw.AnalyzeRequest(), sample, stack)));
  }

  /** Stack rules, on outputs; `from` becomes property dependencies. */
  async analyzeStack(samples: readonly Sample[], stack = "test"): Promise<Answer> {
    const byName = new Map(samples.map((s) => [s.name ?? typeName(s.type).toLowerCase(), urnOf(s, stack)]));
    const request = new raw.AnalyzeStackRequest();
    request.setResourcesList(
      samples.map((sample) => {
        const resource = fill(new raw.AnalyzerResource(), sample, stack);
        for (const [property, names] of Object.entries(sample.from ?? {})) {
          const deps = new raw.AnalyzerPropertyDependencies();
          deps.setUrnsList(names.map((n) => byName.get(n) ?? missing(n)));
          resource.getPropertydependenciesMap().set(property, deps);
        }
        return resource;
      }),
    );
    return this.answer(await this.call("analyzeStack", request));
  }

  /** Both passes over a set of resources, as a preview makes them. */
  async check(samples: readonly Sample[], stack = "test"): Promise<Diagnostic[]> {
    const found: Diagnostic[] = [];
    for (const sample of samples) {
      const urn = urnOf(sample, stack);
      found.push(...(await this.analyze(sample, stack)).diagnostics.map((d) => ({ ...d, urn: d.urn || urn })));
    }
    return [...found, ...(await this.analyzeStack(samples, stack)).diagnostics];
  }

  /** Properties after the pack's repairs, or undefined when it changed nothing. */
  async remediate(sample: Sample, stack = "test"): Promise<Record<string, unknown> | undefined> {
    const reply = await this.call<any>("remediate", fill(new raw.AnalyzeRequest(), sample, stack));
    return reply.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
  }

  stop(): void {
    this.client.close();
    this.child.removeAllListeners("exit");
    this.child.kill("SIGKILL");
  }
}

function missing(name: string): never {
  throw new Error(`the sample names "${name}" in from, but no resource has that name`);
}
