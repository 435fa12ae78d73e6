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
import { HostBundle } from "../components/host/bundle.ts";
import { ALERTS } from "../concepts/alerts.ts";
import type { StackContext } from "../concepts/context.ts";
import { stateful } from "../concepts/statefulness.ts";
import { appEnv } from "../host/app-env.ts";
import type { HostSecrets } from "../host/bundle.ts";
import { cloudInit } from "../host/cloud-init.ts";
import { hostDefaults } from "../host/spec.ts";
import type { SingleServerSettings } from "../settings/single-server.ts";
import type { StackOutputs } from "./outputs.ts";
import { PhaseComponent } from "./phase-component.ts";
import { PROVISIONER, appValues, hostSpec, hostVersions } from "./single-server-host.ts";
import type { SingleServerValues } from "./single-server-values.ts";

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
    const { key, password } = this.createCredentials(name, context);
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
        secrets: this.hostSecrets(settings, values, password, offsite, certificate),
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

  /** What this program logs in with, and the application's way into its database. */
  private createCredentials(name: string, context: StackContext) {
    const kept = (logicalName: string) => ({ parent: this, ...stateful(context.guard, "key", logicalName) });
    const keyName = `${name}-provisioner-key`;
    const passwordName = `${name}-database-password`;
    return {
      key: new tls.PrivateKey(keyName, { algorithm: "ED25519" }, kept(keyName)),
      password: new random.RandomPassword(passwordName, { length: 40, special: false }, kept(passwordName)),
    };
  }

  private hostSecrets(
    settings: SingleServerSettings,
    values: SingleServerValues,
    password: random.RandomPassword,
    offsite: OffsiteBackup,
    certificate: OriginCertificate,
  ): pulumi.Output<HostSecrets> {
    return pulumi
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
      }));
  }
}
