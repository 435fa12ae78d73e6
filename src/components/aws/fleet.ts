import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";

export interface LaunchArgs {
  context: StackContext;
  /** Last part of the names, for example "web". */
  part: string;
  instanceType: string;
  /** SSM parameter that holds the image's id; read at each launch, so a new image needs no update of the stack. */
  imageParameter: string;
  diskGiB: number;
  securityGroupId: pulumi.Input<string>;
  instanceProfileArn: pulumi.Input<string>;
  /** cloud-init, without any secret. */
  userData: string;
}

/** How a server of a fleet is started. No key pair: administrators come through Session Manager, logged and with MFA. */
export class LaunchTemplate extends pulumi.ComponentResource {
  readonly launchTemplate: aws.ec2.LaunchTemplate;

  constructor(name: string, args: LaunchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:LaunchTemplate", name, { instanceType: args.instanceType }, opts);
    const { naming } = args.context;
    const serverTags = {
      ...tags(naming, "personal"),
      role: args.part,
      Name: physicalName(naming, "server", args.part),
    };
    this.launchTemplate = new aws.ec2.LaunchTemplate(
      `${name}-template`,
      {
        name: physicalName(naming, "other", args.part),
        instanceType: args.instanceType,
        imageId: `resolve:ssm:${args.imageParameter}`,
        ebsOptimized: "true",
        iamInstanceProfile: { arn: args.instanceProfileArn },
        vpcSecurityGroupIds: [args.securityGroupId],
        // IMDSv2 only, and one hop: a forged request of the application cannot fetch the server's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        monitoring: { enabled: true },
        // "unlimited", the default, bills every burst; the alarm on CPU and the scaling come first.
        creditSpecification: { cpuCredits: "standard" },
        blockDeviceMappings: [
          {
            deviceName: "/dev/sda1",
            ebs: { volumeSize: args.diskGiB, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
          },
        ],
        userData: Buffer.from(args.userData).toString("base64"),
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: serverTags })),
        updateDefaultVersion: true,
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    this.registerOutputs({ launchTemplateId: this.launchTemplate.id });
  }
}

export interface FleetArgs {
  context: StackContext;
  /** Last part of the name, for example "web-blue"; also its tag `role`. */
  part: string;
  launchTemplate: aws.ec2.LaunchTemplate;
  subnetIds: pulumi.Input<string>[];
  /** Servers at least and at most. */
  size: { min: number; max: number };
  /** Without a target (workers) a server is healthy while its machine is. */
  target?: { group: aws.lb.TargetGroup; balancerArnSuffix: pulumi.Input<string>; requestsPerMinute: number };
  /** Percent of CPU, averaged over the fleet, that scaling holds. */
  cpuTarget: number;
}

/** Servers in a scaling group that replaces the unhealthy ones and follows the load. */
export class Fleet extends pulumi.ComponentResource {
  readonly groupName: pulumi.Output<string>;

  constructor(name: string, args: FleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Fleet", name, { size: args.size }, opts);
    const { launchTemplate, target } = args;
    const group = new aws.autoscaling.Group(
      `${name}-group`,
      {
        name: physicalName(args.context.naming, "other", args.part),
        minSize: args.size.min,
        maxSize: args.size.max,
        desiredCapacity: args.size.min,
        vpcZoneIdentifiers: args.subnetIds,
        launchTemplate: {
          id: launchTemplate.id,
          version: launchTemplate.latestVersion.apply((version) => String(version)),
        },
        ...(target === undefined
          ? { healthCheckType: "EC2" }
          : { healthCheckType: "ELB", targetGroupArns: [target.group.arn] }),
        healthCheckGracePeriod: 300, // seconds: a first boot installs packages until the golden image exists
        defaultInstanceWarmup: 120,
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
        instanceRefresh: {
          strategy: "Rolling",
          preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 150, instanceWarmup: "120" },
        },
        enabledMetrics: ["GroupInServiceInstances", "GroupDesiredCapacity", "GroupTotalInstances"],
        tags: Object.entries({
          ...tags(args.context.naming, "personal"),
          role: args.part,
          Name: physicalName(args.context.naming, "server", args.part),
        }).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      },
      // Scaling owns the number of servers: an update must not set it back in the middle of a peak.
      { parent: this, ignoreChanges: ["desiredCapacity"] },
    );
    this.follow(`${name}-cpu`, group, {
      targetValue: args.cpuTarget,
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
    });
    if (target !== undefined)
      this.follow(`${name}-requests`, group, {
        targetValue: target.requestsPerMinute,
        predefinedMetricSpecification: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: pulumi.interpolate`${target.balancerArnSuffix}/${target.group.arnSuffix}`,
        },
      });
    this.groupName = group.name;
    this.registerOutputs({ groupName: this.groupName });
  }

  private follow(
    name: string,
    group: aws.autoscaling.Group,
    targetTrackingConfiguration: aws.types.input.autoscaling.PolicyTargetTrackingConfiguration,
  ): void {
    new aws.autoscaling.Policy(
      name,
      { autoscalingGroupName: group.name, policyType: "TargetTrackingScaling", targetTrackingConfiguration },
      { parent: this },
    );
  }
}
