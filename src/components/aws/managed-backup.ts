import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BackupPlan } from "../../concepts/backup.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { createRole, trust } from "./iam.ts";

export interface ManagedBackupArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  region: string;
  copyRegion: string;
  keyArn: pulumi.Input<string>;
  copyKeyArn: pulumi.Input<string>;
  snapshots: BackupPlan["snapshots"];
  /** What is backed up. */
  databaseArns: pulumi.Input<string>[];
  /** Where a test restore may stand: a database without a way to anywhere. */
  restoreTest: {
    subnetGroup: pulumi.Input<string>;
    securityGroupId: pulumi.Input<string>;
    /** What is restored; a single database when absent. */
    kind?: "RDS" | "Aurora";
  };
}

/**
 * Snapshots every few hours into a vault, each copied to a second region, and a monthly restore that proves they can be
 * read. Point-in-time recovery stays the database's own: two owners of its window would undo each other.
 */
export class ManagedBackup extends pulumi.ComponentResource {
  readonly vaultName: pulumi.Output<string>;
  readonly copyVaultArn: pulumi.Output<string>;

  constructor(name: string, args: ManagedBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:ManagedBackup", name, { snapshots: args.snapshots, copyRegion: args.copyRegion }, opts);
    const vault = this.createVault(name, "vault", args, args.region, args.keyArn);
    const copies = this.createVault(name, "copies", args, args.copyRegion, args.copyKeyArn);
    const role = createRole(
      `${name}-role`,
      {
        context: args.context,
        part: "backup",
        trust: trust("backup.amazonaws.com", args.accountId),
        managed: {
          backup: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
          restore: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
        },
      },
      this,
    );
    const plan = this.createPlan(name, args, vault, copies);
    new aws.backup.Selection(
      `${name}-selection`,
      {
        name: physicalName(args.context.naming, "other", "databases").slice(0, 50),
        planId: plan.id,
        iamRoleArn: role.arn,
        resources: args.databaseArns,
      },
      { parent: this },
    );
    this.testRestores(name, args, vault, role);
    this.vaultName = vault.name;
    this.copyVaultArn = copies.arn;
    this.registerOutputs({ vaultName: this.vaultName, copyVaultArn: this.copyVaultArn });
  }

  private createVault(
    name: string,
    part: "vault" | "copies",
    args: ManagedBackupArgs,
    region: string,
    kmsKeyArn: pulumi.Input<string>,
  ): aws.backup.Vault {
    const { naming, guard } = args.context;
    const vault = new aws.backup.Vault(
      `${name}-${part}`,
      {
        region,
        name: physicalName(naming, "other", part).slice(0, 50),
        kmsKeyArn,
        tags: tags(naming, "backup"),
      },
      { parent: this, ...stateful(guard, "bucket", `${name}-${part}`) },
    );
    // Governance mode (no changeableForDays): nobody deletes a young backup, and the lock can still be taken back.
    new aws.backup.VaultLockConfiguration(
      `${name}-${part}-lock`,
      { region, backupVaultName: vault.name, minRetentionDays: 7 },
      { parent: this, ...stateful(guard, "guard", `${name}-${part}-lock`) },
    );
    return vault;
  }

  private createPlan(
    name: string,
    args: ManagedBackupArgs,
    vault: aws.backup.Vault,
    copies: aws.backup.Vault,
  ): aws.backup.Plan {
    const { everyHours, keepDays } = args.snapshots;
    return new aws.backup.Plan(
      `${name}-plan`,
      {
        name: physicalName(args.context.naming, "other", "databases").slice(0, 50),
        rules: [
          {
            ruleName: `every-${everyHours}-hours`,
            targetVaultName: vault.name,
            schedule: `cron(0 0/${everyHours} * * ? *)`, // UTC
            startWindow: 60, // minutes
            completionWindow: 300,
            enableContinuousBackup: false,
            lifecycle: { deleteAfter: keepDays },
            copyActions: [{ destinationVaultArn: copies.arn, lifecycle: { deleteAfter: keepDays } }],
          },
        ],
        tags: tags(args.context.naming, "backup"),
      },
      { parent: this },
    );
  }

  private testRestores(name: string, args: ManagedBackupArgs, vault: aws.backup.Vault, role: aws.iam.Role): void {
    const plan = new aws.backup.RestoreTestingPlan(
      `${name}-restore-test`,
      {
        name: physicalName(args.context.naming, "other", "restore-test").replaceAll("-", "_").slice(0, 50),
        scheduleExpression: "cron(0 4 ? * 2#1 *)", // the first Monday of the month
        startWindowHours: 4,
        recoveryPointSelection: {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [vault.arn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: 7,
        },
        tags: tags(args.context.naming, "backup"),
      },
      { parent: this },
    );
    new aws.backup.RestoreTestingSelection(
      `${name}-restore-test-databases`,
      {
        name: "databases",
        restoreTestingPlanName: plan.name,
        protectedResourceType: args.restoreTest.kind ?? "RDS",
        iamRoleArn: role.arn,
        protectedResourceArns: args.databaseArns,
        validationWindowHours: 4, // then the test database is deleted
        restoreMetadataOverrides: {
          dbSubnetGroupName: args.restoreTest.subnetGroup,
          vpcSecurityGroupIds: pulumi.jsonStringify([args.restoreTest.securityGroupId]),
          ...(args.restoreTest.kind === "Aurora" ? {} : { multiAz: "false" }),
        },
      },
      { parent: this },
    );
  }
}
