import * as ovh from "@ovhcloud/pulumi-ovh";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName } from "../../concepts/naming.ts";

export interface NetworkArgs {
  context: StackContext;
  projectId: string;
  /** For example "GRA11". */
  region: string;
  /** For example "10.31.0.0/24". */
  cidr: string;
}

/** The private network of Public Cloud instances, with a way out for those that have no public address. */
export class Network extends pulumi.ComponentResource {
  readonly networkId: pulumi.Output<string>;
  readonly subnetId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:ovh:Network", name, { region: args.region, cidr: args.cidr }, opts);
    const where = { serviceName: args.projectId, region: args.region };
    const network = new ovh.cloudproject.NetworkPrivate(
      `${name}-private`,
      {
        serviceName: args.projectId,
        name: physicalName(args.context.naming, "other", "private"),
        regions: [args.region],
      },
      { parent: this },
    );
    // Inside a region the network has another id than in the project.
    this.networkId = network.regionsOpenstackIds.apply((ids) => {
      const id = ids[args.region];
      if (id === undefined) throw new Error(`ovh: the private network is not in region ${args.region}`);
      return id;
    });
    const subnet = new ovh.cloudproject.NetworkPrivateSubnetV2(
      `${name}-subnet`,
      {
        ...where,
        name: physicalName(args.context.naming, "other", "subnet"),
        networkId: this.networkId,
        cidr: args.cidr,
        dhcp: true,
        enableGatewayIp: true,
      },
      { parent: this },
    );
    const gateway = new ovh.cloudproject.Gateway(
      `${name}-gateway`,
      {
        ...where,
        name: physicalName(args.context.naming, "other", "gateway"),
        model: "s",
        networkId: this.networkId,
        subnetId: subnet.id,
      },
      { parent: this },
    );
    // Whoever joins the subnet finds its way out: a first boot without packages never ends.
    this.subnetId = pulumi.all([subnet.id, gateway.id]).apply(([id]) => id);
    this.registerOutputs({ networkId: this.networkId, subnetId: this.subnetId });
  }
}
