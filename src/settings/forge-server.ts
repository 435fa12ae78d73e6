import { z } from "zod";
import { parseCidr } from "../concepts/access.ts";
import { text } from "./fields.ts";
import { singleServerSettings } from "./single-server.ts";

/** Settings of the MVP on one droplet that Laravel Forge runs: users, keys and backups on it are Forge's. */
export const forgeServerSettings = singleServerSettings.omit({ backups: true, admins: true }).extend({
  phase: z.literal("mvp"),
  platform: z.literal("forge"),
  forge: z
    .strictObject({
      organization: text(/^[a-z0-9][a-z0-9-]{0,62}$/, "the organisation's slug in Forge"),
      repository: text(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, 'owner/name on GitHub, for example "jatsmanor/app"'),
      branch: text(/^[A-Za-z0-9_./-]{1,100}$/, 'a push to it deploys, for example "main"'),
      addresses: z
        .array(z.string().refine((cidr) => parseCidr(cidr)?.prefix === 32, "is not a single address (a.b.c.d/32)"))
        .min(1)
        .describe("Forge's own addresses, which reach the server by SSH: https://forge.laravel.com/ips-v4.txt"),
    })
    .describe(
      "{organization, repository, branch, addresses}, for example {organization: jatsmanor, branch: main, ...}",
    ),
  backups: z
    .strictObject({
      region: z.enum(["eu-west-3", "eu-west-1", "eu-central-1"]).default("eu-west-3"),
      keepDailyDays: z.int().min(7).max(365).optional(),
    })
    .default({ region: "eu-west-3" })
    .describe("{region?, keepDailyDays? (whole days, 7 to 365)}, for example {keepDailyDays: 35}"),
  forgeToken: text(/^\S{20,}$/, "an API token of Forge with server and site permissions"),
  forgeProvisionCommand: text(
    /^[^\n]{10,2000}$/,
    "the command that the server's page in Forge shows after its registration",
  ).optional(),
});

export type ForgeServerSettings = z.infer<typeof forgeServerSettings>;
