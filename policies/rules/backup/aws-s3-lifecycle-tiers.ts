import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { coversBucket, holdsUserContent, inline, partnersOf } from "../common/s3.ts";
import { BUCKET, BUCKET_LIFECYCLE } from "../common/types.ts";

/** S3 refuses the infrequent-access classes earlier. */
const IA_EARLIEST = 30;
const INFREQUENT = ["STANDARD_IA", "ONEZONE_IA"];
const ARCHIVE = ["GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];

const transitionsOf = (rules: View[]): View[] => rules.flatMap((r) => [...r.items("transitions")]);
const moved = (transitions: View[], classes: string[], from: number, to: number): boolean =>
  transitions.some((t) => {
    const days = t.number("days") ?? NaN;
    return classes.includes(t.text("storageClass") ?? "") && days >= from && days <= to;
  });

const bucket = (purpose: string) => ({ type: BUCKET[0], name: "files", props: { bucket: "files", tags: { purpose } } });
const lifecycle = (infrequent: number, archive: number) => ({
  type: BUCKET_LIFECYCLE[0],
  name: "lifecycle",
  props: {
    bucket: "files",
    rules: [
      {
        id: "tiers",
        status: "Enabled",
        filter: { prefix: "" },
        transitions: [
          { days: infrequent, storageClass: "STANDARD_IA" },
          { days: archive, storageClass: "GLACIER_IR" },
        ],
      },
    ],
  },
});

export const awsS3LifecycleTiers = defineRule<{ infrequentDays: number; archiveDays: number }>({
  id: "aws-s3-lifecycle-tiers",
  title: "Old files move to cheaper storage",
  severity: "low",
  levels: levels("-/-/m/m"),
  parameters: {
    infrequentDays: { schema: { type: "number", minimum: IA_EARLIEST }, default: 30 },
    archiveDays: { schema: { type: "number", minimum: IA_EARLIEST }, default: 90 },
  },
  framework: iso("A.8.6"),
  tags: ["fsbp:S3.13", "cost"],
  source: { guide: "Lifecycle policies (IA après 30j, Glacier après 90j)" },
  why: "Photos of last year's listings and old exports cost the full price for ever unless they move by themselves.",
  fix: 'add an enabled rule for the whole bucket with transitions to "STANDARD_IA" after 30 days and "GLACIER_IR" after 90',
  examples: {
    pass: [[bucket("user-content"), lifecycle(30, 90)], [bucket("releases")]],
    fail: [[bucket("user-content")], [bucket("user-content"), lifecycle(30, 91)]],
  },
  stack: {
    check(stack, report, { infrequentDays, archiveDays }) {
      const kept = (b: View) => b.text("tags.purpose") === "db-export" || b.text(["tags", "data-class"]) === "backup";
      const buckets = stack.all(BUCKET).filter((b) => holdsUserContent(b) || kept(b));
      if (buckets.length === 0) return "no bucket of users' content or backups in the stack";
      report.each(buckets, (b) => {
        const { found, maybe } = partnersOf(stack, BUCKET_LIFECYCLE, b);
        // Small objects stay where they are by S3's own default, so a filter for larger ones leaves nothing out.
        const rules = [
          ...found.flatMap((l) => l.items("rules").filter((r) => r.text("status") === "Enabled")),
          ...inline(b, "lifecycleRules").filter((r) => r.flag("enabled") === true),
        ].filter(coversBucket);
        const transitions = transitionsOf(rules);
        const infrequent =
          moved(transitions, INFREQUENT, IA_EARLIEST, infrequentDays) ||
          moved(transitions, ["INTELLIGENT_TIERING"], 0, infrequentDays);
        const archived = moved(transitions, ARCHIVE, 0, archiveDays);
        if (infrequent && archived) return;
        if (found.length === 0 && maybe) return report.undetermined(b, "which bucket a lifecycle belongs to");
        const missing = [
          !infrequent && `to infrequent access at ${IA_EARLIEST}-${infrequentDays} days`,
          !archived && `to Glacier by ${archiveDays} days`,
        ].filter(Boolean);
        report.violation(b, {
          problem: `no lifecycle rule moves every object ${missing.join(" or ")}`,
          requires: "both",
        });
      });
    },
  },
});
