import { z } from "zod";
import { adminCidrProblem } from "../concepts/access.ts";
import { SERVICES } from "../concepts/services.ts";
import { awsSettings } from "./aws.ts";
import { text } from "./fields.ts";

const digest = text(/^sha256:[0-9a-f]{64}$/, "an image's digest, sha256:<64 hexadecimal digits>");

/** Settings of the enterprise phase: services on Kubernetes at AWS. */
export const microservicesSettings = awsSettings.extend({
  phase: z.literal("enterprise"),
  platform: z.literal("eks"),
  cluster: z
    .strictObject({
      version: z.enum(["1.35", "1.36"]).default("1.35"),
      operatorRoleArns: z
        .array(text(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, "the ARN of an IAM role"))
        .min(1)
        .max(10),
      apiCidrs: z
        .array(
          z.string().superRefine((cidr, context) => {
            const problem = adminCidrProblem(cidr);
            if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
          }),
        )
        .default([]),
    })
    .describe(
      "{operatorRoleArns (who looks at the cluster and restarts services), version? (1.35 or 1.36), " +
        'apiCidrs? (networks that reach its API from outside; none by default)}, for example {operatorRoleArns: ["arn:aws:iam::123456789012:role/platform"]}',
    ),
  images: z
    .strictObject(Object.fromEntries(SERVICES.map((service) => [service, digest.optional()])) as Images)
    .describe(
      "{service: digest}: what runs; a service without one is not deployed yet, which a first update needs, " +
        "since the registry must stand before an image can be in it. For example {user: sha256:...}",
    ),
  tokens: z
    .strictObject({
      issuer: text(/^https:\/\/\S+$/, "the HTTPS address of who signs the API's tokens"),
      audience: z.array(z.string().min(1)).min(1),
    })
    .describe('{issuer, audience}, for example {issuer: "https://id.jatsmanor.ci/", audience: [api]}'),
  database: z
    .strictObject({
      instanceClass: text(/^db\.[a-z0-9]+\.[a-z0-9]+$/, "an RDS instance class").optional(),
      instances: z.int().min(2).max(8).default(2),
      secondRegion: z.boolean().default(false),
    })
    .default({ instances: 2, secondRegion: false })
    .describe(
      "{instanceClass?, instances? (2 to 8), secondRegion? (a cluster in eu-west-3 follows; about +250 $ a month)}, " +
        "for example {instances: 2, secondRegion: false}",
    ),
});

type Images = Record<(typeof SERVICES)[number], z.ZodOptional<typeof digest>>;

export type MicroservicesSettings = z.infer<typeof microservicesSettings>;
