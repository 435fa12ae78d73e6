import { z } from "zod";
import { commonSettings } from "./common.ts";
import { admin, adminAccess, text } from "./fields.ts";

/** Settings of the single-server phases (mvp, staging) on DigitalOcean behind Cloudflare. */
export const singleServerSettings = commonSettings.extend({
  phase: z.enum(["mvp", "staging"]),
  platform: z.literal("digitalocean"),
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
      keepDailyDays: z.int().min(7).max(365).optional(),
      agePublicKey: text(/^age1[02-9ac-hj-np-z]{58}$/, "an age public key (age-keygen), age1..."),
    })
    .describe("{region?, keepDailyDays? (whole days, 7 to 365), agePublicKey}, for example {agePublicKey: age1...}"),
  appKey: text(/^base64:[A-Za-z0-9+/]{43}=$/, "the Laravel application key: php artisan key:generate --show"),
});

export type SingleServerSettings = z.infer<typeof singleServerSettings>;
