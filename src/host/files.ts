import { type Job, jobs } from "./jobs.ts";
import { MESH_INTERFACE, meshConfig } from "./mesh.ts";
import { hostPaths } from "./paths.ts";
import { duties } from "./roles.ts";
import type { HostSizing } from "./sizing.ts";
import type { HostMesh, HostSpec } from "./spec.ts";
import { firewall } from "./traffic.ts";

/** One file of a server, before it is rendered. */
export interface FileEntry {
  path: string;
  /** Template under templates/, without `.eta`. */
  template: string;
  mode?: "0644" | "0640" | "0600" | "0440" | "0755";
  /** Values that only this template uses. */
  values?: Record<string, unknown>;
  /** Units to reload or restart when the file changes. */
  restart?: string[];
  /** Units to enable and start. */
  enable?: string[];
  /** Command that runs when the file changes, before the new tree is judged. */
  run?: string;
  /** Command that must succeed; `{file}` is the staged file, else the command sees the whole new tree. */
  validate?: string;
  /**
   * Written by cloud-init already: what must be there before a service starts for the first time. What only matters
   * once a release or a secret is there (workers, backups, deploy rights) waits for the host bundle.
   */
  boot?: boolean;
}

/** Two instances because one cannot be both: a cache must forget when full, a queue must refuse. */
export function valkeyInstances(size: HostSizing) {
  return [
    { name: "cache", port: 6379, maxMemoryMiB: size.valkeyCacheMiB, policy: "allkeys-lru", durable: false },
    { name: "queue", port: 6380, maxMemoryMiB: size.valkeyQueueMiB, policy: "noeviction", durable: true },
  ];
}

/** Every file of a server, by its duties. */
export function hostFiles(spec: HostSpec, size: HostSizing): FileEntry[] {
  const has = duties(spec);
  return [
    ...protection(spec),
    ...(spec.mesh ? mesh(spec.mesh) : []),
    ...(has.web ? [...nginx(spec), ...fpm(spec)] : []),
    ...(has.app ? application(spec) : []),
    ...(has.data ? data(size) : []),
    ...(has.data && spec.mesh ? [lateAddress] : []),
    ...(has.workers ? workers() : []),
    ...scripts(spec),
    ...jobs(spec).flatMap(jobFiles),
  ];
}

function protection(spec: HostSpec): FileEntry[] {
  const sshd = "/etc/ssh/sshd_config.d/10-jatsmanor.conf";
  return [
    {
      path: "/etc/nftables.conf",
      template: "system/nftables.conf",
      values: { firewall: firewall(spec) },
      mode: "0755",
      validate: "nft -c -f {file}",
      restart: ["nftables.service"],
      boot: true,
    },
    { path: sshd, template: "system/sshd.conf", validate: "sshd -t -f {file}", restart: ["ssh.service"], boot: true },
    {
      path: "/etc/fail2ban/jail.d/jatsmanor.conf",
      template: "system/fail2ban.conf",
      validate: "fail2ban-client -t",
      restart: ["fail2ban.service"],
    },
    {
      path: "/etc/sysctl.d/60-jatsmanor.conf",
      template: "system/sysctl.conf",
      restart: ["systemd-sysctl.service"],
      boot: true,
    },
    {
      path: "/etc/systemd/journald.conf.d/jatsmanor.conf",
      template: "system/journald.conf",
      restart: ["systemd-journald.service"],
    },
    { path: "/etc/apt/apt.conf.d/52jatsmanor-upgrades", template: "system/unattended-upgrades", boot: true },
  ];
}

function mesh(settings: HostMesh): FileEntry[] {
  const unit = "jatsmanor-mesh.service";
  return [
    {
      path: `/etc/wireguard/${MESH_INTERFACE}.conf`,
      template: "mesh/mesh.conf",
      values: { meshConfig: meshConfig(settings) },
      mode: "0600",
      restart: [unit],
    },
    { path: `/etc/systemd/system/${unit}`, template: "mesh/mesh.service", enable: [unit] },
    { ...script("mesh"), values: { meshInterface: MESH_INTERFACE }, restart: [unit] },
  ];
}

/** MySQL and Valkey start before the tunnel has its address, and must not fail for that. */
const lateAddress: FileEntry = {
  path: "/etc/sysctl.d/61-jatsmanor-mesh.conf",
  template: "mesh/sysctl.conf",
  restart: ["systemd-sysctl.service"],
  boot: true,
};

function nginx(spec: HostSpec): FileEntry[] {
  const common = { validate: "nginx -t -q", restart: ["nginx.service"], boot: true };
  const part = (name: string) => ({ path: `/etc/nginx/jatsmanor/${name}`, template: `nginx/${name}`, ...common });
  return [
    { path: "/etc/nginx/nginx.conf", template: "nginx/nginx.conf", ...common },
    ...["real-ip.conf", "tls.conf", "headers.conf", "site.conf", "php.conf"].map(part),
    { path: `${hostPaths(spec).maintenanceRoot}/maintenance.html`, template: "nginx/maintenance.html" },
  ];
}

