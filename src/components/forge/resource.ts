import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ForgeRequest, ForgeResult } from "./requests.ts";

/** Whose Forge: the organisation's slug and a token of it. */
export interface ForgeAccount {
  organization: string;
  token: string;
}

/** Below the project's folder, where Pulumi runs commands. */
const PROGRAM = "node --disable-warning=ExperimentalWarning src/components/forge/command.ts";

/**
 * One thing in Forge. The engine runs our program (command.ts) when the request or a secret changes; it converges, so
 * running it again is safe. Why no dynamic provider: docs/decisions/forge.md.
 */
export function forgeResource(
  name: string,
  account: ForgeAccount,
  request: pulumi.Input<ForgeRequest>,
  secrets: Readonly<Record<string, pulumi.Input<string>>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<number> {
  const resource = new command.local.Command(
    name,
    {
      create: `${PROGRAM} apply`,
      delete: `${PROGRAM} delete`,
      environment: {
        FORGE_ORGANIZATION: account.organization,
        FORGE_REQUEST: pulumi.output(request).apply((value) => JSON.stringify(value)),
        FORGE_TOKEN: pulumi.secret(account.token),
        FORGE_SECRETS: pulumi.secret(pulumi.output(secrets).apply((values) => JSON.stringify(values))),
      },
      logging: "stderr", // the id is no news, an error is
    },
    { ...opts, customTimeouts: { create: "60m", update: "60m" } },
  );
  // The engine takes everything a command prints for secret when its environment holds a secret; an id is none.
  return pulumi.unsecret(resource.stdout).apply((text) => (JSON.parse(text) as ForgeResult).id);
}
