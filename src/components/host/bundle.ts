import { createHash } from "node:crypto";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type HostSecrets, bundleInput, hostBundle, remoteCommand, secretFiles } from "../../host/bundle.ts";
import type { HostSpec } from "../../host/spec.ts";

export interface HostBundleArgs {
  /** What the server is. */
  spec: pulumi.Input<HostSpec>;
  /** What it must know and no plan may show. */
  secrets: pulumi.Input<HostSecrets>;
  /** Address of the server. */
  host: pulumi.Input<string>;
  /** An administrator of the server, with the right to sudo. */
  user: string;
  privateKey: pulumi.Input<string>;
  /** Another host of the stack on the way, for one without a public address; same user and key. */
  through?: pulumi.Input<string> | undefined;
  /** The server's public host key, once the owner has pinned it. Without it the first connection trusts the network. */
  hostKey?: string | undefined;
}

/**
 * Brings a running server to what the program says, over SSH. The triggers are one line per file with its checksum, so
 * a preview shows which files of which server will change; the script on the server changes only what differs.
 */
export class HostBundle extends pulumi.ComponentResource {
  constructor(name: string, args: HostBundleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:host:Bundle", name, {}, opts);
    const spec = pulumi.output(args.spec);
    const bundle = spec.apply(hostBundle);
    const secrets = pulumi.secret(
      pulumi.all([spec, args.secrets]).apply(([host, values]) => secretFiles(host, values)),
    );
    const files = bundle.apply(({ manifest }) => manifest.map(({ path, sha256 }) => `${path} ${sha256.slice(0, 16)}`));
    new command.remote.Command(
      `${name}-apply`,
      {
        connection: {
          host: args.host,
          user: args.user,
          privateKey: args.privateKey,
          dialErrorLimit: 40, // a new server needs minutes until its sshd answers
          ...(args.hostKey === undefined ? {} : { hostKey: args.hostKey }),
          ...(args.through === undefined
            ? {}
            : { proxy: { host: args.through, user: args.user, privateKey: args.privateKey, dialErrorLimit: 40 } }),
        },
        create: bundle.apply(remoteCommand),
        stdin: pulumi.all([bundle, secrets]).apply(([value, values]) => bundleInput(value, values)),
        addPreviousOutputInEnv: false, // sshd refuses these variables, and each run would warn about it
        triggers: [files, secrets.apply((values) => `secrets ${checksum(JSON.stringify(values))}`)],
      },
      {
        parent: this,
        customTimeouts: { create: "45m" },
        // A component's dependencies are not its children's: without this the command would not wait.
        ...(opts?.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn }),
      },
    );
    this.registerOutputs({});
  }
}

const checksum = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
