/**
 * The stack file of a rehearsal: the committed one with every "placeholder:" mark stripped, and every secret replaced by
 * a planted canary, encrypted with the rehearsal's own passphrase. A canary that shows up anywhere is a leak.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Document, isMap, parseDocument, visit } from "yaml";
import { PLACEHOLDER } from "../../src/settings/placeholder.ts";
import { SECRET_KEYS } from "../../src/settings/schema.ts";
import { ROOT } from "../engine/locate.ts";
import { type Workspace, stackFile } from "./workspace.ts";

/** Recognisable in any output, and in the form that each secret setting must have. */
export const CANARIES: Record<string, string> = {
  appKey: `base64:${Buffer.from("canary-secret-0123456789-canary!").toString("base64")}`,
  pagerUrl: "https://canary-secret.example/integration/0123456789abcdef/enqueue",
  forgeToken: "canary-secret-forge-token-0123456789",
  forgeProvisionCommand: "wget -O forge.sh 'https://canary-secret.example/vps' && bash forge.sh",
  slackWebhookUrl: "https://hooks.slack.com/services/canary-secret/of-a/rehearsal",
  digitaloceanReadToken: "canary-secret-digitalocean-token",
  cloudflareReadToken: "canary-secret-cloudflare-token",
};
const OTHER_CANARY = "canary-secret-of-a-rehearsal";

/** Runs the engine in the workspace's project and waits. */
export type RunPulumi = (args: string[]) => Promise<void>;

/**
 * Writes the stack file. The engine makes the stack and encrypts the canaries only when the committed file changed since
 * the last rehearsal: each of its calls costs a second.
 */
export async function writeStackFile(workspace: Workspace, pulumi: RunPulumi): Promise<void> {
  const source = fs.readFileSync(stackFile(ROOT, workspace.stack), "utf8");
  const cache = path.join(workspace.directory, "stack-file.json");
  const hash = createHash("sha256").update(source).digest("hex");
  const target = stackFile(workspace.project, workspace.stack);
  const cached = readCache(cache);
  if (cached?.hash === hash && stackExists(workspace)) {
    fs.writeFileSync(target, cached.content);
    return;
  }
  const { plain, secrets } = rehearsedConfig(source);
  const salt = /^encryptionsalt: .*$/m.exec(cached?.content ?? "")?.[0];
  fs.writeFileSync(target, salt === undefined ? plain : `${salt}\n${plain}`);
  if (!stackExists(workspace)) await pulumi(["stack", "init", workspace.stack]);
  const assignments = Object.entries(secrets).flatMap(([key, value]) => ["--secret", `${key}=${value}`]);
  if (assignments.length > 0) await pulumi(["config", "set-all", "--stack", workspace.stack, "--path", ...assignments]);
  fs.writeFileSync(cache, JSON.stringify({ hash, content: fs.readFileSync(target, "utf8") }));
}

/** The stack file without placeholders and secrets, and the canary for each secret by its config path. */
export function rehearsedConfig(source: string): { plain: string; secrets: Record<string, string> } {
  const document: Document = parseDocument(source);
  const secrets: Record<string, string> = {};
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && node.value.startsWith(PLACEHOLDER))
        node.value = node.value.slice(PLACEHOLDER.length);
    },
    Map(_key, node, ancestors) {
      if (node.items.length !== 1 || !node.has("secure")) return;
      const path = ancestors.flatMap((ancestor) =>
        "key" in ancestor ? [String((ancestor.key as { value: unknown }).value)] : [],
      );
      secrets[path.slice(1).join(".")] = CANARIES[path.at(-1)?.replace(/^jatsmanor:/, "") ?? ""] ?? OTHER_CANARY;
    },
  });
  const config = document.get("config");
  if (isMap(config)) {
    for (const key of SECRET_KEYS.filter((name) => config.has(`jatsmanor:${name}`))) {
      secrets[`jatsmanor:${key}`] = CANARIES[key] ?? OTHER_CANARY;
    }
    for (const key of Object.keys(secrets)) document.deleteIn(["config", ...key.split(".")]);
  }
  document.delete("encryptionsalt");
  document.delete("secretsprovider");
  return { plain: document.toString(), secrets };
}

function stackExists(workspace: Workspace): boolean {
  return fs.existsSync(path.join(workspace.backend, ".pulumi", "stacks", "jatsmanor", `${workspace.stack}.json`));
}

function readCache(file: string): { hash: string; content: string } | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as { hash: string; content: string };
  } catch {
    return undefined; // first rehearsal, or an interrupted one
  }
}
