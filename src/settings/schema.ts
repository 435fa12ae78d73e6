import type { z } from "zod";
import { type ForgeServerSettings, forgeServerSettings } from "./forge-server.ts";
import { type GovernanceSettings, governanceSettings } from "./governance.ts";
import { type MicroservicesSettings, microservicesSettings } from "./microservices.ts";
import { type ScaledWebSettings, scaledWebSettings } from "./scaled-web.ts";
import { type SingleServerSettings, singleServerSettings } from "./single-server.ts";
import { type WebFleetSettings, webFleetSettings } from "./web-fleet.ts";

export type Settings =
  | SingleServerSettings
  | ForgeServerSettings
  | ScaledWebSettings
  | MicroservicesSettings
  | GovernanceSettings
  | WebFleetSettings;

/** The schema of each topology that can be built, by phase and platform. */
export const SCHEMAS: Record<string, z.ZodObject> = {
  "mvp on digitalocean": singleServerSettings,
  "staging on digitalocean": singleServerSettings,
  "growth on aws": scaledWebSettings,
  "enterprise on eks": microservicesSettings,
  "mvp on forge": forgeServerSettings,
  "growth on ovh": webFleetSettings,
  "governance on pulumi-cloud": governanceSettings,
};

/** Keys that must be given with `pulumi config set --secret`. */
export const SECRET_KEYS: readonly string[] = [
  "appKey",
  "pagerUrl",
  "forgeToken",
  "forgeProvisionCommand",
  "slackWebhookUrl",
  "digitaloceanReadToken",
  "cloudflareReadToken",
];
