import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import type { CdnAddress, DnsZone } from "../dns-zone.ts";

export interface DnsArgs {
  context: StackContext;
  /** The zone's name, for example "jatsmanor.ci"; the registrar must delegate it to `nameServers`. */
  domain: string;
}

/** The site's zone at Route 53. */
export class Dns extends pulumi.ComponentResource implements DnsZone {
  readonly nameServers: pulumi.Output<string[]>;
  private readonly zone: aws.route53.Zone;
  private readonly prefix: string;

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Dns", name, { domain: args.domain }, opts);
    this.prefix = name;
    this.zone = new aws.route53.Zone(
      `${name}-zone`,
      { name: args.domain, comment: "made by Pulumi", tags: tags(args.context.naming, "public") },
      { parent: this, ...stateful(args.context.guard, "zone", `${name}-zone`) },
    );
    this.nameServers = this.zone.nameServers;
    this.registerOutputs({ nameServers: this.nameServers });
  }

  proof(name: string, hostName: pulumi.Input<string>, target: pulumi.Input<string>): pulumi.Output<string> {
    return new aws.route53.Record(
      `${this.prefix}-${name}`,
      { zoneId: this.zone.zoneId, name: hostName, type: "CNAME", ttl: 300, records: [target] },
      { parent: this },
    ).fqdn;
  }

  site(name: string, hostName: string, target: CdnAddress): void {
    for (const type of ["A", "AAAA"])
      new aws.route53.Record(
        `${this.prefix}-${name}-${type.toLowerCase()}`,
        {
          zoneId: this.zone.zoneId,
          name: hostName,
          type,
          aliases: [{ name: target.domainName, zoneId: target.zoneId, evaluateTargetHealth: false }],
        },
        { parent: this },
      );
  }
}
