/**
 * The Pulumi provider protocol (pulumi/proto/pulumi/provider.proto) for one package, on raw gRPC: the SDK's own provider
 * server leaves out Handshake, DiffConfig, the preview flag, detailed differences and ignoreChanges.
 */
import * as grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Message } from "google-protobuf";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import type { NamingRequest } from "./autonaming.ts";
import type { Environment } from "./clouds/cloud.ts";
import { ResourceEngine } from "./engine.ts";
import { packageSchema } from "./schema/load.ts";
import { shapeFailures } from "./shape.ts";
import type { Store } from "./store.ts";
import type { Properties } from "./values.ts";
import { asText, hasUnknown, plainProperties } from "./values.ts";
import { checkReply, configValues, describe, diffReply, parseUrn, propertiesOf, structOf } from "./wire.ts";

export interface ProviderOptions {
  readonly store: Store;
  /** ISO 8601 instant of "now". */
  readonly now: () => string;
}

type Handler<Request extends Message, Reply extends Message> = (
  request: Request,
  peer: string,
) => Reply | Promise<Reply>;

const ACCOUNT = "123456789012";

export class SandboxProvider {
  private readonly name: string;
  private readonly options: ProviderOptions;
  private readonly engine: ResourceEngine;
  /** Configuration per connection: all instances of a package share the port, each has a connection of its own. */
  private readonly configs = new Map<string, Properties>();
  private lastConfig: Properties = {};

  constructor(name: string, options: ProviderOptions) {
    this.name = name;
    this.options = options;
    this.engine = new ResourceEngine(name);
  }

  /** Handlers for the gRPC server; methods left out answer UNIMPLEMENTED, which the engine tolerates. */
  service(): UntypedServiceImplementation {
    const empty = (): emptyProto.Empty => new emptyProto.Empty();
    return {
      handshake: this.unary("Handshake", () => this.handshake()),
      attach: this.unary("Attach", empty),
      // The engine cancels every attached provider at the end of every operation: stopping here would end the cloud.
      cancel: this.unary("Cancel", empty),
      getPluginInfo: this.unary("GetPluginInfo", () =>
        new pluginProto.PluginInfo().setVersion(packageSchema(this.name).version),
      ),
      getSchema: this.unary("GetSchema", () => new providerProto.GetSchemaResponse().setSchema("{}")),
      checkConfig: this.unary("CheckConfig", (request: proto.CheckRequest) => this.checkConfig(request)),
      diffConfig: this.unary("DiffConfig", (request: proto.DiffRequest) => this.diffConfig(request)),
      configure: this.unary("Configure", (request: proto.ConfigureRequest, peer) => this.configure(request, peer)),
      check: this.unary("Check", (request: proto.CheckRequest) => this.check(request)),
      diff: this.unary("Diff", (request: proto.DiffRequest, peer) => this.diff(request, peer)),
      create: this.unary("Create", (request: proto.CreateRequest, peer) => this.create(request, peer)),
      read: this.unary("Read", (request: proto.ReadRequest) => this.read(request)),
      update: this.unary("Update", (request: proto.UpdateRequest, peer) => this.update(request, peer)),
      delete: this.unary("Delete", (request: proto.DeleteRequest, peer) => this.delete(request, peer)),
      invoke: this.unary("Invoke", (request: proto.InvokeRequest, peer) => this.invoke(request, peer)),
    };
  }

  private unary<Request extends Message, Reply extends Message>(method: string, handler: Handler<Request, Reply>) {
    return (call: ServerUnaryCall<Request, Reply>, callback: sendUnaryData<Reply>): void => {
      const answer = async (): Promise<void> => {
        const noted = describe(method, this.name, call.request);
        try {
          this.options.store.refresh();
          const reply = await handler(call.request, call.getPeer());
          const id = reply instanceof providerProto.CreateResponse ? { id: reply.getId() } : {};
          this.options.store.record({ ...noted, ...id });
          callback(null, reply);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          this.options.store.record({ ...noted, error: message });
          callback({ code: grpc.status.UNKNOWN, details: message });
        }
      };
      void answer();
    };
  }

  private environment(peer: string): Environment {
    const config = this.configs.get(peer) ?? this.lastConfig;
    const region = config["region"];
    return {
      store: this.options.store,
      now: this.options.now(),
      region: typeof region === "string" ? region : "",
      account: ACCOUNT,
      config,
    };
  }

  private handshake(): proto.ProviderHandshakeResponse {
    const reply = new providerProto.ProviderHandshakeResponse();
    // Resource references are not accepted, so that the engine sends the id of a resource passed as an input.
    return reply
      .setAcceptSecrets(true)
      .setAcceptResources(false)
      .setAcceptOutputs(false)
      .setSupportsAutonamingConfiguration(true);
  }

