import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { createRole, trust } from "./iam.ts";

export interface NodePool {
  /** For example "m5.large". */
  instanceType: string;
  /** Nodes at least and at most, and how many a new group starts with. */
  min: number;
  max: number;
  initial: number;
  /** What runs there: `system` for what the cluster itself needs, `application` for the services. */
  workload: "system" | "application";
}

export interface NodeGroupsArgs {
  context: StackContext;
  clusterName: pulumi.Input<string>;
  version: string;
  subnetIds: pulumi.Input<string>[];
  pools: Readonly<Record<string, NodePool>>;
  /** Of each node; encrypted with the account's own key, which the service that starts nodes may use. */
  diskGiB: number;
}

/** Label of a node that says which pool's work it takes. */
export const WORKLOAD_LABEL = "jatsmanor.ci/workload";

/** Managed node groups, one per shape: AWS drains a node before it replaces it, and follows the disruption budgets. */
export class NodeGroups extends pulumi.ComponentResource {
  /** The groups: pods start only once one exists. */
  readonly groups: aws.eks.NodeGroup[];

  constructor(name: string, args: NodeGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:NodeGroups", name, { pools: { ...args.pools } }, opts);
    const role = createRole(
      `${name}-role`,
      {
        context: args.context,
        part: "node",
        trust: trust("ec2.amazonaws.com"),
        // Pods take nothing from here: each has its own identity (pod-identity.ts), and metadata is one hop away.
        managed: {
          worker: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
          images: "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
          session: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        },
      },
      this,
    );
    this.groups = Object.entries(args.pools).map(([pool, shape]) => this.createGroup(name, args, role, pool, shape));
    this.registerOutputs({ names: this.groups.map((group) => group.nodeGroupName) });
  }

  private createGroup(
    name: string,
    args: NodeGroupsArgs,
    role: aws.iam.Role,
    pool: string,
    shape: NodePool,
  ): aws.eks.NodeGroup {
    const template = this.createTemplate(name, args, pool);
    const internal = tags(args.context.naming, "internal");
    return new aws.eks.NodeGroup(
      `${name}-${pool}`,
      {
        clusterName: args.clusterName, // auto-named by Pulumi: a change that replaces a group makes the new one first
        nodeRoleArn: role.arn,
        version: args.version,
        amiType: "AL2023_x86_64_STANDARD",
        capacityType: "ON_DEMAND",
        instanceTypes: [shape.instanceType],
        subnetIds: args.subnetIds,
        launchTemplate: {
          id: template.id,
          version: template.latestVersion.apply((version) => String(version)),
        },
        scalingConfig: { minSize: shape.min, maxSize: shape.max, desiredSize: shape.initial },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        labels: { [WORKLOAD_LABEL]: shape.workload },
        tags: internal,
      },
      // The autoscaler owns the number of nodes: an update must not set it back in the middle of a peak.
      { parent: this, ignoreChanges: ["scalingConfig.desiredSize"] },
    );
  }

  private createTemplate(name: string, args: NodeGroupsArgs, pool: string): aws.ec2.LaunchTemplate {
    const { naming } = args.context;
    const nodeTags = { ...tags(naming, "personal"), Name: physicalName(naming, "server", pool) };
    return new aws.ec2.LaunchTemplate(
      `${name}-${pool}-template`,
      {
        name: physicalName(naming, "other", "node", pool),
        // IMDSv2 and one hop: a pod that is no node agent cannot fetch the node's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: { volumeSize: args.diskGiB, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
          },
        ],
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: nodeTags })),
        updateDefaultVersion: true,
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
  }
}
