import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { stateful } from "../../concepts/statefulness.ts";

export interface EdgeArgs {
  context: StackContext;
  zoneId: string;
  /** Decides the managed ruleset and the shortest rate-limit period that the zone may use. */
  plan: "free" | "pro";
}

/**
 * What every visitor passes through: TLS, HSTS, the web application firewall and the rate limit of the zone. The zone
 * itself is the registrar's and only read: who deletes a stack must not delete the company's domain.
 */
export class Edge extends pulumi.ComponentResource {
  /** Of the zone, once it is known to exist: what is built on it depends on it. */
  readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:cloudflare:Edge", name, { zoneId: args.zoneId, plan: args.plan }, opts);
    this.zoneId = cloudflare.Zone.get(`${name}-zone`, args.zoneId, undefined, { parent: this }).id;
    for (const [settingId, value] of Object.entries(ZONE_SETTINGS)) this.createSetting(name, args, settingId, value);
    this.createFirewall(name, args);
    this.createRateLimit(name);
    this.registerOutputs({ zoneId: this.zoneId });
  }

  private createSetting(name: string, args: EdgeArgs, settingId: string, value: unknown): void {
    const logicalName = `${name}-${settingId.replaceAll("_", "-")}`;
    new cloudflare.ZoneSetting(
      logicalName,
      { zoneId: this.zoneId, settingId, value },
      // Deleting a setting leaves it as it is, yet no longer watched: lifting HTTPS is never a side effect.
      { parent: this, ...stateful(args.context.guard, "zone", logicalName) },
    );
  }

  private createFirewall(name: string, args: EdgeArgs): void {
    new cloudflare.Ruleset(
      `${name}-waf`,
      {
        zoneId: this.zoneId,
        name: "managed web application firewall",
        kind: "zone",
        phase: "http_request_firewall_managed", // one ruleset per phase and zone: a second one overwrites the first
        rules: [
          {
            action: "execute",
            expression: "true",
            description: "Cloudflare's managed rules: injection, traversal, known exploits",
            enabled: true,
            actionParameters: { id: MANAGED_RULESETS[args.plan] },
          },
        ],
      },
      { parent: this },
    );
  }

  private createRateLimit(name: string): void {
    new cloudflare.Ruleset(
      `${name}-rate-limit`,
      {
        zoneId: this.zoneId,
        name: "rate limit",
        kind: "zone",
        phase: "http_ratelimit",
        rules: [
          {
            action: "block",
            expression: '(not starts_with(http.request.uri.path, "/build/"))',
            description: "per address; mobile networks put thousands of people behind one, so not lower",
            enabled: true,
            ratelimit: RATE_LIMIT,
          },
        ],
      },
      { parent: this },
    );
  }
}

/** HSTS for a year, the least that an SSL Labs A+ and the browsers' preload list take. Seconds. */
const HSTS_MAX_AGE = 31_536_000;

/** The guide's "HTTPS uniquement (SSL A+)". Setting ids are the API's snake_case ones. */
const ZONE_SETTINGS: Record<string, unknown> = {
  ssl: "strict", // "full" would accept any certificate between the edge and the server
  always_use_https: "on",
  automatic_https_rewrites: "on",
  min_tls_version: "1.2",
  tls_1_3: "on",
  security_header: {
    strict_transport_security: {
      enabled: true,
      max_age: HSTS_MAX_AGE,
      include_subdomains: true,
      preload: false,
      nosniff: true,
    },
  },
};

/** Cloudflare's published ids of its managed rulesets: the free plan has its own, smaller one. */
const MANAGED_RULESETS = {
  free: "77454fe2d30c4220b5701f6fdfb893ba",
  pro: "efb7b8c949ac4650a09736fc376e9aee",
} as const;

/** 50 requests in 10 s (1,500 in five minutes): above what a family behind one address does, below what a script does. */
const RATE_LIMIT = {
  characteristics: ["ip.src", "cf.colo.id"],
  period: 10, // seconds; the only period that every plan has
  requestsPerPeriod: 50,
  mitigationTimeout: 10,
};