  private checkConfig(request: proto.CheckRequest): proto.CheckResponse {
    const inputs = propertiesOf(request.getNews());
    const known = Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "version"));
    const decoded = configValues(known);
    const failures = shapeFailures(decoded, packageSchema(this.name).provider, `provider ${this.name}`).filter(
      ({ reason }) => !reason.startsWith("Wrong type"),
    );
    const region = decoded["region"];
    if (
      this.name === "aws" &&
      !hasUnknown(region) &&
      (typeof region !== "string" || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    ) {
      failures.push({
        property: "region",
        reason: `missing or invalid region "${asText(region ?? "")}": set aws:region in the stack or region on the provider`,
      });
    }
    return checkReply(inputs, failures);
  }

  private diffConfig(request: proto.DiffRequest): proto.DiffResponse {
    const [olds, news] = [propertiesOf(request.getOlds()), propertiesOf(request.getNews())];
    const changed = ["region", "accountId"].filter(
      (key) => olds[key] !== undefined && JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    const reply = new providerProto.DiffResponse().setReplacesList(changed).setDiffsList(changed);
    return reply.setChanges(
      changed.length > 0
        ? providerProto.DiffResponse.DiffChanges.DIFF_SOME
        : providerProto.DiffResponse.DiffChanges.DIFF_NONE,
    );
  }

  private configure(request: proto.ConfigureRequest, peer: string): proto.ConfigureResponse {
    this.lastConfig = plainProperties(configValues(propertiesOf(request.getArgs())));
    this.configs.set(peer, this.lastConfig);
    const reply = new providerProto.ConfigureResponse();
    return reply
      .setAcceptsecrets(true)
      .setAcceptresources(false)
      .setAcceptoutputs(false)
      .setSupportspreview(true)
      .setSupportsAutonamingConfiguration(true);
  }

  private check(request: proto.CheckRequest): proto.CheckResponse {
    const { type, name } = parseUrn(request.getUrn());
    const options = request.getAutonaming();
    const modes = providerProto.CheckRequest.AutonamingOptions.Mode;
    const mode =
      options?.getMode() === modes.ENFORCE ? "enforce" : options?.getMode() === modes.DISABLE ? "disable" : "propose";
    const proposed = options?.getProposedName();
    const naming: NamingRequest = { name, seed: request.getRandomseed_asU8(), mode, ...(proposed ? { proposed } : {}) };
    const { inputs, failures } = this.engine.check(
      type,
      propertiesOf(request.getNews()),
      propertiesOf(request.getOlds()),
      naming,
    );
    return checkReply(inputs, failures);
  }

  private diff(request: proto.DiffRequest, peer: string): proto.DiffResponse {
    const { type } = parseUrn(request.getUrn());
    const difference = this.engine.diff(type, {
      oldInputs: propertiesOf(request.getOldInputs()),
      olds: propertiesOf(request.getOlds()),
      news: propertiesOf(request.getNews()),
      ignoreChanges: request.getIgnorechangesList(),
      region: this.environment(peer).region,
    });
    return diffReply(difference);
  }

  private async create(request: proto.CreateRequest, peer: string): Promise<proto.CreateResponse> {
    const target = { ...parseUrn(request.getUrn()), urn: request.getUrn() };
    const inputs = propertiesOf(request.getProperties());
    const reply = new providerProto.CreateResponse();
    if (request.getPreview()) return reply.setProperties(structOf(this.engine.preview(target.type, inputs)));
    const { id, outputs } = await this.engine.create(target, inputs, this.environment(peer));
    return reply.setId(id).setProperties(structOf(outputs));
  }

  private read(request: proto.ReadRequest): proto.ReadResponse {
    const { type } = parseUrn(request.getUrn());
    const known = {
      id: request.getId(),
      outputs: propertiesOf(request.getProperties()),
      inputs: propertiesOf(request.getInputs()),
    };
    const found = this.engine.read(type, known, this.options.store);
    const reply = new providerProto.ReadResponse();
    if (!found) return reply; // an empty id says: gone
    return reply
      .setId(found.id)
      .setProperties(structOf(found.outputs))
      .setInputs(structOf(found.inputs ?? {}));
  }

  private async update(request: proto.UpdateRequest, peer: string): Promise<proto.UpdateResponse> {
    const target = { ...parseUrn(request.getUrn()), urn: request.getUrn() };
    const news = propertiesOf(request.getNews());
    const reply = new providerProto.UpdateResponse();
    if (request.getPreview()) {
      return reply.setProperties(structOf(this.engine.preview(target.type, news, propertiesOf(request.getOlds()))));
    }
    const { outputs } = await this.engine.update(
      target,
      { id: request.getId(), outputs: propertiesOf(request.getOlds()) },
      news,
      this.environment(peer),
    );
    return reply.setProperties(structOf(outputs));
  }

  private async delete(request: proto.DeleteRequest, peer: string): Promise<emptyProto.Empty> {
    const target = { ...parseUrn(request.getUrn()), urn: request.getUrn() };
    await this.engine.delete(target, request.getId(), this.environment(peer));
    return new emptyProto.Empty();
  }

  private invoke(request: proto.InvokeRequest, peer: string): proto.InvokeResponse {
    const result = this.engine.invoke(request.getTok(), propertiesOf(request.getArgs()), this.environment(peer));
    return new providerProto.InvokeResponse().setReturn(structOf(result));
  }
}
