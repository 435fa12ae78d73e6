/** Reads the committed schemas: which properties a type has, and of which type. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Type =
  | { readonly kind: "string" | "number" | "boolean" | "any" | "asset" }
  | { readonly kind: "literal"; readonly value: string }
  | { readonly kind: "list" | "map"; readonly of: Type }
  | { readonly kind: "union"; readonly of: readonly Type[] }
  | { readonly kind: "object"; readonly properties: () => Fields };

export interface Field {
  readonly type: Type;
  readonly required: boolean;
}
export type Fields = ReadonlyMap<string, Field>;

export interface TypeSchema {
  readonly token: string;
  readonly inputs: Fields;
  readonly outputs: Fields;
  /** Properties that the SDK itself marks secret. */
  readonly secret: readonly string[];
  /** Properties that the SDK itself asks the engine to replace on. */
  readonly replaceOnChanges: readonly string[];
}

export interface PackageSchema {
  readonly npm: string;
  readonly version: string;
  readonly provider: Fields;
  readonly resources: ReadonlyMap<string, TypeSchema>;
  readonly functions: ReadonlyMap<string, TypeSchema>;
}

interface RawType {
  inputs: Record<string, string>;
  outputs: Record<string, string>;
  secret?: string[];
  replaceOnChanges?: string[];
}
interface RawPackage {
  package: string;
  version: string;
  provider: Record<string, string>;
  resources: Record<string, RawType>;
  functions: Record<string, RawType>;
  types: Record<string, Record<string, string>>;
}

const loaded = new Map<string, PackageSchema>();

/** Schema of a package of sandbox/schema/packages.ts. @throws when it was never generated. */
export function packageSchema(name: string): PackageSchema {
  const cached = loaded.get(name);
  if (cached) return cached;
  const path = join(import.meta.dirname, `${name}.json`);
  if (!existsSync(path)) {
    throw new Error(`sandbox: no schema for package "${name}"; run node sandbox/schema/generate.ts ${name}`);
  }
  const raw = JSON.parse(readFileSync(path, "utf8")) as RawPackage;
  const parser = new Parser(raw.types);
  const types = (entries: Record<string, RawType>): Map<string, TypeSchema> =>
    new Map(Object.entries(entries).map(([token, entry]) => [token, lazily(token, entry, parser)]));
  const schema: PackageSchema = {
    npm: raw.package,
    version: raw.version,
    provider: parser.fields(raw.provider),
    resources: types(raw.resources),
    functions: types(raw.functions),
  };
  loaded.set(name, schema);
  return schema;
}

/** AWS alone has thousands of fields: parse a type when it is first asked for. */
function lazily(token: string, raw: RawType, parser: Parser): TypeSchema {
  let inputs: Fields | undefined;
  let outputs: Fields | undefined;
  return {
    token,
    get inputs() {
      return (inputs ??= parser.fields(raw.inputs));
    },
    get outputs() {
      return (outputs ??= parser.fields(raw.outputs));
    },
    secret: raw.secret ?? [],
    replaceOnChanges: raw.replaceOnChanges ?? [],
  };
}

/** Parser of the type texts written by typings.ts. */
class Parser {
  private readonly raw: Record<string, Record<string, string>>;
  private readonly objects = new Map<string, Type>();

  constructor(raw: Record<string, Record<string, string>>) {
    this.raw = raw;
  }

  fields(raw: Record<string, string>): Fields {
    return new Map(
      Object.entries(raw).map(([name, text]) => {
        const required = text.endsWith("!");
        return [name, { type: this.type(required ? text.slice(0, -1) : text), required }];
      }),
    );
  }

  type(text: string): Type {
    const parts = alternatives(text);
    if (parts.length > 1) return { kind: "union", of: parts.map((part) => this.type(part)) };
    if (text.endsWith("[]")) return { kind: "list", of: this.type(text.slice(0, -2)) };
    if (text.startsWith("(")) return this.type(text.slice(1, -1));
    if (text.startsWith("{")) return { kind: "map", of: this.type(text.slice(1, -1)) };
    if (text.startsWith("'")) return { kind: "literal", value: text.slice(1, -1) };
    if (text.startsWith("#")) return this.object(text.slice(1));
    if (text === "string" || text === "number" || text === "boolean" || text === "any" || text === "asset") {
      return { kind: text };
    }
    throw new Error(`sandbox: unreadable type text "${text}"`);
  }

  private object(name: string): Type {
    const cached = this.objects.get(name);
    if (cached) return cached;
    const raw = this.raw[name];
    if (!raw) throw new Error(`sandbox: the schema has no object type "${name}"`);
    let fields: Fields | undefined;
    const type: Type = { kind: "object", properties: () => (fields ??= this.fields(raw)) };
    this.objects.set(name, type);
    return type;
  }
}

/** Splits `A | B` outside of brackets and quotes. */
function alternatives(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (char === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (char === "(" || char === "{") depth += 1;
    else if (char === ")" || char === "}") depth -= 1;
    else if (depth === 0 && text.startsWith(" | ", index)) {
      parts.push(text.slice(start, index));
      start = index + 3;
    }
  }
  return [...parts, text.slice(start)];
}

/** Field at a dotted path, walking through lists and alternatives; undefined when the type has no such property. */
export function fieldAt(fields: Fields, path: readonly string[]): Field | undefined {
  const [head, ...rest] = path;
  const field = head === undefined ? undefined : fields.get(head);
  if (!field || rest.length === 0) return field;
  const inner = objectOf(field.type);
  return inner ? fieldAt(inner, rest) : undefined;
}

/** Properties of the object that a type is, or is a list or map of. */
export function objectOf(type: Type): Fields | undefined {
  if (type.kind === "object") return type.properties();
  if (type.kind === "list" || type.kind === "map") return objectOf(type.of);
  if (type.kind === "union") return type.of.map(objectOf).find((fields) => fields !== undefined);
  return undefined;
}
