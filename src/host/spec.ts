/**
 * What one server is, as plain data: no provider, no Pulumi value, no secret.
 *
 * Every file of a server is a pure function of this value, so that the same server can be a droplet, a VPS, a machine
 * image or a test's temporary folder. Settings are validated by their reader (src/settings); the functions here refuse
 * only what would otherwise become a broken or unsafe file.
 */

/** What the server does (roles.ts). `worker` and `edge` are not built and refused by name (see `assertBuildable`). */
export type HostRole = "all-in-one" | "web" | "database" | "worker" | "edge";

export interface AdminUser {
  /** Login name. Gets sudo without password: it has no password at all. */
  name: string;
  /** OpenSSH public keys, one per entry. */
  sshPublicKeys: string[];
}

export interface HostVersions {
  php: "8.2" | "8.3" | "8.4" | "8.5";
  /** LTS series; 8.4 is the only one that repo.mysql.com serves for both Ubuntus and that is still maintained. */
  mysql: "8.4";
  /** `8` comes as valkey.io's own binaries, `7.2` as Ubuntu's package (see packages.ts). */
  valkey: "8" | "7.2";
  /** Of the machine's image; 22.04 is the guide's, and leaves support in April 2027. */
  ubuntu: "22.04" | "24.04";
}

export interface TlsSource {
  /** `origin-ca`: certificate and key arrive as secrets; `lets-encrypt`: the server asks for them itself. */
  source: "origin-ca" | "lets-encrypt";
  /** Contact of the Let's Encrypt account; optional there. */
  email?: string;
}

export interface BackupBucket {
  name: string;
  region: string;
  /** Host of an S3-compatible store; AWS when absent. */
  endpoint?: string;
}

/** Names at AWS by which a host's certificate becomes credentials (IAM Roles Anywhere). */
export interface OffsiteSession {
  trustAnchorArn: string;
  profileArn: string;
  roleArn: string;
}

export interface HostBackupPlan {
  /** Local time of the daily dump, `HH:MM`. */
  dumpAt: string;
  /** Days a dump stays on the server's own disk. Off-site retention is the bucket's lifecycle, not the server's right. */
  retainDailyDays: number;
  /** English day name on which the dump is also kept as the weekly one. */
  weeklyOn: "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday";
  /** A dump every so many hours from midnight, instead of once a day at `dumpAt`. */
  everyHours?: number;
  /** Binary logs go off-site this often, in minutes: how much a restore to a moment can lose. Absent: never. */
  binlogEveryMinutes?: number;
  /** Age in hours from which the last good backup is an alert. */
  maxAgeHours: number;
  bucket: BackupBucket;
  /** How the host gets credentials of an hour for the bucket; without it, it has a key that can only write. */
  session?: OffsiteSession;
  /** age recipient (`age1...`): the server can encrypt and never decrypt. */
  agePublicKey: string;
}

export interface AppLayout {
  /** Folder with `releases/`, `shared/` and the symlink `current`. */
  root: string;
  /** Database and user name of the application. */
  database: string;
  /** Largest upload in MiB, the same in nginx and PHP: a mismatch shows as a blank page. */
  phpUploadMiB: number;
  /** Seconds that Horizon may take to finish its jobs; at least the longest job. */
  horizonStopSeconds: number;
  /** Laravel's health route. */
  healthPath: string;
}

export interface HostMonitoring {
  /** Prometheus node exporter on loopback. */
  nodeExporter: boolean;
}

/** Another host of the stack, as this one sees it. */
export interface MeshPeer {
  name: string;
  role: HostRole;
  /** In the mesh. */
  address: string;
  /** On the internet. */
  endpoint: string;
  /** WireGuard's public key, 32 bytes in base64. */
  publicKey: string;
}

/** The private network between the hosts of a stack: WireGuard, each host a peer of each other. */
export interface HostMesh {
  /** UDP port on every host. */
  port: number;
  /** Range of the mesh, for example "10.30.0.0/24". */
  cidr: string;
  /** This host in the mesh. */
  address: string;
  peers: MeshPeer[];
}

export interface HostSpec {
  /** Host name, a DNS label. */
  name: string;
  role: HostRole;
  /** Staging answers `noindex` and is otherwise the same server. */
  environment: "production" | "staging";
  sizes: { memoryMiB: number; cpus: number };
  versions: HostVersions;
  /** Names served; the first is canonical. */
  domains: string[];
  tls: TlsSource;
  /** Networks of the reverse proxy in front. Only these reach ports 80 and 443; empty means no proxy and everyone. */
  trustedProxies: string[];
  /** Header in which the proxy gives the visitor's address; believed only when it comes from `trustedProxies`. */
  realIpHeader: string;
  ssh: { allowedCidrs: string[] };
  adminUsers: AdminUser[];
  /** Keys of the deployment user `deploy`, which has no root right but reloading PHP and the workers. */
  deployKeys: string[];
  backup: HostBackupPlan;
  app: AppLayout;
  monitoring: HostMonitoring;
  /** Queue workers and scheduler here, too. An all-in-one server always has them. */
  workers?: boolean;
  /** Encrypted network to the stack's other hosts; absent on a server that is alone. */
  mesh?: HostMesh;
  /** Connections that other hosts may open to the database of this one. */
  remoteConnections?: number;
  /** Name of the IANA time zone. Côte d'Ivoire is UTC all year. */
  timezone: string;
}

