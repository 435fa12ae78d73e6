/** The resources of a stack as a picture needs them: who sits in which component, who uses whom, what changed. */
import { resourceName, resourceType } from "../rehearse/events.ts";
import type { Change, StateResource } from "./model.ts";

export type Status = "created" | "updated" | "replaced" | "deleted" | "unchanged";

interface Labelled {
  /** Logical name: what `pulumi` commands and error messages call the resource. */
  name: string;
  /** The name without its component's own, which the picture shows around it: "droplet" of "server-droplet". */
  shortName: string;
  /** Last word of the type token: "Droplet". */
  type: string;
  /** Package of the type token, or for a component its second part: "digitalocean". */
  provider: string;
}

export interface GraphNode extends Labelled {
  urn: string;
  status: Status;
  protected: boolean;
  /** URN of the component around it; undefined for a resource that has none. */
  cluster: string | undefined;
  /** Resources it stands for: 1, or more when a whole component was folded into one node. */
  count: number;
}

export interface GraphCluster extends Labelled {
  urn: string;
  parent: string | undefined;
}

/** `from` uses `to`. */
export interface GraphEdge {
  from: string;
  to: string;
}

export interface Graph {
  nodes: GraphNode[];
  clusters: GraphCluster[];
  edges: GraphEdge[];
}

/** Above this many nodes a picture is wallpaper, and its layout takes seconds: components are folded. */
export const MAX_NODES = 120;

/**
 * Deterministic: everything is sorted by URN, never by the engine's order, which differs from run to run. Providers and
 * the root stack are left out. Resources that only the changes know (deleted ones, or a first preview's) are included.
 */
export function buildGraph(resources: StateResource[], changes: Change[], maxNodes = MAX_NODES): Graph {
  const known = [...uniqueByUrn(resources), ...onlyInChanges(resources, changes)].filter(({ type }) => isShown(type));
  known.sort((a, b) => order(a.urn, b.urn));
  const components = known.filter((resource) => !resource.custom);
  const componentUrns = new Set(components.map(({ urn }) => urn));
  const statuses = statusByUrn(changes);
  const around = (resource: StateResource) => {
    const parent = resource.parent ?? likelyParent(resource.urn, components);
    return parent !== undefined && componentUrns.has(parent) ? parent : undefined;
  };

  const clusters = components.map((component): GraphCluster => {
    const parent = around(component);
    return { urn: component.urn, parent, ...label(component.urn, parent) };
  });
  const nodes = known
    .filter((resource) => resource.custom)
    .map((resource): GraphNode => {
      const { urn } = resource;
      const cluster = around(resource);
      const status = statuses.get(urn) ?? "unchanged";
      return { urn, cluster, status, protected: resource.protect ?? false, count: 1, ...label(urn, cluster) };
    });
  return fold({ nodes, clusters, edges: edgesOf(known) }, maxNodes);
}

/** Plain comparison of code units: the order of a locale depends on the machine. */
export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isShown = (type: string): boolean => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");

/** A replacement under way is twice in a state, the new one first. */
function uniqueByUrn(resources: StateResource[]): StateResource[] {
  const byUrn = new Map<string, StateResource>();
  for (const resource of resources) if (!byUrn.has(resource.urn)) byUrn.set(resource.urn, resource);
  return [...byUrn.values()];
}

/** Component types are our own: `jatsmanor:<provider>:<Name>`; packages of resources have an engine or a cloud behind. */
const isComponent = (type: string): boolean => type.startsWith("jatsmanor:");

function onlyInChanges(resources: StateResource[], changes: Change[]): StateResource[] {
  const inState = new Set(resources.map(({ urn }) => urn));
  const urns = new Set(changes.map(({ urn }) => urn).filter((urn) => !inState.has(urn)));
  return [...urns].map((urn) => {
    const type = resourceType(urn);
    return { urn, type, custom: !isComponent(type) };
  });
}

/**
 * A URN holds its parents' types, not their names. Children are named from their component, so the longest component
 * name that starts the child's is its parent.
 */
function likelyParent(urn: string, components: StateResource[]): string | undefined {
  const types = urn.split("::").at(-2) ?? "";
  const parentTypes = types.slice(0, Math.max(types.lastIndexOf("$"), 0));
  const name = resourceName(urn);
  return components
    .filter((component) => component.urn.split("::").at(-2) === parentTypes)
    .filter((component) => name.startsWith(`${resourceName(component.urn)}-`))
    .sort((a, b) => resourceName(b.urn).length - resourceName(a.urn).length)[0]?.urn;
}

function label(urn: string, cluster: string | undefined): Labelled {
  const name = resourceName(urn);
  const prefix = cluster === undefined ? "" : `${resourceName(cluster)}-`;
  const parts = resourceType(urn).split(":");
  return {
    name,
    shortName: name.startsWith(prefix) && name !== prefix ? name.slice(prefix.length) : name,
    type: parts.at(-1) ?? "",
    provider: (isComponent(resourceType(urn)) ? parts[1] : parts[0]) ?? "",
  };
}

