/**
 * Runs the program's Forge command against the simulated Forge: `node run.ts DIR SCRIPT apply|delete`, its variables in the
 * environment. The double lives as long as the command; the sandbox itself waits meanwhile and could not answer.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { argv, execPath, env, exit } from "node:process";
import { ForgeDouble, serveForge } from "./api.ts";

const [, , dir = "", script = "", operation = ""] = argv;
const { api, server } = await serveForge(new ForgeDouble(dir));
const child = spawn(execPath, ["--disable-warning=ExperimentalWarning", script, operation], {
  env: { ...env, FORGE_API: api, FORGE_POLL_SECONDS: "0" },
  stdio: ["ignore", "inherit", "inherit"],
});
const [code] = (await once(child, "close")) as [number | null];
server.close();
exit(code ?? 1);
