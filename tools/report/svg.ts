/** Draws a laid-out graph. Graphviz's own SVG knows neither dark backgrounds nor marks; this one needs only its numbers. */
import { BOX } from "./dot.ts";
import { cut, escapeMarkup } from "./escape.ts";
import { type Graph, type GraphCluster, type GraphNode, type Status, STATUSES } from "./graph.ts";
import { type Lang, providerName, type Translate, translator } from "./texts.ts";

/** The part of Graphviz's "json" format that is read: points, origin bottom left. */
export interface Layout {
  bb?: string;
  objects?: { _gvid: number; name: string; bb?: string; pos?: string }[];
  /** Ends are `_gvid`s of objects. */
  edges?: { tail: number; head: number; pos?: string; style?: string }[];
}

export interface Drawing {
  stack: string;
  lang: Lang;
  /** A picture of what is, not of a change: no marks and counts of changes. */
  still?: boolean;
}

interface Point {
  x: number;
  y: number;
}

const PADDING = 20;
const HEADER = 46;
const LEGEND_LINE = 26;
const MIN_WIDTH = 360;
const BAR = 16;
/** A sign besides the colour, for readers who cannot tell the colours apart or print without them. */
export const SIGNS: Record<Status, string> = { created: "+", updated: "~", replaced: "±", deleted: "−", unchanged: "" };
const LOCK =
  "M2 5V3.6a3 3 0 0 1 6 0V5h.6c.5 0 .9.4.9.9v4.2c0 .5-.4.9-.9.9H1.4a.9.9 0 0 1-.9-.9V5.9c0-.5.4-.9.9-.9zm1.4 0h3.2V3.6a1.6 1.6 0 0 0-3.2 0z";

