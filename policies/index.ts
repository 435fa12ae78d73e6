/**
 * The pack `jatsmanor`. The only module that constructs a PolicyPack: that starts a gRPC server, which would keep a
 * test process alive. Levels, parameters and exceptions come from policies/config/<stack>.json.
 */
import { PolicyPack } from "@pulumi/policy";
import { toPolicy } from "./engine/policy.ts";
import { installSdkAdditions } from "./engine/sdk.ts";
import { rules } from "./rules/index.ts";

installSdkAdditions();
new PolicyPack("jatsmanor", {
  displayName: "Jatsmanor hosting",
  description:
    "The hosting guide's rules on backups, security, monitoring and cost, checked at every preview and update.",
  policies: rules.map(toPolicy),
});
