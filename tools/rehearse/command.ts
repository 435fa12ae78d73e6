/** `jats rehearse <stack|all>`: one stack after another, and what Ctrl-C does meanwhile. */
import { requireEngine } from "../engine/locate.ts";
import { UserError } from "../errors.ts";
import { rehearse } from "./rehearse.ts";
import { knownStacks } from "./workspace.ts";

export async function rehearseStacks(stack: string, options: { fresh: boolean; lang: "en" | "fr" }): Promise<number> {
  requireEngineOrExplain();
  const interrupted = new AbortController();
  const onSignal = () => {
    if (interrupted.signal.aborted) return; // a second Ctrl-C would cost the state of what is in flight
    process.stderr.write("\ninterrupted: letting the engine finish what is in flight and save its state ...\n");
    interrupted.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  let worst = 0;
  for (const name of stack === "all" ? knownStacks() : [stack]) {
    if (interrupted.signal.aborted) return 130;
    worst = Math.max(worst, await rehearse(name, { ...options, signal: interrupted.signal }));
  }
  return worst;
}

function requireEngineOrExplain(): void {
  try {
    requireEngine();
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}