/** The engine's steps; one resource may have several, of which the gravest is shown. */
const STATUS_OF_OP: Record<string, Status> = {
  create: "created",
  import: "created",
  update: "updated",
  replace: "replaced",
  "create-replacement": "replaced",
  "import-replacement": "replaced",
  "delete-replaced": "replaced",
  delete: "deleted",
  discard: "deleted",
};
export const STATUSES: readonly Status[] = ["created", "updated", "replaced", "deleted", "unchanged"];
const GRAVITY: readonly Status[] = ["unchanged", "created", "updated", "deleted", "replaced"];

export const statusOf = (op: string): Status => STATUS_OF_OP[op] ?? "unchanged";

export function statusByUrn(changes: Change[]): Map<string, Status> {
  const statuses = new Map<string, Status>();
  for (const { op, urn } of changes) {
    const before = statuses.get(urn) ?? "unchanged";
    const status = statusOf(op);
    statuses.set(urn, GRAVITY.indexOf(status) > GRAVITY.indexOf(before) ? status : before);
  }
  return statuses;
}

/** Between resources only: an edge to a component has no box to end at. */
function edgesOf(resources: StateResource[]): GraphEdge[] {
  const shown = new Set(resources.filter(({ custom }) => custom).map(({ urn }) => urn));
  const edges = resources
    .filter(({ custom }) => custom)
    .flatMap(({ urn, dependencies = [], propertyDependencies = {} }) =>
      [...dependencies, ...Object.values(propertyDependencies).flat()].map((to) => ({ from: urn, to })),
    );
  return uniqueEdges(edges.filter(({ from, to }) => from !== to && shown.has(to)));
}

function uniqueEdges(edges: GraphEdge[]): GraphEdge[] {
  const unique = new Map(edges.map((edge) => [`${edge.from}\n${edge.to}`, edge]));
  return [...unique.values()].sort((a, b) => order(a.from, b.from) || order(a.to, b.to));
}

/** A component around everything, such as a phase, is the picture itself: a box around all boxes says nothing. */
export function unwrap(graph: Graph): Graph {
  const roots = graph.clusters.filter(({ parent }) => parent === undefined);
  const root = roots[0]?.urn;
  if (roots.length !== 1 || graph.nodes.some(({ cluster }) => cluster === undefined)) return graph;
  const clusters = graph.clusters
    .filter(({ urn }) => urn !== root)
    .map((cluster) => (cluster.parent === root ? { ...cluster, parent: undefined } : cluster));
  if (clusters.length === 0) return graph;
  const nodes = graph.nodes.map((node) => (node.cluster === root ? { ...node, cluster: undefined } : node));
  return { ...graph, nodes, clusters };
}

/** Folds components without components inside, the fullest first, until the nodes are few enough. */
function fold(graph: Graph, maxNodes: number): Graph {
  if (graph.nodes.length <= maxNodes) return graph;
  const parents = new Set(graph.clusters.map(({ parent }) => parent));
  const size = (urn: string) => graph.nodes.filter(({ cluster }) => cluster === urn).length;
  const fullest = graph.clusters
    .filter(({ urn }) => !parents.has(urn) && size(urn) > 0)
    .sort((a, b) => size(b.urn) - size(a.urn) || order(a.urn, b.urn))[0];
  // Resources outside every component cannot be folded; the program's tests forbid them.
  return fullest === undefined ? graph : fold(foldOne(graph, fullest), maxNodes);
}

function foldOne(graph: Graph, cluster: GraphCluster): Graph {
  const inside = graph.nodes.filter((node) => node.cluster === cluster.urn);
  const statuses = new Set(inside.map(({ status }) => status));
  const { parent, ...labels } = cluster;
  const node: GraphNode = {
    ...labels,
    cluster: parent,
    status: statuses.size === 1 ? (inside[0]?.status ?? "unchanged") : "updated", // something in it changed
    protected: inside.some((member) => member.protected),
    count: inside.reduce((sum, member) => sum + member.count, 0),
  };
  const urns = new Set(inside.map(({ urn }) => urn));
  const moved = (urn: string) => (urns.has(urn) ? cluster.urn : urn);
  const edges = graph.edges.map(({ from, to }) => ({ from: moved(from), to: moved(to) }));
  return {
    nodes: [...graph.nodes.filter(({ urn }) => !urns.has(urn)), node].sort((a, b) => order(a.urn, b.urn)),
    clusters: graph.clusters.filter(({ urn }) => urn !== cluster.urn),
    edges: uniqueEdges(edges.filter(({ from, to }) => from !== to)),
  };
}
