import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { namedTags } from "./tagging.ts";

export interface SiteCheckArgs {
  context: StackContext;
  domain: string;
  /** Page that answers 200 when the site is up. */
  path: string;
}

/** Asks for the site from outside, every 30 s from several continents. */
export class SiteCheck extends pulumi.ComponentResource {
  readonly healthCheckId: pulumi.Output<string>;

  constructor(name: string, args: SiteCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:SiteCheck", name, { domain: args.domain, path: args.path }, opts);
    const check = new aws.route53.HealthCheck(
      `${name}-check`,
      {
        type: "HTTPS",
        fqdn: args.domain,
        port: 443,
        resourcePath: args.path,
        enableSni: true,
        requestInterval: 30, // seconds
        failureThreshold: 2, // misses; with the alarm's minute, two minutes
        tags: namedTags(args.context, "internal", "site"),
      },
      { parent: this },
    );
    this.healthCheckId = check.id;
    this.registerOutputs({ healthCheckId: this.healthCheckId });
  }
}
