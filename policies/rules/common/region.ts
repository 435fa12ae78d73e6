/** Where a resource lives. */
import type { Resource } from "../../engine/resource.ts";

/**
 * Region of an AWS resource: its own property (provider v7) beats the provider's. Undefined when neither says.
 * In a preview the provider shows its own property as unknown where nobody set it: then the provider's counts.
 * @throws Undetermined when only the update can tell.
 */
export const awsRegion = (resource: Resource): string | undefined => {
  const known = resource.peek("region").state === "known" ? resource.text("region") : undefined;
  return known ?? resource.provider?.text("region") ?? resource.text("region");
};
