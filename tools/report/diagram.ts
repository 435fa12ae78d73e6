/** The picture of a stack: our graph, Graphviz's layout (WebAssembly, no program to install), our drawing. */
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { toDot } from "./dot.ts";
import { type Graph, unwrap } from "./graph.ts";
import { drawSvg, type Drawing, type Layout } from "./svg.ts";

/** Deterministic: the same graph gives the same bytes. */
export async function renderDiagram(graph: Graph, drawing: Drawing): Promise<string> {
  const shown = unwrap(graph);
  const graphviz = await Graphviz.load();
  const layout = JSON.parse(graphviz.layout(toDot(shown), "json", "dot")) as Layout;
  return drawSvg(shown, layout, drawing);
}
