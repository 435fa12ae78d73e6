/**
 * The environment of a rehearsal's processes: an allow-list, so that no credential, kubeconfig, plugin or PULUMI_OPTION_*
 * of the user reaches the engine, the program or the policy pack. What is not written here does not exist for them.
 */
import fs from "node:fs";
import path from "node:path";
import type { Engine } from "../engine/locate.ts";
import { ROOT, TOOLS } from "../engine/locate.ts";
import type { Workspace } from "./workspace.ts";

/** Protects nothing but the sandbox's own values, which are made up: it need not be secret. */
const PASSPHRASE = "rehearsal";

/** Kept from the user's environment: how text is shown and where temporary files go. */
const PASSED_THROUGH = ["LANG", "LC_ALL", "TERM", "NO_COLOR", "TMPDIR", "TZ"];

export function rehearsalEnvironment(workspace: Workspace, engine: Engine): NodeJS.ProcessEnv {
  const home = path.join(workspace.directory, "home");
  fs.mkdirSync(home, { recursive: true });
  const passed = PASSED_THROUGH.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(passed),
    HOME: home,
    PATH: [path.join(TOOLS, "node", "bin"), path.dirname(engine.pulumi), "/usr/bin", "/bin"].join(path.delimiter),
    PULUMI_HOME: path.join(home, ".pulumi"),
    PULUMI_BACKEND_URL: `file://${workspace.backend}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true", // a pulumi-resource-aws on $PATH would reach the real AWS
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_DEBUG_COMMANDS: "true", // unlocks --event-log
    NODE_COMPILE_CACHE: path.join(ROOT, ".rehearsal", "compile-cache"),
  };
}
