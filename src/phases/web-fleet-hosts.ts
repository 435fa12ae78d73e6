import type { MachineSource } from "../components/ovh/machines.ts";
import { type Shape, shapeOf } from "../components/ovh/sizes.ts";
import type { StackContext } from "../concepts/context.ts";
import { physicalName } from "../concepts/naming.ts";

import { duties } from "../host/roles.ts";
import { hostSizing } from "../host/sizing.ts";
import { type HostSpec, type MeshPeer, type OffsiteSession, hostDefaults } from "../host/spec.ts";
import type { WebFleetSettings } from "../settings/web-fleet.ts";
import type { HostValues, Role } from "./web-fleet-values.ts";

/** Login of this program on the hosts: an administrator whose key is made and kept by the stack. */
export const PROVISIONER = "provisioner";

/** A host of the stack, before it exists. */
export interface Host {
  name: string;
  role: Role;
  /** VPS plan or Public Cloud flavor. */
  size: string;
  shape: Shape;
  meshAddress: string;
  /** In the private network of Public Cloud; VPS have none. */
  privateAddress: string | undefined;
  /** Public SSH host key, where it is known. */
  hostKey: string | undefined;
}

/** The hosts as data: the database at .10 of the mesh, web hosts from .11 on. */
export function hostsOf({ hosts }: WebFleetSettings, values: HostValues): Host[] {
  const at = (cidr: string, number: number) => cidr.replace(/\.\d+\/\d+$/, `.${number}`);
  const host = (name: string, role: Role, number: number, hostKey: string | undefined): Host => {
    const kind = hosts.mode === "existing" ? "plan" : "flavor";
    const size =
      hosts.mode === "existing"
        ? (hosts.plans[role] ?? values.plans[role])
        : (hosts.flavors[role] ?? values.flavors[role]);
    return {
      name,
      role,
      size,
      shape: shapeOf(kind, size),
      meshAddress: at(values.mesh.cidr, number),
      privateAddress: hosts.mode === "existing" ? undefined : at(values.privateCidr, number),
      hostKey,
    };
  };
  const count = hosts.mode === "existing" ? hosts.web.length : hosts.web;
  const keys: Record<string, string> =
    hosts.mode === "publicCloud" ? hosts.sshHostKeys : byName(hosts, ({ sshHostKey }) => sshHostKey);
  return [
    host("database", "database", 10, keys["database"]),
    ...Array.from({ length: count }, (_, index) =>
      host(`web-${index + 1}`, "web", 11 + index, keys[`web-${index + 1}`]),
    ),
  ];
}

type ExistingHosts = Extract<WebFleetSettings["hosts"], { mode: "existing" }>;

/** A property of each existing host, by the host's name. */
function byName(hosts: ExistingHosts, of: (host: ExistingHosts["database"]) => string): Record<string, string> {
  const web = hosts.web.map((host, index): [string, string] => [`web-${index + 1}`, of(host)]);
  return Object.fromEntries<string>([["database", of(hosts.database)], ...web]);
}

export function databaseOf(hosts: readonly Host[]): Host {
  const found = hosts.find(({ role }) => role === "database");
  if (found === undefined) throw new Error("a web fleet has one host of role database; none is among its hosts");
  return found;
}

/** The host through which those without a public address are reached; undefined where all have one. */
export const jumpHost = (hosts: readonly Host[]): Host | undefined =>
  hosts.find(({ role, privateAddress }) => role === "web" && privateAddress !== undefined);

/** Where the machines come from, as the settings say. */
export function sourceOf({ hosts, projectId }: WebFleetSettings, values: HostValues): MachineSource {
  if (hosts.mode === "publicCloud")
    return { mode: hosts.mode, projectId, region: hosts.region, image: values.image, cidr: values.privateCidr };
  return {
    mode: hosts.mode,
    firstLogin: hosts.firstLogin,
    addresses: byName(hosts, ({ address }) => address),
  };
}

/** What only exists once the update runs. */
export interface KnownLater {
  /** Networks from which the load balancer reaches the hosts. */
  balancerNetworks: string[];
  provisionerKey: string;
  bucket: string;
  session: OffsiteSession;
}

/**
 * Hosts as their first boot knows them: alone, since the others' addresses may not exist yet.
 * @throws Error for a way in that is not built for OVH.
 */
export function hostSpecs(
  settings: WebFleetSettings,
  values: HostValues,
  context: StackContext,
  hosts: readonly Host[],
): (host: Host, later: KnownLater) => HostSpec {
  const plan = values.databaseExport;
  const web = hosts.filter(({ role }) => role === "web");
  const networks = sshNetworks(settings);
  const jump = jumpHost(hosts)?.privateAddress;
  return (host, later) => ({
    ...hostDefaults,
    name: physicalName(context.naming, "server", host.name),
    role: host.role,
    workers: host.role === values.workersOn && host.name === hosts.find(({ role }) => role === values.workersOn)?.name,
    sizes: host.shape,
    domains: [settings.domain, `www.${settings.domain}`],
    tls: { source: "origin-ca" },
    trustedProxies: later.balancerNetworks,
    // A host without a public address is reached through one that has it.
    ssh: { allowedCidrs: host.role === "database" && jump !== undefined ? [...networks, `${jump}/32`] : networks },
    adminUsers: [
      { name: PROVISIONER, sshPublicKeys: [later.provisionerKey] },
      ...settings.admins.map((admin) => ({ name: admin.name, sshPublicKeys: [admin.sshPublicKey] })),
    ],
    mesh: { ...values.mesh, address: host.meshAddress, peers: [] },
    // Each PHP process of each web host may hold a connection.
    remoteConnections: web.reduce(
      (sum, { shape }) => sum + hostSizing(shape.memoryMiB, shape.cpus, duties({ role: "web" })).phpChildren,
      0,
    ),
    backup: {
      dumpAt: plan.dailyAtUtc,
      everyHours: values.exportEveryHours,
      binlogEveryMinutes: values.binlogEveryMinutes,
      weeklyOn: plan.weeklyOn,
      retainDailyDays: 2, // on the server's own disk; the bucket keeps the rest
      maxAgeHours: values.exportEveryHours + 2,
      bucket: { name: later.bucket, region: settings.backups.region },
      session: later.session,
      agePublicKey: settings.backups.agePublicKey,
    },
  });
}

/** The host with the others as its peers. */
export function withPeers(spec: HostSpec, all: readonly MeshPeer[]): HostSpec {
  const { mesh } = spec;
  if (!mesh) return spec;
  return { ...spec, mesh: { ...mesh, peers: all.filter((peer) => peer.address !== mesh.address) } };
}

function sshNetworks({ adminAccess }: WebFleetSettings): string[] {
  if (adminAccess.mode === "tunnel")
    throw new Error(
      'ovh: jatsmanor:adminAccess.mode "tunnel" is not built for this provider; use {mode: ssh, cidrs: [...]}',
    );
  return adminAccess.cidrs;
}
