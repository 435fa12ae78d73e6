import { fsbp } from "../../engine/frameworks.ts";
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { inline, partnersOf, receivesLogs } from "../common/s3.ts";
import { BUCKET, BUCKET_LOGGING, DISTRIBUTION, LOAD_BALANCER } from "../common/types.ts";

const SOURCE = ["aws:cloudwatch/logDeliverySource:LogDeliverySource"] as const;
const DELIVERY = ["aws:cloudwatch/logDelivery:LogDelivery"] as const;

/** The newer way: a source on the distribution, and a delivery from it. */
const delivers = (cdn: Resource, stack: Stack): Answer =>
  any(
    stack
      .all(SOURCE)
      .map((s) =>
        both(
          refers(s, "resourceArn", cdn, ["arn"]),
          any(stack.all(DELIVERY).map((d) => refers(d, "deliverySourceName", s, ["name", "id"]))),
        ),
      ),
  );

function checkBucket(bucket: Resource, stack: Stack, report: Report): void {
  const { found, maybe } = partnersOf(stack, BUCKET_LOGGING, bucket);
  const itself = found.find((l) => refers(l, "targetBucket", bucket, ["bucket", "id"]) === "yes");
  if (itself) {
    const problem = "it logs into itself, and every log line makes another";
    return report.violation(bucket, { problem, requires: "another bucket" });
  }
  if (found.length > 0 || inline(bucket, "loggings").length > 0) return;
  const takesLogs = receivesLogs(stack, bucket);
  if (takesLogs === "yes") return;
  if (maybe || takesLogs === "maybe") return report.undetermined(bucket, "which bucket a BucketLogging belongs to");
  report.violation(bucket, { problem: "no BucketLogging records who reads it", requires: "one" });
}

const bucket = (name: string) => ({ type: BUCKET[0], name, props: { bucket: name } });
const logging = (targetBucket: string) => ({
  type: BUCKET_LOGGING[0],
  name: "logging",
  props: { bucket: "media", targetBucket, targetPrefix: "media/" },
});
const balancer = (accessLogs: object) => [{ type: LOAD_BALANCER[0], name: "web", props: { accessLogs } }];

export const awsAccessLogs = defineRule({
  id: "aws-access-logs",
  title: "Entries and buckets keep a log of who came",
  severity: "medium",
  levels: levels("-/-/m/m"),
  framework: fsbp("ELB.5", "Application and Classic Load Balancers logging should be enabled"),
  tags: ["fsbp:CloudFront.5", "fsbp:S3.9", "iso27001:A.8.15"],
  source: { guide: "Audit logs" },
  why: "Without access logs nobody can say which guests' data an attacker saw, and the law asks that within 72 hours.",
  fix: "set accessLogs.enabled and bucket on the load balancer, a LogDeliverySource with its LogDelivery (or loggingConfig) for the distribution, and a BucketLogging into another bucket",
  examples: {
    pass: [[bucket("media"), bucket("logs"), logging("logs")], balancer({ enabled: true, bucket: "logs" })],
    fail: [[bucket("media")], [bucket("media"), logging("media")], balancer({ bucket: "logs" })],
  },
  stack: {
    check(stack, report) {
      const balancers = stack
        .all(LOAD_BALANCER)
        .filter((b) => (b.text("loadBalancerType") ?? "application") === "application");
      const cdns = stack.all(DISTRIBUTION);
      const buckets = stack.all(BUCKET);
      if (balancers.length + cdns.length + buckets.length === 0) return "no entry or bucket at AWS in the stack";
      report.each(balancers, (b) => {
        // The block alone does nothing: enabled is false unless it is said.
        if (b.flag("accessLogs.enabled") !== true)
          report.violation(b, { path: "accessLogs.enabled", requires: "true" });
      });
      report.each(cdns, (cdn) => {
        if (cdn.has("loggingConfig.bucket")) return;
        const answer = delivers(cdn, stack);
        if (answer === "maybe") report.undetermined(cdn, "what a LogDeliverySource belongs to");
        if (answer === "no") {
          const problem = "neither loggingConfig nor a LogDeliverySource with its LogDelivery logs its requests";
          report.violation(cdn, { problem, requires: "one of them" });
        }
      });
      report.each(buckets, (b) => checkBucket(b, stack, report));
    },
  },
});
