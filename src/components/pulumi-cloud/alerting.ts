import * as pulumi from "@pulumi/pulumi";
import * as pulumiservice from "@pulumi/pulumiservice";
import type { StackRef } from "./stack.ts";

export interface StackAlertingArgs {
  ref: StackRef;
  /** Incoming webhook of a Slack channel. Who knows it can write there: kept as a secret. */
  slackWebhookUrl: string;
}

/** What the team reads in its channel. Failed previews are left out: they are somebody's typing error, and he saw it. */
const EVENTS = [
  pulumiservice.WebhookFilters.DriftDetected,
  pulumiservice.WebhookFilters.DriftDetectionFailed, // silence would look like "no drift"
  pulumiservice.WebhookFilters.UpdateFailed,
  pulumiservice.WebhookFilters.DestroySucceeded,
];

/** Events of one stack to the team's channel. */
export class StackAlerting extends pulumi.ComponentResource {
  constructor(name: string, args: StackAlertingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:pulumi-cloud:StackAlerting", name, { ...args.ref, events: EVENTS }, opts);
    const { organization, project, stack } = args.ref;
    new pulumiservice.Webhook(
      `${name}-slack`,
      {
        organizationName: organization,
        projectName: project,
        stackName: stack,
        displayName: `Slack: drift and failures of ${stack}`,
        payloadUrl: pulumi.secret(args.slackWebhookUrl),
        format: pulumiservice.WebhookFormat.Slack,
        filters: EVENTS,
        active: true,
      },
      { parent: this, additionalSecretOutputs: ["payloadUrl"] },
    );
    this.registerOutputs({});
  }
}
