/** Address ranges and ports. */
import ipaddr from "ipaddr.js";

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** An address or CIDR; undefined when it is neither. */
export function parseRange(text: string): Range | undefined {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    return undefined;
  }
}

export function isWithin(text: string, ranges: readonly string[]): boolean {
  const inner = parseRange(text);
  return ranges.some((r) => {
    const outer = parseRange(r);
    return (
      inner !== undefined &&
      outer !== undefined &&
      inner[0].kind() === outer[0].kind() &&
      inner[1] >= outer[1] &&
      (inner[0] as ipaddr.IPv4).match(outer[0], outer[1])
    );
  });
}

const PRIVATE = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "fc00::/7",
  "::1/128",
];

/**
 * Open to strangers: a public range wider than /16 (IPv4) or /32 (IPv6). 0.0.0.0/0 may hide as two halves, or as many
 * quarters, so no single notation is looked for. What cannot be parsed counts as open.
 */
export function isWide(text: string): boolean {
  const range = parseRange(text);
  if (!range) return true;
  return range[1] < (range[0].kind() === "ipv4" ? 16 : 32) && !isWithin(text, PRIVATE);
}

/** Whether a port range ("22", "8000-9000", "all", "0" or unset for all) holds a port. */
export function holdsPort(range: string | undefined, port: number): boolean {
  const text = (range ?? "").trim().toLowerCase();
  if (text === "" || text === "all" || text === "0" || text === "-1") return true;
  const [, from, to] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(text) ?? [];
  if (from === undefined) return true;
  return Number(from) <= port && port <= Number(to ?? from);
}
