import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { cloudInit } from "../../host/cloud-init.ts";
import type { HostSpec } from "../../host/spec.ts";
import { FirstBoot } from "../host/first-boot.ts";
import { Network } from "./network.ts";
import { PublicCloudServer } from "./server.ts";

/** Where the machines of a stack come from. Ordering VPS through the API is unsafe: docs/decisions/ovh-hosts.md. */
export type MachineSource =
  | { mode: "existing"; firstLogin: string; addresses: Record<string, string> }
  | { mode: "publicCloud"; projectId: string; region: string; image: string; cidr: string };

export interface Machine {
  /** For example "web-1". */
  name: string;
  /** Address in the private network of Public Cloud; undefined for machines that have none. */
  privateAddress: string | undefined;
  /** VPS plan or Public Cloud flavor. */
  size: string;
  holdsData: boolean;
  /** What its first boot makes of it. */
  firstBoot: pulumi.Input<HostSpec>;
  /** Public SSH host key, where it is known. */
  hostKey: string | undefined;
}

export interface MachinesArgs {
  context: StackContext;
  source: MachineSource;
  machines: readonly Machine[];
  deployPublicKey: pulumi.Input<string>;
}

/** The machines of a stack, booted: whoever depends on this component finds them open to the stack's own key. */
export class Machines extends pulumi.ComponentResource {
  private readonly addresses: ReadonlyMap<string, pulumi.Output<string>>;
  private readonly network: Network | undefined;

  constructor(name: string, args: MachinesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:ovh:Machines", name, { mode: args.source.mode }, opts);
    const { context, source } = args;
    this.network =
      source.mode === "existing" ? undefined : new Network(`${name}-network`, { context, ...source }, { parent: this });
    this.addresses = new Map(
      args.machines.map((machine) => [machine.name, this.createMachine(`${name}-${machine.name}`, args, machine)]),
    );
    this.registerOutputs({ addresses: Object.fromEntries(this.addresses) });
  }

  /** Public IPv4 address, or the private one of a machine without. @throws Error for a machine that is not one of these. */
  addressOf(machine: string): pulumi.Output<string> {
    const found = this.addresses.get(machine);
    if (found === undefined)
      throw new Error(`there is no machine "${machine}"; there are ${[...this.addresses.keys()].join(", ")}`);
    return found;
  }

  private createMachine(name: string, { context, source, deployPublicKey }: MachinesArgs, machine: Machine) {
    const { network } = this;
    if (source.mode === "publicCloud") {
      if (network === undefined || machine.privateAddress === undefined)
        throw new Error(`ovh: ${machine.name} has no address in the private network`);
      return new PublicCloudServer(
        name,
        {
          context,
          projectId: source.projectId,
          region: source.region,
          image: source.image,
          flavor: machine.size,
          part: machine.name,
          network: { id: network.networkId, subnetId: network.subnetId, privateAddress: machine.privateAddress },
          isPublic: !machine.holdsData,
          holdsData: machine.holdsData,
          userData: pulumi.output(machine.firstBoot).apply(cloudInit),
          deployPublicKey,
        },
        { parent: this },
      ).address;
    }
    const address = source.addresses[machine.name];
    if (address === undefined || machine.hostKey === undefined)
      throw new Error(
        `ovh: jatsmanor:hosts has no address and sshHostKey for ${machine.name}; mode "existing" needs both per host`,
      );
    new FirstBoot(
      name,
      { spec: machine.firstBoot, host: address, user: source.firstLogin, hostKey: machine.hostKey },
      { parent: this },
    );
    return pulumi.output(address);
  }
}
