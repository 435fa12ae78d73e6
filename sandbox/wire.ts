/** Between the provider protocol's messages and plain values. */
import type { Message } from "google-protobuf";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import type { Difference } from "./diff.ts";
import type { Call } from "./store.ts";
import type { Properties, Value } from "./values.ts";

/** `urn:pulumi:stack::project::parentType$type::name`. */
export function parseUrn(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

export function propertiesOf(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

export function structOf(properties: Properties): Struct {
  return structProto.Struct.fromJavaScript(properties);
}

/** Provider configuration arrives as JSON text for everything that is not a string. */
export function configValues(inputs: Properties): Properties {
  const decode = (value: Value): Value => {
    if (typeof value !== "string" || !/^\s*([[{]|true$|false$)/.test(value)) return value;
    try {
      return JSON.parse(value) as Value;
    } catch {
      return value;
    }
  };
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, decode(value)]));
}

export function checkReply(
  inputs: Properties,
  failures: readonly { property: string; reason: string }[],
): proto.CheckResponse {
  const list = failures.map(({ property, reason }) =>
    new providerProto.CheckFailure().setProperty(property).setReason(reason),
  );
  return new providerProto.CheckResponse().setInputs(structOf(inputs)).setFailuresList(list);
}

export function diffReply({ changes, deleteBeforeReplace }: Difference): proto.DiffResponse {
  const { Kind } = providerProto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const top = (path: string): string => /^[^.[]+/.exec(path)?.[0] ?? path;
  const reply = new providerProto.DiffResponse().setHasdetaileddiff(true).setDeletebeforereplace(deleteBeforeReplace);
  reply.setDiffsList([...new Set(changes.map(({ path }) => top(path)))]);
  reply.setReplacesList([...new Set(changes.filter(({ replaces }) => replaces).map(({ path }) => top(path)))]);
  for (const { path, kind, replaces, input } of changes) {
    reply
      .getDetaileddiffMap()
      .set(path, new providerProto.PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]).setInputdiff(input));
  }
  const { DIFF_NONE, DIFF_SOME } = providerProto.DiffResponse.DiffChanges;
  return reply.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
}

/** What calls.jsonl says of a request. */
export function describe(method: string, name: string, request: Message): Call {
  const at = request as Partial<{ getUrn(): string; getTok(): string; getId(): string; getPreview(): boolean }>;
  const urn = at.getUrn?.() ?? "";
  const target = urn ? parseUrn(urn) : {};
  const tok = at.getTok?.();
  const id = at.getId?.();
  return {
    method,
    package: name,
    ...target,
    ...(tok ? { type: tok } : {}),
    ...(id ? { id } : {}),
    ...(at.getPreview?.() ? { preview: true } : {}),
  };
}
