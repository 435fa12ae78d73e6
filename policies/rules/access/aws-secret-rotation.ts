import { fsbp } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const SECRET = ["aws:secretsmanager/secret:Secret"] as const;
const ROTATION = ["aws:secretsmanager/secretRotation:SecretRotation"] as const;
/** What a new value of would lose data or sessions: Laravel's APP_KEY encrypts what is stored. */
const BY_HAND = /app[-_]?key/i;
const nameOf = (secret: Resource): string => {
  const name = secret.given("name") ?? secret.given("namePrefix");
  return typeof name === "string" ? name : secret.name;
};

/** Longest time between two rotations, in days; undefined for what cannot be read. */
function everyDays(rotation: Resource): number | undefined {
  const days = rotation.number("rotationRules.automaticallyAfterDays");
  if (days !== undefined) return days;
  const schedule = rotation.text("rotationRules.scheduleExpression") ?? "";
  const [, count, unit] = /^rate\((\d+) (day|hour)s?\)$/.exec(schedule) ?? [];
  if (count !== undefined) return Number(count) / (unit === "hour" ? 24 : 1);
  const [, month, year] = /^cron\(\S+ \S+ \S+ (\S+) \S+ (\S+)\)$/.exec(schedule) ?? [];
  const step = month === "*" ? "1" : /^[*1]\/(\d+)$/.exec(month ?? "")?.[1];
  // The longest months in a row: one 31 days, two 62, three 92.
  return step === undefined || year !== "*" ? undefined : Math.ceil(Number(step) * 30.6);
}

const secret = { type: SECRET[0], name: "payments", props: { name: "payments", id: "payments-1" } };
const rotation = (rules: object) => ({
  type: ROTATION[0],
  name: "rotation",
  props: { secretId: "payments-1", rotationRules: rules },
});

export const awsSecretRotation = defineRule<{ maxDays: number }>({
  id: "aws-secret-rotation",
  title: "Secrets are changed every quarter",
  severity: "medium",
  levels: levels("-/-/a/m"),
  parameters: { maxDays: { schema: { type: "number", minimum: 1 }, default: 90 } },
  framework: fsbp("SecretsManager.1", "Secrets Manager secrets should have automatic rotation enabled"),
  tags: ["fsbp:SecretsManager.4", "iso27001:A.5.17"],
  source: { guide: "Secrets management (Vault)" },
  why: "Nobody notices a copied secret; only a change ends its use. APP_KEY is left out: a new one makes stored data unreadable.",
  fix: "add a SecretRotation with automaticallyAfterDays 90 or less",
  examples: {
    pass: [[secret, rotation({ automaticallyAfterDays: 90 })]],
    fail: [[secret], [secret, rotation({ automaticallyAfterDays: 91 })]],
  },
  stack: {
    check(stack, report, { maxDays }) {
      const secrets = stack.all(SECRET).filter((s) => !BY_HAND.test(nameOf(s)) && s.text("tags.rotation") !== "manual");
      if (secrets.length === 0) return "no secret that rotates in the stack";
      report.each(secrets, (s) => {
        const answers = stack.all(ROTATION).map((r) => [r, refers(r, "secretId", s, ["id", "arn"])] as const);
        const own = answers.find(([, a]) => a === "yes")?.[0];
        if (!own) {
          if (answers.some(([, a]) => a === "maybe"))
            return report.undetermined(s, "which secret a SecretRotation changes");
          return report.violation(s, {
            problem: "no SecretRotation changes it",
            requires: `one of ${maxDays} days or less`,
          });
        }
        const days = everyDays(own);
        if (days !== undefined && days > 0 && days <= maxDays) return;
        const problem =
          days === undefined ? "the schedule of its rotation cannot be read" : `it rotates every ${days} days`;
        report.violation(own, { problem, requires: `${maxDays} days or less` });
      });
    },
  },
});
