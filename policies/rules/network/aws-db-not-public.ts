import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { CACHE_CLUSTER, RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, REPLICATION_GROUP } from "../common/types.ts";

const BROKER = ["aws:mq/broker:Broker"] as const;
const SEARCH = ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"] as const;
/** A cluster's members are where the cluster is; replicas where their source's copy was ordered. */
const placedByOthers = (r: Resource): boolean => r.has("replicateSourceDb") || r.has("replicationGroupId");

function check(r: Resource, report: Report): void {
  if (r.is([...RDS_INSTANCE, ...RDS_CLUSTER_INSTANCE, ...BROKER]) && r.has("publiclyAccessible")) {
    if (r.flag("publiclyAccessible") !== false) report.violation(r, { path: "publiclyAccessible", requires: "false" });
  }
  // Without a network of one's own AWS takes the default VPC, where every subnet is public.
  const path = r.is([...RDS_INSTANCE, ...RDS_CLUSTER])
    ? "dbSubnetGroupName"
    : r.is([...REPLICATION_GROUP, ...CACHE_CLUSTER])
      ? "subnetGroupName"
      : r.is(SEARCH)
        ? "vpcOptions"
        : undefined;
  if (path === undefined || (r.has(path) && r.given(path) !== "")) return;
  if (r.is(REPLICATION_GROUP) || !placedByOthers(r))
    report.violation(r, { path, requires: "private subnets of the stack's own VPC" });
}

const db = (props: object) => [
  { type: RDS_INSTANCE[0], name: "db", props: { dbSubnetGroupName: "private", ...props } },
];

export const awsDbNotPublic = defineRule({
  id: "aws-db-not-public",
  title: "Databases, caches, brokers and search are not on the internet",
  severity: "critical",
  levels: levels("m/m/m/m"),
  framework: fsbp("RDS.2", "RDS DB Instances should prohibit public access"),
  tags: ["cis-aws-5.0:2.2.3", "iso27001:A.8.20"],
  source: { guide: "VPC avec subnets privés" },
  why: "A database that answers the internet is found within hours, and then only its password stands between a stranger and every guest.",
  fix: "set publiclyAccessible false and name a subnet group of private subnets (vpcOptions for OpenSearch)",
  notExemptable: true,
  examples: {
    pass: [db({ publiclyAccessible: false }), db({})],
    fail: [db({ publiclyAccessible: true }), db({ dbSubnetGroupName: undefined })],
  },
  resource: {
    types: [
      ...RDS_INSTANCE,
      ...RDS_CLUSTER,
      ...RDS_CLUSTER_INSTANCE,
      ...BROKER,
      ...REPLICATION_GROUP,
      ...CACHE_CLUSTER,
      ...SEARCH,
    ],
    check,
  },
  remediate: {
    // Not the broker: its flag replaces it.
    types: [...RDS_INSTANCE, ...RDS_CLUSTER_INSTANCE],
    repair(db, set) {
      if (db.has("publiclyAccessible") && db.flag("publiclyAccessible") !== false) set("publiclyAccessible", false);
    },
  },
});
