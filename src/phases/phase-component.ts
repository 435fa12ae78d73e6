import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../concepts/context.ts";

/**
 * The root of a stack's components. Its inputs are how the policy pack learns what it judges: the rule
 * policy-config-matches-phase compares `phase` with the pack's configuration, and eol-engine-version reads `versions`
 * (product to release), which on a server of ours are written nowhere else.
 */
export abstract class PhaseComponent extends pulumi.ComponentResource {
  constructor(type: string, platform: string, context: StackContext, versions: Readonly<Record<string, string>> = {}) {
    const { naming, guard } = context;
    super(
      `jatsmanor:phases:${type}`,
      naming.environment,
      { phase: naming.phase, platform, allowReplace: [...guard.allowReplace], versions: { ...versions } },
      {},
    );
  }
}
