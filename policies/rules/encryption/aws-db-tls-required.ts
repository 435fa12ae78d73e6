import { iso } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DB_CLUSTER, DB_INSTANCE, isMember, isReplica } from "../common/databases.ts";

const GROUP = ["aws:rds/parameterGroup:ParameterGroup"] as const;
const CLUSTER_GROUP = ["aws:rds/clusterParameterGroup:ClusterParameterGroup"] as const;
const SETTING = "require_secure_transport";

const requiresTls = (group: Resource): boolean =>
  group
    .items("parameters")
    .filter((p) => p.text("name") === SETTING)
    .some((p) => ["ON", "1", "TRUE"].includes((p.text("value") ?? "").toUpperCase()));

const db = (parameterGroupName?: string) => ({
  type: DB_INSTANCE[0],
  name: "db",
  props: { engine: "mysql", parameterGroupName },
});
const group = (value: string) => ({
  type: GROUP[0],
  name: "group",
  props: { name: "ours", parameters: [{ name: SETTING, value }] },
});

export const awsDbTlsRequired = defineRule({
  id: "aws-db-tls-required",
  title: "Databases refuse connections without TLS",
  severity: "high",
  levels: levels("-/-/m/m"),
  framework: iso("A.8.24"),
  tags: ["securityhub:RDS.39", "pci-4.0:4.2.1"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "MySQL takes plain connections unless told otherwise: one client with the wrong option sends passwords and bookings in clear.",
  fix: `give the database a parameter group of the stack with ${SETTING} "ON" (Aurora: its cluster parameter group)`,
  examples: {
    pass: [[db("ours"), group("ON")]],
    fail: [[db()], [db("default.mysql8.4")], [db("ours"), group("OFF")]],
  },
  stack: {
    check(stack, report) {
      const databases = stack.all([...DB_INSTANCE, ...DB_CLUSTER]);
      if (databases.length === 0) return "no database of AWS in the stack";
      report.each(databases, (db) => {
        const clustered = db.is(DB_CLUSTER);
        if (!/mysql|mariadb/i.test(db.text("engine") ?? "mysql") || (!clustered && isMember(db))) return;
        const path = clustered ? "dbClusterParameterGroupName" : "parameterGroupName";
        // A replica that names no group has its source's.
        if (!db.has(path) && isReplica(db)) return;
        const groups = stack.all(clustered ? CLUSTER_GROUP : GROUP).map((g) => {
          return [g, refers(db, path, g, ["name", "id"])] as const;
        });
        const own = groups.find(([, a]) => a === "yes")?.[0];
        if (own && requiresTls(own)) return;
        if (own) return report.violation(db, { problem: `${own.label} leaves ${SETTING} off`, requires: "ON" });
        if (db.peek(path).state === "unknown") return report.undetermined(db, path);
        report.violation(db, { path, requires: `a parameter group of the stack with ${SETTING} ON` });
      });
    },
  },
});
