import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isObject } from "../../engine/values.ts";
import { statementsOf, type Statement } from "../common/iam.ts";
import { partnersOf } from "../common/s3.ts";
import { BUCKET, BUCKET_POLICY } from "../common/types.ts";

/** A condition `Bool { aws:SecureTransport: "false" }`, as boolean or text, in any case. */
function onPlainHttp(s: Statement): boolean {
  const bool = Object.entries(s.condition).find(([operator]) => /^bool(ifexists)?$/i.test(operator))?.[1];
  if (!isObject(bool)) return false;
  const value = Object.entries(bool).find(([key]) => key.toLowerCase() === "aws:securetransport")?.[1];
  return String(Array.isArray(value) ? value[0] : value).toLowerCase() === "false";
}

function denies(s: Statement): boolean {
  const everyAction = s.actions.some((a) => a === "*" || a === "s3:*");
  const everyone = s.principal === "*" || (isObject(s.principal) && [s.principal["AWS"]].flat().includes("*"));
  const objects = s.resources.some((r) => r === "*" || r.endsWith("/*"));
  const itself = s.resources.some((r) => r === "*" || !r.includes("/"));
  return !s.allow && everyAction && everyone && objects && itself && onPlainHttp(s);
}

const bucket = { type: BUCKET[0], name: "files", props: { bucket: "files" } };
const policy = (resource: string[]) => ({
  type: BUCKET_POLICY[0],
  name: "policy",
  props: {
    bucket: "files",
    policy: JSON.stringify({
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: resource,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    }),
  },
});

export const awsS3TlsOnly = defineRule({
  id: "aws-s3-tls-only",
  title: "Buckets refuse plain HTTP",
  severity: "medium",
  levels: levels("a/a/m/m"),
  framework: fsbp("S3.5", "S3 general purpose buckets should require requests to use SSL"),
  tags: ["cis-aws-5.0:2.1.1"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "S3 answers plain HTTP unless a policy denies it; allowing requests over TLS does not deny the others.",
  fix: 'give the bucket a policy that denies "s3:*" to "*" on the bucket and on its objects (/*) when aws:SecureTransport is "false"',
  examples: {
    pass: [[bucket, policy(["arn:aws:s3:::files", "arn:aws:s3:::files/*"])]],
    fail: [[bucket], [bucket, policy(["arn:aws:s3:::files/*"])]],
  },
  stack: {
    check(stack, report) {
      const buckets = stack.all(BUCKET);
      if (buckets.length === 0) return "no S3 bucket in the stack";
      report.each(buckets, (b) => {
        const { found, maybe } = partnersOf(stack, BUCKET_POLICY, b);
        const documents: Resource[] = [...found, ...(b.given("policy") === undefined ? [] : [b])];
        const statements = documents.flatMap((d) => statementsOf(d, "policy") ?? []);
        if (statements.some(denies)) return;
        if (statements.some((s) => s.partial) || (documents.length === 0 && maybe)) {
          return report.undetermined(b, "its bucket policy");
        }
        const problem = documents.length === 0 ? "no BucketPolicy belongs to it" : "its policy lets plain HTTP through";
        report.violation(b, { problem, requires: "a denial of plain HTTP on the bucket and its objects" });
      });
    },
  },
});
