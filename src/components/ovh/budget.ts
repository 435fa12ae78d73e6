import * as ovh from "@ovhcloud/pulumi-ovh";
import * as pulumi from "@pulumi/pulumi";

export interface BudgetArgs {
  projectId: string;
  /** EUR a month that the Public Cloud project may cost; VPS and load balancer have fixed prices and are not in it. */
  ceilingEur: number;
  email: string;
}

/** A mail a day once the month's bill of the Public Cloud project is forecast to pass its ceiling. */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:ovh:Budget", name, { ceilingEur: args.ceilingEur }, opts);
    new ovh.cloudproject.Alerting(
      `${name}-monthly`,
      {
        serviceName: args.projectId,
        monthlyThreshold: args.ceilingEur,
        delay: 86_400, // seconds between two mails
        email: args.email,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
