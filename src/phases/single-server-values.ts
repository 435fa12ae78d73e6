import type { DropletImage } from "../components/digitalocean/images.ts";
import type { AlertId } from "../concepts/alerts.ts";
import { BACKUP_PLANS, type DatabaseExport } from "../concepts/backup.ts";
import type { DataClass } from "../concepts/naming.ts";
import type { HostSpec } from "../host/spec.ts";

/** Values of a phase on one server; a stack file overrides the first three (setting `server`). */
export interface SingleServerValues {
  size: string;
  region: string;
  image: DropletImage;
  vpcCidr: string;
  /** Hour (UTC) of the provider's daily backup: after the night's dump, before Abidjan wakes up. */
  backupHourUtc: number;
  databaseExport: DatabaseExport;
  environment: HostSpec["environment"];
  dataClass: DataClass;
  alerts: readonly AlertId[];
}

const MVP: SingleServerValues = {
  size: "s-4vcpu-8gb", // the guide's "4 vCPUs, 8GB, 160GB SSD"
  region: "fra1",
  image: "ubuntu-24-04-x64", // the guide's 22.04 leaves support in April 2027
  vpcCidr: "10.10.0.0/20",
  backupHourUtc: 4,
  databaseExport: BACKUP_PLANS.mvp.databaseExport,
  environment: "production",
  dataClass: "personal",
  alerts: ["site-down", "slow-responses", "certificate-expiry", "cpu-high", "memory-high", "disk-low"],
};

/** Same machine, smaller: what staging gives up is size, alert channels and protection, never a security setting. */
const STAGING: SingleServerValues = {
  ...MVP,
  size: "s-1vcpu-2gb", // the guide's "VPS 2GB RAM"
  vpcCidr: "10.11.0.0/20",
  databaseExport: BACKUP_PLANS.staging.databaseExport,
  environment: "staging",
  dataClass: "anonymised",
  alerts: ["site-down", "disk-low"],
};

export const SINGLE_SERVER_VALUES = { mvp: MVP, staging: STAGING } as const;
