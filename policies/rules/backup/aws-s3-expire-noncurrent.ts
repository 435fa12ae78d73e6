import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { inline, partnersOf } from "../common/s3.ts";
import { BUCKET, BUCKET_LIFECYCLE, BUCKET_VERSIONING } from "../common/types.ts";

const bucket = { type: BUCKET[0], name: "files", props: { bucket: "files" } };
const versions = {
  type: BUCKET_VERSIONING[0],
  name: "versions",
  props: { bucket: "files", versioningConfiguration: { status: "Enabled" } },
};
const lifecycle = (rule: object) => ({
  type: BUCKET_LIFECYCLE[0],
  name: "lifecycle",
  props: { bucket: "files", rules: [{ id: "tidy", status: "Enabled", ...rule }] },
});
const expiry = { noncurrentVersionExpiration: { noncurrentDays: 30 } };
const abort = { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };

export const awsS3ExpireNoncurrent = defineRule({
  id: "aws-s3-expire-noncurrent",
  title: "Versioned buckets drop old versions and abandoned uploads",
  severity: "low",
  levels: levels("a/a/a/a"),
  framework: iso("A.8.6"),
  tags: ["cost"],
  source: { guide: "Lifecycle policies (IA après 30j, Glacier après 90j)" },
  why: "Versions and unfinished uploads are billed and never seen: without an end the bucket grows for ever.",
  fix: "add to its BucketLifecycleConfiguration enabled rules with noncurrentVersionExpiration.noncurrentDays and abortIncompleteMultipartUpload.daysAfterInitiation",
  examples: {
    pass: [[bucket, versions, lifecycle({ ...expiry, ...abort })], [bucket]],
    fail: [
      [bucket, versions],
      [bucket, versions, lifecycle(expiry)],
    ],
  },
  stack: {
    check(stack, report) {
      const buckets = stack.all(BUCKET);
      if (buckets.length === 0) return "no S3 bucket in the stack";
      report.each(buckets, (b) => {
        const versioning = partnersOf(stack, BUCKET_VERSIONING, b).found;
        const versioned =
          b.given("versioning.enabled") === true ||
          versioning.some((v) => v.text("versioningConfiguration.status") === "Enabled");
        if (!versioned) return;
        const lifecycle = partnersOf(stack, BUCKET_LIFECYCLE, b);
        const rules = [
          ...lifecycle.found.flatMap((l) => l.items("rules").filter((r) => r.text("status") === "Enabled")),
          ...inline(b, "lifecycleRules").filter((r) => r.flag("enabled") === true),
        ];
        const days = (path: string) => rules.some((r) => (r.number(path) ?? 0) > 0);
        const expires = days("noncurrentVersionExpiration.noncurrentDays") || days("noncurrentVersionExpiration.days");
        const aborts =
          days("abortIncompleteMultipartUpload.daysAfterInitiation") || days("abortIncompleteMultipartUploadDays");
        if (expires && aborts) return;
        if (lifecycle.found.length === 0 && lifecycle.maybe) {
          report.undetermined(b, "which bucket a BucketLifecycleConfiguration belongs to");
          return;
        }
        const missing = [!expires && "expires old versions", !aborts && "aborts unfinished uploads"].filter(Boolean);
        report.violation(b, { problem: `no lifecycle rule ${missing.join(" or ")}`, requires: "both" });
      });
    },
  },
});
