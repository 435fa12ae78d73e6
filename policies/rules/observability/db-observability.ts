import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { RDS_CLUSTER_INSTANCE, RDS_INSTANCE } from "../common/types.ts";

/** Classes too small for Performance Insights with MySQL. */
const TOO_SMALL = /^db\.t[234]g?\.(micro|small)$/;
const hasInsights = (db: Resource): boolean => !TOO_SMALL.test(db.text("instanceClass") ?? "");
const seesQueries = (db: Resource): boolean =>
  db.flag("performanceInsightsEnabled") === true || db.text("databaseInsightsMode") === "advanced";

const db = (props: object) => [
  {
    type: RDS_INSTANCE[0],
    name: "db",
    props: {
      instanceClass: "db.t3.medium",
      monitoringInterval: 60,
      monitoringRoleArn: "arn:role",
      performanceInsightsEnabled: true,
      ...props,
    },
  },
];

export const dbObservability = defineRule({
  id: "db-observability",
  title: "The database shows which queries and processes cost what",
  severity: "low",
  levels: levels("-/-/a/m"),
  framework: fsbp("RDS.6", "Enhanced monitoring should be configured for RDS DB instances"),
  tags: ["iso27001:A.8.16"],
  source: { guide: "Database performance" },
  why: "CloudWatch says that the database is slow; only these two say which query or process makes it so.",
  fix: "set monitoringInterval (60 seconds) with monitoringRoleArn, and performanceInsightsEnabled",
  examples: { pass: [db({})], fail: [db({ monitoringInterval: 0 }), db({ performanceInsightsEnabled: false })] },
  resource: {
    types: [...RDS_INSTANCE, ...RDS_CLUSTER_INSTANCE],
    check(db, report) {
      report.each(["monitoringInterval"], (path) => {
        if (!((db.number(path) ?? 0) > 0)) report.violation(db, { path, requires: "1 to 60 seconds" });
      });
      if (hasInsights(db) && !seesQueries(db)) {
        report.violation(db, { path: "performanceInsightsEnabled", requires: "true" });
      }
    },
  },
  remediate: {
    types: [...RDS_INSTANCE, ...RDS_CLUSTER_INSTANCE],
    repair(db, set) {
      // AWS refuses the interval without a role, which nobody can guess.
      if (db.has("monitoringRoleArn") && !((db.number("monitoringInterval") ?? 0) > 0)) set("monitoringInterval", 60);
      if (hasInsights(db) && !seesQueries(db)) set("performanceInsightsEnabled", true);
    },
  },
});
