import * as pulumi from "@pulumi/pulumi";
import { OFFSITE_PREFIXES } from "../../concepts/backup.ts";
import { type ForgeAccount, forgeResource } from "./resource.ts";

export interface ForgeBackupArgs {
  account: ForgeAccount;
  serverId: pulumi.Input<number>;
  databaseId: pulumi.Input<number>;
  bucket: pulumi.Input<string>;
  region: string;
  /** "02:00", whole or half hours, UTC. */
  dailyAtUtc: string;
  /** Hears of a backup that failed. */
  notify: string;
  accessKeyId: pulumi.Input<string>;
  secretAccessKey: pulumi.Input<string>;
}

/** Forge's daily export of the database to a bucket at another provider, with a key that can add and not delete. */
export class ForgeBackup extends pulumi.ComponentResource {
  constructor(name: string, args: ForgeBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:forge:Backup", name, { region: args.region, dailyAtUtc: args.dailyAtUtc }, opts);
    forgeResource(
      `${name}-export`,
      args.account,
      pulumi.all([args.serverId, args.databaseId, args.bucket]).apply(([serverId, databaseId, bucket]) => ({
        kind: "backup" as const,
        serverId,
        databaseId,
        name: "offsite",
        region: args.region,
        bucket,
        directory: OFFSITE_PREFIXES.daily.replace(/\/$/, ""),
        time: args.dailyAtUtc,
        notify: args.notify,
      })),
      { accessKeyId: args.accessKeyId, secretAccessKey: args.secretAccessKey },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
