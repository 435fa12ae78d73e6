import * as cloudflare from "@pulumi/cloudflare";
import * as ovh from "@ovhcloud/pulumi-ovh";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { Exports } from "../components/aws/exports.ts";
import { HostIdentity } from "../components/aws/host-identity.ts";
import { OriginCertificate } from "../components/cloudflare/certificate.ts";
import { Dns } from "../components/cloudflare/dns.ts";
import { Edge } from "../components/cloudflare/edge.ts";
import { Alerting } from "../components/digitalocean/alerting.ts";
import { HostBundle } from "../components/host/bundle.ts";
import { Mesh } from "../components/host/mesh.ts";
import { Budget } from "../components/ovh/budget.ts";
import { LoadBalancer } from "../components/ovh/load-balancer.ts";
import { Machines } from "../components/ovh/machines.ts";
import { MediaStorage } from "../components/ovh/storage.ts";
import { ALERTS } from "../concepts/alerts.ts";
import { BACKUP_PLANS } from "../concepts/backup.ts";
import type { StackContext } from "../concepts/context.ts";
import { physicalName } from "../concepts/naming.ts";
import { stateful } from "../concepts/statefulness.ts";
import { appEnv } from "../host/app-env.ts";
import type { HostSecrets } from "../host/bundle.ts";
import { hostDefaults } from "../host/spec.ts";
import type { WebFleetSettings } from "../settings/web-fleet.ts";
import type { StackOutputs } from "./outputs.ts";
import { PhaseComponent } from "./phase-component.ts";
import {
  type Host,
  PROVISIONER,
  databaseOf,
  hostSpecs,
  hostsOf,
  jumpHost,
  sourceOf,
  withPeers,
} from "./web-fleet-hosts.ts";
import type { WebFleetValues } from "./web-fleet-values.ts";

/** Phase 2, option 2 of the guide: OVH's load balancer, web hosts and a database host, Cloudflare in front of them. */
export class WebFleet extends PhaseComponent {
  readonly outputs: StackOutputs;

  constructor(settings: WebFleetSettings, values: WebFleetValues, context: StackContext) {
    super("WebFleet", settings.platform, context, { ...hostDefaults.versions });
    const name = context.naming.environment;
    const opts = { parent: this };
    const { cloudflare: zone, domain, loadBalancer: balancer } = settings;
    const hostNames = [domain, `www.${domain}`] as const;
    const hosts = hostsOf(settings, values);
    const exports = {
      ...values.databaseExport,
      keepDailyDays: settings.backups.keepDailyDays ?? values.databaseExport.keepDailyDays,
    };

    const offsite = new Exports(
      `${name}-offsite`,
      { context, region: settings.backups.region, ...exports, files: BACKUP_PLANS.growth.files },
      opts,
    );
    const identity = new HostIdentity(
      `${name}-identity`,
      {
        context,
        hostName: databaseOf(hosts).name,
        allow: offsite.mayAdd,
      },
      opts,
    );
    const media = new MediaStorage(
      `${name}-media`,
      {
        context,
        projectId: settings.projectId,
        region: values.mediaRegions.files,
        copyRegion: values.mediaRegions.copy,
      },
      opts,
    );
    const certificate = new OriginCertificate(`${name}-certificate`, { context, hostNames }, opts);
    const mesh = new Mesh(`${name}-mesh`, { context, hosts: hosts.map((host) => host.name) }, opts);
    const access = this.createAccess(name, context);
    const fleet = this.createHosts(name, settings, values, context, {
      hosts,
      offsite,
      identity,
      media,
      certificate,
      mesh,
      access,
    });

    const edgeNetworks = cloudflare.getIpRangesOutput({}, opts);
    const front = new LoadBalancer(
      `${name}-balancer`,
      {
        serviceName: balancer.serviceName,
        zone: balancer.zone,
        prefix: physicalName(context.naming, "loadBalancer"),
        siteUrl: `https://${domain}`,
        hosts: hosts
          .filter(({ role }) => role === "web")
          .map((host) => ({
            name: host.name,
            address: fleet.addressOf(host.name),
            drained: balancer.drained.includes(host.name),
          })),
        healthPath: hostDefaults.app.healthPath,
        edgeCidrs: edgeNetworks.apply(({ ipv4Cidrs, ipv6Cidrs }) => [...ipv4Cidrs, ...ipv6Cidrs]),
        certificatePem: certificate.certificatePem,
        privateKeyPem: certificate.privateKeyPem,
      },
      opts,
    );
    const edge = new Edge(`${name}-edge`, { context, zoneId: zone.zoneId, plan: zone.plan }, opts);
    const dns = new Dns(`${name}-dns`, { zoneId: edge.zoneId, hostNames, address: front.address }, opts);
    new Alerting(
      `${name}-alerting`,
      {
        context,
        alerts: values.alerts,
        targets: settings.alerts,
        healthUrl: pulumi.interpolate`https://${dns.hostName}${hostDefaults.app.healthPath}`,
      },
      opts,
    );

    const [email = ""] = settings.alerts.warningEmails;
    new Budget(
      `${name}-budget`,
      { projectId: settings.projectId, ceilingEur: values.projectCeilingEur[settings.hosts.mode], email },
      opts,
    );

    const database = databaseOf(hosts);
    this.outputs = {
      appUrl: `https://${domain}`,
      databaseEndpoint: `${database.meshAddress}:3306`,
      cacheEndpoint: `${database.meshAddress}:6379`,
      cdnDomain: domain,
      backups: {
        bucket: offsite.bucketName,
        region: settings.backups.region,
        ...exports,
        exportEveryHours: values.exportEveryHours,
        binlogEveryMinutes: values.binlogEveryMinutes,
        files: media.bucketName,
        filesCopyRegion: values.mediaRegions.copy,
      },
      alerts: Object.fromEntries(values.alerts.map((id) => [id, ALERTS[id].severity])),
      allowReplace: context.guard.allowReplace,
    };
    this.registerOutputs(this.outputs);
  }

