import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { AdminAccess } from "../../concepts/access.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";

export interface NetworkArgs {
  context: StackContext;
  /** Region slug, for example "fra1". */
  region: string;
  /** Private range of the VPC, for example "10.10.0.0/20". */
  cidr: string;
}

/** The private network of the servers. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:digitalocean:Network", name, { region: args.region, cidr: args.cidr }, opts);
    const vpc = new digitalocean.Vpc(
      `${name}-vpc`,
      {
        name: physicalName(args.context.naming, "other", "vpc"), // unique per account, so never auto-named twice
        region: args.region,
        ipRange: args.cidr,
        description: `${args.context.naming.project} ${args.context.naming.environment}`,
      },
      { parent: this },
    );
    this.vpcId = vpc.id;
    this.registerOutputs({ vpcId: this.vpcId });
  }
}

export interface FirewallArgs {
  context: StackContext;
  dropletId: pulumi.Input<string>;
  adminAccess: AdminAccess;
  /** The only sources of web traffic: the edge's own networks, so that nobody walks around its WAF. */
  edgeCidrs: pulumi.Input<string[]>;
}

/** Cloud firewall: web from the edge only, SSH from the administrators' networks only, nothing else. */
export class Firewall extends pulumi.ComponentResource {
  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:digitalocean:Firewall", name, { adminAccess: args.adminAccess }, opts);
    const edge = (portRange: string) => ({ protocol: "tcp", portRange, sourceAddresses: args.edgeCidrs });
    new digitalocean.Firewall(
      `${name}-rules`,
      {
        name: physicalName(args.context.naming, "other", "firewall"),
        dropletIds: [pulumi.output(args.dropletId).apply(Number)],
        inboundRules: [edge("80"), edge("443"), ...sshRules(args.adminAccess)],
        outboundRules: ["tcp", "udp"].map((protocol) => ({
          protocol,
          portRange: "1-65535",
          destinationAddresses: EVERYWHERE,
        })),
      },
      { parent: this, ...stateful(args.context.guard, "guard", `${name}-rules`) },
    );
    this.registerOutputs({});
  }
}

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

function sshRules(access: AdminAccess): digitalocean.types.input.FirewallInboundRule[] {
  if (access.mode === "tunnel") {
    throw new Error(
      'digitalocean: jatsmanor:adminAccess.mode "tunnel" is not built for this provider; use {mode: ssh, cidrs: [...]}',
    );
  }
  return [{ protocol: "tcp", portRange: "22", sourceAddresses: access.cidrs }];
}
