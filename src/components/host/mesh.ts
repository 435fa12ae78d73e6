import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StackContext } from "../../concepts/context.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { meshPublicKey } from "../../host/mesh.ts";

export interface MeshArgs {
  context: StackContext;
  /** Names of the hosts that are to know each other. */
  hosts: readonly string[];
}

export interface MeshKeys {
  /** 32 random bytes in base64: all that a WireGuard key is (docs/decisions/ovh-hosts.md). */
  privateKey: pulumi.Output<string>;
  publicKey: pulumi.Output<string>;
}

/** Keys of the private network between hosts. Replacing one changes the peer lists of all others in the same update. */
export class Mesh extends pulumi.ComponentResource {
  private readonly keys: ReadonlyMap<string, MeshKeys>;

  constructor(name: string, args: MeshArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:host:Mesh", name, { hosts: [...args.hosts] }, opts);
    this.keys = new Map(args.hosts.map((host) => [host, this.createKeys(`${name}-${host}`, args.context)]));
    this.registerOutputs({});
  }

  /** @throws Error for a host that is not part of the mesh. */
  keysOf(host: string): MeshKeys {
    const found = this.keys.get(host);
    if (found === undefined)
      throw new Error(`the mesh has no host "${host}"; it has ${[...this.keys.keys()].join(", ")}`);
    return found;
  }

  private createKeys(name: string, context: StackContext): MeshKeys {
    const bytes = new random.RandomBytes(
      name,
      { length: 32 },
      { parent: this, ...stateful(context.guard, "key", name) },
    );
    const privateKey = pulumi.secret(bytes.base64);
    return { privateKey, publicKey: pulumi.unsecret(privateKey.apply(meshPublicKey)) };
  }
}
