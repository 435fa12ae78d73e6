import { iso } from "../../engine/frameworks.ts";
import { any, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { awsRegion } from "../common/region.ts";
import { BUCKET_KEYS, coversBucket, holdsUserContent, inline, partnersOf } from "../common/s3.ts";
import { BUCKET, BUCKET_ENCRYPTION, BUCKET_VERSIONING } from "../common/types.ts";

const REPLICATION = ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"] as const;

/** A rule's destination, by the resource whose property it is part of. */
const goesTo = (owner: Resource, rule: View, bucket: Resource): Answer =>
  refers(owner, [...rule.base, "destination", "bucket"], bucket, BUCKET_KEYS);

const rulesOf = (owner: Resource): View[] =>
  owner.is(BUCKET) ? inline(owner, "replicationConfiguration.rules") : owner.items("rules");

/** Whether another bucket is copied into this one: the copy needs no copy. */
const isCopy = (stack: Stack, bucket: Resource): boolean =>
  [...stack.all(REPLICATION), ...stack.all(BUCKET)].some(
    (owner) => owner !== bucket && rulesOf(owner).some((rule) => goesTo(owner, rule, bucket) === "yes"),
  );

const encryptsByKms = (stack: Stack, bucket: Resource): boolean =>
  partnersOf(stack, BUCKET_ENCRYPTION, bucket).found.some((e) =>
    e.items("rules").some((r) => /^aws:kms/.test(r.text("applyServerSideEncryptionByDefault.sseAlgorithm") ?? "")),
  );

/** What is wrong with a rule, or undefined. */
function fault(rule: View, kms: boolean): string | undefined {
  if (rule.text("status") !== "Enabled") return "the rule is not Enabled";
  if (!coversBucket(rule)) return "the rule's filter leaves objects out";
  // S3 skips what is encrypted by KMS unless it is told not to.
  const sse = rule.text("sourceSelectionCriteria.sseKmsEncryptedObjects.status");
  return kms && sse !== "Enabled" ? "sourceSelectionCriteria.sseKmsEncryptedObjects is not Enabled" : undefined;
}

const bucket = (name: string, region: string, tags = {}) => ({
  type: BUCKET[0],
  name,
  props: { bucket: name, region, arn: `arn:aws:s3:::${name}`, versioning: { enabled: true }, tags },
});
const media = bucket("media", "eu-central-1", { purpose: "user-content" });
const replication = (status: string) => ({
  type: REPLICATION[0],
  name: "replication",
  props: { bucket: "media", rules: [{ status, destination: { bucket: "arn:aws:s3:::copy" } }] },
});

export const awsS3ReplicationCrossRegion = defineRule({
  id: "aws-s3-replication-cross-region",
  title: "Users' content is copied to another region as it is written",
  severity: "high",
  levels: levels("-/-/m/m"),
  framework: iso("A.8.14"),
  tags: ["fsbp:S3.7", "dr"],
  source: { guide: "Réplication S3 cross-region" },
  why: "Photos and documents that hosts uploaded exist nowhere else: a lost region or a bad deletion would take them.",
  fix: "add a BucketReplicationConfig with an Enabled rule for every object to a versioned bucket in another region, and sseKmsEncryptedObjects Enabled where KMS encrypts",
  examples: {
    pass: [[media, bucket("copy", "eu-west-1"), replication("Enabled")]],
    fail: [
      [media],
      [media, bucket("copy", "eu-west-1"), replication("Disabled")],
      [media, bucket("copy", "eu-central-1"), replication("Enabled")],
    ],
  },
  stack: {
    check(stack, report) {
      const buckets = stack.all(BUCKET).filter((b) => holdsUserContent(b) && !isCopy(stack, b));
      if (buckets.length === 0) return "no bucket of users' content in the stack";
      report.each(buckets, (b) => {
        const { found, maybe } = partnersOf(stack, REPLICATION, b);
        const rules = [...found, b].flatMap((owner) => rulesOf(owner).map((rule) => [owner, rule] as const));
        if (rules.length === 0 && maybe) return report.undetermined(b, "which bucket a replication is for");
        const kms = encryptsByKms(stack, b);
        const good = rules.filter(([, rule]) => fault(rule, kms) === undefined);
        const others = stack.all(BUCKET).filter((o) => o !== b);
        const places = good.map(([owner, rule]): Answer | "outside" => {
          const answers = others.map((o): [Resource, Answer] => [o, goesTo(owner, rule, o)]);
          const to = answers.find(([, a]) => a === "yes")?.[0];
          if (to) return awsRegion(to) !== awsRegion(b) ? "yes" : "no";
          return any(answers.map(([, a]) => a)) === "maybe" ? "maybe" : "outside";
        });
        const versions = partnersOf(stack, BUCKET_VERSIONING, b);
        const versioned =
          versions.maybe ||
          b.given("versioning.enabled") === true ||
          versions.found.some((v) => v.text("versioningConfiguration.status") === "Enabled");
        if (!versioned) report.violation(b, { problem: "keeps no versions", requires: "versioning, to be copied" });
        if (places.includes("yes")) return;
        if (places.includes("outside")) {
          return report.note(b, "is copied to a bucket of another stack, whose region cannot be seen from here");
        }
        if (places.includes("maybe")) return report.undetermined(b, "the bucket that it is copied to");
        const problem =
          rules.length === 0
            ? "nothing copies it to another region"
            : (rules.map(([, r]) => fault(r, kms)).find(Boolean) ?? "it is copied within its own region");
        report.violation(b, { problem, requires: "an Enabled rule for every object to another region" });
      });
    },
  },
});
