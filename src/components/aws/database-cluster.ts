import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BackupPlan } from "../../concepts/backup.ts";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { createRole, trust } from "./iam.ts";
import { createLogGroup } from "./log-group.ts";

export interface DatabaseClusterArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  /** For example "db.r6g.large". */
  instanceClass: string;
  /** Aurora release of the MySQL series, for example "8.4.mysql_aurora.8.4.8". */
  engineVersion: string;
  /** Instances: the first writes, the others read and take over. */
  instances: number;
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  backup: Pick<BackupPlan, "pointInTimeDays">;
  databaseName: string;
  /** A second cluster that follows this one and can take over a lost region; undefined = none. */
  secondary?: {
    region: string;
    subnetIds: pulumi.Input<string>[];
    securityGroupId: pulumi.Input<string>;
    keyArn: pulumi.Input<string>;
  };
}

const ENGINE = "aurora-mysql";
const LOGS = ["audit", "error", "slowquery"] as const;
const PARAMETERS = [
  { name: "require_secure_transport", value: "ON" },
  { name: "server_audit_logging", value: "1" }, // the exported audit log stays empty without it
  { name: "server_audit_events", value: "CONNECT,QUERY_DCL,QUERY_DDL" }, // rows that people see are not its business
  { name: "slow_query_log", value: "1" },
  { name: "long_query_time", value: "1" }, // seconds
  { name: "binlog_format", value: "ROW", applyMethod: "pending-reboot" }, // another server can follow: the way out
];

/** Aurora: a writer, readers in other zones, restored to any second, a password that nobody has ever seen. */
export class DatabaseCluster extends pulumi.ComponentResource {
  readonly identifier: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  readonly readerAddress: pulumi.Output<string>;
  readonly secretArn: pulumi.Output<string>;
  readonly instanceIdentifiers: pulumi.Output<string>[];
  readonly subnetGroup: pulumi.Output<string>;

  constructor(name: string, args: DatabaseClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { instanceClass, instances, secondary } = args;
    super("jatsmanor:aws:DatabaseCluster", name, { instanceClass, instances, secondary: secondary?.region }, opts);
    const identifier = physicalName(args.context.naming, "database", "aurora");
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
    const world = secondary && this.createGlobal(name, args, identifier);
    const subnets = this.createSubnetGroup(name, args, identifier, args.subnetIds);
    const cluster = this.createCluster(name, args, identifier, subnets, world);
    const members = Array.from({ length: instances }, (_, index) =>
      this.createInstance(`${name}-${index + 1}`, args, `${identifier}-${index + 1}`, cluster, monitoring),
    );
    if (world !== undefined) this.createSecondary(name, args, identifier, world, members, monitoring);
    this.identifier = cluster.clusterIdentifier;
    this.arn = cluster.arn;
    this.address = cluster.endpoint;
    this.readerAddress = cluster.readerEndpoint;
    this.secretArn = cluster.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
    this.instanceIdentifiers = members.map((member) => member.identifier);
    this.subnetGroup = subnets.name;
    this.registerOutputs({ address: this.address, secretArn: this.secretArn });
  }

  private createSubnetGroup(
    name: string,
    args: DatabaseClusterArgs,
    identifier: string,
    subnetIds: pulumi.Input<string>[],
    region?: string,
  ): aws.rds.SubnetGroup {
    return new aws.rds.SubnetGroup(
      `${name}-subnets`,
      {
        ...(region === undefined ? {} : { region }),
        name: identifier,
        subnetIds,
        tags: tags(args.context.naming, "internal"),
      },
      { parent: this },
    );
  }

  private createParameters(name: string, args: DatabaseClusterArgs, region?: string): aws.rds.ClusterParameterGroup {
    return new aws.rds.ClusterParameterGroup(
      `${name}-parameters`,
      {
        ...(region === undefined ? {} : { region }),
        // Auto-named by Pulumi: the next series' group stands before the cluster leaves this one.
        family: `${ENGINE}${args.engineVersion.split(".").slice(0, 2).join(".")}`,
        parameters: PARAMETERS,
        tags: tags(args.context.naming, "internal"),
      },
      { parent: this },
    );
  }

