import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { EKS_CLUSTER, RDS_CLUSTER, RDS_INSTANCE } from "../common/types.ts";

const GLOBAL = ["aws:rds/globalCluster:GlobalCluster"] as const;
const OFF = "open-source-rds-extended-support-disabled";
/** Extended support is sold for these. */
const SOLD = /^(aurora|mysql|postgres|aurora-mysql|aurora-postgresql)$/;
const SUPPORT = "upgradePolicy.supportType";

const db = (engineLifecycleSupport?: string) => [
  { type: RDS_INSTANCE[0], name: "db", props: { engine: "mysql", engineLifecycleSupport } },
];
const cluster = (supportType?: string) => [
  { type: EKS_CLUSTER[0], name: "k8s", props: { upgradePolicy: { supportType } } },
];

export const extendedSupportOff = defineRule({
  id: "extended-support-off",
  title: "Nobody pays for an old version by staying on it",
  severity: "medium",
  levels: levels("-/-/m/m"),
  framework: iso("A.8.8"),
  tags: ["cost"],
  source: { guide: "Prix maîtrisé : Coût fixe prévisible" },
  why: "On the day a version's support ends AWS bills six times the price of a cluster, and a fee per processor of a database, unless it was told not to.",
  fix: `set engineLifecycleSupport "${OFF}" when the database is created (it is fixed then), and upgradePolicy.supportType "STANDARD" on the cluster`,
  examples: { pass: [db(OFF), cluster("STANDARD")], fail: [db(), cluster("EXTENDED"), cluster()] },
  resource: {
    types: [...RDS_INSTANCE, ...RDS_CLUSTER, ...GLOBAL, ...EKS_CLUSTER],
    check(resource, report) {
      if (resource.is(EKS_CLUSTER)) {
        if (resource.text(SUPPORT) !== "STANDARD")
          report.violation(resource, { path: SUPPORT, requires: '"STANDARD"' });
        return;
      }
      const engine = resource.text("engine");
      if (engine !== undefined && !SOLD.test(engine)) return "no extended support is sold for the engine";
      if (resource.has("replicateSourceDb")) return "a replica has its source's support";
      const path = "engineLifecycleSupport";
      if (resource.text(path) !== OFF) report.violation(resource, { path, requires: `"${OFF}"` });
    },
  },
  remediate: {
    types: EKS_CLUSTER,
    repair(cluster, set) {
      if (cluster.text(SUPPORT) !== "STANDARD") set(SUPPORT, "STANDARD");
    },
  },
});
