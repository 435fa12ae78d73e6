import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName } from "../../concepts/naming.ts";

export interface ProjectArgs {
  context: StackContext;
  /** Provider URNs ("do:droplet:123") of what belongs to the stack. */
  resources: pulumi.Input<string>[];
}

/** DigitalOcean's folder for a stack: who looks at the bill or the console sees what belongs together. */
export class Project extends pulumi.ComponentResource {
  constructor(name: string, args: ProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:digitalocean:Project", name, {}, opts);
    const { naming } = args.context;
    new digitalocean.Project(
      `${name}-project`,
      {
        name: physicalName(naming, "other"),
        description: `${naming.phase}, ${naming.owner}`,
        purpose: "Web Application",
        environment: naming.phase === "staging" ? "Staging" : "Production",
        resources: args.resources,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