  /** What lets this program and the application in. */
  private createAccess(name: string, context: StackContext): Access {
    const kept = (part: string) => ({ parent: this, ...stateful(context.guard, "key", `${name}-${part}`) });
    const password = (part: string) =>
      new random.RandomPassword(`${name}-${part}`, { length: 40, special: false }, kept(part)).result;
    return {
      key: new tls.PrivateKey(`${name}-provisioner-key`, { algorithm: "ED25519" }, kept("provisioner-key")),
      databasePassword: password("database-password"),
      cachePassword: password("cache-password"),
    };
  }

  /** The machines, and on each of them what its role needs. */
  private createHosts(
    name: string,
    settings: WebFleetSettings,
    values: WebFleetValues,
    context: StackContext,
    parts: Parts,
  ): Machines {
    const opts = { parent: this };
    const { hosts, offsite, identity, mesh, access } = parts;
    const { serviceName } = settings.loadBalancer;
    const later = pulumi
      .all([
        ovh.getIploadbalancingNatIpsOutput({ serviceName }, opts).natIps,
        access.key.publicKeyOpenssh,
        offsite.bucketName,
        pulumi.output({
          trustAnchorArn: identity.trustAnchorArn,
          profileArn: identity.profileArn,
          roleArn: identity.roleArn,
        }),
      ])
      .apply(([natIps, publicKey, bucket, session]) => ({
        balancerNetworks: natIps.flatMap(({ ips }) => ips),
        provisionerKey: publicKey.trim(),
        bucket,
        session,
      }));
    const specOf = hostSpecs(settings, values, context, hosts);
    const alone = (host: Host) => later.apply((known) => specOf(host, known));
    const machines = new Machines(
      `${name}-machines`,
      {
        context,
        source: sourceOf(settings, values),
        machines: hosts.map((host) => ({
          name: host.name,
          size: host.size,
          privateAddress: host.privateAddress,
          holdsData: host.role === "database",
          firstBoot: alone(host),
          hostKey: host.hostKey,
        })),
        deployPublicKey: access.key.publicKeyOpenssh,
      },
      opts,
    );
    const peers = pulumi.all(
      hosts.map(({ name: host, role, meshAddress: address, privateAddress }) =>
        pulumi
          .all([mesh.keysOf(host).publicKey, privateAddress ?? machines.addressOf(host)])
          .apply(([publicKey, endpoint]) => ({ name: host, role, address, endpoint, publicKey })),
      ),
    );
    const secrets = this.secretsOf(settings, values, parts);
    const database = databaseOf(hosts);
    const jump = jumpHost(hosts);
    const createBundle = (host: Host, dependsOn: pulumi.Resource[]) =>
      new HostBundle(
        `${name}-${host.name}`,
        {
          spec: pulumi.all([alone(host), peers]).apply(([spec, all]) => withPeers(spec, all)),
          secrets: pulumi
            .all([secrets, mesh.keysOf(host.name).privateKey])
            .apply(([shared, meshKey]) => ({ ...shared, meshKey })),
          host: machines.addressOf(host.name),
          user: PROVISIONER,
          privateKey: access.key.privateKeyOpenssh,
          hostKey: host.hostKey,
          through: host === database && jump !== undefined ? machines.addressOf(jump.name) : undefined,
        },
        { ...opts, dependsOn },
      );
    // The database first: a web host that starts before it answers errors.
    const ready = createBundle(database, [machines]);
    for (const host of hosts) if (host !== database) createBundle(host, [ready]);
    return machines;
  }

  private secretsOf(settings: WebFleetSettings, values: WebFleetValues, parts: Parts): pulumi.Output<HostSecrets> {
    const { hosts, identity, media, certificate, access } = parts;
    const { endpoint } = media;
    return pulumi
      .output({
        databasePassword: access.databasePassword,
        cachePassword: access.cachePassword,
        files: {
          bucket: media.bucketName,
          accessKeyId: media.accessKeyId,
          secretAccessKey: media.secretAccessKey,
        },
        offsite: { certificate: identity.certificatePem, privateKey: identity.privateKeyPem },
        certificate: { certificate: certificate.certificatePem, privateKey: certificate.privateKeyPem },
      })
      .apply(({ files, ...secrets }) => ({
        ...secrets,
        appEnv: appEnv({
          environment: hostDefaults.environment,
          domain: settings.domain,
          appKey: settings.appKey,
          database: hostDefaults.app.database,
          databasePassword: secrets.databasePassword,
          timezone: hostDefaults.timezone,
          data: { host: databaseOf(hosts).meshAddress, cachePassword: secrets.cachePassword },
          files: { ...files, endpoint, region: values.mediaRegions.files.toLowerCase() },
        }),
      }));
  }
}

interface Access {
  key: tls.PrivateKey;
  databasePassword: pulumi.Output<string>;
  cachePassword: pulumi.Output<string>;
}

interface Parts {
  hosts: readonly Host[];
  offsite: Exports;
  identity: HostIdentity;
  media: MediaStorage;
  certificate: OriginCertificate;
  mesh: Mesh;
  access: Access;
}
