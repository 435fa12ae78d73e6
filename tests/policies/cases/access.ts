import { gzipSync } from "node:zlib";
import { secret, unknown } from "../pack.ts";
import { json, r, type Tables } from "./table.ts";

const POLICY = "aws:iam/policy:Policy";
const ROLE = "aws:iam/role:Role";
const PARAMETER = "aws:ssm/parameter:Parameter";
const DROPLET = "digitalocean:index/droplet:Droplet";
const STAR = { Effect: "Allow", Action: "*", Resource: "*" };

const policy = (statement: unknown, type = POLICY) => [r(type, "p", { policy: json({ Statement: statement }) })];
const object = (statement: unknown) => [r(POLICY, "p", { policy: { Statement: statement } })];
const allow = (Action: unknown, Resource: unknown = "arn:aws:s3:::files/*") => ({ Effect: "Allow", Action, Resource });

const userData = (text: unknown) => [r(DROPLET, "web", { userData: text })];
const APP_KEY = "APP_KEY=base64:3v0o0Jd2Xr0xq1c0m5kq9f0yO0w8mXo4m2vXq0m5kq8=";
const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

const NOW = "2026-11-24";
const attested = (date: string, ...providers: string[]) => ({
  now: NOW,
  attestations: providers.map((provider) => ({ provider, date, by: "ama" })),
});
const ALWAYS = ["github", "pulumi", "registrar"];
const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];

