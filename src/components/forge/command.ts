/**
 * The program that a command resource runs (resource.ts): `node command.ts apply|delete`, everything else by environment,
 * so that no token is in a process list, a closure or a file.
 *
 *   FORGE_API            base address; Forge's own when absent
 *   FORGE_ORGANIZATION   its slug
 *   FORGE_TOKEN          secret
 *   FORGE_REQUEST        JSON, requests.ts
 *   FORGE_SECRETS        JSON, secret
 *   FORGE_POLL_SECONDS   between two looks at what Forge is still doing; 10
 *   PULUMI_COMMAND_STDOUT  what the last run printed
 *
 * Prints one line of JSON (ForgeResult). Errors go to standard error, without secrets, and end with 1.
 */
import { FORGE_API, ForgeClient } from "./client.ts";
import { apply, remove } from "./converge.ts";
import type { ForgeRequest, ForgeResult, ForgeSecrets } from "./requests.ts";

async function main(operation: string | undefined): Promise<void> {
  const secrets = JSON.parse(variable("FORGE_SECRETS", "{}")) as ForgeSecrets;
  const request = JSON.parse(variable("FORGE_REQUEST")) as ForgeRequest;
  const before = process.env["PULUMI_COMMAND_STDOUT"] ?? "";
  const previous = before.trim() === "" ? undefined : (JSON.parse(before) as ForgeResult);
  const forge = new ForgeClient({
    api: variable("FORGE_API", FORGE_API),
    organization: variable("FORGE_ORGANIZATION"),
    token: variable("FORGE_TOKEN"),
    secrets: Object.values(secrets),
  });
  if (operation === "apply") {
    process.stdout.write(`${JSON.stringify(await apply(forge, request, secrets, previous))}\n`);
  } else if (operation === "delete" && previous !== undefined) {
    await remove(forge, request, previous);
  } else if (operation !== "delete") {
    throw new Error(`forge: unknown operation "${String(operation)}"; allowed: apply, delete`);
  }
}

function variable(name: string, otherwise?: string): string {
  const value = process.env[name] ?? otherwise;
  if (value === undefined || value === "") throw new Error(`forge: the variable ${name} is missing`);
  return value;
}

main(process.argv[2]).catch((error: unknown) => {
  // No stack trace: it may hold the environment's values.
  process.stderr.write(`${error instanceof Error ? error.message : "forge: failed"}\n`);
  process.exitCode = 1;
});
