import { iso } from "../../engine/frameworks.ts";
import { both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { Undetermined } from "../../engine/values.ts";
import { POLICY_DOCUMENTS, statementsOf, type Statement } from "../common/iam.ts";
import { awsRegion } from "../common/region.ts";
import { partnersOf } from "../common/s3.ts";
import { BUCKET, BUCKET_VERSIONING, DO_DATABASE, DROPLET } from "../common/types.ts";

const KEYS = ["bucket", "id", "arn"];
/** What may hold a database: without any of them a stack has nothing to export. */
const HOLDERS = [
  ...[...DROPLET, ...DO_DATABASE, "aws:ec2/instance:Instance", "aws:rds/*"],
  ...["ovh:CloudProject/instance:Instance", "ovh:CloudProject/database:Database", "ovh:Vps/vps:Vps"],
];
/** What lets a principal read back or destroy what it wrote. */
const MORE_THAN_WRITE = /^(\*|s3:(\*|get\*|getobject.*|delete.*|\*object.*|putbucket.*|putlifecycle.*))$/;

const writesOnly = (statements: Statement[]): boolean => {
  const actions = statements
    .filter((s) => s.allow)
    .flatMap((s) => [...s.actions, ...(s.notActions.length ? ["*"] : [])]);
  return actions.some((a) => /^s3:put(object)?\*?$/.test(a)) && !actions.some((a) => MORE_THAN_WRITE.test(a));
};

/** Whether some policy lets a principal add objects to the bucket and nothing more. */
function writer(stack: Stack, bucket: Resource): Answer {
  let answer: Answer = "no";
  for (const policy of stack.all(Object.keys(POLICY_DOCUMENTS))) {
    const document = policy.peek("policy");
    const name = bucket.peek("bucket");
    const named =
      document.state === "known" &&
      name.state === "known" &&
      JSON.stringify(document.value).includes(String(name.value));
    const about: Answer = named ? "yes" : refers(policy, "policy", bucket, KEYS);
    if (about === "no") continue;
    if (document.state === "unknown") answer = "maybe";
    else if (writesOnly(statementsOf(policy, "policy") ?? [])) {
      if (about === "yes") return "yes";
      answer = "maybe";
    }
  }
  return answer;
}

const bucket = { type: BUCKET[0], name: "exports", props: { bucket: "exports", tags: { purpose: "db-export" } } };
const versions = {
  type: BUCKET_VERSIONING[0],
  name: "versions",
  props: { bucket: "exports", versioningConfiguration: { status: "Enabled" } },
};
const grant = (action: string[]) => ({
  type: "aws:iam/groupPolicy:GroupPolicy",
  name: "writers",
  props: {
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: action, Resource: "arn:aws:s3:::exports/*" }] }),
  },
});
const server = { type: DROPLET[0], name: "web", props: { region: "fra1" } };

export const offsiteDbExport = defineRule<{ elsewhere?: string }>({
  id: "offsite-db-export",
  title: "Database exports leave the provider",
  severity: "critical",
  levels: levels("m/-/-/-"),
  parameters: {
    elsewhere: { schema: { type: "string", description: "bucket of the exports, where another project owns it" } },
  },
  framework: iso("A.8.13"),
  tags: ["backup"],
  source: { guide: "Export hebdomadaire S3" },
  why: "A droplet's backups stay in its datacenter and die with it. An export elsewhere, that the server can write but neither read nor delete, survives a lost account and an intruder.",
  fix: 'add a versioned bucket tagged purpose "db-export" at another provider or region, and an IAM policy for it that allows s3:PutObject only',
  examples: {
    pass: [[server, bucket, versions, grant(["s3:PutObject", "s3:AbortMultipartUpload"])]],
    fail: [[server], [server, bucket, versions, grant(["s3:*"])], [server, bucket, grant(["s3:PutObject"])]],
  },
  stack: {
    check(stack, report, { elsewhere }) {
      if (elsewhere) return `exports go to ${elsewhere}, of another project`;
      const exportsTo = stack.all(BUCKET).filter((b) => b.text("tags.purpose") === "db-export");
      if (exportsTo.length === 0) {
        if (stack.all(HOLDERS).length === 0) return "no server and no database is here";
        report.violation(null, { problem: 'no bucket is tagged purpose "db-export"', requires: "one" });
      }
      const servers = stack.all(["aws:ec2/instance:Instance"]);
      report.each(exportsTo, (b) => {
        const versioning = partnersOf(stack, BUCKET_VERSIONING, b);
        const versioned: Answer = versioning.found.some((v) => v.text("versioningConfiguration.status") === "Enabled")
          ? "yes"
          : versioning.maybe
            ? "maybe"
            : "no";
        const writable = writer(stack, b);
        if (versioned === "no") report.violation(b, { problem: "keeps no versions", requires: "versioning" });
        if (writable === "no") {
          report.violation(b, { problem: "no write-only principal may add exports to it", requires: "one" });
        }
        // A droplet is at another provider by itself; a server at AWS must be in another region.
        for (const s of servers) {
          const region = awsRegion(b);
          if (region !== undefined && region === awsRegion(s)) {
            report.violation(b, { path: "region", found: region, requires: `another region than ${s.label}` });
          }
        }
        if (both(versioned, writable) === "maybe") throw new Undetermined(b, "its versioning or its writers' policy");
      });
    },
  },
});
