/**
 * Brings one thing in Forge to what a request says, and says what it is. Every kind is looked up by its natural name
 * first, so that a run that was cut off is taken up and not repeated, and a second run writes nothing.
 */
import { createHash } from "node:crypto";
import { type ForgeClient, ForgeError, type ForgeRecord } from "./client.ts";
import type { ForgeKind, ForgeRequest, ForgeResult, ForgeSecrets, RequestOf } from "./requests.ts";

type Apply<K extends ForgeKind> = (
  forge: ForgeClient,
  request: RequestOf<K>,
  secrets: ForgeSecrets,
  previous: ForgeResult | undefined,
) => Promise<ForgeResult>;

export function apply(
  forge: ForgeClient,
  request: ForgeRequest,
  secrets: ForgeSecrets,
  previous?: ForgeResult,
): Promise<ForgeResult> {
  return (APPLY[request.kind] as Apply<ForgeKind>)(forge, request, secrets, previous);
}

/** Takes the thing away; what has no life of its own in Forge (waiting, an .env) is left as it is. */
export async function remove(forge: ForgeClient, request: ForgeRequest, previous: ForgeResult): Promise<void> {
  const folder = folderOf(request);
  if (folder !== undefined) await forge.remove(`${folder}/${previous.id}`);
}

/** The collection a thing lies in. */
function folderOf(request: ForgeRequest): string | undefined {
  switch (request.kind) {
    case "server":
      return "/servers";
    case "database":
      return `/servers/${request.serverId}/database/schemas`;
    case "site":
      return `/servers/${request.serverId}/sites`;
    case "process":
      return `/servers/${request.serverId}/background-processes`;
    case "job":
      return `/servers/${request.serverId}/scheduled-jobs`;
    case "backup":
      return `/servers/${request.serverId}/database/backups`;
    case "ready":
    case "environment":
    case "certificate":
      return undefined;
  }
}

const APPLY: { [K in ForgeKind]: Apply<K> } = {
  server: (forge, request) =>
    ensure(
      forge,
      "/servers",
      { name: request.name },
      {
        name: request.name,
        provider: "custom", // the droplet is ours; Forge is given its address
        type: "app",
        ubuntu_version: request.ubuntuVersion,
        php_version: request.phpVersion,
        database_type: request.databaseType,
        custom: { ip_address: request.address, private_ip_address: request.privateAddress, ssh_port: 22 },
      },
    ),

  ready: async (forge, request) => {
    const path = `/servers/${request.serverId}`;
    await until(forge, request.minutes, `server ${request.serverId} is not provisioned`, async () => {
      const { attributes } = await forge.get(path);
      return attributes["is_ready"] === true;
    });
    return { id: request.serverId };
  },

  database: async (forge, request, secrets) => {
    const folder = folderOf(request) ?? "";
    const body = { name: request.name, user: request.name, password: need(secrets, "password") };
    return settled(forge, folder, await ensure(forge, folder, { name: request.name }, body));
  },

  site: async (forge, request) => {
    const folder = folderOf(request) ?? "";
    const body = {
      type: "laravel",
      domain_mode: "custom",
      name: request.domain,
      www_redirect_type: "from-www",
      allow_wildcard_subdomains: false,
      php_version: request.phpVersion,
      zero_downtime_deployments: true,
      source_control_provider: "github",
      repository: request.repository,
      branch: request.branch,
      push_to_deploy: true,
      install_composer_dependencies: true,
    };
    return settled(forge, folder, await ensure(forge, folder, { name: request.domain }, body));
  },

  environment: async (forge, request, secrets) => {
    // `cache` rebuilds Laravel's configuration cache, without which a deployed site keeps its old settings.
    const body = { environment: need(secrets, "content"), cache: true };
    await forge.put(`/servers/${request.serverId}/sites/${request.siteId}/environment`, body);
    return { id: request.siteId };
  },

  certificate: async (forge, request, secrets, previous) => {
    const [certificate, key] = [need(secrets, "certificate"), need(secrets, "privateKey")];
    const fingerprint = createHash("sha256").update(certificate).digest("hex");
    const folder = `/servers/${request.serverId}/sites/${request.siteId}/domains`;
    const domain = (await forge.list(folder)).find(({ attributes }) => attributes["name"] === request.domain);
    if (domain === undefined)
      throw new ForgeError(404, `forge: site ${request.siteId} has no domain ${request.domain}`);
    const certificates = `${folder}/${domain.id}/certificates`;
    const there = (await forge.list(certificates)).some(({ id }) => id === previous?.id);
    if (there && previous?.fingerprint === fingerprint) return previous;
    const body = { type: "existing", enable: true, existing: { key, certificate } };
    const made = await settled(forge, certificates, await forge.create(certificates, body));
    return { ...made, fingerprint };
  },

  process: (forge, request, _secrets, previous) =>
    replaceable(forge, folderOf(request) ?? "", { command: request.command, directory: request.directory }, previous, {
      name: request.name,
      site_id: request.siteId,
      command: request.command,
      user: "forge",
      directory: request.directory,
      processes: 1, // Horizon starts its workers itself
      startsecs: 1,
      stopwaitsecs: request.stopSeconds,
      stopsignal: "SIGTERM",
    }),

  job: (forge, request, _secrets, previous) =>
    replaceable(forge, folderOf(request) ?? "", { command: request.command }, previous, {
      name: request.name,
      command: request.command,
      user: "forge",
      frequency: "minutely",
    }),

  backup: async (forge, request, secrets) => {
    const storage = await ensure(
      forge,
      "/storage-providers",
      { name: request.name },
      {
        name: request.name,
        provider: "s3",
        region: request.region,
        bucket: request.bucket,
        directory: request.directory,
        access_key: need(secrets, "accessKeyId"),
        secret_key: need(secrets, "secretAccessKey"),
      },
    );
    return ensure(
      forge,
      folderOf(request) ?? "",
      { name: request.name },
      {
        storage_provider_id: storage.id,
        name: request.name,
        bucket: request.bucket,
        directory: request.directory,
        frequency: "daily",
        time: request.time,
        retention: 8760, // the most: the key may not delete, the bucket's lifecycle does
        notification_email: request.notify,
        database_ids: [request.databaseId],
      },
    );
  },
};

