import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { document } from "./iam.ts";
import { createLogGroup } from "./log-group.ts";

export interface SearchArgs {
  context: StackContext;
  accountId: pulumi.Input<string>;
  region: string;
  /** For example "t3.medium.search". */
  instanceType: string;
  /** One per zone. */
  nodes: 2 | 3;
  /** For example "OpenSearch_3.5". */
  engineVersion: string;
  diskGiB: number;
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
}

/** User that the services sign in as; its password is in the stack's secrets. */
const MASTER_USER = "search";
const LOGS = { ES_APPLICATION_LOGS: "application", SEARCH_SLOW_LOGS: "search-slow", AUDIT_LOGS: "audit" } as const;

/** Search over listings: an index that can be built again from the database, so snapshots are AWS's hourly ones. */
export class Search extends pulumi.ComponentResource {
  readonly endpoint: pulumi.Output<string>;
  readonly user = MASTER_USER;
  readonly password: pulumi.Output<string>;
  readonly domainName: pulumi.Output<string>;

  constructor(name: string, args: SearchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Search", name, { instanceType: args.instanceType, nodes: args.nodes }, opts);
    const { naming, guard } = args.context;
    const domainName = physicalName(naming, "other", "search").slice(0, 28);
    const passwordName = `${name}-password`;
    this.password = new random.RandomPassword(
      passwordName,
      // OpenSearch wants one of each kind.
      { length: 40, special: true, overrideSpecial: "-_", minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1 },
      { parent: this, ...stateful(guard, "key", passwordName) },
    ).result;
    const domain = new aws.opensearch.Domain(
      `${name}-domain`,
      {
        domainName,
        engineVersion: args.engineVersion,
        clusterConfig: {
          instanceType: args.instanceType,
          instanceCount: args.nodes,
          zoneAwarenessEnabled: true,
          zoneAwarenessConfig: { availabilityZoneCount: args.nodes },
        },
        ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: args.diskGiB },
        vpcOptions: { subnetIds: args.subnetIds.slice(0, args.nodes), securityGroupIds: [args.securityGroupId] },
        encryptAtRest: { enabled: true, kmsKeyId: args.keyArn },
        nodeToNodeEncryption: { enabled: true },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
        advancedSecurityOptions: {
          enabled: true,
          internalUserDatabaseEnabled: true,
          masterUserOptions: { masterUserName: MASTER_USER, masterUserPassword: pulumi.secret(this.password) },
        },
        accessPolicies: this.accessPolicy(args, domainName),
        logPublishingOptions: this.createLogs(name, args, domainName),
        offPeakWindowOptions: { enabled: true, offPeakWindow: { windowStartTime: { hours: 2, minutes: 0 } } },
        softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
        tags: tags(naming, "user-content"),
      },
      { parent: this, ...stateful(guard, "database", `${name}-domain`) },
    );
    this.endpoint = pulumi.interpolate`https://${domain.endpoint}`;
    this.domainName = domain.domainName;
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** Reached from the security group alone; who may do what is then the domain's own user database. */
  private accessPolicy(args: SearchArgs, domainName: string): pulumi.Output<string> {
    return pulumi.jsonStringify(
      document([
        {
          Sid: "SignedInUsers",
          Principal: { AWS: pulumi.interpolate`arn:aws:iam::${args.accountId}:root` },
          Action: "es:ESHttp*",
          Resource: pulumi.interpolate`arn:aws:es:${args.region}:${args.accountId}:domain/${domainName}/*`,
        },
      ]),
    );
  }

  private createLogs(
    name: string,
    args: SearchArgs,
    domainName: string,
  ): aws.types.input.opensearch.DomainLogPublishingOption[] {
    const groups = Object.entries(LOGS).map(([logType, part]) => ({
      logType,
      group: createLogGroup(
        `${name}-${part}-log`,
        {
          context: args.context,
          name: `/aws/opensearch/${domainName}/${part}`,
          retentionDays: part === "audit" ? 365 : 30,
          keyArn: args.logsKeyArn,
        },
        this,
      ),
    }));
    const policy = new aws.cloudwatch.LogResourcePolicy(
      `${name}-log-writers`,
      {
        policyName: domainName,
        policyDocument: pulumi.jsonStringify(
          document([
            {
              Sid: "SearchWrites",
              Principal: { Service: "es.amazonaws.com" },
              Action: ["logs:PutLogEvents", "logs:CreateLogStream"],
              Resource: groups.map(({ group }) => pulumi.interpolate`${group.arn}:*`),
              Condition: { StringEquals: { "aws:SourceAccount": args.accountId } },
            },
          ]),
        ),
      },
      { parent: this },
    );
    return groups.map(({ logType, group }) => ({
      logType,
      // The domain tries to write while it is made: the policy must be there.
      cloudwatchLogGroupArn: pulumi.all([group.arn, policy.id]).apply(([arn]) => arn),
    }));
  }
}
