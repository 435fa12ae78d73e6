/** Data on its way into a page, a picture or a terminal: names and messages are other people's text. */
import { stripVTControlCharacters } from "node:util";

/** The engine's own colour marks, for example "<{%reset%}>". */
const ENGINE_COLOURS = /<\{%.*?%\}>/g;
/** Control and invisible format characters: they move a terminal's cursor, turn text around, or are illegal in XML. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]/gu;

export const plain = (text: string): string =>
  stripVTControlCharacters(text.replaceAll(ENGINE_COLOURS, "").replaceAll("\r\n", "\n")).replaceAll(INVISIBLE, "");

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** For text and quoted attributes of HTML and SVG alike. */
export const escapeMarkup = (text: string): string => plain(text).replaceAll(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

export const firstLine = (text: string): string => plain(text).trim().split("\n")[0] ?? "";

/** Whole characters, the last one an ellipsis when something was left out. */
export function cut(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(length - 1, 0)).join("")}…`;
}
