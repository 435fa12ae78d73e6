import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";
import { type Statement, createRole } from "./iam.ts";

export interface PodIdentityArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  clusterName: pulumi.Input<string>;
  clusterArn: pulumi.Input<string>;
  namespace: string;
  serviceAccount: string;
  /** What the pods may do at AWS. */
  allow?: readonly Statement[];
  managed?: Record<string, string>;
}

/** Lets the pods of one service account take a role of their own, without any key in the cluster. */
export class PodIdentity extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: PodIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:PodIdentity", name, { namespace: args.namespace, serviceAccount: args.serviceAccount }, opts);
    const { context, namespace, serviceAccount } = args;
    const role = createPodRole(`${name}-role`, args, this);
    const association = new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      {
        clusterName: args.clusterName,
        namespace,
        serviceAccount,
        roleArn: role.arn,
        tags: tags(context.naming, "internal"),
      },
      { parent: this },
    );
    this.roleArn = pulumi.all([role.arn, association.id]).apply(([arn]) => arn);
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** A role that pods of this cluster take; add-ons associate it themselves. */
export function createPodRole(
  name: string,
  args: Omit<PodIdentityArgs, "namespace" | "clusterName">,
  parent: pulumi.Resource,
): aws.iam.Role {
  const { context, serviceAccount, allow, managed } = args;
  return createRole(
    name,
    {
      context,
      part: `pod-${serviceAccount}`,
      trust: {
        Sid: "PodsOfThisCluster",
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Principal: { Service: "pods.eks.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": args.accountId },
          ArnEquals: { "aws:SourceArn": args.clusterArn },
        },
      },
      ...(allow === undefined ? {} : { allow }),
      ...(managed === undefined ? {} : { managed }),
    },
    parent,
  );
}
