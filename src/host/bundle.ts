import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostPaths } from "./paths.ts";
import { duties } from "./roles.ts";
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

/** What a server gets as secrets; the caller fills in the contents. Which of them it needs follows from its duties. */
export interface HostSecrets {
  /** Laravel's .env, complete. */
  appEnv?: string;
  /** Password of the application's database user: letters, digits and `_.~+/=-`. */
  databasePassword?: string;
  /** Password of Valkey, where other hosts reach it. */
  cachePassword?: string;
  /** Private key of this host in the mesh, 32 bytes in base64. */
  meshKey?: string;
  /** Write-only credentials of the backup bucket. */
  backup?: { accessKeyId: string; secretAccessKey: string };
  /** PEM texts that take the place of `backup` where the spec has a `backup.session`. */
  offsite?: { certificate: string; privateKey: string };
  /** PEM texts, for `origin-ca`. */
  certificate?: { certificate: string; privateKey: string };
  /** Address that gets a POST with `text` when a unit fails. */
  alertUrl?: string;
}

/**
 * The secret files of a server, each with its place, rights and what must happen when it changes.
 * @throws Error when a duty needs a secret that is not given, or a value would break its file.
 */
export function secretFiles(spec: HostSpec, secrets: HostSecrets): SecretFile[] {
  const paths = hostPaths(spec);
  const has = duties(spec);
  const certificate = has.web && spec.tls.source === "origin-ca" ? secrets.certificate : undefined;
  if (has.web && spec.tls.source === "origin-ca" && !certificate)
    throw new Error(`Host "${spec.name}" has tls.source "origin-ca" but no certificate among its secrets`);
  /** The named secret, where a duty asks for it. */
  const needed = <K extends keyof HostSecrets>(wanted: boolean, key: K): [Required<HostSecrets>[K]] | [] => {
    const value = secrets[key];
    if (!wanted) return [];
    if (value === undefined)
      throw new Error(`Host "${spec.name}" (${spec.role}) needs the secret ${key}; none is given`);
    return [value as Required<HostSecrets>[K]];
  };
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
    ...needed(has.app, "appEnv").map((content) => ({
      path: paths.appEnv,
      mode: "0640",
      owner: "deploy:www-data",
      content: content.endsWith("\n") ? content : `${content}\n`,
      restart: [...(has.web ? [fpm] : []), "jatsmanor-app-config.service"],
    })),
    ...needed(has.data, "databasePassword").map((password) =>
      environment(paths.databaseEnv, { APP_DATABASE_PASSWORD: password }, ["jatsmanor-database-user.service"]),
    ),
    ...needed(has.data && spec.backup.session !== undefined, "offsite").flatMap(({ certificate: own, privateKey }) =>
      [
        { path: paths.offsiteCertificate, content: own },
        { path: paths.offsiteKey, content: privateKey },
      ].map(({ path, content }) => ({
        path,
        mode: "0600",
        owner: "root:root",
        content: content.endsWith("\n") ? content : `${content}\n`,
        restart: [],
      })),
    ),
    ...needed(has.data && spec.backup.session === undefined, "backup").map((keys) =>
      environment(paths.backupEnv, {
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      }),
    ),
    ...needed(spec.mesh !== undefined, "meshKey").map((key) => ({
      path: paths.meshKey,
      mode: "0600",
      owner: "root:root",
      content: `${plain("meshKey", key)}\n`,
      restart: ["jatsmanor-mesh.service"],
    })),
    ...needed(has.data && spec.mesh !== undefined, "cachePassword").map((password) => ({
      path: paths.valkeyAuth,
      mode: "0640",
      owner: "root:valkey",
      content: `requirepass ${plain("cachePassword", password)}\n`,
      restart: ["valkey-cache.service", "valkey-queue.service"],
    })),
    ...(secrets.alertUrl ? [environment(paths.alertEnv, { ALERT_URL: secrets.alertUrl })] : []),
    ...(certificate
      ? [
          pem(paths.certificate, "root:root", certificate.certificate),
          pem(paths.certificateKey, "root:root", certificate.privateKey),
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
