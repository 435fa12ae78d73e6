import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import type { PrivateBucket } from "./bucket.ts";
import { createRole, document, trust } from "./iam.ts";

const GITHUB = "token.actions.githubusercontent.com";

export interface DeployArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  region: string;
  /** "organisation/repository" whose workflows may deploy, and the environment they must run in. */
  repository: string;
  environment: string;
  releases: PrivateBucket;
  media: PrivateBucket;
  keyArn: pulumi.Input<string>;
  /** What is deployed to: a deployment group each, independent of the others. */
  fleets: Record<string, { groupName: pulumi.Input<string>; targetGroupName?: pulumi.Input<string> }>;
  /** Alarms that stop a deployment and bring the last release back. */
  alarmNames: pulumi.Input<string>[];
}

/**
 * How a release reaches the servers. Each colour is deployed to in place, server by server, taken out of the load
 * balancer meanwhile; which colour gets the traffic is said by the listener's weights, that is by `pulumi up` and by
 * nothing else. (CodeDeploy's own copying of scaling groups would create servers that no program knows.)
 */
export class Deploy extends pulumi.ComponentResource {
  /** Role that the workflow takes; it holds no key. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: DeployArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Deploy", name, { repository: args.repository, environment: args.environment }, opts);
    const { naming } = args.context;
    const application = new aws.codedeploy.Application(
      `${name}-application`,
      { name: physicalName(naming, "other", "web"), computePlatform: "Server", tags: tags(naming, "internal") },
      { parent: this },
    );
    const service = createRole(
      `${name}-service`,
      {
        context: args.context,
        part: "codedeploy",
        trust: trust("codedeploy.amazonaws.com", args.accountId),
        managed: { policy: "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole" },
      },
      this,
    );
    for (const [fleet, { groupName, targetGroupName }] of Object.entries(args.fleets))
      new aws.codedeploy.DeploymentGroup(
        `${name}-${fleet}`,
        {
          appName: application.name,
          deploymentGroupName: fleet,
          serviceRoleArn: service.arn,
          deploymentConfigName: "CodeDeployDefault.OneAtATime",
          autoscalingGroups: [groupName], // a server that scaling adds gets the last release before it gets traffic
          deploymentStyle: {
            deploymentType: "IN_PLACE",
            deploymentOption: targetGroupName === undefined ? "WITHOUT_TRAFFIC_CONTROL" : "WITH_TRAFFIC_CONTROL",
          },
          ...(targetGroupName === undefined
            ? {}
            : { loadBalancerInfo: { targetGroupInfos: [{ name: targetGroupName }] } }),
          autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
          alarmConfiguration: { enabled: true, alarms: args.alarmNames, ignorePollAlarmFailure: false },
          outdatedInstancesStrategy: "UPDATE",
          tags: tags(naming, "internal"),
        },
        { parent: this },
      );
    this.roleArn = this.createWorkflowRole(name, args, application);
    this.registerOutputs({ roleArn: this.roleArn });
  }

  private createWorkflowRole(
    name: string,
    args: DeployArgs,
    application: aws.codedeploy.Application,
  ): pulumi.Output<string> {
    const { naming } = args.context;
    const { accountId, region } = args;
    const issuer = new aws.iam.OpenIdConnectProvider(
      `${name}-github`,
      { url: `https://${GITHUB}`, clientIdLists: ["sts.amazonaws.com"], tags: tags(naming, "internal") },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-workflow`,
      {
        name: physicalName(naming, "principal", "deploy"),
        maxSessionDuration: 3600,
        assumeRolePolicy: document([
          {
            Sid: "OneRepositoryOneEnvironment",
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: issuer.arn },
            // Exact: a pattern such as repo:organisation/* would let every repository's pull requests deploy.
            Condition: {
              StringEquals: {
                [`${GITHUB}:aud`]: "sts.amazonaws.com",
                [`${GITHUB}:sub`]: `repo:${args.repository}:environment:${args.environment}`,
              },
            },
          },
        ]),
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    const codedeploy = pulumi.interpolate`arn:aws:codedeploy:${region}:${accountId}`;
    new aws.iam.RolePolicy(
      `${name}-workflow-policy`,
      {
        role: role.name,
        policy: document([
          {
            Sid: "UploadRelease",
            Action: "s3:PutObject",
            Resource: [
              pulumi.interpolate`${args.releases.arn}/*`,
              pulumi.interpolate`${args.media.arn}/build/*`, // the release's own scripts and styles
            ],
          },
          { Sid: "Encrypt", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: args.keyArn },
          {
            Sid: "Deploy",
            Action: [
              "codedeploy:CreateDeployment",
              "codedeploy:GetDeployment",
              "codedeploy:RegisterApplicationRevision",
              "codedeploy:GetApplicationRevision",
              "codedeploy:GetDeploymentConfig",
            ],
            Resource: [
              pulumi.interpolate`${codedeploy}:application:${application.name}`,
              pulumi.interpolate`${codedeploy}:deploymentgroup:${application.name}/*`,
              pulumi.interpolate`${codedeploy}:deploymentconfig:CodeDeployDefault.OneAtATime`,
            ],
          },
        ]),
      },
      { parent: this },
    );
    return role.arn;
  }
}
