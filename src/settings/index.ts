import * as pulumi from "@pulumi/pulumi";
import { type RawSettings, loadSettings } from "./load.ts";
import type { Settings } from "./schema.ts";

export type { Settings } from "./schema.ts";

const PREFIX = "jatsmanor:";

/** Reads this stack's configuration: the only place that touches Pulumi's config store. */
export function readSettings(): Settings {
  return loadSettings(pulumi.getStack(), rawSettings());
}

/** Exists at run time, but the SDK's typings mark it internal; no public call tells whether a value was encrypted. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

function rawSettings(): RawSettings {
  const all = pulumi.runtime.allConfig();
  const keys = Object.keys(all).filter((key) => key.startsWith(PREFIX));
  return {
    values: Object.fromEntries(keys.map((key) => [key.slice(PREFIX.length), all[key] ?? ""])),
    secretKeys: keys.filter((key) => isConfigSecret(key)).map((key) => key.slice(PREFIX.length)),
  };
}
