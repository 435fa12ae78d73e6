/**
 * Reading resource properties that may be unknown, secret or of the wrong type.
 *
 * The SDK hands a rule a proxy that throws on an unknown value, whatever the rule was doing. Rules read through a
 * `View` instead: it tells "absent", "unknown" and "known" apart, and its typed readers never throw on a wrong type,
 * so that a strange value becomes a violation rather than a crash.
 */

/** Sentinels of `@pulumi/policy/proxy` for a value that exists only after the update (a test keeps them equal). */
const UNKNOWN = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** True for the placeholder of a value that is not known before the update. */
export const isUnknown = (value: unknown): boolean => typeof value === "string" && UNKNOWN.has(value);

/** The properties behind the SDK's proxies. */
export function unwrap(value: unknown): unknown {
  let current = value;
  // Two proxies may be stacked (unknowns over secrets); the bound only guards against a hostile object.
  for (let depth = 0; depth < 4 && isObject(current); depth++) {
    if (current["__isSpecialProxy"] !== true) break;
    current = current["__getSpecialProxyTarget"];
  }
  return current;
}

/** Thrown by a reader that meets an unknown value; the wrapper turns it into one note per rule and resource. */
export class Undetermined extends Error {
  readonly view: View;
  readonly path: string;
  constructor(view: View, path: string) {
    super(`${path} is not known yet`);
    this.view = view;
    this.path = path;
  }
}

type Bag = Record<string, unknown>;
type Step = string | number;
/** `a.b[0].c`, or a list of steps where a key itself holds a dot. */
export type Path = string | readonly Step[];
export type Peek = { state: "known"; value: unknown } | { state: "absent" } | { state: "unknown" };

export const isObject = (value: unknown): value is Bag => typeof value === "object" && value !== null;

/** A string, number or boolean. */
export const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Keys whose value was a secret, per container; filled by engine/sdk.ts. */
const secrets = new WeakMap<object, Set<string>>();
export function markSecret(container: object, key: Step): void {
  const keys = secrets.get(container) ?? new Set();
  secrets.set(container, keys.add(String(key)));
}

const parsed = new Map<string, readonly Step[]>();
export function steps(path: Path): readonly Step[] {
  if (typeof path !== "string") return path;
  let found = parsed.get(path);
  if (!found) {
    found = [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((m) => (m[1] === undefined ? (m[2] ?? "") : Number(m[1])));
    parsed.set(path, found);
  }
  return found;
}
const join = (path: readonly Step[]): string =>
  path.map((s, i) => (typeof s === "number" ? `[${s}]` : i === 0 ? s : `.${s}`)).join("");

/** Containers of which nothing is known yet, not even which properties they have. */
const blanks = new WeakSet<object>();
export function markBlank(container: object): void {
  blanks.add(container);
}

/** A place in a resource's properties. */
export class View {
  readonly root: Bag;
  readonly base: readonly Step[];
  constructor(root: unknown, base: readonly Step[] = []) {
    this.root = isObject(root) ? root : {};
    this.base = base;
  }

  /** Full path of a property, for messages. */
  at(path: Path = []): string {
    return join([...this.base, ...steps(path)]);
  }

  peek(path: Path = []): Peek {
    if (blanks.has(this.root)) return { state: "unknown" };
    let value: unknown = this.root;
    for (const step of [...this.base, ...steps(path)]) {
      if (isUnknown(value)) return { state: "unknown" };
      if (!isObject(value) || !Object.hasOwn(value, step)) return { state: "absent" };
      value = value[step];
      // During a remediation the SDK hands secrets over wrapped.
      if (isObject(value) && value.constructor?.name === "Secret") value = value["value"];
    }
    if (isUnknown(value)) return { state: "unknown" };
    return value === undefined || value === null ? { state: "absent" } : { state: "known", value };
  }

  /** Set at all, known or not. */
  has(path: Path = []): boolean {
    return this.peek(path).state !== "absent";
  }

  /** The value, `undefined` when absent. @throws Undetermined when it is not known yet. */
  get(path: Path = []): unknown {
    const found = this.peek(path);
    if (found.state === "unknown") throw new Undetermined(this, this.at(path));
    return found.state === "known" ? found.value : undefined;
  }

  /** Text of a string, number or boolean; `undefined` when absent or of another type. */
  text(path: Path = []): string | undefined {
    const value = this.get(path);
    return isPlain(value) ? String(value) : undefined;
  }

  /** A number; the clouds accept "35" for 35. NaN for any other type, so that `!(n >= min)` fails on it. */
  number(path: Path = []): number | undefined {
    const value = this.get(path);
    if (value === undefined || typeof value === "number") return value;
    return typeof value === "string" && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : NaN;
  }

  /**
   * The value if it is known. For what a provider fills in by itself when the program leaves it out (inline blocks of a
   * bucket): in a preview such a property is unknown although nobody set it, so unknown counts as unset.
   */
  given(path: Path = []): unknown {
    const found = this.peek(path);
    return found.state === "known" ? found.value : undefined;
  }

  /** A boolean; "true" and "false" count, since provider inputs and launch templates hold strings. */
  flag(path: Path = []): boolean | undefined {
    const value = this.get(path);
    if (value === true || value === "true") return true;
    return value === false || value === "false" ? false : undefined;
  }

  /** Views of a list's elements; a single object counts as a list of one. @throws Undetermined for an unknown list. */
  items(path: Path = []): View[] {
    const value = this.get(path);
    const here = [...this.base, ...steps(path)];
    if (Array.isArray(value)) return value.map((_, i) => new View(this.root, [...here, i]));
    return isObject(value) ? [new View(this.root, here)] : [];
  }

  /** Known strings of a list (or of a lone string), and whether some elements are unknown. */
  texts(path: Path = []): { known: string[]; partial: boolean } {
    const value = this.get(path);
    const all = Array.isArray(value) ? value : value === undefined ? [] : [value];
    const known = all.filter((v) => !isUnknown(v) && v !== null && !isObject(v)).map(String);
    return { known, partial: all.some(isUnknown) };
  }

  /** Keys of a map, unknown values included (an unknown value is present). */
  keys(path: Path = []): string[] {
    const value = this.get(path);
    return isObject(value) && !Array.isArray(value) ? Object.keys(value) : [];
  }

  isSecret(path: Path = []): boolean {
    let value: unknown = this.root;
    for (const step of [...this.base, ...steps(path)]) {
      if (!isObject(value)) return false;
      if (secrets.get(value)?.has(String(step))) return true;
      value = value[step];
    }
    return false;
  }

  /** The value for a message: short, and never a secret one. */
  show(path: Path = []): string {
    if (this.isSecret(path)) return "[secret]";
    const found = this.peek(path);
    if (found.state === "absent") return "unset";
    if (found.state === "unknown") return "not known yet";
    return describe(found.value);
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (isObject(value)) return "an object";
  if (typeof value !== "string") return String(value);
  const flat = value.replace(/\s+/g, " ");
  return flat.length > 60 ? `a text of ${value.length} characters` : JSON.stringify(flat);
}
