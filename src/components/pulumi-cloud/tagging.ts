import * as pulumi from "@pulumi/pulumi";
import * as pulumiservice from "@pulumi/pulumiservice";
import type { StackRef } from "./stack.ts";

export interface StackTaggingArgs {
  ref: StackRef;
  /** Names of letters, digits, `.`, `-`, `_` and `:`; others that people set by hand stay. */
  tags: Record<string, string>;
}

/** Tags that group and filter stacks in the console. */
export class StackTagging extends pulumi.ComponentResource {
  constructor(name: string, args: StackTaggingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:pulumi-cloud:StackTagging", name, { ...args.ref }, opts);
    new pulumiservice.StackTags(`${name}-tags`, { ...args.ref, tags: args.tags }, { parent: this });
    this.registerOutputs({});
  }
}
