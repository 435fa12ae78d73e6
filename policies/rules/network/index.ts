import { dnsProxied } from "./dns-proxied.ts";
import { doFirewallCoversDroplets } from "./do-firewall-covers-droplets.ts";
import { doPrivateData } from "./do-private-data.ts";
import { originNotBypassable } from "./origin-not-bypassable.ts";
import { rateLimitPresent } from "./rate-limit-present.ts";
import { wafInFront } from "./waf-in-front.ts";

export const network = [
  wafInFront,
  rateLimitPresent,
  dnsProxied,
  originNotBypassable,
  doFirewallCoversDroplets,
  doPrivateData,
];
