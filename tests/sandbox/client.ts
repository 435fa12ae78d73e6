/** A small engine: speaks the provider protocol to a sandbox as Pulumi does, one connection per provider instance. */
import * as grpc from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import type { Properties } from "../../sandbox/values.ts";

const struct = (value: Properties) => structProto.Struct.fromJavaScript(value);
const plainOf = (value: { toJavaScript(): unknown } | undefined) => (value?.toJavaScript() ?? {}) as Properties;

export interface Known {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}
export interface Differences {
  readonly changes: "none" | "some";
  readonly replaces: string[];
  readonly detailed: Record<string, { kind: string; input: boolean }>;
  readonly deleteBeforeReplace: boolean;
}

export class Client {
  private readonly stub: InstanceType<typeof providerServices.ResourceProviderClient>;

  constructor(port: number) {
    this.stub = new providerServices.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      // One connection per client, as one per provider instance; grpc-js would share one per address.
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  close(): void {
    this.stub.close();
  }

  static urn(type: string, name: string): string {
    return `urn:pulumi:test::project::jatsmanor:test:Parent$${type}::${name}`;
  }

  handshake(): Promise<proto.ProviderHandshakeResponse.AsObject> {
    return new Promise((resolve, reject) =>
      this.stub.handshake(new providerProto.ProviderHandshakeRequest(), (error, reply) =>
        error ? reject(error) : resolve(reply.toObject()),
      ),
    );
  }

  empty(method: "cancel" | "attach"): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error: grpc.ServiceError | null): void => (error ? reject(error) : resolve());
      if (method === "cancel") this.stub.cancel(new emptyProto.Empty(), done);
      else this.stub.attach(new pluginProto.PluginAttach(), done);
    });
  }

  version(): Promise<string> {
    return new Promise((resolve, reject) =>
      this.stub.getPluginInfo(new emptyProto.Empty(), (error, reply) =>
        error ? reject(error) : resolve(reply.getVersion()),
      ),
    );
  }

  schemaText(): Promise<string> {
    return new Promise((resolve, reject) =>
      this.stub.getSchema(new providerProto.GetSchemaRequest(), (error, reply) =>
        error ? reject(error) : resolve(reply.getSchema()),
      ),
    );
  }

  checkConfig(news: Properties): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new providerProto.CheckRequest()
      .setUrn(Client.urn("pulumi:providers:x", "default"))
      .setNews(struct(news));
    return new Promise((resolve, reject) =>
      this.stub.checkConfig(request, (error, reply) => (error ? reject(error) : resolve(checked(reply)))),
    );
  }

  diffConfig(olds: Properties, news: Properties): Promise<string[]> {
    const request = new providerProto.DiffRequest().setOlds(struct(olds)).setNews(struct(news));
    return new Promise((resolve, reject) =>
      this.stub.diffConfig(request, (error, reply) => (error ? reject(error) : resolve(reply.getReplacesList()))),
    );
  }

  configure(args: Properties): Promise<proto.ConfigureResponse.AsObject> {
    const request = new providerProto.ConfigureRequest().setArgs(struct(args)).setAcceptsecrets(true);
    return new Promise((resolve, reject) =>
      this.stub.configure(request, (error, reply) => (error ? reject(error) : resolve(reply.toObject()))),
    );
  }

  check(
    type: string,
    name: string,
    news: Properties,
    olds: Properties = {},
    naming?: { mode: 0 | 1 | 2; name: string },
  ): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new providerProto.CheckRequest()
      .setUrn(Client.urn(type, name))
      .setNews(struct(news))
      .setOlds(struct(olds))
      .setRandomseed(Buffer.from(`seed ${name}`));
    if (naming) {
      const options = new providerProto.CheckRequest.AutonamingOptions();
      request.setAutonaming(options.setMode(naming.mode).setProposedName(naming.name));
    }
    return new Promise((resolve, reject) =>
      this.stub.check(request, (error, reply) => (error ? reject(error) : resolve(checked(reply)))),
    );
  }

  diff(known: Known, news: Properties, ignoreChanges: string[] = []): Promise<Differences> {
    const request = new providerProto.DiffRequest()
      .setUrn(Client.urn(known.type, known.name))
      .setId(known.id)
      .setOlds(struct(known.outputs))
      .setOldInputs(struct(known.inputs))
      .setNews(struct(news))
      .setIgnorechangesList(ignoreChanges);
    return new Promise((resolve, reject) =>
      this.stub.diff(request, (error, reply) => (error ? reject(error) : resolve(differences(reply)))),
    );
  }

  create(
    type: string,
    name: string,
    inputs: Properties,
    preview = false,
  ): Promise<{ id: string; outputs: Properties }> {
    const request = new providerProto.CreateRequest()
      .setUrn(Client.urn(type, name))
      .setProperties(struct(inputs))
      .setPreview(preview);
    return new Promise((resolve, reject) =>
      this.stub.create(request, (error, reply) =>
        error ? reject(error) : resolve({ id: reply.getId(), outputs: plainOf(reply.getProperties()) }),
      ),
    );
  }

  update(known: Known, news: Properties, preview = false): Promise<Properties> {
    const request = new providerProto.UpdateRequest()
      .setUrn(Client.urn(known.type, known.name))
      .setId(known.id)
      .setOlds(struct(known.outputs))
      .setOldInputs(struct(known.inputs))
      .setNews(struct(news))
      .setPreview(preview);
    return new Promise((resolve, reject) =>
      this.stub.update(request, (error, reply) => (error ? reject(error) : resolve(plainOf(reply.getProperties())))),
    );
  }

  read(
    type: string,
    name: string,
    id: string,
    inputs: Properties = {},
    outputs: Properties = {},
  ): Promise<{ id: string; inputs: Properties; outputs: Properties }> {
    const request = new providerProto.ReadRequest()
      .setUrn(Client.urn(type, name))
      .setId(id)
      .setInputs(struct(inputs))
      .setProperties(struct(outputs));
    return new Promise((resolve, reject) =>
      this.stub.read(request, (error, reply) =>
        error
          ? reject(error)
          : resolve({ id: reply.getId(), inputs: plainOf(reply.getInputs()), outputs: plainOf(reply.getProperties()) }),
      ),
    );
  }

  delete({ type, name, id }: { type: string; name: string; id: string }): Promise<void> {
    const request = new providerProto.DeleteRequest().setUrn(Client.urn(type, name)).setId(id);
    return new Promise((resolve, reject) => this.stub.delete(request, (error) => (error ? reject(error) : resolve())));
  }

  invoke(token: string, args: Properties): Promise<Properties> {
    const request = new providerProto.InvokeRequest().setTok(token).setArgs(struct(args));
    return new Promise((resolve, reject) =>
      this.stub.invoke(request, (error, reply) => (error ? reject(error) : resolve(plainOf(reply.getReturn())))),
    );
  }

  /** Check and create, as an update does. @throws with every failure of the check. */
  async make(type: string, name: string, news: Properties): Promise<Known> {
    const { inputs, failures } = await this.check(type, name, news);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    const { id, outputs } = await this.create(type, name, inputs);
    return { type, name, id, inputs, outputs };
  }

  /** Check, diff and update, as an update does. */
  async change(known: Known, news: Properties): Promise<Known> {
    const { inputs, failures } = await this.check(known.type, known.name, news, known.inputs);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    const { changes, replaces } = await this.diff(known, inputs);
    if (replaces.length > 0) throw new Error(`replaces on ${replaces.join(", ")}`);
    return changes === "none" ? known : { ...known, inputs, outputs: await this.update(known, inputs) };
  }
}

function checked(reply: proto.CheckResponse): { inputs: Properties; failures: string[] } {
  return {
    inputs: plainOf(reply.getInputs()),
    failures: reply.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`),
  };
}

function differences(reply: proto.DiffResponse): Differences {
  const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];
  const entries = reply.getDetaileddiffMap().toArray() as unknown as [string, unknown][];
  return {
    changes: reply.getChanges() === providerProto.DiffResponse.DiffChanges.DIFF_SOME ? "some" : "none",
    replaces: reply.getReplacesList(),
    detailed: Object.fromEntries(
      entries.map(([path]) => {
        const found = reply.getDetaileddiffMap().get(path);
        return [path, { kind: kinds[found?.getKind() ?? 0] ?? "", input: found?.getInputdiff() ?? false }];
      }),
    ),
    deleteBeforeReplace: reply.getDeletebeforereplace(),
  };
}
