import { iso } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { BACKUP_VAULT } from "../common/backup-plans.ts";

const LOCK = ["aws:backup/vaultLockConfiguration:VaultLockConfiguration"] as const;
const vault = (props: object) => ({ type: BACKUP_VAULT[0], name: "vault", props: { name: "vault", ...props } });
const lock = { type: LOCK[0], name: "lock", props: { backupVaultName: "vault", minRetentionDays: 7 } };
const key = { kmsKeyArn: "arn:aws:kms:eu-central-1:1:key/a" };

export const awsBackupVaultProtected = defineRule({
  id: "aws-backup-vault-protected",
  title: "Backups are encrypted with a key of ours and cannot be deleted young",
  severity: "high",
  levels: levels("-/-/a/m"),
  framework: iso("A.8.24"),
  tags: ["iso27001:A.8.13"],
  source: { guide: "Disaster recovery plan testé" },
  why: "Who takes the account deletes the backups first. A locked vault refuses, and a key of ours decides who can read a copy.",
  fix: "set the vault's kmsKeyArn, leave forceDestroy false, and add a VaultLockConfiguration with minRetentionDays",
  examples: {
    pass: [[vault(key), lock]],
    fail: [[vault(key)], [vault({}), lock], [vault({ ...key, forceDestroy: true }), lock]],
  },
  resource: {
    types: BACKUP_VAULT,
    check(vault, report) {
      if (!vault.has("kmsKeyArn")) report.violation(vault, { path: "kmsKeyArn", requires: "a key of the stack" });
      if (vault.flag("forceDestroy") === true) report.violation(vault, { path: "forceDestroy", requires: "false" });
    },
  },
  stack: {
    check(stack, report) {
      const vaults = stack.all(BACKUP_VAULT);
      if (vaults.length === 0) return "no backup vault in the stack";
      const locks = stack.all(LOCK);
      report.each(locks, (lock) => {
        if ((lock.number("changeableForDays") ?? 0) === 0) return;
        report.note(lock, "changeableForDays makes the lock final: after those days nobody, AWS included, can lift it");
      });
      report.each(vaults, (vault) => {
        const answers = locks.map((l) => [l, refers(l, "backupVaultName", vault, ["name", "id"])] as const);
        const own = answers.filter(([, a]) => a === "yes").map(([l]) => l);
        if (own.some((l) => (l.number("minRetentionDays") ?? 0) >= 1)) return;
        if (own.length === 0 && answers.some(([, a]) => a === "maybe")) {
          return report.undetermined(vault, "which vault a VaultLockConfiguration belongs to");
        }
        const problem =
          own.length === 0 ? "no VaultLockConfiguration belongs to it" : "its lock has no minRetentionDays";
        report.violation(vault, { problem, requires: "a lock with minRetentionDays" });
      });
    },
  },
});
