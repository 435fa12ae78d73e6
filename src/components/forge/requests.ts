/** What a stack asks of Forge, as plain data: written by the components, read by the program that talks to the API. */
export type ForgeRequest =
  | {
      kind: "server";
      name: string;
      ubuntuVersion: "22.04" | "24.04";
      /** "php84" */
      phpVersion: string;
      databaseType: "mysql84";
      address: string;
      privateAddress: string;
    }
  /** Waits until Forge has provisioned the server. */
  | { kind: "ready"; serverId: number; minutes: number }
  /** A database and its user of the same name. Secret: password. */
  | { kind: "database"; serverId: number; name: string }
  | { kind: "site"; serverId: number; domain: string; phpVersion: string; repository: string; branch: string }
  /** The site's .env. Secret: content. */
  | { kind: "environment"; serverId: number; siteId: number }
  /** Secrets: certificate, privateKey. */
  | { kind: "certificate"; serverId: number; siteId: number; domain: string }
  | {
      kind: "process";
      serverId: number;
      siteId: number;
      name: string;
      command: string;
      directory: string;
      stopSeconds: number;
    }
  | { kind: "job"; serverId: number; name: string; command: string }
  /** Secrets: accessKeyId, secretAccessKey. */
  | {
      kind: "backup";
      serverId: number;
      databaseId: number;
      name: string;
      region: string;
      bucket: string;
      directory: string;
      /** "02:00", whole or half hours. */
      time: string;
      notify: string;
    };

export type ForgeKind = ForgeRequest["kind"];
export type RequestOf<K extends ForgeKind> = Extract<ForgeRequest, { kind: K }>;
export type ForgeSecrets = Readonly<Record<string, string>>;

/** What is kept in the state between two runs: never a secret. */
export interface ForgeResult {
  id: number;
  /** Of what was delivered last, where Forge does not give it back (certificate). */
  fingerprint?: string;
}
