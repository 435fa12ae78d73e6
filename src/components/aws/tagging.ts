import { type DataClass, physicalName, tags } from "../../concepts/naming.ts";
import type { StackContext } from "../../concepts/context.ts";

/** Tags of a resource, with the `Name` that AWS's consoles show for resources that have no name of their own. */
export function namedTags(context: StackContext, dataClass: DataClass, ...parts: string[]): Record<string, string> {
  return { ...tags(context.naming, dataClass), Name: physicalName(context.naming, "other", ...parts) };
}
