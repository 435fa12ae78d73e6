import { z } from "zod";
import { adminCidrProblem } from "../concepts/access.ts";
import { PHASES } from "../concepts/phase.ts";

/**
 * Every setting of a stack file, `jatsmanor:<key>`. A field's description says what is allowed and gives an example:
 * the loader prints it with each error.
 */
const text = (pattern: RegExp, help: string) => z.string().regex(pattern).describe(help);
const email = z.email().describe('a mail address, for example "oncall@jatsmanor.ci"');

const adminAccess = z
  .discriminatedUnion("mode", [
    z.strictObject({
      mode: z.literal("ssh"),
      cidrs: z
        .array(
          z.string().superRefine((cidr, context) => {
            const problem = adminCidrProblem(cidr);
            if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
          }),
        )
        .min(1),
    }),
    z.strictObject({ mode: z.literal("tunnel") }),
  ])
  .describe('{mode: ssh, cidrs: [...]} or {mode: tunnel}, for example {mode: ssh, cidrs: ["198.51.100.7/32"]}');

const admin = z
  .strictObject({
    name: text(/^[a-z][a-z0-9-]{1,30}$/, 'a Linux user name, for example "awa"'),
    sshPublicKey: text(/^(ssh-ed25519|ecdsa-sha2-nistp\d+|sk-ssh-ed25519@openssh\.com) \S+/, "an OpenSSH public key"),
  })
  .describe('a list of {name, sshPublicKey}, for example [{name: awa, sshPublicKey: "ssh-ed25519 AAAA..."}]');

/** Settings that every phase has. */
export const commonSettings = z.strictObject({
  phase: z.enum(PHASES).describe(`one of ${PHASES.join(", ")}`),
  platform: z.enum(["digitalocean"]).describe("one of digitalocean"),
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

/** Settings of the single-server phases (mvp, staging) on DigitalOcean behind Cloudflare. */
export const singleServerSettings = commonSettings.extend({
  admins: z
    .array(admin)
    .min(1)
    .describe(admin.description ?? ""),
  adminAccess,
  cloudflare: z
    .strictObject({
      zoneId: text(/^[0-9a-f]{32}$/, "32 hexadecimal digits, from the zone's overview page"),
      plan: z.enum(["free", "pro"]).default("free").describe("one of free, pro"),
    })
    .describe('{zoneId, plan}, for example {zoneId: "023e105f4ecef8ad9ca31a8372d0c353", plan: free}'),
  server: z
    .strictObject({
      size: text(/^[a-z0-9-]+$/, "a DigitalOcean size slug").optional(),
      region: text(/^[a-z]{3}\d$/, "a DigitalOcean region slug").optional(),
      image: z.enum(["ubuntu-24-04-x64", "ubuntu-22-04-x64"]).optional(),
      phpVersion: z.enum(["8.2", "8.3", "8.4", "8.5"]).optional(),
      sshHostKey: text(/^(ssh-ed25519|ecdsa-sha2-\S+) \S+/, "the server's public host key").optional(),
    })
    .default({})
    .describe("{size?, region?, image?, phpVersion?, sshHostKey?}, for example {size: s-4vcpu-8gb, region: fra1}"),
  backups: z
    .strictObject({
      region: z.enum(["eu-west-3", "eu-west-1", "eu-central-1"]).default("eu-west-3"),
      keepDailyDays: z.int().min(7).max(365).default(35),
      agePublicKey: text(/^age1[02-9ac-hj-np-z]{58}$/, "an age public key (age-keygen), age1..."),
    })
    .describe("{region?, keepDailyDays? (whole days, 7 to 365), agePublicKey}, for example {agePublicKey: age1...}"),
  appKey: text(/^base64:[A-Za-z0-9+/]{43}=$/, "the Laravel application key: php artisan key:generate --show"),
});

/** Keys that must be given with `pulumi config set --secret`. */
export const SECRET_KEYS: readonly string[] = ["appKey"];

export type CommonSettings = z.infer<typeof commonSettings>;
export type SingleServerSettings = z.infer<typeof singleServerSettings>;
export type Settings = SingleServerSettings;

/** The schema of each phase that can be built, by phase and platform. */
export const SCHEMAS: Record<string, z.ZodObject> = {
  "mvp on digitalocean": singleServerSettings,
  "staging on digitalocean": singleServerSettings,
};
