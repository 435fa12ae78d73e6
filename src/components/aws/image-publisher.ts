import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";
import { createRole } from "./iam.ts";

const GITHUB = "token.actions.githubusercontent.com";

export interface ImagePublisherArgs {
  context: StackContext;
  /** "organisation/repository" whose workflows may publish, and the environment they must run in. */
  repository: string;
  environment: string;
  repositoryArns: pulumi.Input<string>[];
}

/** The role by which a workflow adds images. It deploys nothing: which image runs is said by a setting, in a preview. */
export class ImagePublisher extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: ImagePublisherArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:ImagePublisher", name, { repository: args.repository, environment: args.environment }, opts);
    const { naming } = args.context;
    const issuer = new aws.iam.OpenIdConnectProvider(
      `${name}-github`,
      { url: `https://${GITHUB}`, clientIdLists: ["sts.amazonaws.com"], tags: tags(naming, "internal") },
      { parent: this },
    );
    const role = createRole(
      `${name}-role`,
      {
        context: args.context,
        part: "publish",
        trust: {
          Sid: "OneRepositoryOneEnvironment",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: issuer.arn },
          Condition: {
            StringEquals: {
              [`${GITHUB}:aud`]: "sts.amazonaws.com",
              [`${GITHUB}:sub`]: `repo:${args.repository}:environment:${args.environment}`,
            },
          },
        },
        allow: [
          { Sid: "SignIn", Action: "ecr:GetAuthorizationToken", Resource: "*" }, // of the whole registry, by design
          {
            Sid: "AddImages",
            Action: [
              "ecr:BatchCheckLayerAvailability",
              "ecr:BatchGetImage",
              "ecr:CompleteLayerUpload",
              "ecr:InitiateLayerUpload",
              "ecr:PutImage",
              "ecr:UploadLayerPart",
            ],
            Resource: args.repositoryArns,
          },
        ],
      },
      this,
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
