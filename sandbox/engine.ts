/**
 * The life of a simulated resource: check, diff, create, read, update, delete and data sources, on plain values.
 * provider.ts is the wire around it.
 */
import type { NamingRequest } from "./autonaming.ts";
import type { Checked } from "./check.ts";
import { check } from "./check.ts";
import type { Environment, Request } from "./clouds/cloud.ts";
import { CloudError } from "./clouds/cloud.ts";
import { cloudOf } from "./clouds/index.ts";
import type { DiffRequest, Difference } from "./diff.ts";
import { diff } from "./diff.ts";
import { suffer } from "./faults.ts";
import { Identity } from "./identity.ts";
import { liveOutputs, previewOutputs } from "./outputs.ts";
import { refuseDelete, refuseDuplicates, refuseDangling } from "./rules.ts";
import { packageSchema } from "./schema/load.ts";
import type { TypeSchema } from "./schema/load.ts";
import { shapeFailures } from "./shape.ts";
import type { CloudResource, Store } from "./store.ts";
import type { Properties } from "./values.ts";
import { DEFAULTS, UNKNOWN, hasUnknown, plainProperties, withoutNulls } from "./values.ts";

export interface Target {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
}
export interface State {
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs?: Properties;
}

export class ResourceEngine {
  readonly package: string;

  /** @param name package whose types this engine knows. */
  constructor(name: string) {
    this.package = name;
  }

  /** @throws CloudError naming a type that the sandbox does not model: never a silent success. */
  schemaOf(type: string): TypeSchema {
    const schema = packageSchema(this.package).resources.get(type);
    if (schema) return schema;
    throw new CloudError(
      `unrecognized resource type "${type}": the sandbox does not model it; add it to sandbox/facts/${this.package}-extra.json and run node sandbox/schema/generate.ts`,
    );
  }

  check(type: string, news: Properties, olds: Properties, naming: NamingRequest): Checked {
    return check(this.schemaOf(type), news, olds, naming);
  }

  diff(type: string, request: DiffRequest): Difference {
    return diff(this.schemaOf(type), request);
  }

  /** @returns outputs of a creation that did not happen, with what only the cloud knows left unknown. */
  preview(type: string, inputs: Properties, olds?: Properties): Properties {
    const outputs = previewOutputs(this.schemaOf(type), inputs, olds);
    // A command may print something else when it runs again.
    if (type.startsWith("command:") && olds)
      for (const stream of ["stdout", "stderr"]) if (stream in outputs) outputs[stream] = UNKNOWN;
    return outputs;
  }

  async create(target: Target, inputs: Properties, environment: Environment): Promise<State> {
    const { type, name, urn } = target;
    const schema = this.schemaOf(type);
    this.refuseUnknown(type, inputs);
    await suffer(environment.store.dir, { type, name, operation: "create", when: "before" });
    const { store } = environment;
    const key = store.nextKey(type, name);
    const request = this.request(target, inputs, environment, key, environment.now);
    this.refuse(request, undefined);
    const { id, outputs } = liveOutputs(schema, cloudOf(this.package), request, inputs);
    if (cloudOf(this.package).stateless) return { id, outputs };
    const existing = store.get(type, id);
    // Settings of another resource (a bucket's policy, a zone's setting) are put, not made: putting again is no error,
    // but two resources of a program that put the same one would undo each other.
    if (existing && existing.urn !== urn) {
      throw new CloudError(
        `${type} "${id}" exists already${existing.urn ? ` (${existing.urn})` : ""}: two resources would overwrite each other`,
      );
    }
    const run = cloudOf(this.package).react?.(request, "create");
    store.put({
      type,
      id,
      name,
      urn,
      key,
      createdAt: environment.now,
      inputs,
      outputs,
      ...(run ? { runs: [run] } : {}),
    });
    await suffer(store.dir, { type, name, operation: "create", when: "after" });
    return { id, outputs };
  }

