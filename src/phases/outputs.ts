import type * as pulumi from "@pulumi/pulumi";

/** Value of an output that a phase has no thing for: an undefined one is a warning of the engine at every run. */
export const NONE = "none";

/** What every stack tells the world, under the same names in every phase. */
export interface StackOutputs {
  /** Where visitors go. */
  appUrl: string;
  /** Host and port of the database as the application reaches it. */
  databaseEndpoint: pulumi.Input<string>;
  cacheEndpoint: pulumi.Input<string>;
  /** Host name that serves cached content near the visitor. */
  cdnDomain: pulumi.Input<string>;
  /** Where backups go, and how often. */
  backups: pulumi.Input<Record<string, unknown>>;
  /** Alert id to who hears it. */
  alerts: Record<string, string>;
  /** Stateful resources whose protection is lifted (setting allowReplace); empty is the normal state. */
  allowReplace: readonly string[];
}
