import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { type ForgeAccount, forgeResource } from "./resource.ts";
import { phpName } from "./server.ts";

export interface ForgeSiteArgs {
  context: StackContext;
  account: ForgeAccount;
  serverId: pulumi.Input<number>;
  domain: string;
  phpVersion: string;
  /** "owner/name" on GitHub, which the Forge organisation can read. */
  repository: string;
  /** A push to it deploys. */
  branch: string;
  /** Name of the database and of its user. */
  database: string;
  databasePassword: pulumi.Input<string>;
  /** Content of Laravel's `.env`. */
  environment: pulumi.Input<string>;
  certificatePem: pulumi.Input<string>;
  certificateKeyPem: pulumi.Input<string>;
}

/** The Laravel site: database, repository with deploy on push, settings, and the certificate that the edge trusts. */
export class ForgeSite extends pulumi.ComponentResource {
  readonly siteId: pulumi.Output<number>;
  readonly databaseId: pulumi.Output<number>;

  constructor(name: string, args: ForgeSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "jatsmanor:forge:Site",
      name,
      { domain: args.domain, repository: args.repository, branch: args.branch },
      opts,
    );
    const { account, domain } = args;
    const child = { parent: this };
    const serverId = pulumi.output(args.serverId);
    this.databaseId = forgeResource(
      `${name}-database`,
      account,
      serverId.apply((id) => ({ kind: "database" as const, serverId: id, name: args.database })),
      { password: args.databasePassword },
      { ...child, ...stateful(args.context.guard, "database", `${name}-database`) }, // Forge drops it with its data
    );
    this.siteId = forgeResource(
      `${name}-site`,
      account,
      // After the database: the first deployment migrates it.
      pulumi.all([serverId, this.databaseId]).apply(([id]) => ({
        kind: "site" as const,
        serverId: id,
        domain,
        phpVersion: phpName(args.phpVersion),
        repository: args.repository,
        branch: args.branch,
      })),
      {},
      { ...child, ...stateful(args.context.guard, "volume", `${name}-site`) }, // its folder holds uploaded files
    );
    const ids = pulumi.all([serverId, this.siteId]);
    forgeResource(
      `${name}-environment`,
      account,
      ids.apply(([server, siteId]) => ({ kind: "environment" as const, serverId: server, siteId })),
      { content: args.environment },
      child,
    );
    forgeResource(
      `${name}-certificate`,
      account,
      ids.apply(([server, siteId]) => ({ kind: "certificate" as const, serverId: server, siteId, domain })),
      { certificate: args.certificatePem, privateKey: args.certificateKeyPem },
      child,
    );
    this.registerOutputs({ siteId: this.siteId, databaseId: this.databaseId });
  }
}
