import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const KEY = ["aws:kms/key:Key"] as const;
/** The most KMS accepts, and what it takes by itself. */
const WINDOW_DAYS = 30;

/** AWS can only renew symmetric keys for encryption that it made and holds itself. */
const canRotate = (key: Resource): boolean =>
  (key.text("customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" &&
  (key.text("keyUsage") ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
  !["customKeyStoreId", "xksKeyId"].some((path) => key.has(path) && key.text(path) !== "");
const tooShort = (key: Resource): boolean => !((key.number("deletionWindowInDays") ?? WINDOW_DAYS) >= WINDOW_DAYS);

const key = (props: Record<string, unknown>) => [{ type: KEY[0], name: "data", props }];

export const awsKmsRotation = defineRule({
  id: "aws-kms-rotation",
  title: "Keys are renewed every year and cannot vanish quickly",
  severity: "medium",
  levels: levels("-/-/m/m"),
  framework: fsbp("KMS.4", "AWS KMS key rotation should be enabled"),
  tags: ["cis-aws-5.0:3.6"],
  source: { standard: "AWS FSBP KMS.4 and CIS AWS 5.0 3.6" },
  why: "A key that never changes encrypts ever more under one secret. A key deleted too soon takes everything under it along, backups included.",
  fix: "set enableKeyRotation: true, and leave deletionWindowInDays at 30",
  examples: {
    pass: [key({ enableKeyRotation: true })],
    fail: [key({}), key({ enableKeyRotation: true, deletionWindowInDays: 29 })],
  },
  resource: {
    types: KEY,
    check(key, report) {
      if (canRotate(key) && key.flag("enableKeyRotation") !== true) {
        report.violation(key, { path: "enableKeyRotation", requires: "true" });
      }
      if (tooShort(key)) report.violation(key, { path: "deletionWindowInDays", requires: `${WINDOW_DAYS} days` });
    },
  },
  remediate: {
    types: KEY,
    repair(key, set) {
      if (canRotate(key) && key.flag("enableKeyRotation") !== true) set("enableKeyRotation", true);
      if (tooShort(key)) set("deletionWindowInDays", WINDOW_DAYS);
    },
  },
});
