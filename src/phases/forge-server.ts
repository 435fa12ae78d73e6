import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { OffsiteBackup } from "../components/aws/backup.ts";
import { OriginCertificate } from "../components/cloudflare/certificate.ts";
import { Dns } from "../components/cloudflare/dns.ts";
import { Edge } from "../components/cloudflare/edge.ts";
import { Alerting } from "../components/digitalocean/alerting.ts";
import { type DropletImage, UBUNTU_OF } from "../components/digitalocean/images.ts";
import { Firewall, Network } from "../components/digitalocean/network.ts";
import { Project } from "../components/digitalocean/project.ts";
import { Server } from "../components/digitalocean/server.ts";
import { ForgeBackup } from "../components/forge/backup.ts";
import { ForgeServer } from "../components/forge/server.ts";
import { ForgeSite } from "../components/forge/site.ts";
import { ForgeWorkers } from "../components/forge/workers.ts";
import type { AdminAccess } from "../concepts/access.ts";
import { ALERTS, type AlertId } from "../concepts/alerts.ts";
import { BACKUP_PLANS } from "../concepts/backup.ts";
import type { StackContext } from "../concepts/context.ts";
import { physicalName } from "../concepts/naming.ts";
import { stateful } from "../concepts/statefulness.ts";
import { appEnv } from "../host/app-env.ts";
import { hostDefaults } from "../host/spec.ts";
import type { ForgeServerSettings } from "../settings/forge-server.ts";
import type { StackOutputs } from "./outputs.ts";
import { PhaseComponent } from "./phase-component.ts";

const VALUES = {
  size: "s-2vcpu-4gb", // the guide's "Server DigitalOcean (2vCPU, 4GB)"
  region: "fra1",
  image: "ubuntu-24-04-x64",
  vpcCidr: "10.12.0.0/20",
  backupHourUtc: 4,
  databaseExport: BACKUP_PLANS.mvp.databaseExport,
  alerts: ["site-down", "slow-responses", "certificate-expiry", "cpu-high", "memory-high", "disk-low"],
} as const satisfies { image: DropletImage; alerts: readonly AlertId[] } & Record<string, unknown>;

/** The machine's first boot does nothing: two owners of one server would undo each other's configuration. */
const USER_DATA = "#cloud-config\n# Laravel Forge provisions this server.\n";

/** Forge runs one Redis for cache and queues. */
const REDIS_PORT = 6379;

/** Phase 1, option 2 of the guide ("Laravel Forge"): our droplet, edge and alerts; Forge runs what is on the machine. */
export class ForgeServerPhase extends PhaseComponent {
  readonly outputs: StackOutputs;

