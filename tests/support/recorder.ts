/**
 * Runs a program under Pulumi's mocks and records every registration with its options. The mocks' own callback sees no
 * options, so the raw request is read. Under mocks no provider checks anything: what a provider would refuse is the
 * sandbox's business (tests/engine).
 */
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

export interface Recorded {
  urn: string;
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  protect: boolean;
  inputs: Record<string, any>;
  ignoreChanges: string[];
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  aliases: string[];
  deleteBeforeReplace: boolean;
}

/** Outputs that a provider would compute; tests add what their resources need. */
export type ComputedOutputs = (type: string, name: string, inputs: any) => Record<string, unknown>;

export interface World {
  project?: string;
  stack: string;
  config?: Record<string, string>;
  secretKeys?: string[];
  /** True: computed outputs are unknown, as in a first preview. */
  preview?: boolean;
  computed: ComputedOutputs;
  /** Answer of each invoke by token; an unknown token is an error. */
  calls?: Record<string, Record<string, unknown>>;
}

/** Everything `program` registered, sorted by URN: registration order is not source order. */
export async function record(world: World, program: () => unknown): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  let failure: unknown;
  // The SDK takes a stack trace for every Output: most of the time of a large phase.
  const traces = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const original = MockMonitor.prototype.registerResource;
  MockMonitor.prototype.registerResource = function (this: MockMonitor, request: any, callback: any) {
    return original.call(this, request, (error: any, response: any) => {
      if (response) recorded.push(read(request, response.getUrn()));
      callback(error, response);
    });
  };
  try {
    await pulumi.runtime.setMocks(mocks(world), world.project ?? "jatsmanor", world.stack, world.preview ?? false);
    pulumi.runtime.setAllConfig(world.config ?? {}, world.secretKeys ?? []);
    await pulumi.runtime.runInPulumiStack(async () => {
      try {
        await Promise.resolve(program());
      } catch (error) {
        failure = error; // thrown inside, it would also reject every output of the stack, unhandled
      }
      return undefined;
    });
    // runInPulumiStack returns before the last registrations have arrived.
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  } finally {
    Error.stackTraceLimit = traces;
    MockMonitor.prototype.registerResource = original;
  }
  if (failure !== undefined) throw failure;
  return recorded.sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function mocks(world: World): pulumi.runtime.Mocks {
  return {
    newResource: ({ type, name, inputs, custom }) => {
      const computed = world.preview === true ? {} : world.computed(type, name, inputs);
      const id = custom === false || world.preview === true ? undefined : String(computed["id"] ?? `${name}-id`);
      return { id, state: { ...inputs, ...computed } };
    },
    call: ({ token }) => {
      const answer = world.calls?.[token];
      if (answer === undefined) throw new Error(`the test has no answer for the invoke ${token}`);
      return answer;
    },
  };
}

function read(request: any, urn: string): Recorded {
  const dependencies: [string, any][] = request.getPropertydependenciesMap().toArray();
  const properties = dependencies.map(([key]) => [
    key,
    request.getPropertydependenciesMap().get(key).getUrnsList().sort(),
  ]);
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    protect: request.getProtect() === true,
    inputs: request.getObject()?.toJavaScript() ?? {},
    ignoreChanges: request.getIgnorechangesList(),
    dependencies: request.getDependenciesList().sort(),
    propertyDependencies: Object.fromEntries(properties),
    aliases: request.getAliasesList().map((alias: any) => alias.getUrn()),
    deleteBeforeReplace: request.getDeletebeforereplace(),
  };
}

/** Custom resources whose chain of parents does not reach a component of this project. */
export function orphans(recorded: Recorded[]): string[] {
  const byUrn = new Map(recorded.map((resource) => [resource.urn, resource]));
  const isHeld = (resource: Recorded): boolean => {
    const parent = byUrn.get(resource.parent);
    return parent !== undefined && (parent.type.startsWith("jatsmanor:") || isHeld(parent));
  };
  return recorded.filter((resource) => resource.custom && !isHeld(resource)).map((resource) => resource.urn);
}

/** The one resource of a type (and name, where there are more). */
export function only(recorded: Recorded[], type: string, name?: string): Recorded {
  const found = recorded.filter((resource) => resource.type === type && (name === undefined || resource.name === name));
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} ${name ?? ""}, expected one`);
  return found[0]!;
}
