import type { HostSpec } from "./spec.ts";

/**
 * Where a server's programs come from. Ubuntu 24.04 (noble) ships PHP 8.3, MySQL 8.0 and Valkey 7.2, so three of them
 * need another source. Each source is pinned to its publisher's key by full fingerprint: a key that a host or a key
 * server swaps is refused by the bootstrap script, not trusted.
 */
export interface AptSource {
  name: string;
  uri: string;
  suite: string;
  component: string;
  keyUrl: string;
  /** Full fingerprint of the signing key, checked before the key is installed. */
  fingerprint: string;
}

/** Ondřej Surý's archive, the builds that Laravel's own tools use: PHP 8.4 and its extensions for noble. */
const php: AptSource = {
  name: "php",
  uri: "https://ppa.launchpadcontent.net/ondrej/php/ubuntu",
  suite: "noble",
  component: "main",
  keyUrl: "https://keyserver.ubuntu.com/pks/lookup?op=get&search=0xB8DC7E53946656EFBCE4C1DD71DAEAAB4AD4CAB6",
  fingerprint: "B8DC7E53946656EFBCE4C1DD71DAEAAB4AD4CAB6",
};

/**
 * Oracle's archive. The key is the one of MySQL 8.4.7 and later; its first publication (the file of 2023) expired on
 * 2025-10-22, so the file of 2025 is fetched: same key and fingerprint, valid until 2027-10-23.
 */
const mysql = (series: string): AptSource => ({
  name: "mysql",
  uri: "https://repo.mysql.com/apt/ubuntu",
  suite: "noble",
  component: `mysql-${series}-lts`,
  keyUrl: "https://repo.mysql.com/RPM-GPG-KEY-mysql-2025",
  fingerprint: "BCA43417C3B485DD128EC6D4B7B3B788A8D3785C",
});

/**
 * Release of Valkey 8 whose binaries for noble valkey.io publishes. No apt source has Valkey 8 for noble, so
 * unattended upgrades do not see it: raise this number for a security release, the bundle then replaces the binaries.
 */
export const VALKEY_RELEASE = "8.1.11";

export function aptSources(spec: HostSpec): AptSource[] {
  return [php, mysql(spec.versions.mysql)];
}

/** Packages in the order of their installation: what protects the server comes before what listens. */
export function packages(spec: HostSpec): { protection: string[]; services: string[] } {
  const phpVersion = spec.versions.php;
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
    ],
    services: [
      // Oracle's name, which Ubuntu's own MySQL 8.0 does not have.
      "mysql-community-server",
      ...(spec.versions.valkey === "7.2" ? ["valkey-server"] : []),
      `php${phpVersion}-fpm`,
      `php${phpVersion}-cli`,
      // PHP 8.5 has opcache built in.
      ...(phpVersion === "8.5" ? [] : [`php${phpVersion}-opcache`]),
      ...extensions.map((extension) => `php${phpVersion}-${extension}`),
      "nginx",
      "supervisor",
      "cron",
      "logrotate",
      "zstd",
      "age",
      "rclone",
      "unzip",
      ...(spec.tls.source === "lets-encrypt" ? ["certbot"] : []),
      ...(spec.monitoring.nodeExporter ? ["prometheus-node-exporter"] : []),
    ],
  };
}
