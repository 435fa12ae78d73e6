import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlertRule } from "../../concepts/alerts.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { document } from "./iam.ts";

export type Severity = AlertRule["severity"];
export const SEVERITIES = ["critical", "warning"] as const satisfies readonly Severity[];

export interface TopicsArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  region: string;
  keyArn: pulumi.Input<string>;
  /** Address of the pager's integration, a secret: who knows it can page. */
  pagerUrl: pulumi.Input<string>;
  /** Mail addresses per severity; each must confirm once. */
  emails: Record<Severity, readonly string[]>;
}

/** Two topics per region, since an alarm can only speak to a topic of its own region. */
export class Topics extends pulumi.ComponentResource {
  readonly arns: Record<Severity, pulumi.Output<string>>;

  constructor(name: string, args: TopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Topics", name, { region: args.region }, opts);
    this.arns = {
      critical: this.createTopic(name, args, "critical"),
      warning: this.createTopic(name, args, "warning"),
    };
    const subscribe = (part: string, severity: Severity, protocol: string, endpoint: pulumi.Input<string>) =>
      new aws.sns.TopicSubscription(
        `${name}-${part}`,
        {
          region: args.region,
          topic: this.arns[severity],
          protocol,
          endpoint,
          ...(protocol === "https" ? { endpointAutoConfirms: true } : {}),
        },
        { parent: this },
      );
    subscribe("pager", "critical", "https", pulumi.secret(args.pagerUrl));
    for (const severity of SEVERITIES)
      args.emails[severity].forEach((email, index) =>
        subscribe(`${severity}-email-${index + 1}`, severity, "email", email),
      );
    this.registerOutputs({ arns: this.arns });
  }

  private createTopic(name: string, args: TopicsArgs, severity: Severity): pulumi.Output<string> {
    const { naming } = args.context;
    const topic = new aws.sns.Topic(
      `${name}-${severity}`,
      {
        region: args.region,
        name: physicalName(naming, "other", severity),
        kmsMasterKeyId: args.keyArn, // alias/aws/sns would swallow every alarm: no service may encrypt with it
        tags: { ...tags(naming, "internal"), severity },
      },
      { parent: this },
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-${severity}-publishers`,
      {
        region: args.region,
        arn: topic.arn,
        policy: pulumi.jsonStringify(
          document([
            {
              Sid: "AlarmSources",
              Principal: {
                Service: [
                  "cloudwatch.amazonaws.com",
                  "events.amazonaws.com",
                  "events.rds.amazonaws.com",
                  "budgets.amazonaws.com",
                ],
              },
              Action: "sns:Publish",
              Resource: topic.arn,
              Condition: { StringEquals: { "aws:SourceAccount": args.accountId } },
            },
          ]),
        ),
      },
      { parent: this },
    );
    return pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
  }
}
