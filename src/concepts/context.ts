import type { NamingContext } from "./naming.ts";
import type { StatefulnessGuard } from "./statefulness.ts";

/** What every component is told about the stack it is part of. */
export interface StackContext {
  naming: NamingContext;
  guard: StatefulnessGuard;
}
