/** Values of Laravel's `.env` that only this program knows. Names are Laravel's own. */
export interface AppEnvironment {
  environment: "production" | "staging";
  domain: string;
  appKey: string;
  database: string;
  databasePassword: string;
  timezone: string;
  /** Where MySQL and Valkey are, when they are on another host: an address in the mesh. */
  data?: { host: string; cachePassword: string };
  /** Ports of the instances for cache and for queues; one port twice where one instance has to do. */
  redisPorts?: { cache: number; queue: number };
  /** S3-compatible bucket of uploaded files: with several web hosts a file on one disk is missing on the others. */
  files?: { bucket: string; region: string; endpoint: string; accessKeyId: string; secretAccessKey: string };
}

/** Port of the Valkey instance that may forget (cache) and of the one that must not (queues, sessions). */
const CACHE_PORT = 6379;
const QUEUE_PORT = 6380;

/** Laravel's `.env`, the same on every host of a stack. The application adds its own keys to `shared/.env.local`, never here. */
export function appEnv(values: AppEnvironment): string {
  const { data, files, redisPorts = { cache: CACHE_PORT, queue: QUEUE_PORT } } = values;
  const host = data?.host ?? "127.0.0.1";
  const lines: Record<string, string> = {
    APP_NAME: "Jatsmanor",
    APP_ENV: values.environment,
    APP_KEY: values.appKey,
    APP_DEBUG: "false",
    APP_URL: `https://${values.domain}`,
    APP_TIMEZONE: values.timezone,
    LOG_CHANNEL: "daily",
    DB_CONNECTION: "mysql",
    DB_HOST: host,
    DB_PORT: "3306",
    // MySQL takes the user `@localhost` and refuses TCP without TLS: the socket is the way in.
    ...(data ? {} : { DB_SOCKET: "/var/run/mysqld/mysqld.sock" }),
    DB_DATABASE: values.database,
    DB_USERNAME: values.database,
    DB_PASSWORD: values.databasePassword,
    CACHE_STORE: "redis",
    SESSION_DRIVER: "redis",
    SESSION_SECURE_COOKIE: "true",
    QUEUE_CONNECTION: "redis",
    REDIS_CLIENT: "phpredis",
    REDIS_HOST: host,
    ...(data ? { REDIS_PASSWORD: data.cachePassword } : {}),
    // Laravel's own configuration uses this for everything: an application that does not separate its cache fills the
    // instance that refuses, and says so, instead of losing jobs in the one that forgets.
    REDIS_PORT: String(redisPorts.queue),
    REDIS_CACHE_HOST: host,
    REDIS_CACHE_PORT: String(redisPorts.cache),
    ...(files
      ? {
          FILESYSTEM_DISK: "s3",
          AWS_BUCKET: files.bucket,
          AWS_DEFAULT_REGION: files.region,
          AWS_ENDPOINT: files.endpoint,
          AWS_ACCESS_KEY_ID: files.accessKeyId,
          AWS_SECRET_ACCESS_KEY: files.secretAccessKey,
        }
      : {}),
    TELESCOPE_ENABLED: "false", // it records every request, secrets included
    DEBUGBAR_ENABLED: "false",
  };
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
