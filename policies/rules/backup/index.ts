import { awsBackupContinuousPitr } from "./aws-backup-continuous-pitr.ts";
import { awsBackupRestoreTested } from "./aws-backup-restore-tested.ts";
import { awsBackupVaultProtected } from "./aws-backup-vault-protected.ts";
import { awsCacheSnapshots } from "./aws-cache-snapshots.ts";
import { awsDbCrossRegionCopy } from "./aws-db-cross-region-copy.ts";
import { awsDbDeletionGuard } from "./aws-db-deletion-guard.ts";
import { awsDbSnapshot6h } from "./aws-db-snapshot-6h.ts";
import { awsRdsBackupRetention } from "./aws-rds-backup-retention.ts";
import { awsRdsClusterBackupRetention } from "./aws-rds-cluster-backup-retention.ts";
import { awsS3ExpireNoncurrent } from "./aws-s3-expire-noncurrent.ts";
import { awsS3LifecycleTiers } from "./aws-s3-lifecycle-tiers.ts";
import { awsS3NoColdTierBehindCdn } from "./aws-s3-no-cold-tier-behind-cdn.ts";
import { awsS3ReplicationCrossRegion } from "./aws-s3-replication-cross-region.ts";
import { awsS3Versioning } from "./aws-s3-versioning.ts";
import { doDropletDailyBackups } from "./do-droplet-daily-backups.ts";
import { doSpacesVersionedPrivate } from "./do-spaces-versioned-private.ts";
import { doVolumeBackedUp } from "./do-volume-backed-up.ts";
import { k8sStatefulBackup } from "./k8s-stateful-backup.ts";
import { offsiteDbExport } from "./offsite-db-export.ts";
import { ovhDbBackupPlan } from "./ovh-db-backup-plan.ts";
import { ovhInstanceBackup } from "./ovh-instance-backup.ts";

export const backup = [
  awsRdsBackupRetention,
  awsRdsClusterBackupRetention,
  awsDbSnapshot6h,
  awsBackupContinuousPitr,
  awsDbCrossRegionCopy,
  awsBackupVaultProtected,
  awsBackupRestoreTested,
  awsDbDeletionGuard,
  awsS3Versioning,
  awsS3ReplicationCrossRegion,
  awsS3LifecycleTiers,
  awsS3NoColdTierBehindCdn,
  awsS3ExpireNoncurrent,
  awsCacheSnapshots,
  offsiteDbExport,
  doDropletDailyBackups,
  doVolumeBackedUp,
  doSpacesVersionedPrivate,
  ovhDbBackupPlan,
  ovhInstanceBackup,
  k8sStatefulBackup,
];
