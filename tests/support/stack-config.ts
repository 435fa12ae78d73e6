/** The committed stack file as Pulumi would hand it to the program, placeholders stripped. */
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { rehearsedConfig } from "../../tools/rehearse/stack-file.ts";

export interface StackConfig {
  values: Record<string, string>;
  secretKeys: string[];
}

export function stackConfig(stack: string): StackConfig {
  const source = fs.readFileSync(path.join(import.meta.dirname, "../..", `Pulumi.${stack}.yaml`), "utf8");
  const { plain, secrets } = rehearsedConfig(source);
  const config = { ...(parse(plain) as { config: Record<string, unknown> }).config, ...secrets };
  const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  return {
    values: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)])),
    secretKeys: Object.keys(secrets),
  };
}
