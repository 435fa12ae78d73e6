import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";
import { createPodRole } from "./pod-identity.ts";

export interface AddOnsArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  clusterName: pulumi.Input<string>;
  clusterArn: pulumi.Input<string>;
  addOns: readonly AddOn[];
}

export interface AddOn {
  addOnName: string;
  configuration?: Record<string, unknown>;
  /** AWS's own policy for the add-on's pods, and the service account they run as. */
  identity?: { serviceAccount: string; managedPolicy: string };
}

/** What nodes need before they can be ready: the network of pods, and the agent that hands them their identity. */
export const BEFORE_NODES: readonly AddOn[] = [
  { addOnName: "eks-pod-identity-agent" },
  {
    addOnName: "vpc-cni",
    // Network policies are enforced by it; prefixes let a node of this size run more than thirty pods.
    configuration: { enableNetworkPolicy: "true", env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" } },
    identity: { serviceAccount: "aws-node", managedPolicy: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" },
  },
  { addOnName: "kube-proxy" },
];

/** What runs as pods, and so needs nodes. */
export const AFTER_NODES: readonly AddOn[] = [
  { addOnName: "coredns" },
  { addOnName: "metrics-server" },
  {
    addOnName: "aws-ebs-csi-driver",
    identity: {
      serviceAccount: "ebs-csi-controller-sa",
      managedPolicy: "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
    },
  },
];

/**
 * Parts of the cluster that AWS keeps for us. No version is pinned: AWS takes the default of the cluster's version, and
 * an upgrade of the cluster is when they move.
 */
export class AddOns extends pulumi.ComponentResource {
  readonly addOns: aws.eks.Addon[];

  constructor(name: string, args: AddOnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:AddOns", name, { names: args.addOns.map(({ addOnName }) => addOnName) }, opts);
    this.addOns = args.addOns.map((addOn) => this.createAddOn(name, args, addOn));
    this.registerOutputs({ names: this.addOns.map((addOn) => addOn.addonName) });
  }

  private createAddOn(name: string, args: AddOnsArgs, addOn: AddOn): aws.eks.Addon {
    const { addOnName, configuration, identity } = addOn;
    const role =
      identity &&
      createPodRole(
        `${name}-${addOnName}-role`,
        { ...args, serviceAccount: identity.serviceAccount, managed: { policy: identity.managedPolicy } },
        this,
      );
    return new aws.eks.Addon(
      `${name}-${addOnName}`,
      {
        clusterName: args.clusterName,
        addonName: addOnName,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE", // the program decides, not whoever edited it in the cluster
        ...(configuration === undefined ? {} : { configurationValues: JSON.stringify(configuration) }),
        ...(role === undefined || identity === undefined
          ? {}
          : { podIdentityAssociations: [{ serviceAccount: identity.serviceAccount, roleArn: role.arn }] }),
        tags: tags(args.context.naming, "internal"),
      },
      { parent: this },
    );
  }
}
