import { z } from "zod";
import { commonSettings } from "./common.ts";
import { text } from "./fields.ts";

/** Settings of the organisation in Pulumi Cloud: no domain and no mail alerts, since no site runs there. */
export const governanceSettings = commonSettings.omit({ domain: true, alerts: true }).extend({
  phase: z.literal("governance"),
  platform: z.literal("pulumi-cloud"),
  organization: text(/^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$/, 'the organisation in Pulumi Cloud, for example "jatsmanor"'),
  repository: text(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, 'owner/name on GitHub, for example "jatsmanor/hosting"'),
  stacks: z
    .array(
      z.strictObject({
        name: text(/^[A-Za-z0-9_.-]{1,100}$/, 'a stack that exists, for example "mvp"'),
        awsReadRoleArn: text(/^arn:aws:iam::\d{12}:role\/\S+$/, "a role that reads, for drift detection").optional(),
      }),
    )
    .min(1)
    .refine((stacks) => new Set(stacks.map(({ name }) => name)).size === stacks.length, "a stack is named twice")
    .describe("a list of {name, awsReadRoleArn?}, for example [{name: mvp}]"),
  policyPackVersion: text(/^[A-Za-z0-9_.-]{1,100}$/, 'a published version of the pack, for example "0.1.0"'),
  slackWebhookUrl: text(/^https:\/\/hooks\.slack\.com\/services\/\S+$/, "a Slack incoming webhook, https://hooks..."),
  digitaloceanReadToken: text(/^\S{16,}$/, "a DigitalOcean token with reading scopes only").optional(),
  cloudflareReadToken: text(/^\S{16,}$/, "a Cloudflare token with reading permissions only").optional(),
});

export type GovernanceSettings = z.infer<typeof governanceSettings>;
