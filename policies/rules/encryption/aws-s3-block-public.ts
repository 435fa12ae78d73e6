import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { partnersOf } from "../common/s3.ts";
import { ACCOUNT_PUBLIC_BLOCK, BUCKET, BUCKET_ACL, BUCKET_PUBLIC_BLOCK } from "../common/types.ts";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;
const PUBLIC_ACL = /^(public-read|public-read-write|authenticated-read)$/;
const openFlags = (block: Resource): string[] => FLAGS.filter((f) => block.flag(f) !== true);

const bucket = { type: BUCKET[0], name: "files", props: { bucket: "files" } };
const all = Object.fromEntries(FLAGS.map((f) => [f, true]));
const block = (flags: object) => ({
  type: BUCKET_PUBLIC_BLOCK[0],
  name: "private",
  props: { bucket: "files", ...all, ...flags },
});

export const awsS3BlockPublic = defineRule<{ accountBlockElsewhere: boolean }>({
  id: "aws-s3-block-public",
  title: "Buckets cannot be made public",
  severity: "critical",
  levels: levels("m/m/m/m"),
  parameters: {
    accountBlockElsewhere: {
      schema: { type: "boolean", description: "another stack blocks public access for the whole account" },
      default: false,
    },
  },
  framework: fsbp("S3.8", "S3 general purpose buckets should block public access"),
  tags: ["fsbp:S3.1", "cis-aws-5.0:2.1.4"],
  source: { standard: "AWS FSBP S3.8 and CIS AWS 5.0 2.1.4" },
  why: "One wrong ACL or policy puts users' documents or the database's exports on the internet; the block makes that mistake impossible.",
  fix: `add a BucketPublicAccessBlock for this bucket with ${FLAGS.join(", ")} all true, and no public ACL`,
  notExemptable: true,
  examples: {
    pass: [[bucket, block({})]],
    fail: [[bucket], [bucket, block({ restrictPublicBuckets: false })]],
  },
  stack: {
    check(stack, report, { accountBlockElsewhere }) {
      const buckets = stack.all(BUCKET);
      report.each([...buckets, ...stack.all(BUCKET_ACL)], (r) => {
        if (PUBLIC_ACL.test(String(r.given("acl")))) report.violation(r, { path: "acl", requires: '"private"' });
      });
      if (buckets.length === 0) return "no S3 bucket in the stack";
      const account = accountBlockElsewhere || stack.all(ACCOUNT_PUBLIC_BLOCK).some((a) => openFlags(a).length === 0);
      if (account) return;
      report.each(buckets, (b) => {
        const { found, maybe } = partnersOf(stack, BUCKET_PUBLIC_BLOCK, b);
        if (found.some((block) => openFlags(block).length === 0)) return;
        const [block] = found;
        if (block) {
          const problem = `${block.label} leaves ${openFlags(block).join(", ")} off`;
          report.violation(b, { problem, requires: "all four flags true" });
        } else if (maybe) report.undetermined(b, "which bucket a BucketPublicAccessBlock belongs to");
        else {
          const problem = "no BucketPublicAccessBlock belongs to it";
          report.violation(b, { problem, requires: "one with all four flags" });
        }
      });
    },
  },
  remediate: {
    types: BUCKET_PUBLIC_BLOCK,
    repair(block, set) {
      for (const flag of FLAGS) if (block.flag(flag) !== true) set(flag, true);
    },
  },
});
