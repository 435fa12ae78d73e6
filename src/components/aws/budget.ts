import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PhaseBudget } from "../../concepts/budget.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";

export interface BudgetArgs {
  context: StackContext;
  /** EUR a month. */
  budget: PhaseBudget;
  /** Dollars for one euro: AWS bills in dollars. */
  usdPerEur: number;
  emails: string[];
  topicArn: pulumi.Input<string>;
}

/** Says when the month's bill passes the phase's target, nears its ceiling, or is forecast to pass it. */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Budget", name, { budget: { ...args.budget }, usdPerEur: args.usdPerEur }, opts);
    const usd = (eur: number): number => Math.floor(eur * args.usdPerEur);
    const hear = {
      comparisonOperator: "GREATER_THAN",
      subscriberEmailAddresses: args.emails,
      subscriberSnsTopicArns: [args.topicArn],
    };
    new aws.budgets.Budget(
      `${name}-monthly`,
      {
        name: physicalName(args.context.naming, "other", "monthly").slice(0, 100),
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(usd(args.budget.ceiling)),
        limitUnit: "USD",
        notifications: [
          {
            ...hear,
            notificationType: "ACTUAL",
            thresholdType: "ABSOLUTE_VALUE",
            threshold: usd(args.budget.target),
          },
          { ...hear, notificationType: "ACTUAL", thresholdType: "PERCENTAGE", threshold: 80 },
          { ...hear, notificationType: "FORECASTED", thresholdType: "PERCENTAGE", threshold: 100 },
        ],
        tags: tags(args.context.naming, "internal"),
      },
      { parent: this },
    );
    this.watchJumps(name, args, usd(args.budget.target * JUMP));
    this.registerOutputs({});
  }

  /** Tells within a day of a service that suddenly costs more, long before the month's sum shows it. */
  private watchJumps(name: string, args: BudgetArgs, usd: number): void {
    const { naming } = args.context;
    const monitor = new aws.costexplorer.AnomalyMonitor(
      `${name}-jumps`,
      {
        name: physicalName(naming, "other", "jumps").slice(0, 50),
        // By tag: an account may have one monitor of all services only, and AWS has often made it already. The tag "env"
        // must be activated as a cost allocation tag once, in the billing console.
        monitorType: "CUSTOM",
        monitorSpecification: JSON.stringify({
          And: null,
          CostCategories: null,
          Dimensions: null,
          Not: null,
          Or: null,
          Tags: { Key: "env", MatchOptions: null, Values: [naming.environment] },
        }),
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    new aws.costexplorer.AnomalySubscription(
      `${name}-jumps-mail`,
      {
        name: physicalName(naming, "other", "jumps").slice(0, 50),
        frequency: "DAILY",
        monitorArnLists: [monitor.arn],
        subscribers: args.emails.map((address) => ({ type: "EMAIL", address })),
        thresholdExpression: {
          dimension: {
            key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            matchOptions: ["GREATER_THAN_OR_EQUAL"],
            values: [String(usd)],
          },
        },
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
  }
}

/** Share of the month's target that a jump must cost before it is told. */
const JUMP = 0.05;