/** What a server is unless its stack says otherwise; names, addresses, sizes and keys have no default. */
export const hostDefaults: Pick<
  HostSpec,
  "environment" | "versions" | "realIpHeader" | "deployKeys" | "app" | "monitoring" | "timezone"
> = {
  environment: "production",
  versions: { php: "8.4", mysql: "8.4", valkey: "8", ubuntu: "24.04" },
  realIpHeader: "CF-Connecting-IP",
  deployKeys: [],
  app: {
    root: "/srv/app",
    database: "jatsmanor",
    phpUploadMiB: 32,
    horizonStopSeconds: 300,
    healthPath: "/up",
  },
  monitoring: { nodeExporter: false },
  timezone: "Africa/Abidjan",
};

/**
 * Refuses what no file could be right for. The message names the value and what to do.
 * @throws Error for a role that is not built, no domain, no administrator, or SSH open to the whole internet.
 */
export function assertBuildable(spec: HostSpec): void {
  const problems: string[] = [];
  if (!BUILT.includes(spec.role)) problems.push(`role "${spec.role}" is not built; use one of ${BUILT.join(", ")}`);
  problems.push(...meshProblems(spec));
  if (spec.versions.valkey === "7.2" && spec.versions.ubuntu === "22.04")
    problems.push('versions.valkey "7.2" is Ubuntu\'s own package, which Ubuntu 22.04 does not have; use "8"');
  if (spec.domains.length === 0) problems.push("domains is empty; name at least one, the first is canonical");
  if (spec.adminUsers.length === 0) problems.push("adminUsers is empty; nobody could log in to repair the server");
  for (const user of spec.adminUsers)
    if (user.sshPublicKeys.length === 0) problems.push(`admin user "${user.name}" has no SSH public key`);
  for (const cidr of spec.ssh.allowedCidrs)
    if (/\/0$/.test(cidr)) problems.push(`ssh.allowedCidrs has ${cidr}; name the administrators' networks instead`);
  // These values are pasted into shell, nginx and YAML files: a quote or a newline would change their meaning.
  for (const [key, value] of singleTokens(spec))
    if (!/^[A-Za-z0-9@%+=:,./_-]+$/.test(value))
      problems.push(`${key} is ${JSON.stringify(value)}; no spaces or quotes`);
  if (problems.length > 0)
    throw new Error(`Host "${spec.name}" cannot be rendered:\n${problems.map((p) => `  - ${p}`).join("\n")}`);
}

const BUILT: readonly HostRole[] = ["all-in-one", "web", "database"];

/** What a mesh cannot be, as sentences; empty when it can be built. */
function meshProblems(spec: HostSpec): string[] {
  const { mesh } = spec;
  if (!mesh)
    return spec.role === "all-in-one" ? [] : [`role "${spec.role}" needs a mesh: its peers are on other hosts`];
  const addresses = [mesh.address, ...mesh.peers.map((peer) => peer.address)];
  return [
    ...(new Set(addresses).size < addresses.length ? [`mesh has an address twice: ${addresses.join(", ")}`] : []),
    ...mesh.peers
      .filter((peer) => !/^[A-Za-z0-9+/]{43}=$/.test(peer.publicKey))
      .map(
        (peer) => `mesh peer "${peer.name}" has the public key ${JSON.stringify(peer.publicKey)}; 32 bytes in base64`,
      ),
  ];
}

function singleTokens(spec: HostSpec): [string, string][] {
  return [
    ["name", spec.name],
    ...spec.domains.map((d): [string, string] => ["domains", d]),
    ...spec.trustedProxies.map((c): [string, string] => ["trustedProxies", c]),
    ...spec.ssh.allowedCidrs.map((c): [string, string] => ["ssh.allowedCidrs", c]),
    ...spec.adminUsers.map((u): [string, string] => ["adminUsers.name", u.name]),
    ["realIpHeader", spec.realIpHeader],
    ["tls.email", spec.tls.email ?? "-"],
    ["backup.dumpAt", spec.backup.dumpAt],
    ["backup.bucket.name", spec.backup.bucket.name],
    ["backup.bucket.region", spec.backup.bucket.region],
    ["backup.bucket.endpoint", spec.backup.bucket.endpoint ?? "-"],
    ["backup.agePublicKey", spec.backup.agePublicKey],
    ...Object.entries(spec.backup.session ?? {}).map(([key, arn]): [string, string] => [
      `backup.session.${key}`,
      String(arn),
    ]),
    ["app.root", spec.app.root],
    ["app.database", spec.app.database],
    ["app.healthPath", spec.app.healthPath],
    ["timezone", spec.timezone],
    ...[spec.mesh ?? [], spec.mesh?.peers ?? []].flat().flatMap((host): [string, string][] => [
      ["mesh.address", host.address],
      ...("name" in host
        ? ([
            ["mesh.peers.name", host.name],
            ["mesh.peers.endpoint", host.endpoint],
          ] as [string, string][])
        : []),
    ]),
    ["mesh.cidr", spec.mesh?.cidr ?? "-"],
  ];
}