  /** @param known what the engine's state has; @returns undefined when the cloud has no such resource. */
  read(type: string, known: State, store: Store): State | undefined {
    this.schemaOf(type);
    if (cloudOf(this.package).stateless) return known;
    const { id } = known;
    const found = store.get(type, id);
    return found && { id, outputs: found.outputs, inputs: found.inputs ?? {} };
  }

  async update(target: Target, known: State, inputs: Properties, environment: Environment): Promise<State> {
    const { type, name, urn } = target;
    const { store } = environment;
    const { id } = known;
    if (cloudOf(this.package).stateless) return { id, outputs: { ...known.outputs, ...inputs } };
    const found = store.get(type, id);
    if (!found)
      throw new CloudError(`${type} "${id}": not found (404); it was removed outside of Pulumi, run pulumi refresh`);
    this.refuseUnknown(type, inputs);
    await suffer(store.dir, { type, name, operation: "update", when: "before" });
    const request = this.request(target, inputs, environment, found.key, found.createdAt, found);
    this.refuse(request, found);
    const { outputs } = liveOutputs(this.schemaOf(type), cloudOf(this.package), request, inputs);
    const run = cloudOf(this.package).react?.(request, "update");
    store.put({ ...found, name, urn, inputs, outputs, ...(run ? { runs: [...(found.runs ?? []), run] } : {}) });
    await suffer(store.dir, { type, name, operation: "update", when: "after" });
    return { id, outputs };
  }

  /** Deleting what is gone succeeds, as the real providers let it. */
  async delete(target: Target, id: string, environment: Environment): Promise<void> {
    const { store } = environment;
    const { type, name } = target;
    this.schemaOf(type);
    await suffer(store.dir, { type, name, operation: "delete", when: "before" });
    const found = store.get(type, id);
    if (found) {
      refuseDelete(found, store);
      const request = this.request(target, found.inputs ?? {}, environment, found.key, found.createdAt, found);
      cloudOf(this.package).react?.(request, "delete");
      store.remove(type, id);
    }
    await suffer(store.dir, { type, name, operation: "delete", when: "after" });
  }

  /** @throws CloudError on an unknown data source, an unknown argument or what the cloud cannot find. */
  invoke(token: string, args: Properties, environment: Environment): Properties {
    const handler = cloudOf(this.package).invoke?.[token];
    const schema = packageSchema(this.package).functions.get(token);
    if (!handler || !schema) {
      throw new CloudError(
        `unknown function "${token}": the sandbox does not simulate this data source; add it to sandbox/clouds/${this.package}.ts and sandbox/schema/packages.ts`,
      );
    }
    const given = plainProperties(withoutNulls(args) as Properties);
    const failure = shapeFailures(given, schema.inputs, token)[0];
    if (failure) throw new CloudError(failure.reason);
    return handler(given, environment);
  }

  private request(
    target: Target,
    inputs: Properties,
    environment: Environment,
    key: string,
    createdAt: string,
    old?: CloudResource,
  ): Request {
    const { store } = environment;
    const taken = (address: string): boolean =>
      store.all().some((resource) => JSON.stringify(resource.outputs).includes(`"${address}"`));
    const region = inputs["region"];
    return {
      ...environment,
      ...(typeof region === "string" ? { region } : {}),
      type: target.type,
      name: target.name,
      urn: target.urn,
      inputs: plainProperties(Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== DEFAULTS))),
      identity: new Identity(key, taken),
      createdAt,
      old: old && { ...plainProperties(old.outputs), id: old.id },
    };
  }

  private refuse(request: Request, old: CloudResource | undefined): void {
    cloudOf(this.package).refuse?.[request.type]?.(request);
    refuseDangling(request);
    refuseDuplicates(request, old);
  }

  /** The engine never sends unknowns in an update; a simulated resource built on one would be nonsense. */
  private refuseUnknown(type: string, inputs: Properties): void {
    if (hasUnknown(inputs)) throw new CloudError(`${type}: an input is unknown in an update`);
  }
}
