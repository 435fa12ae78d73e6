import { type DropletImage, UBUNTU_OF } from "../components/digitalocean/images.ts";
import { dropletShape } from "../components/digitalocean/sizes.ts";
import type { StackContext } from "../concepts/context.ts";
import { type HostSpec, type HostVersions, hostDefaults } from "../host/spec.ts";
import type { SingleServerSettings } from "../settings/single-server.ts";
import type { SingleServerValues } from "./single-server-values.ts";

/** Login of this program on the server: an administrator whose key is made and kept by the stack. */
export const PROVISIONER = "provisioner";

/** The server's own software follows its image: packages for one Ubuntu do not install on another. */
export const hostVersions = (
  image: DropletImage,
  php: HostVersions["php"] = hostDefaults.versions.php,
): HostVersions => ({
  ...hostDefaults.versions,
  php,
  ubuntu: UBUNTU_OF[image],
});

interface KnownLater {
  size: string;
  versions: HostVersions;
  trustedProxies: string[];
  provisionerKey: string;
  bucket: string;
}

/** The server as data: from here on, pure functions render it. */
export function hostSpec(
  settings: SingleServerSettings,
  values: SingleServerValues,
  context: StackContext,
  later: KnownLater,
): HostSpec {
  const plan = values.databaseExport;
  return {
    ...hostDefaults,
    name: `${context.naming.project}-${context.naming.environment}`,
    role: "all-in-one",
    environment: values.environment,
    sizes: dropletShape(later.size),
    versions: later.versions,
    domains: [settings.domain, `www.${settings.domain}`],
    tls: { source: "origin-ca" },
    trustedProxies: later.trustedProxies,
    ssh: { allowedCidrs: settings.adminAccess.mode === "ssh" ? settings.adminAccess.cidrs : [] },
    adminUsers: [
      { name: PROVISIONER, sshPublicKeys: [later.provisionerKey] },
      ...settings.admins.map((admin) => ({ name: admin.name, sshPublicKeys: [admin.sshPublicKey] })),
    ],
    deployKeys: [],
    backup: {
      dumpAt: plan.dailyAtUtc,
      weeklyOn: plan.weeklyOn,
      retainDailyDays: 2, // on the server's own disk; the bucket keeps the rest
      maxAgeHours: 26,
      bucket: { name: later.bucket, region: settings.backups.region },
      agePublicKey: settings.backups.agePublicKey,
    },
  };
}

export const appValues = (settings: SingleServerSettings, values: SingleServerValues) => ({
  environment: values.environment,
  domain: settings.domain,
  appKey: settings.appKey,
  database: hostDefaults.app.database,
  timezone: hostDefaults.timezone,
});
