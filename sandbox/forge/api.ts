/**
 * A simulated Laravel Forge: the part of its API in facts/forge.json over HTTP, on loopback. Collections by their path
 * below the organisation, JSON:API answers, its refusals (401, 404, 422). Records are kept in one file, without what Forge
 * does not give back either (passwords, keys, an .env).
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { dirname, join } from "node:path";

interface Collection {
  readonly required: readonly string[];
  readonly unique?: string;
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  readonly maxLength?: Readonly<Record<string, number>>;
  /** Attributes at the first reading, and after it: Forge works asynchronously. */
  readonly settles: readonly [object, object];
  readonly writeOnly?: readonly string[];
  /** A record comes with one in a collection below it (a site with its domain). */
  readonly makes?: { readonly collection: string; readonly attributes: readonly string[] };
}
interface Facts {
  readonly collections: Readonly<Record<string, Collection>>;
  readonly documents: Readonly<Record<string, { readonly required: readonly string[] }>>;
}
interface Item {
  id: number;
  folder: string;
  attributes: Record<string, unknown>;
  reads: number;
}
export interface Answer {
  status: number;
  body?: unknown;
}

const facts = JSON.parse(readFileSync(join(import.meta.dirname, "..", "facts", "forge.json"), "utf8")) as Facts;
const shape = (path: string): string => path.replace(/\/\d+(?=\/|$)/g, "/*");

export class ForgeDouble {
  private readonly file: string;
  /** What was asked, for tests: method, path, status. */
  readonly calls: string[] = [];

  /** @param dir folder of the sandbox's state */
  constructor(dir: string) {
    this.file = join(dir, "forge.json");
  }

  answer(method: string, url: string, authorization: string, body: Record<string, unknown>): Answer {
    const [, path = ""] = /^\/orgs\/[^/]+(\/[^?]*)/.exec(url) ?? [];
    const answer = this.route(method, path, authorization, body);
    this.calls.push(`${method} ${path} ${answer.status}`);
    return answer;
  }

  private route(method: string, path: string, authorization: string, body: Record<string, unknown>): Answer {
    if (!/^Bearer \S{20,}$/.test(authorization)) return { status: 401, body: { message: "Unauthenticated." } };
    const items = this.items();
    const parent = /^(.*)\/[a-z-]+$/.exec(path)?.[1] ?? "";
    const parentId = /\/(\d+)$/.exec(parent)?.[1];
    if (parentId !== undefined && !items.some((item) => `${item.folder}/${item.id}` === parent)) return missing(path);
    const document = facts.documents[shape(path)];
    if (document !== undefined && method === "PUT") {
      const errors = document.required.filter((name) => !body[name]);
      return errors.length > 0 ? invalid(errors.map((name) => [name, "is required"])) : { status: 202 };
    }
    if (facts.collections[shape(path)] !== undefined) {
      if (method === "GET") return { status: 200, body: page(items.filter(({ folder }) => folder === path)) };
      if (method === "POST") return this.create(items, path, body);
    }
    const item = items.find(({ folder, id }) => `${folder}/${id}` === path);
    if (item === undefined) return missing(path);
    if (method === "DELETE") {
      this.save(items.filter((other) => other !== item && !other.folder.startsWith(`${path}/`)));
      return { status: 202 };
    }
    if (method !== "GET") return { status: 405, body: { message: `The ${method} method is not supported` } };
    item.reads += 1;
    this.save(items);
    return { status: 200, body: { data: shown(item) } };
  }

  private create(items: Item[], folder: string, body: Record<string, unknown>): Answer {
    const collection = facts.collections[shape(folder)];
    if (collection === undefined) return missing(folder);
    const errors = problems(collection, body);
    const { unique } = collection;
    const taken = items.some((item) => item.folder === folder && unique && item.attributes[unique] === body[unique]);
    if (unique !== undefined && taken) errors.push([unique, `${String(body[unique])} has already been taken`]);
    if (errors.length > 0) return invalid(errors);
    const hidden = new Set(collection.writeOnly ?? []);
    const attributes = Object.fromEntries(Object.entries(body).filter(([name]) => !hidden.has(name)));
    const next = () => Math.max(100, ...items.map(({ id }) => id)) + 1;
    const item: Item = { id: next(), folder, attributes, reads: 0 };
    items.push(item);
    if (collection.makes !== undefined) {
      const copied = Object.fromEntries(collection.makes.attributes.map((name) => [name, body[name]]));
      items.push({
        id: next(),
        folder: `${folder}/${item.id}/${collection.makes.collection}`,
        attributes: copied,
        reads: 0,
      });
    }
    this.save(items);
    return { status: 202, body: { data: shown(item) } };
  }

  private items(): Item[] {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, "utf8")) as Item[]) : [];
  }

  /** Written aside and renamed: a rehearsal may be killed at any moment. */
  private save(items: Item[]): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.partial`, JSON.stringify(items, null, 1));
    renameSync(`${this.file}.partial`, this.file);
  }
}

function problems(collection: Collection, body: Record<string, unknown>): [string, string][] {
  const given = (name: string): boolean => body[name] !== undefined && body[name] !== null && body[name] !== "";
  const missingFields = collection.required.filter((name) => !given(name));
  const wrong = Object.entries(collection.enums ?? {}).filter(([n, all]) => given(n) && !all.includes(String(body[n])));
  const long = Object.entries(collection.maxLength ?? {}).filter(([name, max]) => textOf(body[name]).length > max);
  return [
    ...missingFields.map((name): [string, string] => [name, "is required"]),
    ...wrong.map(([name]): [string, string] => [name, `${String(body[name])} is invalid`]),
    ...long.map(([name, max]): [string, string] => [name, `must not be greater than ${max} characters`]),
  ];
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));

function shown({ id, folder, attributes, reads }: Item): object {
  const collection = facts.collections[shape(folder)];
  const settled = collection?.settles[reads > 1 ? 1 : 0] ?? {};
  return { id: String(id), type: folder.split("/").at(-1), attributes: { ...attributes, ...settled } };
}

const page = (items: Item[]) => ({
  data: items.map(shown),
  links: {},
  meta: { path: "", per_page: 100, next_cursor: null, prev_cursor: null },
});
const missing = (path: string): Answer => ({ status: 404, body: { message: `No query results for ${path}` } });
const invalid = (errors: [string, string][]): Answer => ({
  status: 422,
  body: {
    message: "The given data was invalid.",
    errors: Object.fromEntries(errors.map(([name, text]) => [name, [`The ${name} ${text}.`]])),
  },
});

/** Serves the double on a free loopback port. */
export async function serveForge(double: ForgeDouble): Promise<{ api: string; server: Server }> {
  const server = createServer((request, response) => void reply(double, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { api: `http://127.0.0.1:${port}/api`, server };
}

async function reply(double: ForgeDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  const url = (request.url ?? "").replace(/^\/api/, "");
  const answer = double.answer(request.method ?? "GET", url, request.headers.authorization ?? "", body);
  response.writeHead(answer.status, { "Content-Type": "application/vnd.api+json" });
  response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
}
