import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostPaths } from "./paths.ts";
import { renderHost } from "./render.ts";
import type { HostFile } from "./render.ts";
import type { HostSpec } from "./spec.ts";

export interface ManifestEntry {
  path: string;
  /** SHA-256 of content, mode, owner and what the file sets in motion: any of them changing is a change of the server. */
  sha256: string;
}

export interface HostBundle {
  /** Changes when, and only when, any rendered file changes: the trigger of the resource that applies it. */
  hash: string;
  files: HostFile[];
  /** The script that applies a bundle (apply.sh), the same for every server. */
  script: string;
  /** What `remoteCommand` runs reads this, followed by the secrets: see `bundleInput`. */
  payload: string;
  manifest: ManifestEntry[];
}

/** A file whose content must never be rendered, logged or stored in plain text. */
export interface SecretFile {
  path: string;
  mode: string;
  owner: string;
  content: string;
  restart: string[];
  /** Command that judges the new tree; a key of another certificate must not wait for the next restart to be found. */
  validate?: string;
}

export interface BundleChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** Everything that a running server needs to become what the spec says, except its secrets. */
export function hostBundle(spec: HostSpec): HostBundle {
  const files = renderHost(spec);
  const payload = files.map(fileLines).join("");
  return {
    hash: sha256(payload),
    files,
    script: readFileSync(join(import.meta.dirname, "apply.sh"), "utf8"),
    payload,
    manifest: files.map((file) => ({ path: file.path, sha256: sha256(fileLines(file)) })),
  };
}

/**
 * Command that applies a bundle over SSH as an administrator. The script is the argument, because standard input
 * carries the bundle; it holds no secret, so a process list may show it. `--norc`: bash takes a socket on standard input
 * for a remote login and would run root's own start-up file first.
 */
export function remoteCommand(bundle: HostBundle): string {
  return `sudo /bin/bash --norc -c '${bundle.script.replaceAll("'", `'\\''`)}' jatsmanor-apply`;
}

/** Standard input of `remoteCommand`. Secret as a whole as soon as there are secrets in it. */
export function bundleInput(bundle: HostBundle, secrets: SecretFile[] = []): string {
  const secretLines = secrets.map((secret) => lines("secret", secret, metadataLines(secret)));
  return `jatsmanor-bundle 1\n${bundle.payload}${secretLines.join("")}end\n`;
}

/** Which files of a server a new bundle touches, by path. */
export function bundleChanges(installed: ManifestEntry[], next: ManifestEntry[]): BundleChanges {
  const before = new Map(installed.map((entry) => [entry.path, entry.sha256]));
  const after = new Set(next.map((entry) => entry.path));
  return {
    added: next.filter((entry) => !before.has(entry.path)).map((entry) => entry.path),
    changed: next
      .filter((entry) => before.has(entry.path) && before.get(entry.path) !== entry.sha256)
      .map((entry) => entry.path),
    removed: installed.filter((entry) => !after.has(entry.path)).map((entry) => entry.path),
  };
}

/** What a server gets as secrets; the caller fills in the contents. */
export interface HostSecrets {
  /** Laravel's .env, complete. */
  appEnv: string;
  /** Password of the application's database user: letters, digits and `_.~+/=-`. */
  databasePassword: string;
  /** Write-only credentials of the backup bucket. */
  backup: { accessKeyId: string; secretAccessKey: string };
  /** PEM texts, for `origin-ca`. */
  certificate?: { certificate: string; privateKey: string };
  /** Address that gets a POST with `text` when a unit fails. */
  alertUrl?: string;
}

/**
 * The secret files of a server, each with its place, rights and what must happen when it changes.
 * @throws Error when the TLS source needs a certificate and none is given, or a value would break its file.
 */
export function secretFiles(spec: HostSpec, secrets: HostSecrets): SecretFile[] {
  const paths = hostPaths(spec);
  if (spec.tls.source === "origin-ca" && !secrets.certificate)
    throw new Error(`Host "${spec.name}" has tls.source "origin-ca" but no certificate among its secrets`);
  const environment = (path: string, values: Record<string, string>, restart: string[] = []): SecretFile => ({
    path,
    mode: "0600",
    owner: "root:root",
    content: Object.entries(values)
      .map(([key, value]) => `${key}=${plain(key, value)}\n`)
      .join(""),
    restart,
  });
  const fpm = `php${spec.versions.php}-fpm.service`;
  const pem = (path: string, owner: string, content: string): SecretFile => ({
    path,
    mode: "0640",
    owner,
    content: content.endsWith("\n") ? content : `${content}\n`,
    restart: ["nginx.service"],
    validate: "nginx -t -q",
  });
  return [
    {
      path: paths.appEnv,
      mode: "0640",
      owner: "deploy:www-data",
      content: secrets.appEnv.endsWith("\n") ? secrets.appEnv : `${secrets.appEnv}\n`,
      restart: [fpm, "jatsmanor-app-config.service"],
    },
    environment(paths.databaseEnv, { APP_DATABASE_PASSWORD: secrets.databasePassword }, [
      "jatsmanor-database-user.service",
    ]),
    environment(paths.backupEnv, {
      AWS_ACCESS_KEY_ID: secrets.backup.accessKeyId,
      AWS_SECRET_ACCESS_KEY: secrets.backup.secretAccessKey,
    }),
    ...(secrets.alertUrl ? [environment(paths.alertEnv, { ALERT_URL: secrets.alertUrl })] : []),
    ...(secrets.certificate && spec.tls.source === "origin-ca"
      ? [
          pem(paths.certificate, "root:root", secrets.certificate.certificate),
          pem(paths.certificateKey, "root:root", secrets.certificate.privateKey),
        ]
      : []),
  ];
}

/** systemd and bash read these files and both give quotes, spaces and `$` a meaning. Never shows the value. */
function plain(key: string, value: string): string {
  if (!/^[A-Za-z0-9_.~+/=:?&%@,-]+$/.test(value))
    throw new Error(`Secret ${key} is empty or has a character that its file cannot hold (quotes, spaces, $)`);
  return value;
}

function fileLines(file: HostFile): string {
  return lines("file", file, metadataLines(file));
}

/** What a file sets in motion when it changes: see apply.sh. */
function metadataLines(file: SecretFile | HostFile): string[] {
  const { path, restart, enable = [], run, validate }: SecretFile & Partial<HostFile> = file;
  return [
    ...restart.map((unit) => `restart ${path} ${unit}\n`),
    ...enable.map((unit) => `enable ${path} ${unit}\n`),
    ...(run ? [`run ${path} ${run}\n`] : []),
    ...(validate ? [`validate ${path} ${validate}\n`] : []),
  ];
}

type Written = Pick<SecretFile, "path" | "mode" | "owner" | "content">;

function lines(verb: "file" | "secret", { path, mode, owner, content }: Written, metadata: string[]): string {
  return `${verb} ${path} ${mode} ${owner} ${Buffer.from(content).toString("base64")}\n${metadata.join("")}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
