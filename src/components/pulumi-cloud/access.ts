import * as pulumi from "@pulumi/pulumi";
import * as pulumiservice from "@pulumi/pulumiservice";

export interface PipelineAccessArgs {
  organization: string;
  /** "owner/name" on GitHub. */
  repository: string;
  /** GitHub environments whose jobs may sign in. */
  environments: readonly string[];
}

/** How long a pipeline's token lives, in seconds: the longest update fits, and a stolen one is soon worthless. */
const TOKEN_SECONDS = 7200;

/**
 * Lets the pipelines sign in to Pulumi Cloud without a stored token. Only jobs of the named environments: their subject is
 * compared as a whole, so neither a fork, nor a branch, nor another repository of the same owner matches.
 */
export class PipelineAccess extends pulumi.ComponentResource {
  constructor(name: string, args: PipelineAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:pulumi-cloud:PipelineAccess", name, { environments: [...args.environments] }, opts);
    new pulumiservice.OidcIssuer(
      `${name}-github`,
      {
        organization: args.organization,
        name: `github-${args.repository.replace("/", "-")}`,
        url: "https://token.actions.githubusercontent.com",
        maxExpirationSeconds: TOKEN_SECONDS,
        policies: args.environments.map((environment) => ({
          decision: pulumiservice.AuthPolicyDecision.Allow,
          tokenType: pulumiservice.AuthPolicyTokenType.Organization,
          authorizedPermissions: [pulumiservice.AuthPolicyPermissionLevel.Standard],
          rules: {
            aud: `urn:pulumi:org:${args.organization}`,
            sub: `repo:${args.repository}:environment:${environment}`,
          },
        })),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
