import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { createLogGroup } from "./log-group.ts";

/** The content network's firewall and its logs live there, wherever the stack is. */
const REGION = "us-east-1";

export interface FirewallArgs {
  context: StackContext;
  /** Requests of one address in five minutes before it is blocked for a while. */
  rateLimit: number;
  /** Key of us-east-1 for the log. */
  keyArn: pulumi.Input<string>;
}

/** AWS's managed rules, all of them blocking: known bad addresses, injection, what PHP applications are attacked with. */
const MANAGED_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesSQLiRuleSet",
  "AWSManagedRulesPHPRuleSet",
] as const;

/** Photos are larger than the 8 KB of a body that this rule lets pass: the application checks uploads itself. */
const RULES_THAT_COUNT: Partial<Record<(typeof MANAGED_GROUPS)[number], string>> = {
  AWSManagedRulesCommonRuleSet: "SizeRestrictions_BODY",
};

/** The web application firewall in front of the content network, with its log. */
export class Firewall extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Firewall", name, { rateLimit: args.rateLimit }, opts);
    const { naming } = args.context;
    const acl = new aws.wafv2.WebAcl(
      `${name}-acl`,
      {
        region: REGION,
        name: physicalName(naming, "other", "web"),
        scope: "CLOUDFRONT",
        defaultAction: { allow: {} },
        rules: [rateRule(0, args.rateLimit), ...MANAGED_GROUPS.map((group, index) => managedRule(index + 1, group))],
        visibilityConfig: visibility("web"),
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    const log = createLogGroup(
      `${name}-log`,
      {
        context: args.context,
        name: `aws-waf-logs-${physicalName(naming, "other", "web")}`, // the firewall takes no other prefix
        retentionDays: 365,
        keyArn: args.keyArn,
        region: REGION,
      },
      this,
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      `${name}-logging`,
      {
        region: REGION,
        resourceArn: acl.arn,
        logDestinationConfigs: [log.arn],
        redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
        loggingFilter: {
          defaultBehavior: "DROP", // what was let through is in the access log already
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
            },
          ],
        },
      },
      { parent: this },
    );
    this.arn = acl.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

type Rule = aws.types.input.wafv2.WebAclRule;

const visibility = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: true,
});

/** Not below 300: mobile networks put thousands of people behind one address. */
const rateRule = (priority: number, limit: number): Rule => ({
  name: "rate-limit",
  priority,
  action: { block: {} },
  statement: { rateBasedStatement: { limit, aggregateKeyType: "IP", evaluationWindowSec: 300 } },
  visibilityConfig: visibility("rate-limit"),
});

function managedRule(priority: number, group: (typeof MANAGED_GROUPS)[number]): Rule {
  const counted = RULES_THAT_COUNT[group];
  return {
    name: group,
    priority,
    overrideAction: { none: {} }, // "count" would only watch
    statement: {
      managedRuleGroupStatement: {
        name: group,
        vendorName: "AWS",
        ...(counted === undefined ? {} : { ruleActionOverrides: [{ name: counted, actionToUse: { count: {} } }] }),
      },
    },
    visibilityConfig: visibility(group),
  };
}
