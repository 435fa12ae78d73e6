import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

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
