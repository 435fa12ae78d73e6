import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";

export interface AppConfigArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  region: string;
  keyArn: pulumi.Input<string>;
  /** Environment variables that are no secret. */
  values: Record<string, pulumi.Input<string>>;
  /** Environment variables that are: encrypted, read by the servers' role alone. */
  secrets: Record<string, pulumi.Input<string>>;
}

/** The application's environment, as parameters that a server reads at its start and at each release. */
export class AppConfig extends pulumi.ComponentResource {
  /** Path below which the parameters lie, for example "/jatsmanor/growth/app". */
  readonly path: string;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AppConfigArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:AppConfig", name, {}, opts);
    this.path = appConfigPath(args.context);
    const parameter = (key: string, value: Partial<aws.ssm.ParameterArgs>) =>
      new aws.ssm.Parameter(
        `${name}-${key.toLowerCase().replaceAll("_", "-")}`,
        {
          name: `${this.path}/${key}`,
          type: "String",
          tags: tags(args.context.naming, "internal"),
          ...value,
        },
        { parent: this },
      );
    // One parameter for all that is no secret: a server reads it in one call and the preview shows it as one change.
    parameter("ENVIRONMENT", { value: pulumi.jsonStringify(args.values) });
    for (const [key, value] of Object.entries(args.secrets))
      parameter(key, { type: "SecureString", keyId: args.keyArn, value: pulumi.secret(value) });
    this.arn = pulumi.interpolate`arn:aws:ssm:${args.region}:${args.accountId}:parameter${this.path}`;
    this.registerOutputs({ path: this.path });
  }
}

export const appConfigPath = ({ naming }: StackContext): string => `/${naming.project}/${naming.environment}/app`;
