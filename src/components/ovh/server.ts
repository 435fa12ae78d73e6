import * as ovh from "@ovhcloud/pulumi-ovh";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";

export interface PublicCloudServerArgs {
  context: StackContext;
  projectId: string;
  /** For example "GRA11". */
  region: string;
  /** Flavor name, for example "b3-8". */
  flavor: string;
  /** Image name, for example "Ubuntu 24.04". */
  image: string;
  /** Part of the host's name, for example "web-1". */
  part: string;
  network: { id: pulumi.Input<string>; subnetId: pulumi.Input<string>; privateAddress: string };
  /** Answers visitors, and so has a public address, too. */
  isPublic: boolean;
  /** Holds data: protected from replacement and removal. */
  holdsData: boolean;
  /** cloud-init, read at the first boot only. */
  userData: pulumi.Input<string>;
  deployPublicKey: pulumi.Input<string>;
}

/** One Public Cloud instance in the private network. */
export class PublicCloudServer extends pulumi.ComponentResource {
  /** Public IPv4 address; the private one where there is no other. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: PublicCloudServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "jatsmanor:ovh:PublicCloudServer",
      name,
      { region: args.region, flavor: args.flavor, image: args.image },
      opts,
    );
    const { naming, guard } = args.context;
    const where = { serviceName: args.projectId, region: args.region };
    const flavors = ovh.cloudproject.getFlavorsOutput({ ...where, nameFilter: args.flavor }, { parent: this });
    const images = ovh.cloudproject.getImagesOutput({ ...where, osType: "linux" }, { parent: this });
    const hostName = physicalName(naming, "server", args.part);
    const instance = new ovh.cloudproject.Instance(
      `${name}-instance`,
      {
        ...where,
        name: hostName,
        billingPeriod: "monthly", // half the hourly price; these hosts run all the time
        flavor: { flavorId: flavors.flavors.apply((list) => idOf("flavor", args.flavor, args.region, list)) },
        bootFrom: { imageId: images.images.apply((list) => idOf("image", args.image, args.region, list)) },
        network: {
          public: args.isPublic,
          private: {
            ip: args.network.privateAddress,
            network: { id: args.network.id, subnetId: args.network.subnetId },
          },
        },
        sshKeyCreate: { name: hostName, publicKey: args.deployPublicKey },
        userData: args.userData,
        autoBackup: { cron: "0 4 * * *", rotation: 7 }, // after the night's dump; a week of whole machines
      },
      {
        parent: this,
        // Each of these replaces the machine; later changes travel by the host bundle.
        ignoreChanges: ["userData", "sshKeyCreate", "bootFrom"],
        ...(args.holdsData ? stateful(guard, "server", `${name}-instance`) : {}),
      },
    );
    this.address = instance.addresses.apply((addresses) => {
      const inside = args.network.privateAddress;
      const found = addresses.find(({ ip, version }) => version === 4 && ip !== inside)?.ip;
      if (args.isPublic && found === undefined)
        throw new Error(`ovh: instance ${hostName} has no public IPv4 address; look at its network`);
      return found ?? inside;
    });
    this.registerOutputs({ address: this.address });
  }
}

function idOf(kind: string, name: string, region: string, list: { id: string; name: string }[]): string {
  const found = list.find((item) => item.name === name);
  if (found === undefined)
    throw new Error(
      `ovh: region ${region} has no ${kind} "${name}"; it has ${list.map((item) => item.name).join(", ")}`,
    );
  return found.id;
}
