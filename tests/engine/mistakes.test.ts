/**
 * Mistakes that people make, planted into the shipped stacks: the real engine and the pack stop each, with a message that
 * names rule, resource, value and fix.
 */
import { list } from "../../sandbox/admin.ts";
import { type Finding, findings } from "../../tools/rehearse/events.ts";
import type { Ground } from "../../tools/rehearse/ground.ts";
import { onGround, plant, preview, removeBases, temporaryBase, up } from "../support/ground.ts";

jest.setTimeout(300_000);
afterAll(removeBases);

interface Mistake {
  rule: string;
  file: string;
  from: string;
  to: string;
  /** The finding's words: resource and value. */
  says: RegExp;
}

function plantAll(ground: Ground, mistakes: Mistake[]): void {
  for (const { file, from, to } of mistakes) plant(ground, file, from, to);
}

function expectFound(found: Finding[], { rule, says }: Mistake): void {
  const mine = found.filter((finding) => finding.rule === rule && finding.level === "mandatory");
  expect([rule, mine.map((finding) => finding.message).join("\n")]).toEqual([rule, expect.stringMatching(says)]);
  for (const { message } of mine) expect(message).toMatch(/requires .*\((guide|standard): .*Fix: /s);
}

/** Values that a preview knows: nothing at all is created. Several at once, since each preview takes its time. */
const SEEN_IN_PREVIEW: [string, Mistake[]][] = [
  [
    "growth",
    [
      {
        rule: "aws-rds-backup-retention",
        file: "src/components/aws/database.ts",
        from: "backupRetentionPeriod: args.backup.pointInTimeDays",
        to: "backupRetentionPeriod: 7",
        says: /backupRetentionPeriod is 7, requires .*35/,
      },
      {
        rule: "aws-lb-https-only",
        file: "src/components/aws/load-balancer.ts",
        from: '{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }',
        to: '{ type: "fixed-response", fixedResponse: { contentType: "text/plain", messageBody: "hello", statusCode: "200" } }',
        says: /Listener .*http/,
      },
      {
        rule: "aws-cdn-https-only",
        file: "src/components/aws/edge.ts",
        from: 'viewerProtocolPolicy: "redirect-to-https"',
        to: 'viewerProtocolPolicy: "allow-all"',
        says: /viewerProtocolPolicy is "?allow-all/,
      },
      {
        rule: "aws-s3-replication-cross-region",
        file: "src/components/aws/storage.ts",
        from: 'status: "Enabled",\n            priority: 1',
        to: 'status: "Disabled",\n            priority: 1',
        says: /Bucket .*media/,
      },
    ],
  ],
  [
    "enterprise",
    [
      {
        rule: "aws-rds-storage-encrypted",
        file: "src/components/aws/database-cluster.ts",
        from: "  storageEncrypted: true,\n  backupRetentionPeriod",
        to: "  storageEncrypted: false,\n  backupRetentionPeriod",
        says: /storageEncrypted is false, requires true/,
      },
      {
        rule: "k8s-ingress-tls",
        file: "src/components/kubernetes/gateway.ts",
        from: 'name: "https", protocol: "HTTPS" }',
        to: 'name: "http", protocol: "HTTP" }',
        says: /Gateway .*httpsRedirect/,
      },
    ],
  ],
  [
    "growth-ovh",
    [
      {
        rule: "ovh-lb-https",
        file: "src/components/ovh/load-balancer.ts",
        from: "ssl: true,\n        defaultSslId: pulumi.output(certificateId).apply(Number),",
        to: "ssl: false,",
        says: /ssl is false, requires true/,
      },
    ],
  ],
];

test.each(SEEN_IN_PREVIEW)("%s: a preview stops them all, and nothing is created", async (stack, mistakes) => {
  await onGround(stack, temporaryBase(), async (ground) => {
    plantAll(ground, mistakes);
    const run = await preview(ground);
    expect(run.exitCode).toBe(1);
    const found = findings(run.events);
    for (const mistake of mistakes) expectFound(found, mistake);
    expect(list(ground.workspace.cloud)).toEqual([]);
  });
});

/** Documents that name a resource not yet made are known in the update only: it stops before that resource. */
const SEEN_IN_UPDATE: [string, Mistake, string][] = [
  [
    "growth",
    {
      rule: "aws-oidc-trust-scoped",
      file: "src/components/aws/deploy.ts",
      from: "[`${GITHUB}:sub`]: `repo:${args.repository}:environment:${args.environment}`,",
      to: "",
      says: /sub/,
    },
    "aws:iam/role:Role growth-deploy-workflow",
  ],
  [
    "mvp",
    {
      rule: "aws-iam-no-admin",
      file: "src/components/aws/backup.ts",
      from: 'Action: "s3:ListBucket",\n              Resource: bucket.arn,',
      to: 'Action: "*",\n              Resource: "*",',
      says: /GroupPolicy mvp-offsite-write-only.*every action on everything/,
    },
    "aws:iam/groupPolicy:GroupPolicy mvp-offsite-write-only",
  ],
];

test.each(SEEN_IN_UPDATE)("%s: an update stops before the resource", async (stack, mistake, resource) => {
  await onGround(stack, temporaryBase(), async (ground) => {
    plantAll(ground, [mistake]);
    const run = await up(ground);
    expect(run.exitCode).not.toBe(0);
    expectFound(findings(run.events), mistake);
    expect(list(ground.workspace.cloud).map(({ type, name }) => `${type} ${name}`)).not.toContain(resource);
  });
});
