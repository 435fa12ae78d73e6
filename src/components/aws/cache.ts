import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";

export interface CacheArgs {
  context: StackContext;
  /** For example "cache.t3.micro". */
  nodeType: string;
  /** Valkey series, for example "8.1". */
  engineVersion: string;
  /** One shard (queues need it: Horizon cannot use more) or several. */
  shape: { shards: 1; nodes: number } | { shards: number; replicasPerShard: number };
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  /** Days that the nightly snapshot is kept. */
  snapshotDays: number;
}

/** Valkey over TLS, with a password for its only user, a standby in another zone and a nightly snapshot. */
export class Cache extends pulumi.ComponentResource {
  readonly endpoint: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** Ids of the nodes, as metrics name them. */
  readonly nodeIds: pulumi.Output<string>[];

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Cache", name, { nodeType: args.nodeType, shape: args.shape }, opts);
    const { naming, guard } = args.context;
    const internal = tags(naming, "internal");
    const groupId = physicalName(naming, "other", "cache").slice(0, 40);
    const subnets = new aws.elasticache.SubnetGroup(
      `${name}-subnets`,
      { name: groupId, subnetIds: args.subnetIds, tags: internal },
      { parent: this },
    );
    const parameters = new aws.elasticache.ParameterGroup(
      `${name}-parameters`,
      {
        name: groupId,
        family: `valkey${args.engineVersion.split(".")[0] ?? ""}`,
        // Jobs have no expiry and are never evicted; pages and sessions have one and are, the least used first.
        parameters: [{ name: "maxmemory-policy", value: "volatile-lru" }, ...clusterParameters(args)],
        tags: internal,
      },
      { parent: this },
    );
    const passwordName = `${name}-password`;
    const password = new random.RandomPassword(
      passwordName,
      { length: 48, special: false },
      { parent: this, ...stateful(guard, "key", passwordName) },
    );
    this.password = pulumi.secret(password.result);
    const users = this.createUsers(name, args, groupId);
    const group = new aws.elasticache.ReplicationGroup(
      `${name}-group`,
      {
        replicationGroupId: groupId,
        description: "sessions, cache, queues",
        engine: "valkey",
        engineVersion: args.engineVersion,
        nodeType: args.nodeType,
        port: 6379,
        ...shapeOf(args),
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        subnetGroupName: subnets.name,
        securityGroupIds: [args.securityGroupId],
        parameterGroupName: parameters.name,
        userGroupIds: [users.userGroupId],
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        atRestEncryptionEnabled: true,
        kmsKeyId: args.keyArn,
        snapshotRetentionLimit: args.snapshotDays,
        snapshotWindow: "02:45-03:45",
        maintenanceWindow: "sun:04:45-sun:05:45",
        autoMinorVersionUpgrade: true,
        tags: tags(naming, "personal"),
      },
      { parent: this, ...stateful(guard, "database", `${name}-group`) },
    );
    const address = "nodes" in args.shape ? group.primaryEndpointAddress : group.configurationEndpointAddress;
    this.endpoint = pulumi.interpolate`${address}:6379`;
    this.nodeIds = nodeSuffixes(args).map((suffix) => group.replicationGroupId.apply((id) => `${id}-${suffix}`));
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** The user is called "default", so that a client that only knows a password (Laravel's REDIS_PASSWORD) is let in. */
  private createUsers(name: string, args: CacheArgs, groupId: string): aws.elasticache.UserGroup {
    const internal = tags(args.context.naming, "internal");
    const user = new aws.elasticache.User(
      `${name}-user`,
      {
        userId: `${groupId}-app`,
        userName: "default",
        engine: "valkey",
        accessString: "on ~* &* +@all -@admin",
        authenticationMode: { type: "password", passwords: [this.password] },
        tags: internal,
      },
      { parent: this },
    );
    return new aws.elasticache.UserGroup(
      `${name}-users`,
      { userGroupId: `${groupId}-users`, engine: "valkey", userIds: [user.userId], tags: internal },
      { parent: this },
    );
  }
}

const shapeOf = ({ shape }: CacheArgs) =>
  "nodes" in shape
    ? { numCacheClusters: shape.nodes }
    : { clusterMode: "enabled", numNodeGroups: shape.shards, replicasPerNodeGroup: shape.replicasPerShard };

/** How AWS numbers nodes: 001, 002; in shards 0001-001, 0001-002, 0002-001. */
function nodeSuffixes({ shape }: CacheArgs): string[] {
  const numbers = (count: number, digits: number) =>
    Array.from({ length: count }, (_, index) => String(index + 1).padStart(digits, "0"));
  if ("nodes" in shape) return numbers(shape.nodes, 3);
  return numbers(shape.shards, 4).flatMap((shard) =>
    numbers(shape.replicasPerShard + 1, 3).map((node) => `${shard}-${node}`),
  );
}

const clusterParameters = ({ shape }: CacheArgs) =>
  "nodes" in shape ? [] : [{ name: "cluster-enabled", value: "yes" }];
