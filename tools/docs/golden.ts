/** The committed inventory of a stack (tests/golden), which the real engine's state is compared with in every test run. */
import fs from "node:fs";
import path from "node:path";
import type { StateResource } from "../report/model.ts";

export interface GoldenEntry {
  type: string;
  name: string;
  parent: string;
  protect?: true;
  /** Property -> names of the resources it refers to. */
  edges?: Record<string, string[]>;
  inputs?: Record<string, unknown>;
}

/** Inventories by stack, sorted by name; a new stack appears with its file. */
export function readGoldens(root: string): Map<string, GoldenEntry[]> {
  const folder = path.join(root, "tests", "golden");
  const files = fs.readdirSync(folder).filter((file) => file.endsWith(".json"));
  return new Map(
    files
      .sort()
      .map((file) => [
        file.slice(0, -".json".length),
        JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as GoldenEntry[],
      ]),
  );
}

export const isComponent = ({ type }: GoldenEntry): boolean => type.startsWith("jatsmanor:");

/** As resources of a state: an inventory knows others by name, a state by URN. Names that nothing has are left out. */
export function stateOf(stack: string, golden: readonly GoldenEntry[]): StateResource[] {
  const urn = ({ type, name }: GoldenEntry) => `urn:pulumi:${stack}::jatsmanor::${type}::${name}`;
  const find = (name: string, component: boolean) =>
    golden.find((entry) => entry.name === name && isComponent(entry) === component);
  return golden.map((entry) => {
    const parent = find(entry.parent, true);
    const dependencies = Object.values(entry.edges ?? {})
      .flat()
      .flatMap((name) => find(name, false) ?? []);
    return {
      urn: urn(entry),
      type: entry.type,
      custom: !isComponent(entry),
      protect: entry.protect ?? false,
      dependencies: dependencies.map(urn),
      ...(parent === undefined ? {} : { parent: urn(parent) }),
    };
  });
}

/** Parts that all others stand on: arrows to them cover a picture and say what everybody expects. */
const FOUNDATIONS = /^jatsmanor:[^:]+:(Network|SecurityGroups|EncryptionKey|Keys)$/;
export const isFoundation = ({ type }: GoldenEntry): boolean => FOUNDATIONS.test(type);

/** An inventory without its foundations and what is in them. */
export function withoutFoundations(golden: readonly GoldenEntry[]): GoldenEntry[] {
  const hidden = new Set(golden.filter(isFoundation).map(({ name }) => name));
  let before = -1;
  while (hidden.size > before) {
    before = hidden.size;
    for (const entry of golden) if (isComponent(entry) && hidden.has(entry.parent)) hidden.add(entry.name);
  }
  return golden.filter((entry) => !hidden.has(entry.parent) && !(isComponent(entry) && hidden.has(entry.name)));
}
