import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { CdnAddress, DnsZone } from "../dns-zone.ts";

export interface DnsArgs {
  zoneId: pulumi.Input<string>;
  /** Names that serve the site, for example ["jatsmanor.ci", "www.jatsmanor.ci"]. */
  hostNames: readonly [string, ...string[]];
  /** IPv4 address of the server. */
  address: pulumi.Input<string>;
}

/** The site's names, proxied: the world sees the edge's addresses, never the server's. */
export class Dns extends pulumi.ComponentResource {
  /** The first name, once its record exists: what watches the site depends on it. */
  readonly hostName: pulumi.Output<string>;

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:cloudflare:Dns", name, { hostNames: [...args.hostNames] }, opts);
    const [first, ...others] = args.hostNames;
    const record = (hostName: string) =>
      new cloudflare.DnsRecord(
        `${name}-${hostName}`,
        {
          zoneId: args.zoneId,
          name: hostName,
          type: "A",
          content: args.address,
          proxied: true,
          ttl: 1, // "automatic": the only value a proxied record may have
        },
        { parent: this },
      );
    this.hostName = record(first).name;
    for (const hostName of others) record(hostName);
    this.registerOutputs({ hostName: this.hostName });
  }
}

/** Names of a site that another provider's content network serves: not proxied, or two networks would cache it. */
export class ZoneRecords extends pulumi.ComponentResource implements DnsZone {
  private readonly zoneId: string;
  private readonly prefix: string;

  constructor(name: string, args: { zoneId: string }, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:cloudflare:ZoneRecords", name, { zoneId: args.zoneId }, opts);
    this.zoneId = args.zoneId;
    this.prefix = name;
    this.registerOutputs({});
  }

  proof(name: string, hostName: pulumi.Input<string>, target: pulumi.Input<string>): pulumi.Output<string> {
    return this.createAlias(name, hostName, target).name;
  }

  /** A CNAME at the zone's own name is answered as addresses ("flattened") by Cloudflare. */
  site(name: string, hostName: string, target: CdnAddress): void {
    this.createAlias(name, hostName, target.domainName);
  }

  private createAlias(
    name: string,
    hostName: pulumi.Input<string>,
    target: pulumi.Input<string>,
  ): cloudflare.DnsRecord {
    // Cloudflare's API keeps names without the final dot that AWS writes: with it every preview would show a change.
    const bare = (value: pulumi.Input<string>) => pulumi.output(value).apply((text) => text.replace(/\.$/, ""));
    return new cloudflare.DnsRecord(
      `${this.prefix}-${name}`,
      { zoneId: this.zoneId, name: bare(hostName), type: "CNAME", content: bare(target), proxied: false, ttl: 300 },
      { parent: this },
    );
  }
}