  private createCluster(
    name: string,
    args: DatabaseClusterArgs,
    identifier: string,
    subnets: aws.rds.SubnetGroup,
    world: aws.rds.GlobalCluster | undefined,
  ): aws.rds.Cluster {
    const { naming, guard } = args.context;
    // Made here, since RDS would make them itself, unencrypted and kept for ever.
    const logGroups = LOGS.map((log) =>
      createLogGroup(
        `${name}-${log}-log`,
        {
          context: args.context,
          name: `/aws/rds/cluster/${identifier}/${log}`,
          retentionDays: log === "audit" ? 365 : 30,
          keyArn: args.logsKeyArn,
        },
        this,
      ),
    );
    return new aws.rds.Cluster(
      `${name}-cluster`,
      {
        ...shared(args, identifier),
        engineVersion: args.engineVersion,
        ...(world === undefined ? {} : { globalClusterIdentifier: world.id }),
        databaseName: args.databaseName,
        masterUsername: "jatsmanor_admin",
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: args.keyArn,
        kmsKeyId: args.keyArn,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [args.securityGroupId],
        dbClusterParameterGroupName: this.createParameters(name, args).name,
        enabledCloudwatchLogsExports: [...LOGS],
        tags: tags(naming, "personal"),
      },
      {
        parent: this,
        dependsOn: logGroups,
        // AWS fills in where the data lies and who follows it; to write that back would move or promote the cluster.
        ignoreChanges: ["availabilityZones", "replicationSourceIdentifier"],
        ...stateful(guard, "database", `${name}-cluster`),
      },
    );
  }

  private createInstance(
    name: string,
    args: DatabaseClusterArgs,
    identifier: string,
    cluster: aws.rds.Cluster,
    monitoring: aws.iam.Role,
    more: { region?: string; keyArn?: pulumi.Input<string>; after?: pulumi.Resource[] } = {},
  ): aws.rds.ClusterInstance {
    const { naming, guard } = args.context;
    return new aws.rds.ClusterInstance(
      `${name}-instance`,
      {
        ...(more.region === undefined ? {} : { region: more.region }),
        identifier,
        clusterIdentifier: cluster.id,
        engine: ENGINE,
        engineVersion: args.engineVersion,
        instanceClass: args.instanceClass,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: true,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        monitoringInterval: 60,
        monitoringRoleArn: monitoring.arn,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: more.keyArn ?? args.keyArn,
        performanceInsightsRetentionPeriod: 7, // days; the free tier
        copyTagsToSnapshot: true,
        tags: tags(naming, "personal"),
      },
      { parent: this, dependsOn: more.after ?? [], ...stateful(guard, "database", `${name}-instance`) },
    );
  }

  private createGlobal(name: string, args: DatabaseClusterArgs, identifier: string): aws.rds.GlobalCluster {
    return new aws.rds.GlobalCluster(
      `${name}-global`,
      {
        globalClusterIdentifier: identifier,
        engine: ENGINE,
        engineVersion: args.engineVersion,
        engineLifecycleSupport: "open-source-rds-extended-support-disabled",
        storageEncrypted: true,
        deletionProtection: args.context.guard.protects,
        tags: tags(args.context.naming, "personal"),
      },
      { parent: this, ...stateful(args.context.guard, "database", `${name}-global`) },
    );
  }

  /** Takes no user, password or database name: they come with the data. Made once the first cluster has an instance. */
  private createSecondary(
    name: string,
    args: DatabaseClusterArgs,
    identifier: string,
    world: aws.rds.GlobalCluster,
    primary: pulumi.Resource[],
    monitoring: aws.iam.Role,
  ): void {
    const { secondary, context } = args;
    if (secondary === undefined) return;
    const { region, keyArn } = secondary;
    const part = `${name}-secondary`;
    const cluster = new aws.rds.Cluster(
      `${part}-cluster`,
      {
        ...shared(args, `${identifier}-secondary`),
        region,
        engineVersion: args.engineVersion,
        globalClusterIdentifier: world.id,
        kmsKeyId: keyArn,
        dbSubnetGroupName: this.createSubnetGroup(part, args, `${identifier}-secondary`, secondary.subnetIds, region)
          .name,
        vpcSecurityGroupIds: [secondary.securityGroupId],
        dbClusterParameterGroupName: this.createParameters(part, args, region).name,
        tags: tags(context.naming, "personal"),
      },
      {
        parent: this,
        dependsOn: primary,
        // A switchover moves the roles between the clusters: to write ours back would promote the second one.
        ignoreChanges: ["availabilityZones", "replicationSourceIdentifier", "globalClusterIdentifier", "engineVersion"],
        ...stateful(context.guard, "database", `${part}-cluster`),
      },
    );
    this.createInstance(part, args, `${identifier}-secondary-1`, cluster, monitoring, { region, keyArn });
  }
}

/** What both clusters of a global database have in common. */
const shared = (args: DatabaseClusterArgs, clusterIdentifier: string) => ({
  clusterIdentifier,
  engine: ENGINE,
  // The default, "enabled", bills an old version's support twice the price of the database.
  engineLifecycleSupport: "open-source-rds-extended-support-disabled",
  storageEncrypted: true,
  backupRetentionPeriod: args.backup.pointInTimeDays,
  preferredBackupWindow: "02:10-02:40", // UTC, Abidjan's night; the six-hourly snapshots start at full hours
  preferredMaintenanceWindow: "sun:03:30-sun:04:30",
  copyTagsToSnapshot: true,
  deleteAutomatedBackups: false,
  deletionProtection: args.context.guard.protects,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: `${clusterIdentifier}-final`,
});
