import { fsbp } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { partnersOf } from "../common/s3.ts";
import { BUCKET, BUCKET_ACL, BUCKET_PUBLIC_BLOCK } from "../common/types.ts";

const TRAIL = ["aws:cloudtrail/trail:Trail"] as const;
const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** Selectors replace the default, which is every management event. */
function recordsManagement(trail: Resource): boolean {
  const advanced = trail.items("advancedEventSelectors");
  if (advanced.length > 0) {
    return advanced.some((selector) => {
      const fields = selector.items("fieldSelectors");
      // A further field (readOnly, eventSource) narrows the selector to a part of them.
      return fields.length === 1 && fields.every((f) => f.texts("equals").known.includes("Management"));
    });
  }
  const basic = trail.items("eventSelectors");
  if (basic.length === 0) return true;
  return basic.some((s) => s.flag("includeManagementEvents") !== false && (s.text("readWriteType") ?? "All") === "All");
}

/** What a trail lacks: path, and what it must be. */
function* gaps(trail: Resource): Generator<{ path: string; found?: string; requires: string }> {
  for (const path of ["isMultiRegionTrail", "enableLogFileValidation"]) {
    if (trail.flag(path) !== true) yield { path, requires: "true" };
  }
  if (trail.flag("enableLogging") === false) yield { path: "enableLogging", requires: "true" };
  for (const [path, what] of [
    ["kmsKeyId", "a KMS key"],
    ["cloudWatchLogsGroupArn", "a log group"],
  ] as const) {
    if (!trail.has(path) || trail.given(path) === "") yield { path, requires: what };
  }
  if (!recordsManagement(trail)) {
    const path = trail.has("advancedEventSelectors") ? "advancedEventSelectors" : "eventSelectors";
    yield { path, found: "without every management event", requires: "all of them, read and write" };
  }
}

function isPublic(bucket: Resource, stack: Stack): boolean {
  const acls = [bucket, ...partnersOf(stack, BUCKET_ACL, bucket).found].map((r) => String(r.given("acl")));
  const { found, maybe } = partnersOf(stack, BUCKET_PUBLIC_BLOCK, bucket);
  const blocked = maybe || found.some((b) => FLAGS.every((f) => b.flag(f) === true));
  return !blocked || acls.some((a) => a.startsWith("public-"));
}

const bucket = { type: BUCKET[0], name: "logs", props: { bucket: "logs" } };
const block = {
  type: BUCKET_PUBLIC_BLOCK[0],
  name: "block",
  props: { bucket: "logs", ...Object.fromEntries(FLAGS.map((f) => [f, true])) },
};
const trail = (change: object) => ({
  type: TRAIL[0],
  name: "audit",
  props: {
    s3BucketName: "logs",
    isMultiRegionTrail: true,
    enableLogFileValidation: true,
    kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/1",
    cloudWatchLogsGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:audit:*",
    ...change,
  },
});

export const awsCloudtrail = defineRule<{ trailElsewhere?: string }>({
  id: "aws-cloudtrail",
  title: "Every call to AWS is recorded, in every region, and cannot be altered",
  severity: "high",
  levels: levels("-/-/m/m"),
  parameters: {
    trailElsewhere: {
      schema: { type: "string", description: "the organisation's trail, where another stack owns it" },
    },
  },
  framework: fsbp("CloudTrail.1", "CloudTrail should be enabled with a multi-Region trail of all management events"),
  tags: [
    "fsbp:CloudTrail.2",
    "fsbp:CloudTrail.4",
    "fsbp:CloudTrail.5",
    "cis-aws-5.0:3.1",
    "cis-aws-5.0:3.2",
    "cis-aws-5.0:3.5",
  ],
  source: { guide: "Audit logs" },
  why: "After an intrusion the trail says what was read and changed; an intruder works in the region nobody looks at and deletes the log first.",
  fix: "add a Trail with isMultiRegionTrail, enableLogFileValidation, kmsKeyId and cloudWatchLogsGroupArn, into a bucket that cannot be public",
  examples: {
    pass: [[bucket, block, trail({})]],
    fail: [[bucket], [bucket, block, trail({ isMultiRegionTrail: false })], [bucket, trail({})]],
  },
  stack: {
    check(stack, report, { trailElsewhere }) {
      if (stack.all(["aws:*"]).length === 0) return "no AWS resource in the stack";
      const trails = stack.all(TRAIL);
      if (trails.length === 0 && !trailElsewhere) {
        report.violation(null, { problem: "no Trail records the calls of the account", requires: "one" });
      }
      report.each(trails, (t) => {
        report.each(gaps(t), (gap) => report.violation(t, gap));
        for (const b of stack.all(BUCKET)) {
          if (refers(t, "s3BucketName", b, ["bucket", "id"]) === "yes" && isPublic(b, stack)) {
            report.violation(b, {
              problem: "it takes the trail and is not closed to the public",
              requires: "all four flags of a BucketPublicAccessBlock",
            });
          }
        }
      });
    },
  },
  remediate: {
    types: TRAIL,
    repair(trail, set) {
      for (const path of ["isMultiRegionTrail", "enableLogFileValidation"])
        if (trail.flag(path) !== true) set(path, true);
      if (trail.flag("enableLogging") === false) set("enableLogging", true);
    },
  },
});
