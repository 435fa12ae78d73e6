import { z } from "zod";
import { PHASES } from "../concepts/phase.ts";
import { email, text } from "./fields.ts";

/** What a stack runs on; with the phase it chooses the topology. */
export const PLATFORMS = ["digitalocean", "forge", "aws", "eks", "ovh", "pulumi-cloud"] as const;

/** Settings that every phase has. */
export const commonSettings = z.strictObject({
  phase: z.enum(PHASES).describe(`one of ${PHASES.join(", ")}`),
  platform: z.enum(PLATFORMS).describe(`one of ${PLATFORMS.join(", ")}`),
  domain: text(
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    'a domain name, for example "jatsmanor.ci"',
  ),
  owner: text(/^[a-z][a-z0-9-]{1,40}$/, 'the team that answers for the stack, for example "platform-team"'),
  costCenter: text(/^[a-z0-9][a-z0-9-]{1,40}$/, 'where the bill goes, for example "hosting"'),
  alerts: z
    .strictObject({ criticalEmails: z.array(email).min(1), warningEmails: z.array(email).min(1) })
    .describe(
      '{criticalEmails: [...], warningEmails: [...]}, for example {criticalEmails: ["oncall@jatsmanor.ci"], ...}',
    ),
  allowReplace: z
    .array(z.string())
    .default([])
    .describe('logical names of stateful resources that may be replaced or removed, for example ["mvp-server"]'),
});
