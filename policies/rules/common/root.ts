/**
 * The component a stack's program starts with: `jatsmanor:phases:<Name>`, whose inputs say which phase it is.
 *
 * Rules on the whole stack see a component's registered outputs, not its inputs; rules on a resource see the inputs,
 * and the root comes first. So what a root said is remembered for the life of the pack's process, which is one
 * operation on one stack.
 */
import type { Resource } from "../../engine/resource.ts";

export const ROOT = ["jatsmanor:phases:*"] as const;
export const isRoot = (resource: Resource): boolean => resource.is(ROOT);

/** Roots by URN. */
export const rootsSeen = new Map<string, Resource>();

/** Whether the setting `jatsmanor:allowReplace` lets a resource go for this update. */
export const mayGo = (resource: Resource): boolean =>
  [...rootsSeen.values()].some(
    (root) => root.peek("allowReplace").state === "known" && root.texts("allowReplace").known.includes(resource.name),
  );
