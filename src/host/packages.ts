import { duties } from "./roles.ts";
import type { HostSpec } from "./spec.ts";

/**
 * Where a server's programs come from. Ubuntu 24.04 (noble) ships PHP 8.3, MySQL 8.0 and Valkey 7.2, Ubuntu 22.04
 * (jammy) PHP 8.1, MySQL 8.0 and no Valkey, so three of them need another source. Each source is pinned to its
 * publisher's key by full fingerprint: a key that a host or a key server swaps is refused by the bootstrap script, not
 * trusted.
 */
export const CODENAMES: Record<HostSpec["versions"]["ubuntu"], string> = { "22.04": "jammy", "24.04": "noble" };

export interface AptSource {
  name: string;
  uri: string;
  suite: string;
  component: string;
  keyUrl: string;
  /** Full fingerprint of the signing key, checked before the key is installed. */
  fingerprint: string;
}

/** Ondřej Surý's archive, the builds that Laravel's own tools use: every PHP and its extensions for both. */
const php = (suite: string): AptSource => ({
  name: "php",
  uri: "https://ppa.launchpadcontent.net/ondrej/php/ubuntu",
  suite,
  component: "main",
  keyUrl: "https://keyserver.ubuntu.com/pks/lookup?op=get&search=0xB8DC7E53946656EFBCE4C1DD71DAEAAB4AD4CAB6",
  fingerprint: "B8DC7E53946656EFBCE4C1DD71DAEAAB4AD4CAB6",
});

/**
 * Oracle's archive. The key is the one of MySQL 8.4.7 and later; its first publication (the file of 2023) expired on
 * 2025-10-22, so the file of 2025 is fetched: same key and fingerprint, valid until 2027-10-23.
 */
const mysql = (suite: string, series: string): AptSource => ({
  name: "mysql",
  uri: "https://repo.mysql.com/apt/ubuntu",
  suite,
  component: `mysql-${series}-lts`,
  keyUrl: "https://repo.mysql.com/RPM-GPG-KEY-mysql-2025",
  fingerprint: "BCA43417C3B485DD128EC6D4B7B3B788A8D3785C",
});

/**
 * Release of Valkey 8 whose binaries valkey.io publishes, for both. No apt source has Valkey 8 for either, so
 * unattended upgrades do not see it: raise this number for a security release, the bundle then replaces the binaries.
 */
export const VALKEY_RELEASE = "8.1.11";

/**
 * What Ubuntu 22.04 has in too old a release: its rclone 1.53 cannot be told not to read back what it wrote, which the
 * backup's credentials may not. The publisher's own package, by its checksum; undefined where Ubuntu's will do.
 */
export function rcloneRelease(spec: HostSpec): { version: string; sha256: string } | undefined {
  if (spec.versions.ubuntu !== "22.04") return undefined;
  return { version: "1.75.1", sha256: "09c9f7606ed9e31eecc1eec26a89992cf2931a8d2d1a5f0ae2bb1c11630ffb15" };
}

export function aptSources(spec: HostSpec): AptSource[] {
  const suite = CODENAMES[spec.versions.ubuntu];
  const { app, data } = duties(spec);
  return [...(app ? [php(suite)] : []), ...(data ? [mysql(suite, spec.versions.mysql)] : [])];
}

/** Packages in the order of their installation: what protects the server comes before what listens. */
export function packages(spec: HostSpec): { protection: string[]; services: string[] } {
  const phpVersion = spec.versions.php;
  const { web, data, workers, app } = duties(spec);
  const when = (wanted: boolean, ...names: string[]) => (wanted ? names : []);
  const extensions = ["bcmath", "curl", "gd", "intl", "mbstring", "mysql", "redis", "xml", "zip"];
  return {
    protection: [
      "nftables",
      "fail2ban",
      "unattended-upgrades",
      "chrony",
      "ca-certificates",
      "curl",
      "gnupg",
      "openssl",
      ...when(spec.mesh !== undefined, "wireguard-tools"),
    ],
    services: [
      // Oracle's name, which Ubuntu's own MySQL 8.0 does not have.
      ...when(data, "mysql-community-server"),
      ...when(data && spec.versions.valkey === "7.2", "valkey-server"),
      ...when(web, `php${phpVersion}-fpm`),
      ...when(app, `php${phpVersion}-cli`),
      // PHP 8.5 has opcache built in.
      ...when(app && phpVersion !== "8.5", `php${phpVersion}-opcache`),
      ...when(app, ...extensions.map((extension) => `php${phpVersion}-${extension}`)),
      ...when(web, "nginx"),
      ...when(workers, "supervisor", "cron"),
      ...when(app, "logrotate"),
      ...when(data, "zstd", "age"),
      ...when(data && rcloneRelease(spec) === undefined, "rclone"),
      ...when(app, "unzip"),
      ...when(web && spec.tls.source === "lets-encrypt", "certbot"),
      ...when(spec.monitoring.nodeExporter, "prometheus-node-exporter"),
    ],
  };
}
