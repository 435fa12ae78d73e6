import { doDropletDailyBackups } from "./do-droplet-daily-backups.ts";

export const backup = [doDropletDailyBackups];
