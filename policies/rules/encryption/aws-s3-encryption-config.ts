import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { inline, holdsUserContent, partnersOf, receivesLogs } from "../common/s3.ts";
import { BUCKET, BUCKET_ENCRYPTION } from "../common/types.ts";

const bucket = (purpose: string) => ({ type: BUCKET[0], name: "files", props: { bucket: "files", tags: { purpose } } });
const encryption = (sseAlgorithm: string, bucketKeyEnabled = true) => ({
  type: BUCKET_ENCRYPTION[0],
  name: "encryption",
  props: { bucket: "files", rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm }, bucketKeyEnabled }] },
});

export const awsS3EncryptionConfig = defineRule({
  id: "aws-s3-encryption-config",
  title: "Buckets state how they are encrypted",
  severity: "medium",
  levels: levels("a/-/m/m"),
  framework: iso("A.8.24"),
  tags: ["securityhub:S3.17"],
  source: { standard: "ISO/IEC 27001:2022 A.8.24" },
  why: "S3 encrypts by itself since 2023, with a key that is nobody's decision. Users' content needs a KMS key that can be audited and revoked; log delivery works with AES256 only.",
  fix: 'add a BucketServerSideEncryptionConfiguration: sseAlgorithm "aws:kms" with bucketKeyEnabled true for users\' content, "AES256" for log buckets, either elsewhere',
  examples: {
    pass: [
      [bucket("logs"), encryption("AES256")],
      [bucket("user-content"), encryption("aws:kms")],
    ],
    fail: [[bucket("files")], [bucket("user-content"), encryption("AES256")], [bucket("logs"), encryption("aws:kms")]],
  },
  stack: {
    check(stack, report) {
      const buckets = stack.all(BUCKET);
      if (buckets.length === 0) return "no S3 bucket in the stack";
      report.each(buckets, (b) => {
        const { found, maybe } = partnersOf(stack, BUCKET_ENCRYPTION, b);
        const own = inline(b, "serverSideEncryptionConfiguration.rule");
        const rules: View[] = [...found.flatMap((e) => e.items("rules")), ...own];
        const rule = rules.find((r) => r.has("applyServerSideEncryptionByDefault.sseAlgorithm"));
        if (!rule) {
          if (maybe) return report.undetermined(b, "which bucket an encryption configuration belongs to");
          const problem = "no BucketServerSideEncryptionConfiguration belongs to it";
          return report.violation(b, { problem, requires: "one" });
        }
        const algorithm = rule.text("applyServerSideEncryptionByDefault.sseAlgorithm");
        const at = `its sseAlgorithm is ${rule.show("applyServerSideEncryptionByDefault.sseAlgorithm")}`;
        if (receivesLogs(stack, b) === "yes") {
          if (algorithm !== "AES256") report.violation(b, { problem: at, requires: '"AES256" to receive logs' });
        } else if (holdsUserContent(b)) {
          if (algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse") {
            report.violation(b, { problem: at, requires: '"aws:kms" for users\' content' });
          } else if (algorithm === "aws:kms" && rule.flag("bucketKeyEnabled") !== true) {
            const problem = `its bucketKeyEnabled is ${rule.show("bucketKeyEnabled")}`;
            report.violation(b, { problem, requires: "true, or every request pays for the key" });
          }
        } else if (algorithm !== "AES256" && algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse") {
          report.violation(b, { problem: at, requires: '"AES256" or "aws:kms"' });
        }
      });
    },
  },
});
