/** What the cluster's own controllers may do at AWS, as data: each only what its work in this program needs. */
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./iam.ts";

export interface ControllerIdentity {
  namespace: string;
  serviceAccount: string;
  allow: Statement[];
}

export interface ControllerTargets {
  accountId: pulumi.Input<string>;
  region: string;
  clusterName: pulumi.Input<string>;
  targetGroupArns: pulumi.Input<string>[];
  /** Secrets that are copied into the cluster. */
  secretArns: pulumi.Input<string>[];
  keyArn: pulumi.Input<string>;
  topicArns: pulumi.Input<string>[];
  topicKeyArn: pulumi.Input<string>;
}

export function controllerIdentities(targets: ControllerTargets): ControllerIdentity[] {
  const ofThisCluster = { StringEquals: { "aws:ResourceTag/eks:cluster-name": targets.clusterName } };
  return [
    {
      namespace: "kube-system",
      serviceAccount: "aws-load-balancer-controller",
      allow: [
        {
          // Not one call of these can be limited to a resource.
          Sid: "Look",
          Action: [
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
          ],
          Resource: "*",
        },
        {
          Sid: "EnterPods",
          Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
          Resource: targets.targetGroupArns,
        },
      ],
    },
    {
      namespace: "kube-system",
      serviceAccount: "cluster-autoscaler",
      allow: [
        {
          Sid: "Look",
          Action: [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations",
            "autoscaling:DescribeScalingActivities",
            "autoscaling:DescribeTags",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeLaunchTemplateVersions",
          ],
          Resource: "*",
        },
        {
          Sid: "ReadGroups",
          Action: "eks:DescribeNodegroup",
          Resource: pulumi.interpolate`arn:aws:eks:${targets.region}:${targets.accountId}:nodegroup/${targets.clusterName}/*`,
        },
        {
          Sid: "Scale",
          Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
          // Groups that EKS made for a node group, and of them this cluster's.
          Resource: pulumi.interpolate`arn:aws:autoscaling:${targets.region}:${targets.accountId}:autoScalingGroup:*:autoScalingGroupName/eks-*`,
          Condition: ofThisCluster,
        },
      ],
    },
    {
      namespace: "external-secrets",
      serviceAccount: "external-secrets",
      allow: [
        {
          Sid: "ReadSecrets",
          Action: ["ssm:GetParameter", "ssm:GetParameters"],
          Resource: targets.secretArns,
        },
        { Sid: "Decrypt", Action: "kms:Decrypt", Resource: targets.keyArn },
      ],
    },
    {
      namespace: "vault",
      serviceAccount: "openbao",
      allow: [
        { Sid: "OpenItself", Action: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"], Resource: targets.keyArn },
      ],
    },
    {
      namespace: "observability",
      serviceAccount: "alertmanager",
      allow: [
        { Sid: "Tell", Action: "sns:Publish", Resource: targets.topicArns },
        { Sid: "Encrypt", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: targets.topicKeyArn },
      ],
    },
  ];
}
