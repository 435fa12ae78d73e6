/** Log groups and how long they keep. */
import type { Resource } from "../../engine/resource.ts";

/** Days that CloudWatch accepts; 0 and none mean for ever. */
export const ALLOWED_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Whether the group holds what an investigation needs, by its name: a cluster's control plane writes its audit log into
 * /aws/eks/<cluster>/cluster. @throws Undetermined while the name is unknown.
 */
export const isAuditLog = (group: Resource): boolean =>
  /audit|trail|flow|waf|^\/aws\/eks\//i.test(group.text("name") ?? group.text("namePrefix") ?? group.name);
