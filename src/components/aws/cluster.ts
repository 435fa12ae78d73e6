import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { createRole, trust } from "./iam.ts";
import { createLogGroup } from "./log-group.ts";

export interface ClusterArgs {
  context: StackContext;
  region: string;
  /** Kubernetes minor version, for example "1.35". One step at a time, and never back. */
  version: string;
  /** Private subnets in two zones or more. */
  subnetIds: pulumi.Input<string>[];
  /** Key of the secrets that Kubernetes keeps. */
  keyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  /**
   * Roles whose holders look at everything but secrets, and restart what runs in `operatedNamespaces`. The role that
   * runs Pulumi makes the cluster and so administers it; nobody else does: changes come through the program.
   */
  operatorRoleArns: readonly string[];
  operatedNamespaces: readonly string[];
  /** Networks that reach the API server from outside of the VPC; none = only from inside. */
  apiCidrs: readonly string[];
}

/** All of them: what an intruder does shows in the audit log, what breaks in the others. */
const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const ACCESS_POLICY = "arn:aws:eks::aws:cluster-access-policy";

/** The control plane: private, logged, its secrets under our key, and never on a version whose support costs extra. */
export class Cluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** Security group that the control plane and every node are in. */
  readonly securityGroupId: pulumi.Output<string>;
  /** For clients that may ask AWS for a token; there is no secret in it. */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Cluster", name, { version: args.version, apiCidrs: [...args.apiCidrs] }, opts);
    const { context } = args;
    const physical = physicalName(context.naming, "other", "cluster").slice(0, 100);
    const role = createRole(
      `${name}-role`,
      {
        context,
        part: "cluster",
        trust: trust("eks.amazonaws.com"),
        managed: { policy: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
      },
      this,
    );
    // Made here, since EKS would make it itself, unencrypted and kept for ever.
    const log = createLogGroup(
      `${name}-log`,
      { context, name: `/aws/eks/${physical}/cluster`, retentionDays: 365, keyArn: args.logsKeyArn },
      this,
    );
    const cluster = this.createCluster(name, args, physical, role, log);
    args.operatorRoleArns.forEach((roleArn, index) => {
      this.admit(`${name}-operator-${index + 1}`, args, cluster, roleArn);
    });
    this.clusterName = cluster.name;
    this.arn = cluster.arn;
    this.securityGroupId = cluster.vpcConfig.apply(({ clusterSecurityGroupId }) => clusterSecurityGroupId);
    this.kubeconfig = pulumi
      .all([cluster.endpoint, cluster.certificateAuthority, cluster.name])
      .apply(([endpoint, authority, clusterName]) => kubeconfig(endpoint, authority.data, clusterName, args.region));
    this.registerOutputs({ clusterName: this.clusterName, securityGroupId: this.securityGroupId });
  }

  private createCluster(
    name: string,
    args: ClusterArgs,
    physical: string,
    role: aws.iam.Role,
    log: aws.cloudwatch.LogGroup,
  ): aws.eks.Cluster {
    const { naming, guard } = args.context;
    return new aws.eks.Cluster(
      `${name}-cluster`,
      {
        name: physical,
        version: args.version,
        roleArn: role.arn,
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        bootstrapSelfManagedAddons: false, // the add-ons below are managed; self-managed ones would never be updated
        deletionProtection: guard.protects,
        enabledClusterLogTypes: LOGS,
        encryptionConfig: { resources: ["secrets"], provider: { keyArn: args.keyArn } },
        upgradePolicy: { supportType: "STANDARD" }, // the default, EXTENDED, costs six times the price once a version is old
        vpcConfig: {
          subnetIds: args.subnetIds,
          endpointPrivateAccess: true,
          endpointPublicAccess: args.apiCidrs.length > 0,
          ...(args.apiCidrs.length > 0 ? { publicAccessCidrs: [...args.apiCidrs] } : {}),
        },
        zonalShiftConfig: { enabled: true },
        tags: tags(naming, "personal"),
      },
      { parent: this, dependsOn: [log], ...stateful(guard, "server", `${name}-cluster`) },
    );
  }

  private admit(name: string, args: ClusterArgs, cluster: aws.eks.Cluster, principalArn: string): void {
    const entry = new aws.eks.AccessEntry(
      name,
      { clusterName: cluster.name, principalArn, tags: tags(args.context.naming, "internal") },
      { parent: this },
    );
    const allow = (part: string, policy: string, accessScope: aws.types.input.eks.AccessPolicyAssociationAccessScope) =>
      new aws.eks.AccessPolicyAssociation(
        `${name}-${part}`,
        { clusterName: cluster.name, principalArn, policyArn: `${ACCESS_POLICY}/${policy}`, accessScope },
        { parent: this, dependsOn: [entry] },
      );
    allow("look", "AmazonEKSViewPolicy", { type: "cluster" });
    allow("operate", "AmazonEKSEditPolicy", { type: "namespace", namespaces: [...args.operatedNamespaces] });
  }
}

const kubeconfig = (server: string, authority: string, name: string, region: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": authority } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
