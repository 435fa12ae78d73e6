import { MESH_INTERFACE } from "./mesh.ts";
import { duties } from "./roles.ts";
import type { HostSpec } from "./spec.ts";

/** Where traffic comes from. `web hosts` are known by their addresses in the mesh, `other hosts` by their public ones. */
type Source = "administrators" | "load balancer" | "other hosts" | "web hosts";

/** One permission: everything that is not in this table is dropped by every host. */
export interface Flow {
  from: Source;
  /** Which hosts listen. */
  to: (spec: HostSpec) => boolean;
  over: "internet" | "mesh";
  protocol: "tcp" | "udp";
  ports: (spec: HostSpec) => readonly number[];
  why: string;
}

const everyHost = () => true;

/** Who may talk to whom in a stack of several hosts. Port 80 is not here: the load balancer answers it itself. */
export const TRAFFIC: readonly Flow[] = [
  {
    from: "administrators",
    to: everyHost,
    over: "internet",
    protocol: "tcp",
    ports: () => [22],
    why: "Administrators and the deployment. An empty set means: no SSH from outside.",
  },
  {
    from: "load balancer",
    to: (spec) => duties(spec).web,
    over: "internet",
    protocol: "tcp",
    ports: () => [443],
    why: "The site only through the load balancer: going around it would also go around the edge's firewall.",
  },
  {
    from: "other hosts",
    to: everyHost,
    over: "internet",
    protocol: "udp",
    ports: (spec) => (spec.mesh ? [spec.mesh.port] : []),
    why: "The encrypted tunnel between the hosts.",
  },
  {
    from: "web hosts",
    to: (spec) => duties(spec).data,
    over: "mesh",
    protocol: "tcp",
    ports: () => [3306, 6379, 6380],
    why: "MySQL, cache and queue, through the tunnel only.",
  },
];

/** nftables set of a source, and the address families it has: the mesh is IPv4 only. */
const SETS: Record<Source, { set: string; families: readonly Family[] }> = {
  administrators: { set: "admin", families: ["ip", "ip6"] },
  "load balancer": { set: "proxy", families: ["ip", "ip6"] },
  "other hosts": { set: "peer", families: ["ip", "ip6"] },
  "web hosts": { set: "web", families: ["ip"] },
};
type Family = "ip" | "ip6";
const SUFFIX: Record<Family, string> = { ip: "4", ip6: "6" };

interface AddressSet {
  name: string;
  type: "ipv4_addr" | "ipv6_addr";
  elements: string[];
}

/** The table as this host's nftables sets and rules. A server that is alone has fixed rules (see the template). */
export function firewall(spec: HostSpec): { sets: AddressSet[]; flows: { why: string; rules: string[] }[] } {
  if (!spec.mesh) {
    const sources: Source[] = spec.trustedProxies.length > 0 ? ["administrators", "load balancer"] : ["administrators"];
    return { sets: sources.flatMap((source) => setsOf(source, spec)), flows: [] };
  }
  const flows = TRAFFIC.filter((flow) => flow.to(spec));
  return {
    sets: flows.flatMap(({ from }) => setsOf(from, spec)),
    flows: flows.map((flow) => ({ why: flow.why, rules: rulesOf(flow, spec) })),
  };
}

function rulesOf(flow: Flow, spec: HostSpec): string[] {
  const ports = flow.ports(spec);
  const port = ports.length === 1 ? String(ports[0]) : `{ ${ports.join(", ")} }`;
  const through = flow.over === "mesh" ? `iifname "${MESH_INTERFACE}" ` : "";
  const { set, families } = SETS[flow.from];
  return families.map(
    (family) => `${through}${flow.protocol} dport ${port} ${family} saddr @${set}${SUFFIX[family]} accept`,
  );
}

function setsOf(source: Source, spec: HostSpec): AddressSet[] {
  const addresses = addressesOf(source, spec);
  const { set, families } = SETS[source];
  return families.map((family) => ({
    name: `${set}${SUFFIX[family]}`,
    type: family === "ip" ? "ipv4_addr" : "ipv6_addr",
    elements: addresses.filter((address) => address.includes(":") === (family === "ip6")),
  }));
}

function addressesOf(source: Source, spec: HostSpec): string[] {
  const peers = spec.mesh?.peers ?? [];
  switch (source) {
    case "administrators":
      return spec.ssh.allowedCidrs;
    case "load balancer":
      return spec.trustedProxies;
    case "other hosts":
      return peers.map((peer) => peer.endpoint);
    case "web hosts":
      return peers.filter((peer) => peer.role === "web").map((peer) => peer.address);
  }
}
