import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BackupPlan } from "../../concepts/backup.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { createRole, trust } from "./iam.ts";
import { createLogGroup } from "./log-group.ts";

export interface DatabaseArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  /** For example "db.t3.medium". */
  instanceClass: string;
  /** MySQL series; the provider keeps the minor version current. */
  engineVersion: "8.4";
  storageGiB: { initial: number; max: number };
  multiAz: boolean;
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  backup: Pick<BackupPlan, "pointInTimeDays">;
  /** Name of the database in it. */
  databaseName: string;
}

/** Restored to any second of the last weeks, a standby in another zone, and a password that nobody has ever seen. */
export class Database extends pulumi.ComponentResource {
  readonly identifier: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  /** Secret of AWS's with user name and password, which RDS changes every week. */
  readonly secretArn: pulumi.Output<string>;
  readonly subnetGroupName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Database", name, { instanceClass: args.instanceClass, multiAz: args.multiAz }, opts);
    const { naming, guard } = args.context;
    const internal = tags(naming, "internal");
    const identifier = physicalName(naming, "database", "database");
    const subnets = new aws.rds.SubnetGroup(
      `${name}-subnets`,
      { name: identifier, subnetIds: args.subnetIds, tags: internal },
      { parent: this },
    );
    const parameters = new aws.rds.ParameterGroup(
      `${name}-parameters`,
      { family: `mysql${args.engineVersion}`, parameters: PARAMETERS, tags: internal },
      { parent: this },
    );
    const monitoring = createRole(
      `${name}-monitoring`,
      {
        context: args.context,
        part: "database-monitoring",
        trust: trust("monitoring.rds.amazonaws.com", args.accountId),
        managed: { policy: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" },
      },
      this,
    );
    // Made here, since RDS would make them itself, unencrypted and kept for ever.
    const logGroups = LOGS.map((log) =>
      createLogGroup(
        `${name}-${log}-log`,
        {
          context: args.context,
          name: `/aws/rds/instance/${identifier}/${log}`,
          retentionDays: 30,
          keyArn: args.logsKeyArn,
        },
        this,
      ),
    );
    const instance = new aws.rds.Instance(
      `${name}-instance`,
      {
        identifier,
        engine: "mysql",
        engineVersion: args.engineVersion,
        // The default, "enabled", bills an old version's support twice the price of the database.
        engineLifecycleSupport: "open-source-rds-extended-support-disabled",
        autoMinorVersionUpgrade: true,
        instanceClass: args.instanceClass,
        multiAz: args.multiAz,
        dbName: args.databaseName,
        username: "jatsmanor_admin",
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: args.keyArn,
        storageType: "gp3",
        allocatedStorage: args.storageGiB.initial,
        maxAllocatedStorage: args.storageGiB.max,
        storageEncrypted: true,
        kmsKeyId: args.keyArn,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [args.securityGroupId],
        publiclyAccessible: false,
        parameterGroupName: parameters.name,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        backupRetentionPeriod: args.backup.pointInTimeDays,
        backupWindow: "02:10-02:40", // UTC, Abidjan's night; the six-hourly snapshots start at full hours
        maintenanceWindow: "sun:03:30-sun:04:30",
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: false,
        deletionProtection: guard.protects,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: `${identifier}-final`,
        enabledCloudwatchLogsExports: [...LOGS],
        monitoringInterval: 60,
        monitoringRoleArn: monitoring.arn,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: args.keyArn,
        performanceInsightsRetentionPeriod: 7, // days; the free tier
        databaseInsightsMode: "standard",
        tags: tags(naming, "personal"),
      },
      { parent: this, dependsOn: logGroups, ...stateful(guard, "database", `${name}-instance`) },
    );
    this.identifier = instance.identifier;
    this.arn = instance.arn;
    this.address = instance.address;
    this.endpoint = instance.endpoint;
    this.subnetGroupName = subnets.name;
    this.secretArn = instance.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
    this.registerOutputs({ endpoint: this.endpoint, secretArn: this.secretArn });
  }
}

const LOGS = ["error", "slowquery"] as const;

/** Row images let another server follow this one: it is the way out of here, to Aurora or back. */
const PARAMETERS = [
  { name: "require_secure_transport", value: "1" },
  { name: "slow_query_log", value: "1" },
  { name: "long_query_time", value: "1" }, // seconds
  { name: "log_output", value: "FILE" }, // the only one that is exported
  { name: "binlog_format", value: "ROW" },
  { name: "log_bin_trust_function_creators", value: "1" },
];
