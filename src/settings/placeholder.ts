/**
 * What only the owner knows (domain, networks, account ids, keys) is committed as `placeholder:<example>`. A real
 * update refuses it; a rehearsal works on a copy of the stack file from which the mark is stripped.
 */
export const PLACEHOLDER = "placeholder:";

/** Dotted paths of every placeholder inside a value, for example ["adminAccess.cidrs[0]"]. */
export function placeholderPaths(value: unknown, path: string): string[] {
  if (typeof value === "string") return value.startsWith(PLACEHOLDER) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => placeholderPaths(item, `${path}[${index}]`));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => placeholderPaths(item, `${path}.${key}`));
  }
  return [];
}
