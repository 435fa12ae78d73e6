import * as pulumi from "@pulumi/pulumi";
import { type ForgeAccount, forgeResource } from "./resource.ts";

export interface ForgeWorkersArgs {
  account: ForgeAccount;
  serverId: pulumi.Input<number>;
  siteId: pulumi.Input<number>;
  domain: string;
  /** Seconds that Horizon may take to finish its jobs. */
  stopSeconds: number;
}

/** What runs beside the web requests: Horizon for the queues, Laravel's scheduler every minute. */
export class ForgeWorkers extends pulumi.ComponentResource {
  constructor(name: string, args: ForgeWorkersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:forge:Workers", name, { domain: args.domain }, opts);
    const directory = `/home/forge/${args.domain}/current`;
    const ids = pulumi.all([args.serverId, args.siteId]);
    forgeResource(
      `${name}-horizon`,
      args.account,
      ids.apply(([serverId, siteId]) => ({
        kind: "process" as const,
        serverId,
        siteId,
        name: "Horizon",
        command: "php artisan horizon",
        directory,
        stopSeconds: args.stopSeconds,
      })),
      {},
      { parent: this },
    );
    forgeResource(
      `${name}-scheduler`,
      args.account,
      ids.apply(([serverId]) => ({
        kind: "job" as const,
        serverId,
        name: "Scheduler",
        command: `php ${directory}/artisan schedule:run`,
      })),
      {},
      { parent: this },
    );
    this.registerOutputs({});
  }
}
