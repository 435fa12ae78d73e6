import { z } from "zod";
import { awsSettings } from "./aws.ts";
import { text } from "./fields.ts";

const servers = (help: string) => z.int().min(0).max(10).describe(help);

/** Settings of the growth phase at AWS: a fleet behind a load balancer. */
export const scaledWebSettings = awsSettings.extend({
  phase: z.literal("growth"),
  network: z
    .strictObject({
      zones: z.union([z.literal(2), z.literal(3)]).default(2),
      nat: z.enum(["single", "per-zone"]).default("single"),
    })
    .default({ zones: 2, nat: "single" })
    .describe("{zones? (2 or 3), nat? (single or per-zone: +38 $ a month each)}, for example {zones: 2, nat: single}"),
  web: z
    .strictObject({
      instanceType: text(/^[a-z0-9]+\.[a-z0-9]+$/, "an EC2 instance type").optional(),
      min: servers("servers at least").optional(),
      max: servers("servers at most, 10 in the guide").optional(),
      imageParameter: text(/^\/[A-Za-z0-9/._-]+$/, "an SSM parameter that holds an image's id").optional(),
      phpVersion: z.enum(["8.3", "8.4", "8.5"]).optional(),
    })
    .default({})
    .describe("{instanceType?, min?, max?, imageParameter?, phpVersion?}, for example {min: 2, max: 10}"),
  release: z
    .strictObject({
      active: z.enum(["blue", "green"]).default("blue"),
      idleServers: servers("servers of the other colour").default(0),
      idleWeight: z.int().min(0).max(100).default(0),
    })
    .refine((release) => release.idleWeight === 0 || release.idleServers > 0, {
      message: "idleWeight sends visitors to the idle colour, which has no server: set idleServers first",
    })
    .default({ active: "blue", idleServers: 0, idleWeight: 0 })
    .describe(
      "{active (blue or green), idleServers? (0 to 10), idleWeight? (percent of the visitors)}, " +
        "for example {active: blue, idleServers: 2, idleWeight: 10}",
    ),
  database: z
    .strictObject({
      instanceClass: text(/^db\.[a-z0-9]+\.[a-z0-9]+$/, "an RDS instance class").optional(),
      storageGiB: z.int().min(20).max(65536).optional(),
    })
    .default({})
    .describe("{instanceClass?, storageGiB? (whole GiB)}, for example {instanceClass: db.t3.medium, storageGiB: 100}"),
});

export type ScaledWebSettings = z.infer<typeof scaledWebSettings>;
