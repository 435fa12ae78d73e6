/** Every rule of the pack, by theme. The order is the order of the documentation; tests pin the list. */
import type { AnyRule } from "../engine/rule.ts";
import { access } from "./access/index.ts";
import { backup } from "./backup/index.ts";
import { encryption } from "./encryption/index.ts";
import { kubernetes } from "./kubernetes/index.ts";
import { network } from "./network/index.ts";
import { observability } from "./observability/index.ts";
import { platform } from "./platform/index.ts";

/** Rules by theme, as the documentation and the packs per theme group them. */
export const themes: Readonly<Record<string, readonly AnyRule[]>> = {
  backup,
  encryption,
  network,
  access,
  kubernetes,
  observability,
  platform,
};

export const rules: readonly AnyRule[] = Object.values(themes).flat();
