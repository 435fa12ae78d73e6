import { allowedRegions } from "./allowed-regions.ts";
import { eolEngineVersion } from "./eol-engine-version.ts";
import { instanceSizeAllowlist } from "./instance-size-allowlist.ts";
import { policyConfigMatchesPhase } from "./policy-config-matches-phase.ts";
import { requiredTags } from "./required-tags.ts";
import { statefulProtected } from "./stateful-protected.ts";

export const platform = [
  policyConfigMatchesPhase,
  statefulProtected,
  eolEngineVersion,
  requiredTags,
  allowedRegions,
  instanceSizeAllowlist,
];
