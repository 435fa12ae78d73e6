import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";

export interface RegistryArgs<Service extends string> {
  context: StackContext;
  /** Services with an image of their own. */
  services: readonly Service[];
  keyArn: pulumi.Input<string>;
  /** Images kept per service; one that runs must never be among the older ones. */
  keep: number;
}

/** One repository per service: tags never move, and what is pushed is scanned for known holes. */
export class Registry<Service extends string> extends pulumi.ComponentResource {
  /** Address of each service's images, without tag or digest. */
  readonly urls: Record<Service, pulumi.Output<string>>;
  readonly arns: pulumi.Output<string>[];

  constructor(name: string, args: RegistryArgs<Service>, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Registry", name, { services: [...args.services] }, opts);
    const repositories = args.services.map((service) => ({
      service,
      made: this.createRepository(name, args, service),
    }));
    this.urls = Object.fromEntries(
      repositories.map(({ service, made }) => [service, made.repositoryUrl]),
    ) as typeof this.urls;
    this.arns = repositories.map(({ made }) => made.arn);
    this.registerOutputs({ urls: Object.values(this.urls) });
  }

  private createRepository(name: string, args: RegistryArgs<Service>, service: string): aws.ecr.Repository {
    const { naming, guard } = args.context;
    const logicalName = `${name}-${service}`;
    const repository = new aws.ecr.Repository(
      logicalName,
      {
        name: `${naming.project}/${naming.environment}/${service}`,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.keyArn }],
        tags: tags(naming, "internal"),
      },
      // Without its images a deployment cannot replace a lost node.
      { parent: this, ...stateful(guard, "bucket", logicalName) },
    );
    new aws.ecr.LifecyclePolicy(
      `${logicalName}-lifecycle`,
      {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: "untagged images are builds that failed half-way",
              selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
              action: { type: "expire" },
            },
            {
              rulePriority: 2,
              description: `the last ${args.keep} releases`,
              selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: args.keep },
              action: { type: "expire" },
            },
          ],
        }),
      },
      { parent: this },
    );
    return repository;
  }
}