/** The record of a collection with these attributes, made when there is none. */
async function ensure(forge: ForgeClient, folder: string, wanted: object, body: object): Promise<ForgeResult> {
  const found = (await forge.list(folder)).find((item) => fits(item, wanted));
  return { id: (found ?? (await forge.create(folder, body))).id };
}

/** For what Forge cannot change in place: made anew, and the one of the last run is taken away. */
async function replaceable(
  forge: ForgeClient,
  folder: string,
  wanted: object,
  previous: ForgeResult | undefined,
  body: object,
): Promise<ForgeResult> {
  const made = await ensure(forge, folder, wanted, body);
  if (previous !== undefined && previous.id !== made.id) await forge.remove(`${folder}/${previous.id}`);
  return made;
}

const fits = ({ attributes }: ForgeRecord, wanted: object): boolean =>
  Object.entries(wanted).every(([name, value]) => attributes[name] === value);

const BUSY = ["installing", "creating", "updating"];

/** Waits until Forge has carried out on the server what its API accepted. */
async function settled(forge: ForgeClient, folder: string, made: { id: number }): Promise<ForgeResult> {
  const path = `${folder}/${made.id}`;
  await until(forge, 15, `${path} is not installed`, async () => {
    const status = (await forge.get(path)).attributes["status"];
    if (status === "failed") throw new ForgeError(0, `forge: ${path} failed; its log is in Forge's console`);
    return !BUSY.includes(status as string);
  });
  return { id: made.id };
}

/** The sandbox's Forge does not let anybody wait. */
const POLL_SECONDS = Number(process.env["FORGE_POLL_SECONDS"] ?? 10);

async function until(forge: ForgeClient, minutes: number, what: string, done: () => Promise<boolean>): Promise<void> {
  for (let tries = (minutes * 60) / Math.max(POLL_SECONDS, 1); !(await done()); tries--) {
    if (tries <= 0) {
      throw new ForgeError(
        0,
        `forge: ${what} after ${minutes} minutes. A custom server is provisioned by the command that its page in Forge ` +
          "shows: give it with pulumi config set --secret jatsmanor:forgeProvisionCommand, or run it as root, " +
          "then run the update again",
      );
    }
    await forge.sleep(POLL_SECONDS * 1000);
  }
}

function need(secrets: ForgeSecrets, name: string): string {
  const value = secrets[name];
  if (value === undefined || value === "") throw new ForgeError(0, `forge: the secret ${name} is missing`);
  return value;
}
