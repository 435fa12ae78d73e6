import * as pulumi from "@pulumi/pulumi";
import type { Cache } from "../components/aws/cache.ts";
import type { Database } from "../components/aws/database.ts";
import type { NetworkPlan } from "../components/aws/network.ts";
import type { Storage } from "../components/aws/storage.ts";
import { MANAGED_ALERTS } from "../concepts/alerts.ts";
import { BACKUP_PLANS } from "../concepts/backup.ts";
import { BUDGETS } from "../concepts/budget.ts";
import { hostDefaults } from "../host/spec.ts";
import type { ScaledWebSettings } from "../settings/scaled-web.ts";

/** Values of the growth phase; a stack file overrides the ones its settings name. */
export const GROWTH = {
  region: "eu-central-1",
  copyRegion: "eu-west-3",
  network: {
    cidr: "10.20.0.0/16",
    tiers: {
      public: ["10.20.0.0/24", "10.20.1.0/24", "10.20.2.0/24"],
      app: ["10.20.16.0/22", "10.20.20.0/22", "10.20.24.0/22"],
      data: ["10.20.64.0/24", "10.20.65.0/24", "10.20.66.0/24"],
    },
  },
  zones: ["a", "b", "c"],
  web: { instanceType: "t3.medium", min: 2, max: 10 }, // "Min: 2, Max: 10"
  worker: { min: 1, max: 3 },
  targets: { webCpu: 55, workerCpu: 60, requestsPerMinute: 600 },
  imageParameter: "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
  diskGiB: 30,
  database: { instanceClass: "db.t3.medium", storageGiB: 100, maxStorageGiB: 500 }, // "db.t3.medium, 100GB SSD"
  cache: { nodeType: "cache.t3.micro", engineVersion: "8.1", shape: { shards: 1, nodes: 2 }, snapshotDays: 1 },
  rateLimit: 2000, // requests of one address in five minutes
  backup: BACKUP_PLANS.growth,
  budget: BUDGETS.growth,
  alerts: MANAGED_ALERTS,
} as const;

/** Region of everything that AWS keeps once for the world: content network, its certificates and firewall, site checks. */
export const GLOBAL_REGION = "us-east-1";
export const COLOURS = ["blue", "green"] as const;

/** Who may talk to whom; everything else is closed. */
export const FLOWS = [
  { from: "cdn", to: "balancer", port: 443, why: "visitors, through the content network only" },
  { from: "balancer", to: "server", port: 80, why: "requests and health checks" },
  { from: "server", to: "database", port: 3306, why: "the application" },
  { from: "server", to: "cache", port: 6379, why: "sessions, cache, queues" },
  { from: "server", to: "internet", port: 443, why: "AWS's services, payment providers, mail" },
  { from: "server", to: "internet", port: 80, why: "Ubuntu's packages" },
] as const;
export const GROUPS = ["balancer", "server", "database", "cache"] as const;

export function networkPlan({ network }: ScaledWebSettings): NetworkPlan {
  return { ...GROWTH.network, zones: GROWTH.zones.slice(0, network.zones), nat: network.nat };
}

export type Colour = (typeof COLOURS)[number];

/** Percent of the visitors per colour. */
export function weightsOf({ active, idleWeight }: ScaledWebSettings["release"]): Record<Colour, number> {
  const idle = active === "blue" ? "green" : "blue";
  return { [active]: 100 - idleWeight, [idle]: idleWeight } as Record<Colour, number>;
}

/**
 * The active colour scales; the idle one has exactly the servers that a release asks for, usually none. Both together
 * stay near the guide's ten, and two colours never scale, and cost, side by side.
 */
export function webSize({ web, release }: ScaledWebSettings, colour: Colour): { min: number; max: number } {
  if (colour !== release.active) return { min: release.idleServers, max: release.idleServers };
  return { min: web.min ?? GROWTH.web.min, max: web.max ?? GROWTH.web.max };
}

/** Laravel's environment, without secrets; "tls://" makes its Redis client speak TLS. */
export function appValues(
  { domain }: ScaledWebSettings,
  region: string,
  { database, cache, storage }: { database: Database; cache: Cache; storage: Storage },
): Record<string, pulumi.Input<string>> {
  return {
    APP_ENV: "production",
    APP_DEBUG: "false",
    APP_URL: `https://${domain}`,
    APP_TIMEZONE: hostDefaults.timezone,
    DB_CONNECTION: "mysql",
    DB_HOST: database.address,
    DB_PORT: "3306",
    DB_DATABASE: hostDefaults.app.database,
    DB_SECRET_ARN: database.secretArn,
    MYSQL_ATTR_SSL_CA: "/etc/ssl/certs/database.pem",
    REDIS_HOST: pulumi.interpolate`tls://${cache.endpoint.apply((endpoint) => endpoint.split(":")[0] ?? "")}`,
    REDIS_PORT: "6379",
    CACHE_STORE: "redis",
    SESSION_DRIVER: "redis",
    QUEUE_CONNECTION: "redis",
    FILESYSTEM_DISK: "s3",
    AWS_DEFAULT_REGION: region,
    AWS_BUCKET: storage.media.bucketName,
    BACKUP_BUCKET: storage.backups.bucketName,
  };
}
