import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { type DataClass, physicalName } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { tagList } from "./tagging.ts";

export interface ServerArgs {
  context: StackContext;
  dataClass: DataClass;
  region: string;
  /** Droplet size slug, for example "s-4vcpu-8gb". */
  size: string;
  /** Image slug, for example "ubuntu-24-04-x64". */
  image: string;
  vpcId: pulumi.Input<string>;
  /** cloud-init, read at the first boot only. */
  userData: pulumi.Input<string>;
  /** Key of the deployment; administrators' keys travel in cloud-init. */
  deployPublicKey: pulumi.Input<string>;
  /** Hour (UTC) of the provider's daily backup: 0, 4, 8, 12, 16 or 20. */
  backupHourUtc: number;
}

/** One droplet with its address. The address outlives the machine, so DNS need not change when the machine does. */
export class Server extends pulumi.ComponentResource {
  readonly dropletId: pulumi.Output<string>;
  readonly dropletUrn: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  /** In the VPC. */
  readonly privateAddress: pulumi.Output<string>;

  constructor(name: string, args: ServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:digitalocean:Server", name, { region: args.region, size: args.size, image: args.image }, opts);
    const droplet = this.createDroplet(name, args);
    const address = this.createAddress(name, args, droplet);
    this.dropletId = droplet.id;
    this.dropletUrn = droplet.dropletUrn;
    this.address = address;
    this.privateAddress = droplet.ipv4AddressPrivate;
    this.registerOutputs({ dropletId: this.dropletId, dropletUrn: this.dropletUrn, address: this.address });
  }

  private createDroplet(name: string, args: ServerArgs): digitalocean.Droplet {
    const hostName = physicalName(args.context.naming, "server", "server");
    const key = new digitalocean.SshKey(
      `${name}-deploy-key`,
      { name: `${hostName}-deploy`, publicKey: args.deployPublicKey },
      { parent: this },
    );
    return new digitalocean.Droplet(
      `${name}-droplet`,
      {
        name: hostName,
        region: args.region,
        size: args.size,
        image: args.image,
        vpcUuid: args.vpcId,
        userData: args.userData,
        sshKeys: [key.id],
        backups: true,
        backupPolicy: { plan: "daily", hour: args.backupHourUtc },
        monitoring: true,
        ipv6: true,
        resizeDisk: false, // a grown disk cannot shrink: with this a bigger size can be taken back
        tags: tagList(args.context.naming, args.dataClass),
      },
      {
        parent: this,
        // Each of these replaces the machine, and with it the database: later changes travel by the host bundle.
        ignoreChanges: ["userData", "sshKeys", "image"],
        ...stateful(args.context.guard, "server", `${name}-droplet`),
      },
    );
  }

  private createAddress(name: string, args: ServerArgs, droplet: digitalocean.Droplet): pulumi.Output<string> {
    const reserved = new digitalocean.ReservedIp(
      `${name}-address`,
      { region: args.region },
      { parent: this, ...stateful(args.context.guard, "address", `${name}-address`) },
    );
    const assignment = new digitalocean.ReservedIpAssignment(
      `${name}-address-assignment`,
      { ipAddress: reserved.ipAddress, dropletId: droplet.id.apply(Number) },
      { parent: this },
    );
    return assignment.ipAddress; // whoever uses the address waits until the machine answers on it
  }
}
