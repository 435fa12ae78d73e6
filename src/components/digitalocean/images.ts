import type { HostVersions } from "../../host/spec.ts";

/** Images that a server of ours can start from, and the Ubuntu that is on each. */
export const UBUNTU_OF = {
  "ubuntu-24-04-x64": "24.04",
  "ubuntu-22-04-x64": "22.04",
} as const satisfies Record<string, HostVersions["ubuntu"]>;

export type DropletImage = keyof typeof UBUNTU_OF;
