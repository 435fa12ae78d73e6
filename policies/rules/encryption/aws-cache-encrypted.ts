import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { CACHE_GROUP } from "../common/databases.ts";

const safe = {
  engine: "redis",
  atRestEncryptionEnabled: true,
  transitEncryptionEnabled: true,
  transitEncryptionMode: "required",
  userGroupIds: ["users"],
};
const group = (props: object) => [{ type: CACHE_GROUP[0], name: "cache", props: { ...safe, ...props } }];

export const awsCacheEncrypted = defineRule({
  id: "aws-cache-encrypted",
  title: "The cache is encrypted, on disk and on the way, and asks who is there",
  severity: "high",
  levels: levels("-/a/m/m"),
  framework: fsbp("ElastiCache.5", "ElastiCache replication groups should be encrypted in transit"),
  tags: ["fsbp:ElastiCache.4", "fsbp:ElastiCache.6", "pci-4.0:4.2.1"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "Sessions are passwords: who reads them in the network, or connects without a password, is logged in as any user.",
  fix: 'set atRestEncryptionEnabled and transitEncryptionEnabled true, transitEncryptionMode "required", and userGroupIds (or authToken)',
  examples: {
    pass: [group({})],
    fail: [
      group({ atRestEncryptionEnabled: undefined }),
      group({ transitEncryptionEnabled: undefined }),
      group({ transitEncryptionMode: "preferred" }),
      group({ userGroupIds: undefined }),
    ],
  },
  resource: {
    types: CACHE_GROUP,
    check(group, report) {
      // Valkey encrypts its disk unless it is told not to; Redis the other way round.
      const atRest = group.flag("atRestEncryptionEnabled");
      const byDefault = !group.has("atRestEncryptionEnabled") && group.text("engine") === "valkey";
      if (atRest !== true && !byDefault) {
        report.violation(group, { path: "atRestEncryptionEnabled", requires: "true" });
      }
      if (group.flag("transitEncryptionEnabled") !== true) {
        report.violation(group, { path: "transitEncryptionEnabled", requires: "true" });
      }
      // "preferred" is for moving over: plain connections still work.
      const mode = group.get("transitEncryptionMode");
      if (mode !== undefined && mode !== "required") {
        report.violation(group, { path: "transitEncryptionMode", requires: '"required"' });
      }
      const token = ["authToken", "authTokenWo", "authTokenWoVersion"].some((path) => group.has(path));
      if (!token && group.items("userGroupIds").length === 0) {
        report.violation(group, { path: "userGroupIds", requires: "a group of users, or an authToken" });
      }
    },
  },
});
