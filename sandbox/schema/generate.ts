/**
 * Writes sandbox/schema/<package>.json from the typings of the installed SDKs.
 *
 *   node sandbox/schema/generate.ts [package ...]   writes
 *   node sandbox/schema/generate.ts --check         exits 1 when a committed schema differs from the installed SDK
 *
 * Without the check an SDK upgrade would leave the sandbox accepting properties that no longer exist.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, exit, stderr } from "node:process";
import { packages } from "./packages.ts";
import type { PackageModel } from "./packages.ts";
import { Typings } from "./typings.ts";

const here = import.meta.dirname;
const root = join(here, "..", "..");

/** The schema of one package as committed text: one resource, function or object type a line, sorted. */
export function schemaText(model: PackageModel): string {
  const folder = join(root, "node_modules", model.npm);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const typings = new Typings(folder);
  const custom = customKinds(model.name);
  const resources = tokens(model, folder).map((token): [string, unknown] => {
    const known = custom.resources[token];
    if (known) return [token, known];
    const { file, name } = locate(token, folder);
    const inputs = typings.interfaceIn(`${file}.d.ts`, `${name}Args`);
    if (!inputs) throw new Error(`${model.npm} ${version} has no ${name}Args in ${file}.d.ts (type ${token})`);
    const outputs = Object.entries(typings.outputsIn(`${file}.d.ts`, name));
    // Outputs that echo an input have its type; only the rest is worth the space.
    return [token, { inputs, outputs: Object.fromEntries(outputs.filter(([key]) => !(key in inputs))), ...marks(folder, file) }];
  });
  const functions = [...model.functions].sort().map((token): [string, unknown] => {
    const { file, name } = locate(token, folder);
    const pascal = name.charAt(0).toUpperCase() + name.slice(1);
    return [
      token,
      {
        inputs: typings.interfaceIn(`${file}.d.ts`, `${pascal}Args`) ?? {},
        outputs: typings.interfaceIn(`${file}.d.ts`, `${pascal}Result`) ?? {},
      },
    ];
  });
  const provider = typings.interfaceIn("provider.d.ts", "ProviderArgs") ?? {};
  const types = Object.entries({ ...typings.types, ...custom.types }).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `{"package":${JSON.stringify(model.npm)},"version":${JSON.stringify(version)},`,
    `"provider":${JSON.stringify(provider)},`,
    `"resources":${lines(resources)},`,
    `"functions":${lines(functions)},`,
    `"types":${lines(types)}}\n`,
  ].join("\n");
}

/** Path of the committed schema of a package. */
export function schemaPath(name: string): string {
  return join(here, `${name}.json`);
}

interface Custom {
  readonly resources: Readonly<Record<string, unknown>>;
  readonly types: Readonly<Record<string, unknown>>;
}

/** Kinds of a package that its SDK has no class for (Kubernetes' custom resources), from custom.json. */
function customKinds(name: string): Custom {
  const all = JSON.parse(readFileSync(join(here, "custom.json"), "utf8")) as Record<string, Custom>;
  return all[name] ?? { resources: {}, types: {} };
}

function lines(entries: readonly (readonly [string, unknown])[]): string {
  if (entries.length === 0) return "{}";
  return `{\n${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",\n")}\n}`;
}

function tokens(model: PackageModel, folder: string): string[] {
  if (model.types === "facts") {
    const files = [`${model.name}.json`, `${model.name}-extra.json`].map((file) => join(here, "..", "facts", file));
    const known = files.filter((file) => existsSync(file)).flatMap((file) => Object.keys(factsIn(file).resources));
    return [...new Set(known)].sort();
  }
  const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js") && !file.startsWith("node_modules"))
    .map((file) => join(folder, file));
  const found = scripts.flatMap((file) => /__pulumiType = '([^']+)'/.exec(readFileSync(file, "utf8"))?.[1] ?? []);
  return found.filter((token) => token.includes(":")).sort();
}

function factsIn(file: string): { resources: object } {
  return JSON.parse(readFileSync(file, "utf8")) as { resources: object };
}

/**
 * `aws:s3/bucket:Bucket` is class Bucket of `s3/bucket`, `command:remote:Command` of `remote/command`. OVH's SDK writes
 * its files in other letters than its tokens (`ovh:CloudProject/s3Policy:S3Policy` is in `cloudproject/s3policy`).
 * Kubernetes' has the first label of an API group (`kubernetes:networking.k8s.io/v1:Ingress` is in `networking/v1`).
 */
function locate(token: string, folder: string): { file: string; name: string } {
  const [, module = "", name = ""] = token.split(":");
  const file = name.charAt(0).toLowerCase() + name.slice(1);
  const parts = module.replace(/^(\w+)\.[\w.]+\//, "$1/").split("/");
  if (parts.at(-1) === file) parts.pop();
  const path = [...parts.filter((part, index) => !(index === 0 && part === "index")), file];
  return { file: join(...path.reduce<string[]>((found, part) => [...found, spelled(join(folder, ...found), part)], [])), name };
}

/** A file's or folder's name as it is spelled in `folder`; unchanged where it is not there. */
function spelled(folder: string, part: string): string {
  if (existsSync(join(folder, part)) || existsSync(join(folder, `${part}.d.ts`)) || !existsSync(folder)) return part;
  const wanted = [part.toLowerCase(), `${part.toLowerCase()}.d.ts`];
  const found = readdirSync(folder).find((entry) => wanted.includes(entry.toLowerCase()));
  return found?.replace(/\.d\.ts$/, "") ?? part;
}

/** What the SDK itself adds to every resource of a type: secret outputs and replacing properties. */
function marks(folder: string, file: string): { secret?: string[]; replaceOnChanges?: string[] } {
  const text = readFileSync(join(folder, `${file}.js`), "utf8");
  const list = (option: string): string[] => {
    const found = new RegExp(`${option}: (\\[.*\\]) \\}`).exec(text)?.[1];
    const outputs = found ? (JSON.parse(found) as string[]) : [];
    return option === "additionalSecretOutputs" ? [...outputs, ...secretInputs(text)] : outputs;
  };
  const secret = [...new Set(list("additionalSecretOutputs"))].sort();
  const replaceOnChanges = list("replaceOnChanges");
  return { ...(secret.length ? { secret } : {}), ...(replaceOnChanges.length ? { replaceOnChanges } : {}) };
}

function secretInputs(text: string): string[] {
  return [...text.matchAll(/resourceInputs\["(\w+)"\] = [^;]*pulumi\.secret\(/g)].flatMap((match) => match[1] ?? []);
}

function main(args: readonly string[]): number {
  const check = args.includes("--check");
  const wanted = args.filter((arg) => !arg.startsWith("--"));
  let stale = 0;
  for (const model of packages.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const text = schemaText(model);
    const path = schemaPath(model.name);
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    if (check) {
      stale += 1;
      stderr.write(`${path} differs from the installed ${model.npm}: run node sandbox/schema/generate.ts ${model.name}\n`);
    } else writeFileSync(path, text);
  }
  return stale === 0 ? 0 : 1;
}

// Not import.meta.main: Node 22 has none.
if (argv[1] === import.meta.filename) exit(main(argv.slice(2)));
