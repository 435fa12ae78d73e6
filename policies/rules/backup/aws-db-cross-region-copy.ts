import { iso } from "../../engine/frameworks.ts";
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULT, plansOf } from "../common/backup-plans.ts";
import { databasesOf, DB_CLUSTER, DB_INSTANCE, DB_KEYS, GLOBAL_CLUSTER, isSet } from "../common/databases.ts";
import { awsRegion } from "../common/region.ts";

const REPLICATION = ["aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"] as const;

const elsewhere = (region: string | undefined, db: Resource): Answer => {
  const own = awsRegion(db);
  if (own === undefined || region === undefined) return "maybe";
  return own === region ? "no" : "yes";
};

/** Whether a plan copies to a vault in another region: a literal ARN says its region, else the vault does. */
function copies(stack: Stack, plan: Resource, db: Resource): Answer {
  const actions = plan.items("rules").flatMap((r) => r.items("copyActions"));
  return any(
    actions.map((action): Answer => {
      const arn = action.peek("destinationVaultArn");
      if (arn.state === "known") return elsewhere(String(arn.value).split(":")[3], db);
      const path = [...action.base, "destinationVaultArn"];
      return any(stack.all(BACKUP_VAULT).map((v) => both(refers(plan, path, v, ["arn"]), elsewhere(awsRegion(v), db))));
    }),
  );
}

/** Whether some other database follows it from another region. */
function followed(stack: Stack, db: Resource): Answer {
  const others = stack.all(db.is(DB_INSTANCE) ? DB_INSTANCE : DB_CLUSTER).filter((o) => o !== db);
  const source = db.is(DB_INSTANCE) ? "replicateSourceDb" : "replicationSourceIdentifier";
  const direct = others.map((o) => both(refers(o, source, db, DB_KEYS), elsewhere(awsRegion(o), db)));
  if (!db.is(DB_CLUSTER)) return any(direct);
  const globals = stack.all(GLOBAL_CLUSTER).flatMap((g) => {
    const member = (c: Resource): Answer =>
      any([
        isSet(c, "globalClusterIdentifier")
          ? refers(c, "globalClusterIdentifier", g, ["id", "globalClusterIdentifier"])
          : "no",
        refers(g, "sourceDbClusterIdentifier", c, DB_KEYS),
      ]);
    return others.map((o) => both(both(member(db), member(o)), elsewhere(awsRegion(o), db)));
  });
  return any([...direct, ...globals]);
}

const db = {
  type: DB_INSTANCE[0],
  name: "db",
  props: { engine: "mysql", arn: "arn:aws:rds:eu-central-1:1:db:db", region: "eu-central-1" },
};
const plan = (region: string) => ({
  type: BACKUP_PLAN[0],
  name: "plan",
  props: { id: "p1", rules: [{ copyActions: [{ destinationVaultArn: `arn:aws:backup:${region}:1:vault:x` }] }] },
});
const selection = {
  type: BACKUP_SELECTION[0],
  name: "selection",
  props: { planId: "p1", resources: [db.props.arn] },
};

export const awsDbCrossRegionCopy = defineRule<{ minimumDays: number }>({
  id: "aws-db-cross-region-copy",
  title: "Databases have a copy in another region",
  severity: "critical",
  levels: levels("-/-/m/m"),
  parameters: {
    minimumDays: {
      schema: { type: "number", minimum: 1, maximum: 35, description: "of replicated backups" },
      default: 35,
    },
  },
  framework: iso("A.8.14"),
  tags: ["backup", "dr"],
  source: { guide: "Réplication cross-region" },
  why: "Backups beside the database are lost with the region, or with the account's keys in it.",
  fix: "copy the backup plan's snapshots to a vault in another region (copyActions), replicate the automated backups there for 35 days, or follow the database with a replica there",
  examples: {
    pass: [[db, plan("eu-west-1"), selection]],
    fail: [[db], [db, plan("eu-central-1"), selection]],
  },
  stack: {
    check(stack, report, { minimumDays }) {
      const databases = databasesOf(stack);
      if (databases.length === 0) return "no database of AWS in the stack";
      report.each(databases, (db) => {
        // RDS keeps replicated backups for 7 days unless told otherwise.
        const replicated = stack.all(REPLICATION).map((r): Answer => {
          const long = (r.number("retentionPeriod") ?? 7) >= minimumDays;
          return both(
            both(refers(r, "sourceDbInstanceArn", db, DB_KEYS), long ? "yes" : "no"),
            elsewhere(awsRegion(r), db),
          );
        });
        const copied = plansOf(stack, db).map(([p, a]) => both(a, copies(stack, p, db)));
        const answer = any([...replicated, ...copied, followed(stack, db)]);
        if (answer === "maybe") report.undetermined(db, "the region of its copy");
        else if (answer === "no") {
          report.violation(db, {
            problem: "nothing copies it to another region",
            requires: "a copy in another region",
          });
        }
      });
    },
  },
});
