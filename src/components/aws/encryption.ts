import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { type DataClass, physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { type Statement, document } from "./iam.ts";

export interface EncryptionKeyArgs {
  context: StackContext;
  region: string;
  accountId: pulumi.Input<string>;
  /** Last part of the alias, for example "data". */
  part: string;
  dataClass: DataClass;
  /** Services that use the key in their own name, which only the key's policy can allow. */
  services: readonly KeyUse[];
}

export type KeyUse = "logs" | "trail" | "alarms" | "cdn";

/** A key of our own with a yearly new version. Each region needs one: a key never leaves its region. */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:EncryptionKey", name, { region: args.region, services: [...args.services] }, opts);
    const { context, region, accountId } = args;
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        region,
        description: `${context.naming.project} ${context.naming.environment} ${args.part}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: pulumi.jsonStringify(
          document([accountRules(accountId), ...args.services.flatMap((use) => USES[use](region, accountId))]),
        ),
        tags: tags(context.naming, args.dataClass),
      },
      { parent: this, ...stateful(context.guard, "key", `${name}-key`) },
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { region, name: `alias/${physicalName(context.naming, "other", args.part)}`, targetKeyId: key.keyId },
      { parent: this },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Without it nobody could ever change the key again; who may use it is then said by IAM. */
const accountRules = (accountId: pulumi.Input<string>): Statement => ({
  Sid: "AccountDecides",
  Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
  Action: "kms:*",
  Resource: "*",
});

const ENCRYPT = ["kms:Decrypt", "kms:GenerateDataKey*"];
const ofThisAccount = (accountId: pulumi.Input<string>) => ({ StringEquals: { "aws:SourceAccount": accountId } });

const USES: Record<KeyUse, (region: string, accountId: pulumi.Input<string>) => Statement[]> = {
  logs: (region, accountId) => [
    {
      Sid: "LogGroups",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ["kms:Encrypt*", "kms:ReEncrypt*", "kms:Describe*", ...ENCRYPT],
      Resource: "*",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:aws:logs:${region}:${accountId}:*` },
      },
    },
  ],
  trail: (_region, accountId) => [
    {
      Sid: "AuditTrail",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: ["kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: ofThisAccount(accountId),
    },
  ],
  // An alarm whose topic it cannot encrypt for is lost in silence: AWS's own alias/aws/sns is such a key.
  alarms: (_region, accountId) => [
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
      Action: ENCRYPT,
      Resource: "*",
      Condition: ofThisAccount(accountId),
    },
  ],
  cdn: (_region, accountId) => [
    {
      Sid: "ContentNetwork",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:cloudfront::${accountId}:distribution/*` } },
    },
  ],
};
