import type { HostSpec } from "./spec.ts";

/** Places on a server that more than one file names. Said once: a certificate read where none is written is an outage. */
export function hostPaths(spec: HostSpec) {
  return {
    tlsFolder: "/etc/jatsmanor/tls",
    certificate: "/etc/jatsmanor/tls/site.pem",
    certificateKey: "/etc/jatsmanor/tls/site.key",
    acmeWebroot: "/var/www/acme",
    maintenanceRoot: "/var/www/maintenance",
    maintenanceFlag: `${spec.app.root}/shared/maintenance`,
    phpSocket: `/run/php/php${spec.versions.php}-fpm.sock`,
    valkeyServer: spec.versions.valkey === "7.2" ? "/usr/bin/valkey-server" : "/usr/local/bin/valkey-server",
    appEnv: `${spec.app.root}/shared/.env`,
    alertEnv: "/etc/jatsmanor/alert.env",
    backupEnv: "/etc/jatsmanor/backup.env",
    /** What the host proves itself with at the backup bucket's provider. */
    offsiteCertificate: "/etc/jatsmanor/offsite/host.pem",
    offsiteKey: "/etc/jatsmanor/offsite/host.key",
    databaseEnv: "/etc/jatsmanor/database.env",
    meshKey: "/etc/wireguard/mesh.key",
    /** Valkey's password; only where Valkey answers other hosts. */
    valkeyAuth: "/etc/valkey/auth.conf",
    backupFolder: "/var/backups/jatsmanor",
    stateFolder: "/var/lib/jatsmanor",
    lastGoodBackup: "/var/lib/jatsmanor/last-good-backup",
    bootstrapped: "/var/lib/jatsmanor/bootstrapped",
  };
}
