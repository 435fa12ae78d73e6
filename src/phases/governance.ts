import fs from "node:fs";
import { StackAlerting } from "../components/pulumi-cloud/alerting.ts";
import { DriftReview } from "../components/pulumi-cloud/drift.ts";
import { PipelineAccess } from "../components/pulumi-cloud/access.ts";
import { PolicyEnforcement } from "../components/pulumi-cloud/policy.ts";
import type { StackRef } from "../components/pulumi-cloud/stack.ts";
import { StackTagging } from "../components/pulumi-cloud/tagging.ts";
import type { StackContext } from "../concepts/context.ts";
import { HOSTING_PHASES, type HostingPhase } from "../concepts/phase.ts";
import type { GovernanceSettings } from "../settings/governance.ts";
import { NONE, type StackOutputs } from "./outputs.ts";
import { PhaseComponent } from "./phase-component.ts";

/** When a stack of each phase is compared with its clouds (UTC): the more people change it, the oftener. */
const DRIFT_SCHEDULE: Record<HostingPhase, string> = {
  mvp: "17 5 * * *",
  staging: "17 5 * * 1",
  growth: "17 */6 * * *",
  enterprise: "17 */6 * * *",
};

/** Name that policies/index.ts publishes the pack under. */
const POLICY_PACK = "jatsmanor";

/** What watches over the other stacks: drift, policies, alerts, tags and the pipelines' sign-in, in Pulumi Cloud. */
export class Governance extends PhaseComponent {
  readonly outputs: StackOutputs;

  constructor(settings: GovernanceSettings, context: StackContext) {
    super("Governance", settings.platform, context);
    const name = context.naming.environment;
    const opts = { parent: this };
    const { organization, repository } = settings;
    const tokens = readTokens(settings);

    for (const { name: stack, awsReadRoleArn } of settings.stacks) {
      const ref: StackRef = { organization, project: context.naming.project, stack };
      const { phase, rules } = policyConfig(stack);
      new DriftReview(
        `${name}-${stack}-drift`,
        {
          ref,
          repository,
          scheduleCron: DRIFT_SCHEDULE[phase],
          tokens,
          ...(awsReadRoleArn === undefined ? {} : { awsReadRoleArn }),
        },
        opts,
      );
      const pack = { name: POLICY_PACK, versionTag: settings.policyPackVersion, config: rules };
      new PolicyEnforcement(`${name}-${stack}-policy`, { context, ref, pack }, opts);
      new StackAlerting(`${name}-${stack}-alerting`, { ref, slackWebhookUrl: settings.slackWebhookUrl }, opts);
      const tags = { phase, owner: settings.owner, "cost-center": settings.costCenter };
      new StackTagging(`${name}-${stack}-tagging`, { ref, tags }, opts);
    }
    // Two per stack, as in docs/ci.md: one that looks, one that changes. The organisation itself is a stack like others.
    const environments = [...settings.stacks.map((stack) => stack.name), name].flatMap((stack) => [
      `${stack}-preview`,
      stack,
    ]);
    new PipelineAccess(`${name}-access`, { organization, repository, environments }, opts);

    this.outputs = {
      appUrl: `https://app.pulumi.com/${organization}`,
      databaseEndpoint: NONE,
      cacheEndpoint: NONE,
      cdnDomain: NONE,
      backups: {},
      alerts: Object.fromEntries(settings.stacks.map((stack) => [stack.name, "drift and failures to Slack"])),
      allowReplace: context.guard.allowReplace,
    };
    this.registerOutputs(this.outputs);
  }
}

/** By the variable that each provider reads. */
function readTokens(settings: GovernanceSettings): Record<string, string> {
  const { digitaloceanReadToken, cloudflareReadToken } = settings;
  return {
    ...(digitaloceanReadToken === undefined ? {} : { DIGITALOCEAN_TOKEN: digitaloceanReadToken }),
    ...(cloudflareReadToken === undefined ? {} : { CLOUDFLARE_API_TOKEN: cloudflareReadToken }),
  };
}

/**
 * The committed pack config of a stack: the same levels in Pulumi Cloud as in `make up`, from one file. It also says the
 * stack's phase. @throws Error when the stack has none.
 */
function policyConfig(stack: string): { phase: HostingPhase; rules: Record<string, unknown> } {
  const file = `policies/config/${stack}.json`;
  if (!fs.existsSync(file)) {
    throw new Error(
      `pulumi-cloud: jatsmanor:stacks names "${stack}", and ${file} does not exist. ` +
        "Add its Pulumi.<stack>.yaml and run: make policy-config",
    );
  }
  const { policies } = JSON.parse(fs.readFileSync(file, "utf8")) as { policies: Record<string, { phase?: string }> };
  const phase = HOSTING_PHASES.find((name) => name === policies["policy-config-matches-phase"]?.phase);
  if (phase === undefined) {
    throw new Error(`pulumi-cloud: ${file} is not of a phase that hosts (${HOSTING_PHASES.join(", ")})`);
  }
  return { phase, rules: policies };
}
