/** What a simulated cloud computes for a resource, and what every package's file in this folder provides. */
import type { Identity } from "../identity.ts";
import type { Store } from "../store.ts";
import type { Properties } from "../values.ts";

export interface Environment {
  readonly store: Store;
  /** ISO 8601 instant: fixed in rehearsals so that they are repeatable. */
  readonly now: string;
  /** Region of the provider instance, where the package has one. */
  readonly region: string;
  readonly account: string;
  /** Checked provider configuration, without secret wrappers. */
  readonly config: Properties;
}

export interface Request extends Environment {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Checked inputs with defaults, without secret wrappers or unknowns. */
  readonly inputs: Properties;
  readonly identity: Identity;
  readonly createdAt: string;
  /** Outputs before an update, undefined on creation. */
  readonly old?: Properties | undefined;
}

/** Computed outputs, `id` among them. An output that is left out gets a plausible value by its name and type. */
export type Compute = (request: Request) => Properties;
/** Result of a data source. @throws CloudError when the cloud has no such thing. */
export type Invoke = (args: Properties, environment: Environment) => Properties;

export interface Cloud {
  /** True for providers with no cloud behind them (random, tls): their resources live in the Pulumi state alone. */
  readonly stateless?: boolean;
  readonly compute?: Readonly<Record<string, Compute>>;
  readonly invoke?: Readonly<Record<string, Invoke>>;
  /** Refuses what the cloud would refuse for a reason that no table holds. @throws CloudError */
  readonly refuse?: Readonly<Record<string, (request: Request) => void>>;
  /** Runs after a create, update or delete took place (simulated servers note what ran). */
  readonly react?: (request: Request, operation: "create" | "update" | "delete") => Properties | undefined;
}

/** An answer of the cloud that fails the operation, worded as the cloud words it. */
export class CloudError extends Error {}
