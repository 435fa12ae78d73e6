import { iso } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { BUCKET, LOG_GROUP, WEB_ACL } from "../common/types.ts";

const LOGGING = ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"] as const;
const STREAM = ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"] as const;
/** The firewall delivers to destinations of this name only, and says nothing of others. */
const PREFIX = "aws-waf-logs-";

/** The name of a known destination that will never receive a line. */
function wrongName(logging: Resource, stack: Stack): string | undefined {
  const path = "logDestinationConfigs";
  for (const target of stack.all([...LOG_GROUP, ...BUCKET, ...STREAM])) {
    if (refers(logging, path, target, ["arn"]) !== "yes") continue;
    const name = target.given("name") ?? target.given("bucket");
    if (typeof name === "string" && !name.startsWith(PREFIX)) return target.label;
  }
  if (logging.peek(path).state !== "known") return undefined;
  return logging.texts(path).known.some((arn) => !arn.includes(PREFIX)) ? logging.show(path) : undefined;
}

const acl = { type: WEB_ACL[0], name: "web", props: { arn: "arn:acl" } };
const logging = (name: string) => ({
  type: LOGGING[0],
  name: "logging",
  props: { resourceArn: "arn:acl", logDestinationConfigs: [`arn:aws:logs:us-east-1:123456789012:log-group:${name}`] },
});

export const wafLogging = defineRule({
  id: "waf-logging",
  title: "The firewall logs what it blocks",
  severity: "medium",
  levels: levels("-/-/a/m"),
  framework: iso("A.8.15"),
  tags: ["securityhub:WAF.11"],
  source: { guide: "WAF (Web Application Firewall)" },
  why: "Without its log nobody can tell an attack from a rule that turns guests away.",
  fix: `add a WebAclLoggingConfiguration into a log group, bucket or stream whose name starts with ${PREFIX}`,
  examples: { pass: [[acl, logging("aws-waf-logs-web")]], fail: [[acl], [acl, logging("waf")]] },
  stack: {
    check(stack, report) {
      const acls = stack.all(WEB_ACL);
      if (acls.length === 0) return "no web ACL in the stack";
      report.each(acls, (acl) => {
        const answers = stack.all(LOGGING).map((l) => [l, refers(l, "resourceArn", acl, ["arn", "id"])] as const);
        const own = answers.find(([, a]) => a === "yes")?.[0];
        if (own) {
          const wrong = wrongName(own, stack);
          if (wrong)
            report.violation(own, {
              problem: `it delivers to ${wrong}`,
              requires: `a name that starts with ${PREFIX}`,
            });
        } else if (answers.some(([, a]) => a === "maybe"))
          report.undetermined(acl, "which web ACL a logging configuration is of");
        else report.violation(acl, { problem: "no WebAclLoggingConfiguration logs what it blocks", requires: "one" });
      });
    },
  },
});
