import * as pulumi from "@pulumi/pulumi";
import * as pulumiservice from "@pulumi/pulumiservice";
import type { StackContext } from "../../concepts/context.ts";
import { stateful } from "../../concepts/statefulness.ts";
import type { StackRef } from "./stack.ts";

export interface PolicyEnforcementArgs {
  context: StackContext;
  ref: StackRef;
  pack: {
    name: string;
    /** Published with `pulumi policy publish`; its versions never change. */
    versionTag: string;
    /** Level and parameters of each rule for this stack, as in policies/config/<stack>.json. */
    config: Readonly<Record<string, unknown>>;
  };
}

/** The stack's rules, held by Pulumi Cloud itself: they apply to who runs plain `pulumi up` without any flag. */
export class PolicyEnforcement extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyEnforcementArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:pulumi-cloud:PolicyEnforcement", name, { ...args.ref, version: args.pack.versionTag }, opts);
    const { organization, project, stack } = args.ref;
    new pulumiservice.PolicyGroup(
      `${name}-group`,
      {
        organizationName: organization,
        name: `${project}-${stack}`,
        entityType: "stacks",
        mode: "preventative", // the default, "audit", only reports
        stacks: [{ name: stack, routingProject: project }],
        policyPacks: [{ name: args.pack.name, versionTag: args.pack.versionTag, config: { ...args.pack.config } }],
      },
      { parent: this, ...stateful(args.context.guard, "guard", `${name}-group`) },
    );
    this.registerOutputs({});
  }
}
