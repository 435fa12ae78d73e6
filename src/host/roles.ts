import type { HostSpec } from "./spec.ts";

/** What a server does. Files and templates ask for duties and never for a role's name: a new role is one line here. */
export interface Duties {
  /** nginx and PHP-FPM: answers visitors. */
  web: boolean;
  /** MySQL and Valkey, and the backups of what they hold. */
  data: boolean;
  /** Queue workers and the scheduler: on exactly one host of a stack, or tasks run twice. */
  workers: boolean;
  /** The application is deployed here, so PHP, its folders and its settings are needed. */
  app: boolean;
}

export function duties(spec: Pick<HostSpec, "role" | "workers">): Duties {
  const everything = spec.role === "all-in-one";
  const web = everything || spec.role === "web";
  const workers = everything || spec.workers === true;
  return { web, data: everything || spec.role === "database", workers, app: web || workers };
}
