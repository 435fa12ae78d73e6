/** The graph in Graphviz's language. Only sizes matter to the layout; what is drawn is svg.ts's own. */
import { plain } from "./escape.ts";
import type { Graph, GraphCluster, GraphNode } from "./graph.ts";

/** Sizes in points, as Graphviz and the SVG count them. One size for all boxes: columns line up. */
export const BOX = { width: 182, height: 38 } as const;
const POINTS_PER_INCH = 72;
const CLUSTER_MARGIN = 12;
export const CLUSTER_TITLE_SIZE = 12;

/** Resources without edges stand in a grid: as many rows, then as many columns, then more rows. */
const ROWS = 3;
const MOST_COLUMNS = 4;

/** A backslash starts an escape sequence of labels ("\\N" is the node's name); a NUL ends the program unfinished. */
const quote = (text: string): string =>
  `"${plain(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", " ")}"`;

/**
 * Nodes are named n0, n1 ... and clusters c0, c1 ... by their place in the graph: URNs hold characters that Graphviz
 * gives a meaning to (a colon is a port).
 */
export function toDot(graph: Graph): string {
  const ids = new Map(graph.nodes.map((node, index) => [node.urn, `n${index}`]));
  const inside = (cluster: string | undefined) => graph.nodes.filter((node) => node.cluster === cluster);
  const node = (item: GraphNode) => `${ids.get(item.urn)} [label=${quote(`${item.shortName} (${item.type})`)}];`;

  const cluster = (item: GraphCluster): string[] => [
    `subgraph cluster_c${graph.clusters.indexOf(item)} {`,
    ...[`label=${quote(item.name)}; margin=${CLUSTER_MARGIN};`, ...content(item.urn)].map((line) => `  ${line}`),
    "}",
  ];
  const content = (urn: string | undefined): string[] => [
    ...inside(urn).map(node),
    ...graph.clusters.filter(({ parent }) => parent === urn).flatMap(cluster),
  ];
  return [
    "digraph stack {",
    // Users to the right of what they use: foundations such as networks come first.
    "  rankdir=RL; nodesep=0.14; ranksep=0.65; splines=true; remincross=true;",
    `  graph [fontsize=${CLUSTER_TITLE_SIZE}, fontname="Helvetica", labeljust=l];`,
    // Out on one side, in on the other: edges that cut corners run over the names.
    "  edge [tailport=w, headport=e];",
    `  node [shape=box, fixedsize=true, width=${inches(BOX.width)}, height=${inches(BOX.height)}];`,
    ...content(undefined).map((line) => `  ${line}`),
    ...graph.edges.map(({ from, to }) => `  ${ids.get(from)} -> ${ids.get(to)};`),
    ...rows(graph).map(([left, right]) => `  ${ids.get(right)} -> ${ids.get(left)} [style=invis];`),
    "}",
    "",
  ].join("\n");
}

/** Neighbours in a row, [left, right]: a component of many resources without edges would be one tall column. */
function rows(graph: Graph): [string, string][] {
  const linked = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  return graph.clusters.flatMap((cluster) => {
    const loose = graph.nodes.filter((node) => node.cluster === cluster.urn && !linked.has(node.urn));
    const columns = Math.min(Math.ceil(loose.length / ROWS), MOST_COLUMNS);
    return loose.flatMap((node, index): [string, string][] => {
      const next = loose[index + 1];
      return next === undefined || (index + 1) % columns === 0 ? [] : [[node.urn, next.urn]];
    });
  });
}

const inches = (points: number): string => (points / POINTS_PER_INCH).toFixed(3);
