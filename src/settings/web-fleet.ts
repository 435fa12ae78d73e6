import { z } from "zod";
import { commonSettings } from "./common.ts";
import { text } from "./fields.ts";
import { singleServerSettings } from "./single-server.ts";

const { admins, adminAccess, cloudflare, backups, appKey } = singleServerSettings.shape;

const hostKey = text(/^(ssh-ed25519|ecdsa-sha2-\S+) \S+/, "the host's public SSH key: ssh-keyscan -t ed25519 ADDRESS");
const hostName = text(/^(web-[1-9]|database)$/, "web-1, web-2, ... or database");

/** A machine that exists: ordered and installed by hand (docs/decisions/ovh-hosts.md). */
const existingHost = z.strictObject({ address: z.ipv4(), sshHostKey: hostKey });

/** Settings of the phase growth on OVH: a load balancer, web hosts and a database host. */
export const webFleetSettings = commonSettings.extend({
  phase: z.literal("growth"),
  platform: z.literal("ovh"),
  admins,
  adminAccess,
  cloudflare,
  backups,
  appKey,
  projectId: text(/^[0-9a-f]{32}$/, "the Public Cloud project's id, 32 hexadecimal digits: uploaded files live there"),
  loadBalancer: z
    .strictObject({
      serviceName: text(/^(loadbalancer-[0-9a-f]{32}|ip-[\d.]+)$/, "the load balancer's service name"),
      zone: text(/^([a-z]{3}\d?|all)$/, 'a zone it was ordered with, in lower case, or "all"').default("gra"),
      drained: z.array(hostName).default([]),
    })
    .describe(
      "{serviceName, zone?, drained? (web hosts that get no visitors)}, " +
        'for example {serviceName: "loadbalancer-0123456789abcdef0123456789abcdef", zone: gra, drained: [web-2]}',
    ),
  hosts: z
    .discriminatedUnion("mode", [
      z.strictObject({
        mode: z.literal("existing"),
        /** Login that OVH's image has, with the key chosen at the installation. */
        firstLogin: text(/^[a-z][a-z0-9-]{1,30}$/, 'the image\'s login, for example "ubuntu"').default("ubuntu"),
        web: z.array(existingHost).min(2).max(9),
        database: existingHost,
        plans: z.strictObject({ web: z.string().optional(), database: z.string().optional() }).default({}),
      }),
      z.strictObject({
        mode: z.literal("publicCloud"),
        region: text(/^(GRA|SBG|DE)\d*$/, 'a Public Cloud region, for example "GRA11"').default("GRA11"),
        web: z.int().min(2).max(9).default(3),
        flavors: z.strictObject({ web: z.string().optional(), database: z.string().optional() }).default({}),
        /** Public host keys, by host name, once the owner has read them from the console. */
        sshHostKeys: z.record(z.string(), hostKey).default({}),
      }),
    ])
    .describe(
      "{mode: existing, web: [{address, sshHostKey}, ...], database: {address, sshHostKey}, firstLogin?, plans?} or " +
        "{mode: publicCloud, region?, web? (how many), flavors?, sshHostKeys?}",
    ),
});

export type WebFleetSettings = z.infer<typeof webFleetSettings>;