  constructor(settings: ForgeServerSettings, context: StackContext) {
    const image = settings.server.image ?? VALUES.image;
    const php = settings.server.phpVersion ?? hostDefaults.versions.php;
    const ubuntu = UBUNTU_OF[image];
    super("ForgeServer", settings.platform, context, { php, mysql: "8.4", ubuntu });
    const name = context.naming.environment;
    const opts = { parent: this };
    const { cloudflare: zone, domain, forge } = settings;
    const region = settings.server.region ?? VALUES.region;
    const hostNames = [domain, `www.${domain}`] as const;
    const account = { organization: forge.organization, token: settings.forgeToken };
    const exports = {
      ...VALUES.databaseExport,
      keepDailyDays: settings.backups.keepDailyDays ?? VALUES.databaseExport.keepDailyDays,
    };

    const offsite = new OffsiteBackup(
      `${name}-offsite`,
      { context, region: settings.backups.region, ...exports },
      opts,
    );
    const certificate = new OriginCertificate(`${name}-certificate`, { context, hostNames }, opts);
    const key = new tls.PrivateKey(
      `${name}-provisioner-key`,
      { algorithm: "ED25519" },
      { ...opts, ...stateful(context.guard, "key", `${name}-provisioner-key`) },
    );
    const password = new random.RandomPassword(
      `${name}-database-password`,
      { length: 40, special: false },
      { ...opts, ...stateful(context.guard, "key", `${name}-database-password`) },
    );
    const edgeCidrs = cloudflare
      .getIpRangesOutput({}, opts)
      .apply(({ ipv4Cidrs, ipv6Cidrs }) => [...ipv4Cidrs, ...ipv6Cidrs]);

    const network = new Network(`${name}-network`, { context, region, cidr: VALUES.vpcCidr }, opts);
    const server = new Server(
      `${name}-server`,
      {
        context,
        dataClass: "personal",
        region,
        size: settings.server.size ?? VALUES.size,
        image,
        vpcId: network.vpcId,
        userData: USER_DATA,
        deployPublicKey: key.publicKeyOpenssh,
        backupHourUtc: VALUES.backupHourUtc,
      },
      opts,
    );
    const firewall = new Firewall(
      `${name}-firewall`,
      {
        context,
        dropletId: server.dropletId,
        adminAccess: withForge(settings.adminAccess, forge.addresses),
        edgeCidrs,
      },
      opts,
    );
    const machine = new ForgeServer(
      `${name}-forge`,
      {
        context,
        account,
        serverName: physicalName(context.naming, "other").slice(0, 30),
        address: server.address,
        privateAddress: server.privateAddress,
        ubuntuVersion: ubuntu,
        phpVersion: php,
        privateKey: key.privateKeyOpenssh,
        hostKey: settings.server.sshHostKey,
        provisionCommand: settings.forgeProvisionCommand,
      },
      { ...opts, dependsOn: [firewall] }, // Forge comes in by SSH
    );
    const site = new ForgeSite(
      `${name}-site`,
      {
        context,
        account,
        serverId: machine.serverId,
        domain,
        phpVersion: php,
        repository: forge.repository,
        branch: forge.branch,
        database: hostDefaults.app.database,
        databasePassword: password.result,
        environment: password.result.apply((databasePassword) =>
          appEnv({
            environment: "production",
            domain,
            appKey: settings.appKey,
            database: hostDefaults.app.database,
            databasePassword,
            timezone: hostDefaults.timezone,
            redisPorts: { cache: REDIS_PORT, queue: REDIS_PORT },
          }),
        ),
        certificatePem: certificate.certificatePem,
        certificateKeyPem: certificate.privateKeyPem,
      },
      opts,
    );
    new ForgeWorkers(
      `${name}-workers`,
      {
        account,
        serverId: machine.serverId,
        siteId: site.siteId,
        domain,
        stopSeconds: hostDefaults.app.horizonStopSeconds,
      },
      opts,
    );
    new ForgeBackup(
      `${name}-backup`,
      {
        account,
        serverId: machine.serverId,
        databaseId: site.databaseId,
        bucket: offsite.bucketName,
        region: settings.backups.region,
        dailyAtUtc: exports.dailyAtUtc,
        notify: settings.alerts.criticalEmails[0] ?? "",
        accessKeyId: offsite.accessKeyId,
        secretAccessKey: offsite.secretAccessKey,
      },
      opts,
    );
    const edge = new Edge(`${name}-edge`, { context, zoneId: zone.zoneId, plan: zone.plan }, opts);
    const dns = new Dns(`${name}-dns`, { zoneId: edge.zoneId, hostNames, address: server.address }, opts);
    new Alerting(
      `${name}-alerting`,
      {
        context,
        alerts: VALUES.alerts,
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
      cacheEndpoint: `127.0.0.1:${REDIS_PORT}`,
      cdnDomain: domain,
      backups: {
        bucket: offsite.bucketName,
        region: settings.backups.region,
        ...exports,
        serverSnapshots: "daily, 7 days",
      },
      alerts: Object.fromEntries(VALUES.alerts.map((id) => [id, ALERTS[id].severity])),
      allowReplace: context.guard.allowReplace,
    };
    this.registerOutputs(this.outputs);
  }
}

/** Forge's addresses beside the administrators' networks: without them it loses the server. */
const withForge = (access: AdminAccess, addresses: readonly string[]): AdminAccess =>
  access.mode === "ssh" ? { mode: "ssh", cidrs: [...access.cidrs, ...addresses] } : access;
