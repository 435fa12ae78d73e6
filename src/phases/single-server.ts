import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { OffsiteBackup } from "../components/aws/backup.ts";
import { OriginCertificate } from "../components/cloudflare/certificate.ts";
import { Dns } from "../components/cloudflare/dns.ts";
import { Edge } from "../components/cloudflare/edge.ts";
import { Alerting } from "../components/digitalocean/alerting.ts";
import { Firewall, Network } from "../components/digitalocean/network.ts";
import { Project } from "../components/digitalocean/project.ts";
import { Server } from "../components/digitalocean/server.ts";
import { type DropletImage, UBUNTU_OF } from "../components/digitalocean/images.ts";
import { dropletShape } from "../components/digitalocean/sizes.ts";
import { HostBundle } from "../components/host/bundle.ts";
import { ALERTS, type AlertId } from "../concepts/alerts.ts";
import { BACKUP_PLANS, type DatabaseExport } from "../concepts/backup.ts";
import type { StackContext } from "../concepts/context.ts";
import type { DataClass } from "../concepts/naming.ts";
import { stateful } from "../concepts/statefulness.ts";
import { appEnv } from "../host/app-env.ts";
import { cloudInit } from "../host/cloud-init.ts";
import { type HostSpec, type HostVersions, hostDefaults } from "../host/spec.ts";
import type { SingleServerSettings } from "../settings/single-server.ts";
import type { StackOutputs } from "./outputs.ts";
import { PhaseComponent } from "./phase-component.ts";

/** Values of a phase on one server; a stack file overrides the first three (setting `server`). */
interface SingleServerValues {
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

/** Login of this program on the server: an administrator whose key is made and kept by the stack. */
const PROVISIONER = "provisioner";

/** Phase 1, option 1 of the guide ("VPS managé"): one server with everything, an edge network in front of it. */
export class SingleServer extends PhaseComponent {
  readonly outputs: StackOutputs;

  constructor(settings: SingleServerSettings, values: SingleServerValues, context: StackContext) {
    const image = settings.server.image ?? values.image;
    const versions = hostVersions(image, settings.server.phpVersion);
    super("SingleServer", settings.platform, context, { ...versions });
    const name = context.naming.environment;
    const opts = { parent: this };
    const { cloudflare: zone, domain } = settings;
    const size = settings.server.size ?? values.size;
    const region = settings.server.region ?? values.region;
    const hostNames = [domain, `www.${domain}`] as const;
    const exports = {
      ...values.databaseExport,
      keepDailyDays: settings.backups.keepDailyDays ?? values.databaseExport.keepDailyDays,
    };

    const offsite = new OffsiteBackup(
      `${name}-offsite`,
      { context, region: settings.backups.region, ...exports },
      opts,
    );
    const certificate = new OriginCertificate(`${name}-certificate`, { context, hostNames }, opts);
    const keyName = `${name}-provisioner-key`;
    const key = new tls.PrivateKey(
      keyName,
      { algorithm: "ED25519" },
      { ...opts, ...stateful(context.guard, "key", keyName) },
    );
    const passwordName = `${name}-database-password`;
    const password = new random.RandomPassword(
      passwordName,
      { length: 40, special: false },
      { ...opts, ...stateful(context.guard, "key", passwordName) },
    );
    const edgeNetworks = cloudflare.getIpRangesOutput({}, opts);
    const edgeCidrs = edgeNetworks.apply(({ ipv4Cidrs, ipv6Cidrs }) => [...ipv4Cidrs, ...ipv6Cidrs]);
    const spec = pulumi
      .all([edgeCidrs, key.publicKeyOpenssh, offsite.bucketName])
      .apply(([trustedProxies, publicKey, bucket]) =>
        hostSpec(settings, values, context, {
          size,
          versions,
          trustedProxies,
          provisionerKey: publicKey.trim(),
          bucket,
        }),
      );

    const network = new Network(`${name}-network`, { context, region, cidr: values.vpcCidr }, opts);
    const server = new Server(
      `${name}-server`,
      {
        context,
        dataClass: values.dataClass,
        region,
        size,
        image,
        vpcId: network.vpcId,
        userData: spec.apply(cloudInit),
        deployPublicKey: key.publicKeyOpenssh,
        backupHourUtc: values.backupHourUtc,
      },
      opts,
    );
    const firewall = new Firewall(
      `${name}-firewall`,
      { context, dropletId: server.dropletId, adminAccess: settings.adminAccess, edgeCidrs },
      opts,
    );
    new HostBundle(
      `${name}-host`,
      {
        spec,
        secrets: pulumi
          .all([
            password.result,
            offsite.accessKeyId,
            offsite.secretAccessKey,
            certificate.certificatePem,
            certificate.privateKeyPem,
          ])
          .apply(([databasePassword, accessKeyId, secretAccessKey, certificatePem, privateKey]) => ({
            appEnv: appEnv({ ...appValues(settings, values), databasePassword }),
            databasePassword,
            backup: { accessKeyId, secretAccessKey },
            certificate: { certificate: certificatePem, privateKey },
          })),
        host: server.address,
        user: PROVISIONER,
        privateKey: key.privateKeyOpenssh,
        hostKey: settings.server.sshHostKey,
      },
      { ...opts, dependsOn: [firewall] },
    );
    const edge = new Edge(`${name}-edge`, { context, zoneId: zone.zoneId, plan: zone.plan }, opts);
    const dns = new Dns(`${name}-dns`, { zoneId: edge.zoneId, hostNames, address: server.address }, opts);
    new Alerting(
      `${name}-alerting`,
      {
        context,
        alerts: values.alerts,
        targets: settings.alerts,
        healthUrl: pulumi.interpolate`https://${dns.hostName}${hostDefaults.app.healthPath}`,
        dropletId: server.dropletId,
      },
      opts,
    );
    new Project(`${name}-project`, { context, resources: [server.dropletUrn] }, opts);

    this.outputs = {
      appUrl: `https://${domain}`,
      databaseEndpoint: "localhost, by socket",
      cacheEndpoint: "127.0.0.1:6379",
      cdnDomain: domain,
      backups: {
        bucket: offsite.bucketName,
        region: settings.backups.region,
        ...exports,
        serverSnapshots: "daily, 7 days",
      },
      alerts: Object.fromEntries(values.alerts.map((id) => [id, ALERTS[id].severity])),
      allowReplace: context.guard.allowReplace,
    };
    this.registerOutputs(this.outputs);
  }
}

/** The server's own software follows its image: packages for one Ubuntu do not install on another. */
const hostVersions = (image: DropletImage, php: HostVersions["php"] = hostDefaults.versions.php): HostVersions => ({
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
function hostSpec(
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

const appValues = (settings: SingleServerSettings, values: SingleServerValues) => ({
  environment: values.environment,
  domain: settings.domain,
  appKey: settings.appKey,
  database: hostDefaults.app.database,
  timezone: hostDefaults.timezone,
});
