/** Where a resource lives. */
import type { Resource } from "../../engine/resource.ts";

/** Region of an AWS resource: its own property (provider v7) beats the provider's. Undefined when neither says. */
export const awsRegion = (resource: Resource): string | undefined =>
  resource.text("region") ?? resource.provider?.text("region");