export const access: Tables = {
  "aws-iam-no-admin": [
    ["pass", "named rights", policy(allow("s3:PutObject"))],
    ["fail", "everything", policy(STAR), /allows every action on everything.*No exception is accepted/],
    ["fail", "in a list", policy([allow("s3:PutObject"), { ...STAR, Action: ["s3:*", "*"], Resource: ["*"] }])],
    ["fail", "*:*", policy({ ...STAR, Action: "*:*" })],
    ["fail", "a wide ARN", policy({ ...STAR, Resource: "arn:aws:*" })],
    [
      "fail",
      "in lower case",
      [r(POLICY, "p", { policy: json({ statement: [{ effect: "allow", action: "*", resource: "*" }] }) })],
    ],
    ["fail", "as an object", object(STAR)],
    [
      "fail",
      "all but some actions",
      policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
      /all but some actions/,
    ],
    ["pass", "a denial", policy({ ...STAR, Effect: "Deny" })],
    ["pass", "a denial of all but some", policy({ Effect: "Deny", NotAction: "iam:*", Resource: "*" })],
    ["pass", "every action on one bucket is another rule's", policy({ ...STAR, Resource: "arn:aws:s3:::files/*" })],
    ...["rolePolicy:RolePolicy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"].map(
      (t) => ["fail", t, policy(STAR, `aws:iam/${t}`)] as const,
    ),
    [
      "fail",
      "inline in a role",
      [r(ROLE, "r", { inlinePolicies: [{ name: "x", policy: json({ Statement: STAR }) }] })],
      /inlinePolicies\[0\]\.policy/,
    ],
    ["fail", "managed by AWS", [r(ROLE, "r", { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] })]],
    [
      "fail",
      "in another partition",
      [
        r("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
          policyArn: "arn:aws-cn:iam::aws:policy/AdministratorAccess",
        }),
      ],
    ],
    [
      "pass",
      "another managed policy",
      [
        r("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
          policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
        }),
      ],
    ],
    [
      "pass",
      "an own policy that is not known yet",
      [r("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", { policyArn: [unknown] })],
    ],
    [
      "unknown",
      "an unknown ARN",
      [r("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", { policyArn: unknown })],
    ],
    [
      "fail",
      "of a cluster",
      [
        r("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "a", {
          policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        }),
      ],
    ],
    ["unknown", "an unknown document", [r(POLICY, "p", { policy: unknown })]],
    ["unknown", "every action on an unknown ARN", object({ ...STAR, Resource: unknown })],
    ["pass", "named actions on an unknown ARN", object(allow("s3:PutObject", unknown))],
    ["fail", "not a document", [r(POLICY, "p", { policy: "{" })], /not a policy document/],
    ["fail", "a document of a wrong type", [r(POLICY, "p", { policy: 7 })]],
    [
      "fail",
      "a secret document",
      [r(POLICY, "p", { policy: secret(json({ Statement: STAR })) })],
      /policy is \[secret\]/,
    ],
    ["na", "another type", vpc],
  ],
  "aws-iam-least-privilege": [
    ["pass", "named", policy(allow(["s3:PutObject", "s3:AbortMultipartUpload"]))],
    ["fail", "a whole service", policy(allow("s3:*")), /allows s3:\*/],
    ["fail", "in any case", policy(allow("S3:*"))],
    ["fail", "by question mark", policy(allow("s3:?*"))],
    ["pass", "a prefix of actions on named resources", policy(allow("s3:List*"))],
    ["fail", "named on everything", policy(allow("s3:PutObject", "*")), /s3:putobject on "\*"/],
    ["fail", "PassRole", policy(allow("iam:PassRole", "*"))],
    [
      "pass",
      "what has no resource",
      policy(allow(["ec2:DescribeInstances", "cloudwatch:PutMetricData", "xray:PutTraceSegments"], "*")),
    ],
    [
      "fail",
      "among what has no resource",
      policy(allow(["ec2:DescribeInstances", "ec2:RunInstances"], "*")),
      /ec2:runinstances/,
    ],
    ["pass", "an allowed action", policy(allow("sqs:*")), undefined, { allowedActions: ["sqs:*"] }],
    ["pass", "an allowed prefix", policy(allow("sqs:SendMessage", "*")), undefined, { allowedActions: ["SQS:Send*"] }],
    ["fail", "another action than the allowed", policy(allow("sns:*")), undefined, { allowedActions: ["sqs:*"] }],
    ["pass", "a denial", policy({ ...STAR, Effect: "Deny" })],
    ["unknown", "an unknown document", [r(POLICY, "p", { policy: unknown })]],
    ["unknown", "an unknown ARN among known ones", object(allow("s3:PutObject", [unknown]))],
    ["fail", "inline in a role", [r(ROLE, "r", { inlinePolicies: [{ policy: json({ Statement: allow("s3:*") }) }] })]],
    ["na", "another type", vpc],
  ],
  "aws-iam-users-no-policies": [
    ["fail", "inline", [r("aws:iam/userPolicy:UserPolicy", "p", { user: "ama" })], /gives a policy to a user/],
    ["fail", "attached", [r("aws:iam/userPolicyAttachment:UserPolicyAttachment", "p", { user: "ama" })]],
    ["fail", "by PolicyAttachment", [r("aws:iam/policyAttachment:PolicyAttachment", "p", { users: ["ama"] })]],
    ["pass", "PolicyAttachment to roles", [r("aws:iam/policyAttachment:PolicyAttachment", "p", { roles: ["web"] })]],
    ["pass", "an empty list", [r("aws:iam/policyAttachment:PolicyAttachment", "p", { users: [] })]],
    ["unknown", "unknown users", [r("aws:iam/policyAttachment:PolicyAttachment", "p", { users: unknown })]],
    ["na", "a group", [r("aws:iam/groupPolicy:GroupPolicy", "p")]],
  ],
  "aws-no-static-keys": [
    ["fail", "a key", [r("aws:iam/accessKey:AccessKey", "k", { user: "writer" })], /does not expire/],
    [
      "fail",
      "in an explicit provider",
      [r("pulumi:providers:aws", "west", { accessKey: secret("AKIA0000000000000000") })],
      /accessKey is \[secret\]/,
    ],
    [
      "fail",
      "in the provider of a resource",
      [r("aws:ec2/vpc:Vpc", "vpc", {}, { provider: { secretKey: "CANARY" } })],
      /secretKey is a static credential/,
    ],
    ["fail", "Cloudflare's global key", [r("pulumi:providers:cloudflare", "c", { apiKey: "CANARY" })]],
    ["fail", "unchecked credentials", [r("pulumi:providers:aws", "west", { skipCredentialsValidation: "true" })]],
    [
      "pass",
      "checked ones",
      [r("pulumi:providers:aws", "west", { skipCredentialsValidation: "false", region: "eu-west-1" })],
    ],
    ["na", "no provider", [r(DROPLET, "web")]],
  ],
  "mfa-attestation": [
    ["pass", "all, of this month", vpc, undefined, attested("2026-11-01", ...ALWAYS)],
    ["fail", "none", vpc, /nobody attested the second factor of github/, { now: NOW }],
    ["pass", "90 days old", vpc, undefined, attested("2026-08-26", ...ALWAYS)],
    ["fail", "91 days old", vpc, /for github is 91 days old/, attested("2026-08-25", ...ALWAYS)],
    ["pass", "of today", vpc, undefined, attested(NOW, ...ALWAYS)],
    ["fail", "of tomorrow", vpc, /dated in the future/, attested("2026-11-25", ...ALWAYS)],
    [
      "pass",
      "late in the evening west of Greenwich, early today in UTC",
      vpc,
      undefined,
      attested("2026-11-23T23:30:00-01:00", ...ALWAYS),
    ],
    ["fail", "a day that does not exist", vpc, /no valid date/, attested("2026-02-31", ...ALWAYS)],
    ["fail", "without the registrar", vpc, /registrar/, attested("2026-11-01", "github", "pulumi")],
    [
      "fail",
      "without a cloud that the stack uses",
      [r(DROPLET, "web")],
      /digitalocean/,
      attested("2026-11-01", ...ALWAYS),
    ],
    ["pass", "with it, in any case", [r(DROPLET, "web")], undefined, attested("2026-11-01", ...ALWAYS, "DigitalOcean")],
    ["fail", "without OVH", [r("ovh:Vps/vps:Vps", "db")], /ovh/, attested("2026-11-01", ...ALWAYS)],
    [
      "pass",
      "an older one beside a current one",
      vpc,
      undefined,
      {
        now: NOW,
        attestations: [
          ...attested("2025-01-01", ...ALWAYS).attestations,
          ...attested("2026-11-01", ...ALWAYS).attestations,
        ],
      },
    ],
  ],
  "no-plaintext-secrets": [
    ["pass", "none", userData("#cloud-config\npackages: [nginx]")],
    ["pass", "unset", [r(DROPLET, "web")]],
    ["fail", "a password", userData("export DB_PASSWORD=hunter2-hunter2"), /a value for DB_PASSWORD/],
    ["fail", "in YAML, quoted", userData('  db_password: "hunter2-hunter2"')],
    ["fail", "Laravel's key", userData(APP_KEY), /a Laravel APP_KEY/],
    ["fail", "AWS's key id", userData("AKIAIOSFODNN7EXAMPLE")],
    ["fail", "DigitalOcean's token", userData(`dop_v1_${"a1".repeat(32)}`)],
    ["fail", "a private key", userData("-----BEGIN OPENSSH PRIVATE KEY-----")],
    ["fail", "a URL with a password", userData("redis://:hunter2hunter2@10.0.0.1 mysql://app:hunter2hunter2@db")],
    ["fail", "base64", userData(base64(`#!/bin/sh\n${APP_KEY}\n`))],
    ["fail", "gzip", userData(base64(gzipSync(`#!/bin/sh\n${APP_KEY}\n`)))],
    ["fail", "marked as a secret, which user data does not keep", userData(secret(APP_KEY)), /userData is \[secret\]/],
    ["pass", "a variable", userData('DB_PASSWORD="$DB_PASSWORD"\nAPI_TOKEN=${TOKEN}\nSECRET=$(cat /run/secrets/x)')],
    ["pass", "a template", userData("DB_PASSWORD={{ password }}\nTOKEN=<token>")],
    ["pass", "a path", userData("DB_PASSWORD_FILE=/run/secrets/db\nsecret: /etc/ssl/private/key.pem")],
    ["pass", "words", userData("# the password: required\nPasswordAuthentication no\npassword optional pam.so")],
    [
      "pass",
      "a digest and an ARN",
      userData(`image: app@sha256:${"ab12".repeat(16)}\nsecret: arn:aws:secretsmanager:eu-central-1:1:secret:db-1`),
    ],
    ["pass", "a public key", userData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0d5 ama@laptop")],
    ["unknown", "unknown", userData(unknown)],
    ["pass", "a wrong type", userData({ a: 1 })],
    [
      "fail",
      "launch templates hold base64",
      [r("aws:ec2/launchTemplate:LaunchTemplate", "lt", { userData: base64(`#!/bin/sh\n${APP_KEY}`) })],
    ],
    [
      "fail",
      "userDataBase64",
      [r("aws:ec2/instance:Instance", "i", { userDataBase64: base64(`#!/bin/sh\n${APP_KEY}`) })],
    ],
    [
      "fail",
      "a function's variable, by its name",
      [r("aws:lambda/function:Function", "f", { environment: { variables: { STRIPE_SECRET: "hunter2-hunter2" } } })],
      /environment\.variables\.STRIPE_SECRET/,
    ],
    [
      "pass",
      "a function's variable",
      [r("aws:lambda/function:Function", "f", { environment: { variables: { STAGE: "production-1" } } })],
    ],
    [
      "fail",
      "a container's variable",
      [
        r("kubernetes:apps/v1:Deployment", "d", {
          spec: { template: { spec: { containers: [{ env: [{ name: "DB_PASSWORD", value: "hunter2-hunter2" }] }] } } },
        }),
      ],
    ],
    ["fail", "a config map", [r("kubernetes:core/v1:ConfigMap", "c", { data: { "app.env": APP_KEY } })]],
    ["fail", "a String parameter", [r(PARAMETER, "p", { type: "String", value: APP_KEY })]],
    ["na", "a SecureString parameter", [r(PARAMETER, "p", { type: "SecureString", value: APP_KEY })]],
    ["na", "another type", vpc],
  ],
};
