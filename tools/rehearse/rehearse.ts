/**
 * `jats rehearse`: the real engine deploys a copy of a stack onto simulated clouds, with the policy pack on.
 * Exit codes: 0 updated and no mandatory finding; 1 refused or failed; 2 bad input; 130 interrupted.
 */
import type { RehearsalResult } from "../report/model.ts";
import { asFirstUpdate } from "./first-update.ts";
import { operate, policyArguments, prepare } from "./ground.ts";
import { writeResults } from "./results.ts";

export interface RehearsalOptions {
  fresh: boolean;
  lang: "en" | "fr";
  signal: AbortSignal;
}

export async function rehearse(stack: string, options: RehearsalOptions): Promise<number> {
  const start = Date.now();
  const ground = await prepare(stack, options);
  try {
    process.stderr.write(`rehearsing ${stack} with Pulumi ${ground.engine.version} (${ground.engine.origin})\n`);
    const policies = policyArguments(ground.policyConfig);
    let operation: RehearsalResult["operation"] = "preview";
    let run = await operate(ground, "preview", ["preview", ...policies], options.signal);
    if (run.exitCode === 0 && !options.signal.aborted) {
      operation = "update";
      run = await asFirstUpdate(ground.workspace, (env) =>
        operate(
          { ...ground, env: { ...ground.env, ...env } },
          "update",
          ["up", "--yes", "--skip-preview", ...policies],
          options.signal,
        ),
      );
    }
    const result = await writeResults(ground, operation, run, (Date.now() - start) / 1000, options.lang);
    if (options.signal.aborted) return 130;
    return result.succeeded && result.summary.policies.mandatory === 0 ? 0 : 1;
  } finally {
    await ground.sandbox.stop();
  }
}
