import type * as pulumi from "@pulumi/pulumi";

/** What every stack tells the world, under the same names in every phase. undefined: the phase has no such thing. */
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
