/** What a rule sees of a resource and of the whole stack. */
import { View, steps, unwrap, type Path } from "./values.ts";

export interface ResourceFacts {
  type: string;
  name: string;
  urn: string;
  props: unknown;
  protect?: boolean;
  provider?: { type: string; urn: string; name: string; props: unknown };
}

export class Resource extends View {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly protect: boolean;
  readonly provider: Resource | undefined;
  /** Resources that a top-level property was computed from; empty outside stack rules. */
  private readonly sources = new Map<string, Resource[]>();

  constructor(facts: ResourceFacts) {
    super(unwrap(facts.props));
    this.type = facts.type;
    this.name = facts.name;
    this.urn = facts.urn;
    this.protect = facts.protect === true;
    this.provider = facts.provider && new Resource(facts.provider);
  }

  /** `Droplet web`, as messages name it. */
  get label(): string {
    return `${this.type.split(":").pop()} ${this.name}`;
  }

  setSources(property: string, from: Resource[]): void {
    this.sources.set(property, from);
  }

  /** Resources behind a property, even where its value is still unknown. */
  sourcesOf(path: Path): Resource[] {
    return this.sources.get(String(steps(path)[0])) ?? [];
  }

  is(types: TypeSet): boolean {
    return matcher(types)(this.type);
  }
}

/** Tokens that mean the same thing; one that ends in `*` is a prefix. */
export type TypeSet = readonly string[];

const matchers = new WeakMap<TypeSet, (type: string) => boolean>();
export function matcher(types: TypeSet): (type: string) => boolean {
  let found = matchers.get(types);
  if (!found) {
    const exact = new Set(types.filter((t) => !t.endsWith("*")));
    const prefixes = types.filter((t) => t.endsWith("*")).map((t) => t.slice(0, -1));
    found = (type) => exact.has(type) || prefixes.some((p) => type.startsWith(p));
    matchers.set(types, found);
  }
  return found;
}

export class Stack {
  readonly resources: readonly Resource[];
  constructor(resources: readonly Resource[]) {
    this.resources = resources;
  }

  all(types: TypeSet): Resource[] {
    const match = matcher(types);
    return this.resources.filter((r) => match(r.type));
  }

  /** Stack and project, read off any URN: the SDK tells a pack neither. */
  get urnParts(): { stack: string; project: string } {
    const [, head = "", project = ""] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(this.resources[0]?.urn ?? "") ?? [];
    return { stack: head, project };
  }
}
