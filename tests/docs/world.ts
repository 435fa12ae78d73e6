/** The program as the coverage map may name it. */
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { rules } from "../../policies/rules/index.ts";
import { ALERTS } from "../../src/concepts/alerts.ts";
import { BACKUP_PLANS } from "../../src/concepts/backup.ts";
import { BUDGETS } from "../../src/concepts/budget.ts";
import { renderHost } from "../../src/host/render.ts";
import type { HostRole } from "../../src/host/spec.ts";
import { SCHEMAS } from "../../src/settings/schema.ts";
import type { World } from "../../tools/docs/coverage-check.ts";
import { readGoldens } from "../../tools/docs/golden.ts";
import { parsePage } from "../../tools/docs/pages.ts";
import { mvp } from "../host/fixture.ts";

export const ROOT = path.resolve(__dirname, "../..");

export function theWorld(): World {
  const hosts = new Map<string, Map<string, string>>();
  return {
    goldens: readGoldens(ROOT),
    hasSetting: (key) => Object.values(SCHEMAS).some((schema) => hasField(schema, key.split("."))),
    ruleParameters: (id) => {
      const rule = rules.find((item) => item.id === id);
      const parameters = Object.entries((rule?.parameters ?? {}) as Record<string, { default?: unknown }>);
      return rule && Object.fromEntries(parameters.map(([key, parameter]) => [key, parameter.default]));
    },
    page: (file) => {
      const full = path.join(ROOT, file);
      return fs.existsSync(full) && fs.statSync(full).isFile() ? parsePage(fs.readFileSync(full, "utf8")) : undefined;
    },
    hostFile: (file, role) => {
      if (!hosts.has(role)) hosts.set(role, new Map(renderHost(host(role)).map((f) => [f.path, f.content])));
      return hosts.get(role)?.get(file);
    },
    concepts: { ALERTS, BACKUP_PLANS, BUDGETS },
  };
}

/** A server of that role; those of several hosts need the network between them. */
function host(role: string) {
  const mesh = { port: 51820, cidr: "10.30.0.0/24", address: "10.30.0.1", peers: [] };
  return mvp({ role: role as HostRole, ...(role === "all-in-one" ? {} : { mesh }) });
}

/** A dotted path through objects, defaults and alternatives; zod keeps these wrapped in each other. */
function hasField(type: unknown, [key, ...rest]: string[]): boolean {
  if (key === undefined) return true;
  let inner = type;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap();
  if (inner instanceof z.ZodUnion) return inner.options.some((option) => hasField(option, [key, ...rest]));
  return inner instanceof z.ZodObject && key in inner.shape && hasField(inner.shape[key], rest);
}
