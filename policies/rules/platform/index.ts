import { allowedRegions } from "./allowed-regions.ts";
import { awsBudgetObject } from "./aws-budget-object.ts";
import { cdnReachesAfrica } from "./cdn-reaches-africa.ts";
import { eolEngineVersion } from "./eol-engine-version.ts";
import { extendedSupportOff } from "./extended-support-off.ts";
import { instanceSizeAllowlist } from "./instance-size-allowlist.ts";
import { policyConfigMatchesPhase } from "./policy-config-matches-phase.ts";
import { requiredTags } from "./required-tags.ts";
import { stagingDataAnonymised } from "./staging-data-anonymised.ts";
import { statefulProtected } from "./stateful-protected.ts";

export const platform = [
  policyConfigMatchesPhase,
  awsBudgetObject,
  statefulProtected,
  eolEngineVersion,
  extendedSupportOff,
  requiredTags,
  allowedRegions,
  instanceSizeAllowlist,
  cdnReachesAfrica,
  stagingDataAnonymised,
];
