import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { type ForgeAccount, forgeResource } from "./resource.ts";

export interface ForgeServerArgs {
  context: StackContext;
  account: ForgeAccount;
  /** Name in Forge, at most 30 characters. */
  serverName: string;
  address: pulumi.Input<string>;
  privateAddress: pulumi.Input<string>;
  ubuntuVersion: "22.04" | "24.04";
  /** "8.4" */
  phpVersion: string;
  /** Root's key on the machine, for the provisioning command. */
  privateKey: pulumi.Input<string>;
  hostKey?: string | undefined;
  /** The command that the server's page in Forge shows; its API does not. Without it somebody runs it by hand. */
  provisionCommand?: string | undefined;
}

/**
 * A machine of ours, handed over to Forge: from then on Forge alone installs and configures it. Whatever needs the server
 * to be ready depends on `serverId`.
 */
export class ForgeServer extends pulumi.ComponentResource {
  /** Known once Forge has provisioned the machine. */
  readonly serverId: pulumi.Output<number>;

  constructor(name: string, args: ForgeServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:forge:Server", name, { serverName: args.serverName, phpVersion: args.phpVersion }, opts);
    const { account } = args;
    const registered = forgeResource(
      `${name}-registration`,
      account,
      pulumi.all([args.address, args.privateAddress]).apply(([address, privateAddress]) => ({
        kind: "server" as const,
        name: args.serverName,
        ubuntuVersion: args.ubuntuVersion,
        phpVersion: phpName(args.phpVersion),
        databaseType: "mysql84" as const,
        address,
        privateAddress,
      })),
      {},
      { parent: this, ...stateful(args.context.guard, "server", `${name}-registration`) },
    );
    const provisioned = this.provision(name, args, registered);
    this.serverId = forgeResource(
      `${name}-ready`,
      account,
      registered.apply((serverId) => ({ kind: "ready" as const, serverId, minutes: PROVISION_MINUTES })),
      {},
      { parent: this, dependsOn: provisioned },
    );
    this.registerOutputs({ serverId: this.serverId });
  }

  /** Runs Forge's command once: a second time would install over a running site. */
  private provision(name: string, args: ForgeServerArgs, registered: pulumi.Output<number>): pulumi.Resource[] {
    if (args.provisionCommand === undefined) return [];
    const run = new command.remote.Command(
      `${name}-provision`,
      {
        connection: {
          host: args.address,
          user: "root",
          privateKey: args.privateKey,
          dialErrorLimit: 40, // a new machine needs minutes until its sshd answers
          ...(args.hostKey === undefined ? {} : { hostKey: args.hostKey }),
        },
        // The registration comes first: Forge makes the command for it.
        create: pulumi.secret(pulumi.all([registered, args.provisionCommand]).apply(([, text]) => text)),
        update: ":",
        logging: "stderr",
        addPreviousOutputInEnv: false,
      },
      { parent: this, customTimeouts: { create: "45m" } },
    );
    return [run];
  }
}

const PROVISION_MINUTES = 40;

/** "8.4" as Forge writes it: "php84". */
export const phpName = (version: string): string => `php${version.replace(".", "")}`;
