import { createHash } from "node:crypto";
import * as ovh from "@ovhcloud/pulumi-ovh";
import * as pulumi from "@pulumi/pulumi";

export interface WebHost {
  /** For example "web-1". */
  name: string;
  /** IPv4 address of an OVH machine: the load balancer refuses any other. */
  address: pulumi.Input<string>;
  /** Gets no visitors: before its removal, or while somebody works on it. */
  drained: boolean;
}

export interface LoadBalancerArgs {
  /** Start of the display names. */
  prefix: string;
  /** Service name of a load balancer that was ordered by hand. */
  serviceName: string;
  /** Zone that it was ordered with, in lower case as the API writes it, or "all". */
  zone: string;
  /** Where plain HTTP is sent, for example "https://jatsmanor.ci". */
  siteUrl: string;
  hosts: readonly WebHost[];
  /** Path that answers 200 on a host that can serve. */
  healthPath: string;
  /** The only sources of visitors: the edge's own networks, so that nobody walks around its firewall. */
  edgeCidrs: pulumi.Input<string[]>;
  certificatePem: pulumi.Input<string>;
  privateKeyPem: pulumi.Input<string>;
}

/**
 * HTTPS in front of the web hosts. OVH keeps changes aside until they are applied: the last resource does that whenever
 * any other has changed. Removing a host takes two updates: drain it first, since a removal comes after the applying.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Public IPv4 address. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:ovh:LoadBalancer", name, { serviceName: args.serviceName, zone: args.zone }, opts);
    const certificate = this.createCertificate(name, args);
    const farm = this.createFarm(name, args);
    const servers = args.hosts.map((host) => this.createServer(name, args, farm.id, host));
    const frontends = this.createFrontends(name, args, farm.id, certificate.id);
    this.apply(name, args, [certificate, farm, ...servers, ...frontends]);
    const service = ovh.iploadbalancing.getIpLoadBalancingOutput({ serviceName: args.serviceName }, { parent: this });
    // Whoever uses the address waits until somebody answers on it.
    this.address = pulumi.all([service.ipv4, pulumi.all(frontends.map(({ id }) => id))]).apply(([address]) => address);
    this.registerOutputs({ address: this.address });
  }

  /** Replaced as a whole when the certificate changes: the new one is in use before the old one goes. */
  private createCertificate(name: string, args: LoadBalancerArgs): ovh.iploadbalancing.Ssl {
    return new ovh.iploadbalancing.Ssl(
      `${name}-certificate`,
      {
        serviceName: args.serviceName,
        displayName: displayName(args, "certificate"),
        certificate: args.certificatePem,
        key: pulumi.secret(args.privateKeyPem),
      },
      { parent: this },
    );
  }

  private createFarm(name: string, args: LoadBalancerArgs): ovh.iploadbalancing.HttpFarm {
    return new ovh.iploadbalancing.HttpFarm(
      `${name}-farm`,
      {
        serviceName: args.serviceName,
        displayName: displayName(args, "web"),
        zone: args.zone,
        port: HTTPS,
        balance: "leastconn", // a slow page must not queue behind others only because it was their turn
        probe: {
          type: "http",
          method: "GET",
          url: args.healthPath,
          match: "status",
          pattern: "200",
          port: HTTPS,
          forceSsl: true,
          interval: 30, // seconds, the shortest that OVH has
        },
      },
      { parent: this },
    );
  }

  private createServer(
    name: string,
    args: LoadBalancerArgs,
    farmId: pulumi.Input<string>,
    host: WebHost,
  ): ovh.iploadbalancing.HttpFarmServer {
    return new ovh.iploadbalancing.HttpFarmServer(
      `${name}-${host.name}`,
      {
        serviceName: args.serviceName,
        farmId: pulumi.output(farmId).apply(Number),
        displayName: displayName(args, host.name),
        address: host.address,
        port: HTTPS,
        ssl: true, // the way from the load balancer to the host is a public network
        probe: true,
        onMarkedDown: "shutdown-sessions",
        status: host.drained ? "inactive" : "active",
        weight: 1,
      },
      { parent: this },
    );
  }

  private createFrontends(
    name: string,
    args: LoadBalancerArgs,
    farmId: pulumi.Input<string>,
    certificateId: pulumi.Input<string>,
  ): pulumi.CustomResource[] {
    const common = { serviceName: args.serviceName, zone: args.zone, allowedSources: args.edgeCidrs };
    const https = new ovh.iploadbalancing.HttpFrontend(
      `${name}-https`,
      {
        ...common,
        displayName: displayName(args, "https"),
        port: String(HTTPS),
        ssl: true,
        defaultSslId: pulumi.output(certificateId).apply(Number),
        hsts: true,
        defaultFarmId: pulumi.output(farmId).apply(Number),
      },
      { parent: this },
    );
    const redirect = new ovh.iploadbalancing.HttpFrontend(
      `${name}-http`,
      { ...common, displayName: displayName(args, "http"), port: "80", redirectLocation: args.siteUrl },
      { parent: this },
    );
    return [https, redirect];
  }

  /** A new set of keepers makes a new Refresh, and that is what applies: ids tell replacements, the hash all the rest. */
  private apply(name: string, args: LoadBalancerArgs, parts: pulumi.CustomResource[]): void {
    const ids = parts.map((part) => part.id);
    const { siteUrl, hosts, healthPath, edgeCidrs, certificatePem } = args; // a keeper is shown: no private key
    const settings = { siteUrl, hosts, healthPath, edgeCidrs, certificatePem };
    const hash = pulumi.jsonStringify(settings).apply((text) => createHash("sha256").update(text).digest("hex"));
    new ovh.iploadbalancing.Refresh(
      `${name}-apply`,
      { serviceName: args.serviceName, keepers: [...ids, hash] },
      { parent: this, dependsOn: parts },
    );
  }
}

const HTTPS = 443;

const displayName = (args: LoadBalancerArgs, part: string): string => `${args.prefix}-${part}`;
