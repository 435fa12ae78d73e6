import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { firstBootScript } from "../../host/first-boot.ts";
import type { HostSpec } from "../../host/spec.ts";

export interface FirstBootArgs {
  /** What the host becomes. */
  spec: pulumi.Input<HostSpec>;
  host: pulumi.Input<string>;
  /** Login of the provider's image, with the key that was chosen when the machine was installed. */
  user: string;
  /** The host's public key: without it the first connection could be to anybody. */
  hostKey: string;
}

/**
 * What cloud-init does elsewhere, for a machine that somebody installed by hand: users, SSH, firewall, packages. Runs
 * once per address, as whoever runs the update, with his SSH agent: his key never enters the state. Afterwards this
 * login is closed and the stack's own key is the way in.
 */
export class FirstBoot extends pulumi.ComponentResource {
  constructor(name: string, args: FirstBootArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:host:FirstBoot", name, {}, opts);
    new command.remote.Command(
      `${name}-run`,
      {
        connection: { host: args.host, user: args.user, hostKey: args.hostKey },
        create: "sudo /bin/bash --norc -s",
        stdin: pulumi.output(args.spec).apply(firstBootScript),
        triggers: [args.host],
      },
      {
        parent: this,
        customTimeouts: { create: "45m" },
        ignoreChanges: ["connection", "create", "stdin"], // running again would meet a closed door
      },
    );
    this.registerOutputs({});
  }
}
