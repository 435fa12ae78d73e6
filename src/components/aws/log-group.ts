import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";

export interface LogGroupArgs {
  context: StackContext;
  name: string;
  /** Days, one of the values that CloudWatch knows; without a limit logs are kept, and paid, for ever. */
  retentionDays: 30 | 90 | 365 | 400;
  /** Key of the group's region that lets CloudWatch use it. */
  keyArn: pulumi.Input<string>;
  /** The stack's own region when absent. */
  region?: string;
}

export function createLogGroup(name: string, args: LogGroupArgs, parent: pulumi.Resource): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    name,
    {
      name: args.name,
      retentionInDays: args.retentionDays,
      kmsKeyId: args.keyArn,
      tags: tags(args.context.naming, "internal"),
      ...(args.region === undefined ? {} : { region: args.region }),
    },
    { parent },
  );
}
