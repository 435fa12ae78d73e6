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
    this.registerOutputs({});
  }
}
