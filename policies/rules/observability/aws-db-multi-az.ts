import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isAurora, isReplica, isSecondary, membersOf } from "../common/aurora.ts";
import { RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE } from "../common/types.ts";

const db = (props: object) => [{ type: RDS_INSTANCE[0], name: "db", props: { engine: "mysql", ...props } }];
const cluster = { type: RDS_CLUSTER[0], name: "db", props: { engine: "aurora-mysql", clusterIdentifier: "db" } };
const member = (name: string) => ({ type: RDS_CLUSTER_INSTANCE[0], name, props: { clusterIdentifier: "db" } });

export const awsDbMultiAz = defineRule({
  id: "aws-db-multi-az",
  title: "The database survives the loss of a datacentre",
  severity: "high",
  levels: levels("-/-/m/m"),
  framework: fsbp("RDS.5", "RDS DB instances should be configured with multiple Availability Zones"),
  tags: ["fsbp:RDS.15", "cis-aws-5.0:2.2.4", "iso27001:A.8.14"],
  source: { guide: "Database unavailable" },
  why: "Without a standby the loss of one zone, or a bad patch, is an outage as long as a restore: an hour or more. The standby doubles the price, which the budget of the phase holds.",
  fix: "set multiAz: true on the Instance, or give the Aurora cluster two ClusterInstances",
  examples: {
    pass: [db({ multiAz: true }), [cluster, member("a"), member("b")]],
    fail: [db({ multiAz: false }), db({}), [cluster, member("a")]],
  },
  resource: {
    types: RDS_INSTANCE,
    check(db, report) {
      if (isReplica(db)) return "a replica stands by itself for another database";
      if (db.has("engine") && isAurora(db)) return "a member of a cluster, which is judged by its members";
      if (db.flag("multiAz") !== true) report.violation(db, { path: "multiAz", requires: "true" });
    },
  },
  stack: {
    check(stack, report) {
      // A Multi-AZ cluster of another engine has three zones by itself; a second region follows the first.
      const clusters = stack
        .all(RDS_CLUSTER)
        .filter((c) => isAurora(c) && !isSecondary(c) && c.text("engineMode") !== "serverless");
      if (clusters.length === 0) return "no Aurora cluster in the stack";
      report.each(clusters, (c) => {
        const { found, maybe } = membersOf(stack, c);
        if (found.length >= 2) return;
        if (maybe) return report.undetermined(c, "which cluster a ClusterInstance belongs to");
        report.violation(c, {
          problem: `it has ${found.length} ClusterInstance(s)`,
          requires: "2 or more, in two zones",
        });
      });
    },
  },
  remediate: {
    types: RDS_INSTANCE,
    repair(db, set) {
      if (!isReplica(db) && !(db.has("engine") && isAurora(db)) && db.flag("multiAz") !== true) set("multiAz", true);
    },
  },
});
