import { awsS3ExpireNoncurrent } from "./aws-s3-expire-noncurrent.ts";
import { awsS3Versioning } from "./aws-s3-versioning.ts";
import { doDropletDailyBackups } from "./do-droplet-daily-backups.ts";
import { offsiteDbExport } from "./offsite-db-export.ts";

export const backup = [awsS3Versioning, awsS3ExpireNoncurrent, offsiteDbExport, doDropletDailyBackups];
