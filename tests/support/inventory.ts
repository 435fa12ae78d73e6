/**
 * The golden inventory of a stack: what exists, where it belongs, what it depends on, and the inputs that decide about
 * security. Taken from the real engine's state, sorted, without anything random.
 */
import fs from "node:fs";
import path from "node:path";
import type { StateResource } from "../../tools/report/model.ts";

export interface InventoryEntry {
  type: string;
  name: string;
  parent: string;
  protect?: true;
  /** property -> names of the resources it refers to */
  edges?: Record<string, string[]>;
  inputs?: Record<string, unknown>;
}

const GOLDEN = path.join(import.meta.dirname, "..", "golden");

/** Input names that decide about access, encryption, exposure, backup, alerting or end of life. */
const RELEVANT = new RegExp(
  [
    "access|acl|action|admin|alarm|alert|attach|auth|backup|bind|block|certificate|cidr|compar|cross|delet|deny|destroy",
    "encrypt|enable|endpoint|engine|expir|firewall|group|hsts|https?|iam|image|ingress|egress|kms|lifecycle|lock|log|mfa",
    "mode|monitor|multi|network|patch|period|permission|phase|plan|policy|port|prefix|principal|private|protect|protocol",
    "proxied|public|quota|rate|region|replica|require|restrict|retention|role|rotation|rules?|scaling|schedule|scope|secret|secur",
    "setting|size|snapshot|source|ssl|statement|status|storage|subnet|tags?|target|threshold|tls|token|type|value|version",
    "window|zone",
  ].join("|"),
  "i",
);
const SECRET_MARK = "4dabf18193072939515e22adb298388d";
const LONGEST = 160;
/** A map of more entries is a document that is pinned elsewhere (the pack config inside a policy group). */
const MOST_KEYS = 25;

export function inventory(resources: StateResource[]): InventoryEntry[] {
  return resources
    .filter((resource) => !resource.type.startsWith("pulumi:"))
    .map(entry)
    .sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}

function entry(resource: StateResource): InventoryEntry {
  const dependencies = Object.entries(resource.propertyDependencies ?? {}).filter(([, urns]) => urns.length > 0);
  const edges = dependencies.map(([property, urns]): [string, string[]] => [
    property,
    [...new Set(urns.map(nameOf))].sort(),
  ]);
  const referring = new Set(edges.map(([property]) => property));
  const inputs = [
    ...Object.entries(resource.inputs ?? {}).filter(
      ([key, value]) => RELEVANT.test(key) && !referring.has(key) && !isAutomaticName(resource, value),
    ),
    ...(resource.type.startsWith("kubernetes:") ? insideSpec(resource) : []),
  ];
  return {
    type: resource.type,
    name: nameOf(resource.urn),
    parent: nameOf(resource.parent ?? ""),
    ...(resource.protect === true ? { protect: true } : {}),
    ...(edges.length > 0 ? { edges: Object.fromEntries(sorted(edges)) } : {}),
    ...(inputs.length > 0
      ? { inputs: Object.fromEntries(sorted(inputs).map(([key, value]) => [key, shown(value)])) }
      : {}),
  };
}

/** `<logical name>-<7 random digits>`, given by the provider. */
const isAutomaticName = (resource: StateResource, value: unknown): boolean =>
  typeof value === "string" && /-[0-9a-f]{7}$/.test(value) && value.slice(0, -8) === nameOf(resource.urn);

/** What decides about security in a Kubernetes object, all of whose inputs lie in `metadata` and `spec`. */
const IN_OBJECT = [
  /^metadata\.labels\.(pod-security|istio\.io)/,
  /^chart$/,
  /^spec\.(mtls|servers|rules|action|podSelector|policyTypes|ingress|egress|hard|enforcementAction|parameters)/,
  /^spec\.(minReplicas|maxReplicas|maxUnavailable|replicas)$/,
  /securityContext|automountServiceAccountToken|hostPath|\.image$|\.resources\.|capabilities/,
];

function insideSpec(resource: StateResource): [string, unknown][] {
  const leaves = (value: unknown, at: string): [string, unknown][] => {
    // `podSelector: {}` is every pod, and says a lot.
    if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [[at, value]];
    return Object.entries(value).flatMap(([key, item]) => leaves(item, at ? `${at}.${key}` : key));
  };
  return leaves(resource.inputs ?? {}, "").filter(([at]) => IN_OBJECT.some((pattern) => pattern.test(at)));
}

function shown(value: unknown): unknown {
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value;
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_MARK in value) return "[secret]";
  const entries = Object.entries(value).filter(([key]) => key !== "__defaults"); // a mark of the bridged providers
  if (entries.length > MOST_KEYS) return "[document]";
  return Object.fromEntries(sorted(entries).map(([key, item]) => [key, shown(item)]));
}

const sorted = <T>(entries: [string, T][]): [string, T][] => entries.sort(([a], [b]) => (a < b ? -1 : 1));
const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

/** The committed inventory; with UPDATE_GOLDEN=1 the new one is written first, to be read in the diff. */
export function golden(stack: string, found: InventoryEntry[]): InventoryEntry[] {
  const file = path.join(GOLDEN, `${stack}.json`);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    fs.mkdirSync(GOLDEN, { recursive: true });
    fs.writeFileSync(file, `[\n${found.map((item) => JSON.stringify(item)).join(",\n")}\n]\n`);
  }
  if (!fs.existsSync(file))
    throw new Error(`no golden inventory of ${stack}: run UPDATE_GOLDEN=1 make test ARGS=tests/engine/stacks`);
  return JSON.parse(fs.readFileSync(file, "utf8")) as InventoryEntry[];
}
