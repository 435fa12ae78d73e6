import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import type { DataClass } from "../../concepts/naming.ts";
import { EncryptionKey, type KeyUse } from "./encryption.ts";

export interface KeysArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  regions: { home: string; copy: string; global: string };
}

/** One key per kind of data and region: who may read the logs may not read the database. */
export class Keys extends pulumi.ComponentResource {
  readonly arns: Record<"data" | "copy" | "logs" | "alerts" | "global", pulumi.Output<string>>;

  constructor(name: string, args: KeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Keys", name, { regions: args.regions }, opts);
    const { context, accountId } = args;
    const { home, copy, global } = args.regions;
    const key = (part: string, region: string, dataClass: DataClass, services: KeyUse[]) =>
      new EncryptionKey(`${name}-${part}`, { context, accountId, region, part, dataClass, services }, { parent: this })
        .arn;
    this.arns = {
      data: key("data", home, "personal", ["cdn"]),
      copy: key("copy", copy, "backup", []),
      logs: key("logs", home, "internal", ["logs", "trail"]),
      alerts: key("alerts", home, "internal", ["alarms"]),
      global: key("global", global, "internal", ["alarms", "logs"]),
    };
    this.registerOutputs({ arns: this.arns });
  }
}
