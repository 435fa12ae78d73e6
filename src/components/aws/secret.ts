import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";

export interface StoredSecretArgs {
  context: StackContext;
  /** Last part of the name, for example "services/user". */
  part: string;
  keyArn: pulumi.Input<string>;
  /** What it holds, by key; together no more than 4 KB. */
  values: Record<string, pulumi.Input<string>>;
}

/**
 * Values of the stack as one encrypted parameter: who may read it is named by IAM, every read is logged. Not in Secrets
 * Manager, whose point is rotation: an application key must not change by itself, or nobody's session survives.
 */
export class StoredSecret extends pulumi.ComponentResource {
  readonly secretName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: StoredSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:StoredSecret", name, { part: args.part }, opts);
    const { naming } = args.context;
    const parameter = new aws.ssm.Parameter(
      `${name}-values`,
      {
        name: `/${naming.project}/${naming.environment}/${args.part}`,
        type: "SecureString",
        keyId: args.keyArn,
        value: pulumi.secret(pulumi.jsonStringify(args.values)),
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    this.secretName = parameter.name;
    this.arn = parameter.arn;
    this.registerOutputs({ secretName: this.secretName, arn: this.arn });
  }
}