function fpm(spec: HostSpec): FileEntry[] {
  const { php: version } = spec.versions;
  const common = { validate: `php-fpm${version} -t`, restart: [`php${version}-fpm.service`], boot: true };
  return [
    // Takes the place of the package's own pool, which would keep processes nobody uses.
    { path: `/etc/php/${version}/fpm/pool.d/www.conf`, template: "php/pool.conf", ...common },
    { path: `/etc/php/${version}/fpm/conf.d/90-jatsmanor.ini`, template: "php/fpm.ini", ...common },
  ];
}

/** What a deployed application needs beside a web server. */
function application(spec: HostSpec): FileEntry[] {
  return [
    { path: `/etc/php/${spec.versions.php}/cli/conf.d/90-jatsmanor.ini`, template: "php/cli.ini" },
    {
      path: "/etc/sudoers.d/jatsmanor-deploy",
      template: "system/sudoers",
      mode: "0440",
      validate: "visudo -cqf {file}",
    },
    { path: "/etc/logrotate.d/jatsmanor", template: "system/logrotate", validate: "logrotate -d {file}" },
  ];
}

function data(size: HostSizing): FileEntry[] {
  return [
    { path: "/etc/apt/preferences.d/jatsmanor-mysql", template: "system/apt-preferences", boot: true },
    {
      // Last by name, so that it has the last word over the package's own file.
      path: "/etc/mysql/mysql.conf.d/zz-jatsmanor.cnf",
      template: "mysql/server.cnf",
      validate: "mysqld --validate-config --user=mysql",
      restart: ["mysql.service"],
      boot: true,
    },
    ...valkeyInstances(size).flatMap((instance): FileEntry[] => {
      const unit = `valkey-${instance.name}.service`;
      const common = { values: { instance }, restart: [unit], boot: true };
      return [
        { path: `/etc/valkey/${instance.name}.conf`, template: "valkey/instance.conf", ...common },
        { path: `/etc/systemd/system/${unit}`, template: "valkey/valkey.service", enable: [unit], ...common },
      ];
    }),
  ];
}

function workers(): FileEntry[] {
  return [
    {
      path: "/etc/supervisor/conf.d/horizon.conf",
      template: "supervisor/horizon.conf",
      restart: ["supervisor.service"],
    },
    {
      path: "/etc/systemd/system/supervisor.service.d/jatsmanor.conf",
      template: "supervisor/stop-timeout.conf",
    },
    { path: "/etc/cron.d/jatsmanor-scheduler", template: "system/scheduler.cron" },
  ];
}

function script(name: string): FileEntry {
  return {
    path: `/usr/local/sbin/jatsmanor-${name}`,
    template: `scripts/${name}.sh`,
    mode: "0755",
    validate: "bash -n {file}",
  };
}

/** Hosts from which the application's database user may come, as MySQL writes them. */
const databaseClients = (spec: HostSpec): string[] => ["localhost", ...(spec.mesh ? [spec.mesh.cidr] : [])];

function scripts(spec: HostSpec): FileEntry[] {
  const { web, data, app } = duties(spec);
  return [
    // A changed bootstrap brings new packages, which the other files of the same bundle may need.
    { ...script("bootstrap"), run: "jatsmanor-bootstrap", boot: true },
    ...[
      "alert",
      ...(app ? ["app-config"] : []),
      ...(data ? ["database-user"] : []),
      ...(data && spec.backup.session ? ["offsite-session"] : []),
      ...jobs(spec).map(({ name }) => name),
    ].map((name) =>
      name === "database-user" ? { ...script(name), values: { clients: databaseClients(spec) } } : script(name),
    ),
    { path: "/etc/systemd/system/jatsmanor-alert@.service", template: "systemd/alert@.service" },
    ...(data
      ? [oneshot("database-user", "The application's database and user", "mysql.service", hostPaths(spec).databaseEnv)]
      : []),
    ...(app
      ? [
          oneshot(
            "app-config",
            "The application takes its new settings",
            web ? `php${spec.versions.php}-fpm.service` : "supervisor.service",
          ),
        ]
      : []),
  ];
}

/** A unit that runs a script once, each time the secret it depends on changes. */
function oneshot(name: string, description: string, after: string, environmentFile?: string): FileEntry {
  return {
    path: `/etc/systemd/system/jatsmanor-${name}.service`,
    template: "systemd/job.service",
    values: { job: { description, command: `jatsmanor-${name}`, after, environmentFile, timeout: 300 } },
  };
}

function jobFiles(job: Job): FileEntry[] {
  const timer = `jatsmanor-${job.name}.timer`;
  const values = { job: { after: undefined, environmentFile: undefined, ...job, command: `jatsmanor-${job.name}` } };
  return [
    { path: `/etc/systemd/system/jatsmanor-${job.name}.service`, template: "systemd/job.service", values },
    {
      path: `/etc/systemd/system/${timer}`,
      template: "systemd/job.timer",
      values,
      enable: [timer],
      restart: [timer],
    },
  ];
}
