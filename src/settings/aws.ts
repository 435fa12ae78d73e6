import { z } from "zod";
import { commonSettings } from "./common.ts";
import { text } from "./fields.ts";

/** What every stack at AWS asks of its owner, whatever its phase. */
export const awsSettings = commonSettings.extend({
  platform: z.literal("aws"),
  dns: z
    .discriminatedUnion("provider", [
      z.strictObject({ provider: z.literal("route53") }),
      z.strictObject({
        provider: z.literal("cloudflare"),
        zoneId: text(/^[0-9a-f]{32}$/, "32 hexadecimal digits, from the zone's overview page"),
      }),
    ])
    .describe("{provider: route53} or {provider: cloudflare, zoneId}, for example {provider: route53}"),
  github: z
    .strictObject({
      repository: text(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, "organisation/repository"),
      environment: text(/^[A-Za-z0-9_-]+$/, "a GitHub environment").default("production"),
    })
    .describe('{repository, environment?}, for example {repository: "jatsmanor/platform", environment: production}'),
  slack: z
    .strictObject({
      teamId: text(/^T[A-Z0-9]{7,}$/, "a Slack workspace id"),
      channelId: text(/^[CG][A-Z0-9]{7,}$/, "a Slack channel id"),
    })
    .describe('{teamId, channelId} of a workspace authorised once by hand, for example {teamId: "T0123ABCD", ...}'),
  pagerUrl: text(/^https:\/\/\S+$/, "the pager's HTTPS integration address, for example PagerDuty's for CloudWatch"),
  usdPerEur: z
    .strictObject({
      rate: z.number().min(0.5).max(2),
      date: text(/^\d{4}-\d{2}-\d{2}$/, "the day of the rate, YYYY-MM-DD"),
    })
    .default({ rate: 1.15, date: "2026-11-22" })
    .describe('{rate, date}: dollars for one euro, for example {rate: 1.15, date: "2026-11-22"}'),
  appKey: text(/^base64:[A-Za-z0-9+/]{43}=$/, "the Laravel application key: php artisan key:generate --show"),
});
