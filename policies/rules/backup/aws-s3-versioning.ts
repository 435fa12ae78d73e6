import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { partnersOf, receivesLogs } from "../common/s3.ts";
import { BUCKET, BUCKET_VERSIONING } from "../common/types.ts";

const bucket = { type: BUCKET[0], name: "files", props: { bucket: "files" } };
const versioning = (status: string) => ({
  type: BUCKET_VERSIONING[0],
  name: "versions",
  props: { bucket: "files", versioningConfiguration: { status } },
});

export const awsS3Versioning = defineRule({
  id: "aws-s3-versioning",
  title: "Buckets keep versions of their objects",
  severity: "high",
  levels: levels("m/a/m/m"),
  framework: iso("A.8.13"),
  tags: ["securityhub:S3.14"],
  source: { guide: "Versioning activé" },
  why: "An overwritten or deleted object is gone at once without versions: by mistake, by a bad sync, or by an intruder.",
  fix: 'add a BucketVersioning for this bucket with versioningConfiguration.status "Enabled"',
  examples: { pass: [[bucket, versioning("Enabled")]], fail: [[bucket], [bucket, versioning("Suspended")]] },
  stack: {
    check(stack, report) {
      const buckets = stack.all(BUCKET);
      if (buckets.length === 0) return "no S3 bucket in the stack";
      report.each(buckets, (b) => {
        const logs = receivesLogs(stack, b);
        if (logs === "yes" || b.given("versioning.enabled") === true) return;
        const { found, maybe } = partnersOf(stack, BUCKET_VERSIONING, b);
        const status = found.map((v) => v.text("versioningConfiguration.status"));
        if (status.includes("Enabled")) return;
        if (found.length === 0 && (maybe || logs === "maybe")) {
          report.undetermined(b, "which bucket a BucketVersioning belongs to");
        } else {
          const [first] = found;
          const problem = first ? `${first.label} has status ${status[0]}` : "no BucketVersioning belongs to it";
          report.violation(b, { problem, requires: 'status "Enabled"' });
        }
      });
    },
  },
});
