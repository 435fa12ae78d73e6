/** The random provider: values of the asked length and classes, drawn from the resource's key so that rehearsals repeat. */
import { createHash } from "node:crypto";
import type { Identity } from "../identity.ts";
import type { Properties, Value } from "../values.ts";
import { asText } from "../values.ts";
import type { Cloud, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";

const words = [
  "amber",
  "brave",
  "calm",
  "daring",
  "eager",
  "fleet",
  "gentle",
  "hardy",
  "keen",
  "lively",
  "merry",
  "noble",
  "proud",
  "quick",
  "steady",
  "wise",
];
const animals = [
  "badger",
  "crane",
  "dolphin",
  "falcon",
  "gazelle",
  "heron",
  "ibis",
  "jackal",
  "koala",
  "lynx",
  "marmot",
  "newt",
  "otter",
  "panda",
  "raven",
  "tapir",
];

function text({ inputs, identity }: Request): string {
  const classes = [
    { chars: "abcdefghijklmnopqrstuvwxyz", on: inputs["lower"], min: inputs["minLower"] },
    { chars: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", on: inputs["upper"], min: inputs["minUpper"] },
    { chars: "0123456789", on: inputs["numeric"] ?? inputs["number"], min: inputs["minNumeric"] },
    {
      chars: asText(inputs["overrideSpecial"] ?? "!@#$%&*()-_=+[]{}<>:?"),
      on: inputs["special"],
      min: inputs["minSpecial"],
    },
  ].map((item) => ({ chars: item.chars, on: item.on !== false, min: Number(item.min ?? 0) }));
  const length = Number(inputs["length"]);
  const pool = classes
    .filter(({ on }) => on)
    .map(({ chars }) => chars)
    .join("");
  const least = classes.reduce((sum, { min }) => sum + min, 0);
  if (least > length)
    throw new CloudError(
      `Attribute length value must be at least sum of min_upper + min_lower + min_numeric + min_special, got: ${length}`,
    );
  if (pool === "") throw new CloudError("At least one of upper, lower, numeric, special must be true");
  const forced = classes.map(({ chars, min }, index) => identity.letters(min, chars, `forced ${index}`)).join("");
  return shuffled([...(forced + identity.letters(length - least, pool, "rest"))], identity).join("");
}

function shuffled<T>(items: readonly T[], identity: Identity): T[] {
  const order = identity.bytes(items.length * 4, "order");
  return items
    .map((item, index) => ({ item, rank: order.readUInt32BE(index * 4) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

function uuid({ identity }: Request): Properties {
  const value = identity.uuid();
  return { id: value, result: value };
}

const pick = (list: readonly string[], identity: Identity, what: string): string =>
  list[identity.bytes(1, what).readUInt8(0) % list.length] ?? "";

export const random: Cloud = {
  stateless: true,
  compute: {
    "random:index/randomPassword:RandomPassword": (request) => {
      const result = text(request);
      const hash = createHash("sha256").update(result).digest("base64").replace(/[+=]/g, ".");
      return { id: "none", result, bcryptHash: `$2a$10$${(hash + hash).slice(0, 53)}` };
    },
    "random:index/randomString:RandomString": (request) => {
      const result = text(request);
      return { id: result, result };
    },
    "random:index/randomBytes:RandomBytes": ({ inputs, identity }) => {
      const bytes = identity.bytes(Number(inputs["length"]), "bytes");
      return { id: identity.hex(16), base64: bytes.toString("base64"), hex: bytes.toString("hex") };
    },
    "random:index/randomId:RandomId": ({ inputs, identity }) => {
      const bytes = identity.bytes(Number(inputs["byteLength"]), "bytes");
      const prefix = asText(inputs["prefix"] ?? "");
      const hex = bytes.toString("hex");
      const url = bytes.toString("base64url");
      return {
        id: url,
        b64Url: prefix + url,
        b64Std: prefix + bytes.toString("base64"),
        hex: prefix + hex,
        dec: prefix + BigInt(`0x${hex}`).toString(),
      };
    },
    "random:index/randomInteger:RandomInteger": ({ inputs, identity }) => {
      const [min, max] = [Number(inputs["min"]), Number(inputs["max"])];
      if (min > max)
        throw new CloudError(`The minimum (min) value needs to be smaller than or equal to maximum (max) value`);
      const result = min + (identity.bytes(4, "integer").readUInt32BE(0) % (max - min + 1));
      return { id: asText(result), result };
    },
    "random:index/randomPet:RandomPet": ({ inputs, identity }) => {
      const length = Number(inputs["length"] ?? 2);
      const parts = Array.from({ length }, (_, index) =>
        pick(index === length - 1 ? animals : words, identity, `word ${index}`),
      );
      return {
        id: [...(inputs["prefix"] ? [asText(inputs["prefix"])] : []), ...parts].join(
          asText(inputs["separator"] ?? "-"),
        ),
      };
    },
    "random:index/randomShuffle:RandomShuffle": ({ inputs, identity }) => {
      const items = Array.isArray(inputs["inputs"]) ? inputs["inputs"] : [];
      const results: Value[] = shuffled(items, identity).slice(0, Number(inputs["resultCount"] ?? items.length));
      return { id: "-", results };
    },
    "random:index/randomUuid:RandomUuid": uuid,
    "random:index/randomUuid4:RandomUuid4": uuid,
    "random:index/randomUuid7:RandomUuid7": uuid,
  },
};
