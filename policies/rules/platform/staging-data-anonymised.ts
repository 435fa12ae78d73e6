import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { DO_DATABASE, DROPLET, RDS_CLUSTER, RDS_INSTANCE } from "../common/types.ts";

const CLASS = "anonymised";
/** Where a database says which other one it is a copy of. */
const COPIES = [
  "snapshotIdentifier",
  "replicateSourceDb",
  "replicationSourceIdentifier",
  "restoreToPointInTime",
  "backupRestore.databaseName",
];

const isTagged = (r: Resource): boolean =>
  Array.isArray(r.get("tags"))
    ? r.texts("tags").known.includes(`data-class:${CLASS}`)
    : r.text(["tags", "data-class"]) === CLASS;

/** Memory in the name of a size: s-1vcpu-2gb. NaN where the name does not tell. */
function gigabytes(size: string): number {
  const [, amount, unit] = /-(\d+)(gb|mb)\b/.exec(size) ?? [];
  return Number(amount ?? NaN) / (unit === "mb" ? 1024 : 1);
}

function checkCopy(r: Resource, report: Report): void {
  report.each(COPIES, (path) => {
    const source = r.get(path);
    if (source === undefined || source === "" || (typeof source === "string" && /anonymi[sz]ed/i.test(source))) return;
    report.violation(r, { path, requires: `none, or a copy whose name says ${CLASS}` });
  });
}

const droplet = (tags: string[], size = "s-1vcpu-2gb") => [
  { type: DROPLET[0], name: "staging", props: { tags, size } },
];
const TAGS = [`data-class:${CLASS}`];

export const stagingDataAnonymised = defineRule<{ maxGb: number }>({
  id: "staging-data-anonymised",
  title: "Staging holds nobody's data",
  severity: "high",
  levels: levels("-/m/-/-"),
  parameters: { maxGb: { schema: { type: "number", description: "memory of a droplet in GB, at most" }, default: 2 } },
  framework: iso("A.8.33"),
  tags: ["iso27001:A.8.11", "privacy"],
  source: { standard: "ISO/IEC 27001:2022 A.8.33" },
  why: "Staging is open to more people and watched by fewer: guests' names, papers and payments have no business there.",
  fix: `tag it data-class ${CLASS}, fill it from the anonymised export instead of a snapshot, and take a droplet of 2 GB`,
  examples: { pass: [droplet(TAGS)], fail: [droplet([]), droplet(TAGS, "s-2vcpu-4gb")] },
  resource: {
    types: [...DROPLET, ...DO_DATABASE, ...RDS_INSTANCE, ...RDS_CLUSTER],
    check(r, report, { maxGb }) {
      report.each([r], () => {
        if (!isTagged(r))
          report.violation(r, { path: "tags", found: `without data-class ${CLASS}`, requires: `data-class ${CLASS}` });
      });
      checkCopy(r, report);
      if (r.is(DROPLET) && !(gigabytes(r.text("size") ?? "") <= maxGb)) {
        report.violation(r, { path: "size", requires: `${maxGb} GB of memory or less` });
      }
    },
  },
});
