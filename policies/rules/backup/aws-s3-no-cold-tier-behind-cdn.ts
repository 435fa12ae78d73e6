import { iso } from "../../engine/frameworks.ts";
import { any, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { BUCKET_KEYS, inline, partnersOf } from "../common/s3.ts";
import { BUCKET, BUCKET_LIFECYCLE, DISTRIBUTION } from "../common/types.ts";

/** Classes whose objects must be restored for hours before anybody can read them. */
const COLD = ["GLACIER", "DEEP_ARCHIVE"];

/** Whether the distribution serves the bucket: by dependency, by a known name, or by a domain that starts with it. */
function serves(cdn: Resource, bucket: Resource): Answer {
  const name = bucket.peek("bucket");
  const byName = cdn.items("origins").some((o) => {
    const domain = o.peek("domainName");
    const both = domain.state === "known" && name.state === "known";
    return both && String(domain.value).startsWith(`${String(name.value)}.s3`);
  });
  return byName ? "yes" : refers(cdn, "origins", bucket, BUCKET_KEYS);
}

const served = (stack: Stack, bucket: Resource): Answer => any(stack.all(DISTRIBUTION).map((d) => serves(d, bucket)));

const bucket = { type: BUCKET[0], name: "files", props: { bucket: "files" } };
const cdn = {
  type: DISTRIBUTION[0],
  name: "cdn",
  props: { origins: [{ originId: "files", domainName: "files.s3.eu-central-1.amazonaws.com" }] },
};
const lifecycle = (storageClass: string) => ({
  type: BUCKET_LIFECYCLE[0],
  name: "lifecycle",
  props: { bucket: "files", rules: [{ status: "Enabled", transitions: [{ days: 90, storageClass }] }] },
});

export const awsS3NoColdTierBehindCdn = defineRule({
  id: "aws-s3-no-cold-tier-behind-cdn",
  title: "Files that visitors load never fall asleep",
  severity: "high",
  levels: levels("-/-/m/m"),
  framework: iso("A.8.14"),
  tags: ["availability"],
  source: { guide: "Lifecycle policies (IA après 30j, Glacier après 90j)" },
  why: "The guide's rule taken literally puts listing photos into Glacier after 90 days, and CloudFront then answers 403 for them: an object there must be restored first.",
  fix: 'use "GLACIER_IR" (same price range, read at once) in the transitions of a bucket that CloudFront serves',
  examples: {
    pass: [
      [bucket, cdn, lifecycle("GLACIER_IR")],
      [bucket, lifecycle("GLACIER")],
    ],
    fail: [[bucket, cdn, lifecycle("GLACIER")]],
  },
  stack: {
    check(stack, report) {
      const buckets = stack.all(BUCKET);
      if (buckets.length === 0 || stack.all(DISTRIBUTION).length === 0) return "no bucket behind a distribution";
      report.each(buckets, (b) => {
        const answer = served(stack, b);
        if (answer === "no") return;
        const rules = [
          ...partnersOf(stack, BUCKET_LIFECYCLE, b).found.flatMap((l) =>
            l.items("rules").filter((r) => r.text("status") !== "Disabled"),
          ),
          ...inline(b, "lifecycleRules").filter((r) => r.flag("enabled") !== false),
        ];
        const cold = rules
          .flatMap((r) => r.items("transitions"))
          .filter((t) => COLD.includes(t.text("storageClass") ?? ""));
        if (cold.length === 0) return;
        if (answer === "maybe") return report.undetermined(b, "whether CloudFront serves it");
        for (const transition of cold) report.violation(transition, { path: "storageClass", requires: '"GLACIER_IR"' });
      });
    },
  },
});
