/** Values of Laravel's `.env` that only this program knows. Names are Laravel's own. */
export interface AppEnvironment {
  environment: "production" | "staging";
  domain: string;
  appKey: string;
  database: string;
  databasePassword: string;
  timezone: string;
}

/** Port of the Valkey instance that may forget (cache) and of the one that must not (queues, sessions). */
const CACHE_PORT = 6379;
const QUEUE_PORT = 6380;

/** Laravel's `.env` for an all-in-one server. The application adds its own keys to `shared/.env.local`, never here. */
export function appEnv(values: AppEnvironment): string {
  const lines: Record<string, string> = {
    APP_NAME: "Jatsmanor",
    APP_ENV: values.environment,
    APP_KEY: values.appKey,
    APP_DEBUG: "false",
    APP_URL: `https://${values.domain}`,
    APP_TIMEZONE: values.timezone,
    LOG_CHANNEL: "daily",
    DB_CONNECTION: "mysql",
    DB_HOST: "127.0.0.1",
    DB_PORT: "3306",
    // MySQL takes the user `@localhost` and refuses TCP without TLS: the socket is the way in.
    DB_SOCKET: "/var/run/mysqld/mysqld.sock",
    DB_DATABASE: values.database,
    DB_USERNAME: values.database,
    DB_PASSWORD: values.databasePassword,
    CACHE_STORE: "redis",
    SESSION_DRIVER: "redis",
    SESSION_SECURE_COOKIE: "true",
    QUEUE_CONNECTION: "redis",
    REDIS_CLIENT: "phpredis",
    REDIS_HOST: "127.0.0.1",
    // Laravel's own configuration uses this for everything: an application that does not separate its cache fills the
    // instance that refuses, and says so, instead of losing jobs in the one that forgets.
    REDIS_PORT: String(QUEUE_PORT),
    REDIS_CACHE_HOST: "127.0.0.1",
    REDIS_CACHE_PORT: String(CACHE_PORT),
    TELESCOPE_ENABLED: "false", // it records every request, secrets included
    DEBUGBAR_ENABLED: "false",
  };
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
