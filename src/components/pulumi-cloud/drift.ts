import * as pulumi from "@pulumi/pulumi";
import * as pulumiservice from "@pulumi/pulumiservice";
import type { StackRef } from "./stack.ts";

export interface DriftReviewArgs {
  ref: StackRef;
  /** "owner/name" on GitHub. */
  repository: string;
  /** Five fields, UTC. */
  scheduleCron: string;
  /** Role with reading rights only; undefined for a stack without AWS. */
  awsReadRoleArn?: string;
  /** Reading tokens of providers that know no OIDC, by the variable their provider reads. Kept as secrets. */
  tokens: Readonly<Record<string, string>>;
}

/**
 * Pulumi Cloud compares the stack with its clouds on a schedule, with credentials that can look and not touch. It never
 * repairs by itself: what drifted may be an operator's emergency change, or the autoscaler's, and a repair may replace.
 * Updates are the pipeline's business (docs/ci.md), so commits and pull requests trigger nothing here.
 */
export class DriftReview extends pulumi.ComponentResource {
  constructor(name: string, args: DriftReviewArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:pulumi-cloud:DriftReview", name, { ...args.ref, scheduleCron: args.scheduleCron }, opts);
    const settings = new pulumiservice.DeploymentSettings(
      `${name}-settings`,
      {
        ...args.ref,
        sourceContext: { git: { branch: "refs/heads/main" } },
        vcs: {
          provider: "github",
          repository: args.repository,
          deployCommits: false,
          previewPullRequests: false,
          pullRequestTemplate: false,
        },
        operationContext: {
          // A comparison runs no program: without its packages it is faster, and no package can read the credentials.
          options: { skipInstallDependencies: true },
          environmentVariables: secrets(args.tokens),
          ...(args.awsReadRoleArn === undefined ? {} : { oidc: { aws: awsSession(args.ref, args.awsReadRoleArn) } }),
        },
      },
      { parent: this },
    );
    new pulumiservice.DriftSchedule(
      `${name}-schedule`,
      { ...args.ref, scheduleCron: args.scheduleCron, autoRemediate: false },
      { parent: this, dependsOn: [settings] },
    );
    this.registerOutputs({});
  }
}

const secrets = (values: Readonly<Record<string, string>>): Record<string, pulumi.Output<string>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, pulumi.secret(value)]));

const awsSession = ({ stack }: StackRef, roleARN: string) => ({
  roleARN,
  sessionName: `drift-${stack}`,
  duration: "1h",
});
