import ipaddr from "ipaddr.js";

/**
 * How administrators and the deployment reach a server. There is no default: a way in is spoken aloud.
 * `ssh`: port 22, keys only, from these CIDRs. `tunnel`: no open port, through the edge provider's tunnel.
 */
export type AdminAccess = { mode: "ssh"; cidrs: string[] } | { mode: "tunnel" };

/** An administrators' network is an office or a VPN: wider than this is a mistake or half the internet. */
const WIDEST_PREFIX = { ipv4: 16, ipv6: 32 } as const;

/** Why `cidr` cannot be an administrators' network, or undefined when it can. */
export function adminCidrProblem(cidr: string): string | undefined {
  const parsed = parseCidr(cidr);
  if (parsed === undefined) return "is not a CIDR (address/prefix length)";
  const widest = WIDEST_PREFIX[parsed.kind];
  // 0.0.0.0/1 with 128.0.0.0/1 is the whole internet too, so the length is what counts, not the literal 0.0.0.0/0.
  if (parsed.prefix < widest)
    return `opens SSH to too much of the internet: a prefix of /${widest} or longer is needed`;
  return undefined;
}

/** Address family and prefix length of a strict CIDR; undefined for anything else ("10.0.0.1", "10.0.0/8", "x"). */
export function parseCidr(cidr: string): { kind: "ipv4" | "ipv6"; prefix: number } | undefined {
  const valid = ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr) || ipaddr.IPv6.isValidCIDR(cidr);
  if (!valid) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  return { kind: address.kind(), prefix };
}