export function drawSvg(graph: Graph, layout: Layout, drawing: Drawing): string {
  const t = translator(drawing.lang);
  const [, , right = 0, top = 0] = numbers(layout.bb ?? "0,0,0,0");
  const width = Math.max(Math.ceil(right) + 2 * PADDING, MIN_WIDTH);
  const statuses = drawing.still ? [] : STATUSES;
  const legend = drawLegend(t, width, statuses);
  const legendTop = HEADER + Math.ceil(top) + 2 * PADDING;
  const height = legendTop + legend.height + PADDING / 2;
  /** Graphviz counts upwards from the bottom; SVG downwards from the top. */
  const place = ([x = 0, y = 0]: number[]): Point => ({ x: x + PADDING, y: top - y + HEADER + PADDING });
  const at = new Map(layout.objects?.map((object) => [object.name, object]));

  const boxes = graph.clusters.map((cluster, index) => {
    const bb = at.get(`cluster_c${index}`)?.bb;
    return { depth: depthOf(cluster, graph), box: bb === undefined ? "" : drawCluster(cluster, bb, place, t) };
  });
  const clusters = boxes.sort((a, b) => a.depth - b.depth).map(({ box }) => box); // what is drawn later covers
  const nameOf = new Map(layout.objects?.map((object) => [object._gvid, nodeOf(object.name, graph)?.name ?? ""]));
  const edges = (layout.edges ?? []).map((edge) => {
    if (edge.style === "invis") return ""; // dot.ts puts neighbours in a row with these
    const title = t("diagram.edge", { from: nameOf.get(edge.tail) ?? "", to: nameOf.get(edge.head) ?? "" });
    return drawEdge(edge.pos ?? "", place, title);
  });
  const nodes = graph.nodes.map((node, index) => {
    const pos = at.get(`n${index}`)?.pos;
    return pos === undefined ? "" : drawNode(node, place(numbers(pos)), t);
  });

  const title = t("diagram.title", { stack: drawing.stack });
  const counts = countTexts(graph, t, statuses);
  const subtitle = graph.nodes.length === 0 ? t("none.resources") : counts.join(", ");
  const description = t("diagram.description", { counts: counts.join(", ") });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="jats-diagram" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="jats-diagram-title jats-diagram-description">`,
    `<title id="jats-diagram-title">${escapeMarkup(title)}</title>`,
    `<desc id="jats-diagram-description">${escapeMarkup(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs><marker id="jats-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow" d="M0 .5 8 4 0 7.5z"/></marker></defs>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    `<text class="title" x="${PADDING}" y="30">${escapeMarkup(title)}</text>`,
    `<text class="muted" x="${PADDING}" y="48">${escapeMarkup(subtitle)}</text>`,
    ...[clusters, edges, nodes].flat().filter((part) => part !== ""),
    `<g transform="translate(${PADDING} ${legendTop})">${legend.markup}</g>`,
    "</svg>",
    "",
  ].join("\n");
}

function countTexts(graph: Graph, t: Translate, statuses: readonly Status[]): string[] {
  const total = graph.nodes.reduce((sum, node) => sum + node.count, 0);
  const byStatus = statuses.map((status) => {
    const n = graph.nodes.filter((node) => node.status === status).reduce((sum, node) => sum + node.count, 0);
    return n === 0 ? "" : t(`count.${status}`, { n });
  });
  return [t("resources", { n: total }), ...byStatus].filter((text) => text !== "");
}

function depthOf(cluster: GraphCluster, graph: Graph): number {
  const parent = graph.clusters.find(({ urn }) => urn === cluster.parent);
  return parent === undefined ? 0 : 1 + depthOf(parent, graph);
}

function drawCluster(cluster: GraphCluster, bb: string, place: (xy: number[]) => Point, t: Translate): string {
  const [left = 0, bottom = 0, right = 0, top = 0] = numbers(bb);
  const { x, y } = place([left, top]);
  const provider = providerName(cluster.provider, t);
  return [
    `<g class="cluster"><rect x="${round(x)}" y="${round(y)}" width="${round(right - left)}" height="${round(top - bottom)}" rx="8"/>`,
    `<text x="${round(x + 12)}" y="${round(y + 18)}">${escapeMarkup(cut(cluster.shortName, 40))}`,
    `<tspan class="muted" dx="6">${escapeMarkup(provider)}</tspan></text></g>`,
  ].join("");
}

function drawNode(node: GraphNode, centre: Point, t: Translate): string {
  const x = round(centre.x - BOX.width / 2);
  const y = round(centre.y - BOX.height / 2);
  const room = BOX.width - BAR - 14 - (node.protected ? 14 : 0);
  const folded = node.count > 1;
  const type = folded ? `${providerName(node.provider, t)}, ${t("resources", { n: node.count })}` : node.type;
  const marks = [t(`status.${node.status}`), ...(node.protected ? [t("protected")] : [])].join(", ");
  const corner = `a6 6 0 0 0-6 6v${BOX.height - 12}a6 6 0 0 0 6 6`;
  return [
    `<g class="node ${node.status}${node.protected ? " protected" : ""}" transform="translate(${x} ${y})">`,
    `<title>${escapeMarkup(`${node.name} (${type}): ${marks}`)}</title>`,
    folded ? `<rect class="box" x="4" y="4" width="${BOX.width}" height="${BOX.height}" rx="6"/>` : "",
    `<rect class="box" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    `<path class="bar" d="M6 0${corner}h${BAR - 6}V0z"/>`,
    `<rect class="outline" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    `<text class="sign" x="${BAR / 2}" y="${BOX.height / 2 + 4.5}">${SIGNS[node.status]}</text>`,
    `<text class="name" x="${BAR + 7}" y="16">${escapeMarkup(fit(node.shortName, room, 11.5))}</text>`,
    `<text class="type" x="${BAR + 7}" y="29">${escapeMarkup(fit(type, BOX.width - BAR - 12, 9))}</text>`,
    node.protected ? `<path class="lock" transform="translate(${BOX.width - 17} 6)" d="${LOCK}"/>` : "",
    "</g>",
  ].join("");
}

/** `pos` is "e,<arrow tip> <start> <control> <control> <point> ...": a Bézier curve that ends short of its arrow. */
function drawEdge(pos: string, place: (xy: number[]) => Point, title: string): string {
  const parts = pos.split(" ").filter((part) => part !== "" && !part.startsWith("s,"));
  const write = (xy: string) => {
    const { x, y } = place(numbers(xy));
    return `${round(x)} ${round(y)}`;
  };
  const tip = parts.find((part) => part.startsWith("e,"))?.slice(2);
  const [start, ...curve] = parts.filter((part) => !part.startsWith("e,")).map(write);
  if (start === undefined) return "";
  const path = `M${start}C${curve.join(" ")}${tip === undefined ? "" : `L${write(tip)}`}`;
  return `<g class="edge"><title>${escapeMarkup(title)}</title><path d="${path}" marker-end="url(#jats-arrow)"/></g>`;
}

/** "n12" is the graph's node 12 (dot.ts). */
const nodeOf = (id: string, graph: Graph): GraphNode | undefined =>
  id.startsWith("n") ? graph.nodes[Number(id.slice(1))] : undefined;

/** Broken into lines that fit the picture's width. */
function drawLegend(t: Translate, width: number, statuses: readonly Status[]): { markup: string; height: number } {
  const items: { text: string; mark: string; className: string }[] = [
    ...statuses.map((status) => ({
      text: t(`status.${status}`),
      className: `node ${status}`,
      mark: `<rect class="bar" width="14" height="14" rx="3"/><text class="sign" x="7" y="11.5">${SIGNS[status]}</text>`,
    })),
    {
      text: t("protected.legend"),
      className: "node protected",
      mark: `<path class="lock" transform="translate(2 1.5)" d="${LOCK}"/>`,
    },
    {
      text: t("diagram.uses"),
      className: "edge",
      mark: `<path d="M0 7H16" marker-end="url(#jats-arrow)"/>`,
    },
  ];
  let x = 0;
  let line = 0;
  const parts = items.map((item) => {
    const length = 20 + textWidth(item.text, 10.4) + 20;
    if (x > 0 && x + length > width - 2 * PADDING) {
      x = 0;
      line++;
    }
    const markup = `<g class="${item.className}" transform="translate(${round(x)} ${line * LEGEND_LINE})">${item.mark}<text class="key" x="21" y="11">${escapeMarkup(item.text)}</text></g>`;
    x += length;
    return markup;
  });
  return { markup: parts.join(""), height: (line + 1) * LEGEND_LINE };
}

/** Rough width in points of Helvetica or Arial, erring on the wide side; the browser's own font is not known here. */
function textWidth(text: string, size: number): number {
  const wide = (c: string) =>
    /[mwMW@%]/.test(c) ? 0.9 : /[ijltf.,:;'|!()[\]-]/.test(c) ? 0.36 : /[A-Z]/.test(c) ? 0.7 : 0.58;
  return [...text].reduce((sum, c) => sum + wide(c) * size, 0);
}

function fit(text: string, width: number, size: number): string {
  let length = [...text].length;
  while (length > 1 && textWidth(cut(text, length), size) > width) length--;
  return cut(text, length);
}

const numbers = (text: string): number[] => text.split(",").map(Number);
const round = (value: number): number => Math.round(value * 10) / 10;

/** Plain values and no variables: image viewers and librsvg read this, too. */
const STYLE = styleSheet();

function styleSheet(): string {
  const light = {
    paper: "#ffffff",
    text: "#1b2430",
    muted: "#57636f",
    cluster: "#f4f6f9",
    clusterLine: "#d3dae3",
    box: "#ffffff",
    boxLine: "#b7c1cc",
    edge: "#76838f",
    created: "#1a7f37",
    updated: "#8f5f00",
    replaced: "#7a48d1",
    deleted: "#c81e2b",
    unchanged: "#c4ccd5",
    sign: "#ffffff",
  };
  const dark: typeof light = {
    paper: "#10161d",
    text: "#e6edf3",
    muted: "#a3b0bd",
    cluster: "#18202a",
    clusterLine: "#2d3947",
    box: "#212b37",
    boxLine: "#435162",
    edge: "#8695a4",
    created: "#46b95c",
    updated: "#d6a02a",
    replaced: "#b78cff",
    deleted: "#ff6b62",
    unchanged: "#4b5866",
    sign: "#0c1117",
  };
  const colours = (c: typeof light) => {
    const s = ".jats-diagram";
    return [
      `${s} .paper{fill:${c.paper}}${s} text{fill:${c.text}}${s} .muted,${s} .type{fill:${c.muted}}${s} .cluster rect{fill:${c.cluster};stroke:${c.clusterLine}}`,
      `${s} .box{fill:${c.box};stroke:${c.boxLine}}${s} .outline{fill:none;stroke:${c.boxLine}}${s} .edge path{stroke:${c.edge};fill:none}${s} .arrow{fill:${c.edge}}${s} .sign{fill:${c.sign}}${s} .lock{fill:${c.text}}${s} .protected .outline{stroke:${c.text};stroke-width:1.6}`,
      ...STATUSES.map((status) => `${s} .${status} .bar{fill:${c[status]}}`),
    ].join("");
  };
  const fonts =
    ".jats-diagram text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;font-size:11px}.jats-diagram .title{font-size:16px;font-weight:700}.jats-diagram .cluster text{font-size:12px;font-weight:700}.jats-diagram .cluster .muted{font-size:10px;font-weight:400}.jats-diagram .name{font-size:11.5px;font-weight:700}.jats-diagram .type{font-size:9px}.jats-diagram .sign{font-size:13px;font-weight:700;text-anchor:middle}.jats-diagram .edge path{stroke-width:1.2}";
  return `${fonts}${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`;
}
