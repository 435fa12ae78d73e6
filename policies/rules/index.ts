/** Every rule of the pack, by theme. The order is the order of the documentation; tests pin the list. */
import type { AnyRule } from "../engine/rule.ts";
import { backup } from "./backup/index.ts";

export const rules: readonly AnyRule[] = [...backup];
