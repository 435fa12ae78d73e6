/** Passwords and keys: who holds them, how long they live. */
import { secret, unknown } from "../pack.ts";
import { r, type Tables } from "./table.ts";

const RDS = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];
type Props = Record<string, unknown>;
const db = (props: Props, type = RDS) => [r(type, "db", props)];

const stored = (props: Props = {}) =>
  r("aws:secretsmanager/secret:Secret", "payments", { name: "payments", id: "s1", ...props });
const rotation = (rotationRules: unknown, props: Props = {}) =>
  r("aws:secretsmanager/secretRotation:SecretRotation", "rotation", { secretId: "s1", rotationRules, ...props });
const days = (automaticallyAfterDays: unknown) => rotation({ automaticallyAfterDays });
const schedule = (scheduleExpression: unknown) => rotation({ scheduleExpression });

const k8s = (props: Props, type = "kubernetes:core/v1:Secret") => [r(type, "app", props)];
const labelled = (value: unknown, label = "jatsmanor.io/secret-source") =>
  k8s({ metadata: { labels: { [label]: value } }, stringData: { TOKEN: "x" } });

export const secrets: Tables = {
  "aws-db-managed-password": [
    ["pass", "made by RDS", db({ manageMasterUserPassword: true })],
    ["pass", "of a cluster", db({ manageMasterUserPassword: true, masterUsername: "root" }, CLUSTER)],
    ["pass", "write-only", db({ passwordWo: "hunter2", passwordWoVersion: 1 })],
    ["pass", "write-only, of a cluster", db({ masterPasswordWo: secret("hunter2") }, CLUSTER)],
    ["fail", "the other one's property", db({ masterPasswordWo: "hunter2" })],
    ["fail", "in the program", db({ password: "CANARY-hunter2" }), /^(?!.*CANARY).*password is in the program/s],
    [
      "fail",
      "in the program, a secret",
      db({ password: secret("CANARY-hunter2") }),
      /^(?!.*CANARY).*password is \[secret\]/s,
    ],
    ["fail", "in the program, not known yet", db({ password: unknown })],
    [
      "fail",
      "in the program, of a cluster",
      db({ masterPassword: "CANARY-hunter2" }, CLUSTER),
      /masterPassword is in the program/,
    ],
    ["fail", "both", db({ manageMasterUserPassword: true, password: "hunter2" })],
    ["fail", "unset", db({}), /manageMasterUserPassword is unset/],
    ["fail", "off", db({ manageMasterUserPassword: false })],
    ["fail", "a wrong type", db({ manageMasterUserPassword: 1 })],
    ["unknown", "unknown", db({ manageMasterUserPassword: unknown })],
    ["pass", "a replica", db({ replicateSourceDb: "db-1" })],
    ["pass", "a replica of something unknown", db({ replicateSourceDb: unknown })],
    ["pass", "a restored snapshot", db({ snapshotIdentifier: "snap-1" })],
    ["fail", "a restored snapshot with a new password", db({ snapshotIdentifier: "snap-1", password: "hunter2" })],
    ["pass", "a global cluster's second region", db({ globalClusterIdentifier: "g" }, CLUSTER)],
    ["fail", "a global cluster's first region", db({ globalClusterIdentifier: "g", masterUsername: "root" }, CLUSTER)],
    ["na", "another type", vpc],
  ],
  "aws-secret-rotation": [
    ["pass", "90 days", [stored(), days(90)]],
    ["fail", "91 days", [stored(), days(91)], /rotates every 91 days, requires 90 days or less/],
    ["fail", "0 days", [stored(), days(0)]],
    ["pass", "as a text", [stored(), days("30")]],
    ["fail", "a wrong type", [stored(), days("often")]],
    ["unknown", "unknown", [stored(), days(unknown)]],
    ["fail", "never", [stored()], /no SecretRotation/],
    ["fail", "no rules", [stored(), rotation(undefined)], /cannot be read/],
    ["fail", "of another secret", [stored(), rotation({ automaticallyAfterDays: 30 }, { secretId: "s2" })]],
    [
      "unknown",
      "of some secret",
      [stored({ id: unknown }), rotation({ automaticallyAfterDays: 30 }, { secretId: unknown })],
    ],
    [
      "pass",
      "in a preview",
      [
        stored({ id: unknown }),
        r(
          "aws:secretsmanager/secretRotation:SecretRotation",
          "rotation",
          { secretId: unknown, rotationRules: { automaticallyAfterDays: 30 } },
          { from: { secretId: ["payments"] } },
        ),
      ],
    ],
    ["pass", "a rate", [stored(), schedule("rate(90 days)")]],
    ["fail", "a slow rate", [stored(), schedule("rate(91 days)")]],
    ["pass", "hours", [stored(), schedule("rate(4 hours)")]],
    ["pass", "monthly", [stored(), schedule("cron(0 3 1 * ? *)")]],
    ["pass", "every two months", [stored(), schedule("cron(0 3 1 1/2 ? *)")]],
    ["fail", "every three months is 92 days", [stored(), schedule("cron(0 3 1 1/3 ? *)")], /every 92 days/],
    ["fail", "yearly", [stored(), schedule("cron(0 3 1 1 ? *)")], /cannot be read/],
    ["na", "APP_KEY", [stored({ name: "growth/app-key" })]],
    ["na", "changed by hand, by tag", [stored({ tags: { rotation: "manual" } })]],
    ["na", "another type", vpc],
  ],
  "k8s-no-literal-secrets": [
    [
      "fail",
      "plain",
      k8s({ stringData: { TOKEN: "CANARY" } }),
      /^(?!.*CANARY).*stringData is literal values for TOKEN/s,
    ],
    ["fail", "base64", k8s({ data: { TOKEN: "Q0FOQVJZ" } }), /data is literal values for TOKEN/],
    ["fail", "a Pulumi secret looks the same", k8s({ stringData: { TOKEN: secret("CANARY") } }), /^(?!.*CANARY)/s],
    ["pass", "empty", k8s({ stringData: {} })],
    ["pass", "nothing", k8s({})],
    ["pass", "from the vault, by label", labelled("vault")],
    ["pass", "kept by Pulumi, by label", labelled("pulumi")],
    ["fail", "another value of the label", labelled("me")],
    ["fail", "another label", labelled("vault", "app")],
    ["pass", "an own label", labelled("sealed", "source"), undefined, { label: "source", allowed: ["sealed"] }],
    ["na", "a service account's", k8s({ type: "kubernetes.io/service-account-token", data: { token: "x" } })],
    ["na", "a certificate", k8s({ type: "kubernetes.io/tls", data: { "tls.key": "x" } })],
    ["na", "a release of Helm's", k8s({ type: "helm.sh/release.v1", data: { release: "x" } })],
    ["fail", "Opaque", k8s({ type: "Opaque", data: { token: "x" } })],
    ["unknown", "unknown", k8s({ stringData: unknown })],
    ["fail", "one value unknown", k8s({ stringData: { TOKEN: unknown } })],
    ["fail", "Patch", k8s({ stringData: { TOKEN: "x" } }, "kubernetes:core/v1:SecretPatch")],
    [
      "fail",
      "List",
      k8s({ items: [{ type: "kubernetes.io/tls" }, { stringData: { TOKEN: "x" } }] }, "kubernetes:core/v1:SecretList"),
      /items\[1\]\.stringData/,
    ],
    ["na", "another type", vpc],
  ],
};
