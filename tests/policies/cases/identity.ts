/** Who may come in: second factors, trusts, passwords, Cloudflare's account. */
import { secret, unknown } from "../pack.ts";
import { json, r, type Tables } from "./table.ts";

const ROLE = "aws:iam/role:Role";
const PROFILE = "aws:iam/userLoginProfile:UserLoginProfile";
const MEMBERSHIP = "aws:iam/userGroupMembership:UserGroupMembership";
const GROUP_POLICY = "aws:iam/groupPolicy:GroupPolicy";
const PASSWORDS = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy";
const vpc = [r("aws:ec2/vpc:Vpc", "vpc")];

const SELF_SERVICE = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ResyncMFADevice"];
const denial = (change: object = {}) => ({
  Effect: "Deny",
  NotAction: SELF_SERVICE,
  Resource: "*",
  Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  ...change,
});
const login = r(PROFILE, "ama-console", { user: "ama" });
const group = r("aws:iam/group:Group", "people", { name: "people" });
const member = r(MEMBERSHIP, "member", { user: "ama", groups: ["people"] });
const guard = (change?: object) =>
  r(GROUP_POLICY, "guard", { group: "people", policy: json({ Statement: denial(change) }) });
const people = (change?: object) => [login, group, member, guard(change)];

const trust = (principal: unknown, condition?: object) => [
  r(ROLE, "role", {
    assumeRolePolicy: json({
      Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: principal, Condition: condition },
    }),
  }),
];
const ROOT = { AWS: "arn:aws:iam::123456789012:root" };
const present = (operator: string, value: unknown = "true") => ({
  [operator]: { "aws:MultiFactorAuthPresent": value },
});

const HOST = "token.actions.githubusercontent.com";
const AUD = { [`${HOST}:aud`]: "sts.amazonaws.com" };
const SUB = "repo:jatsmanor/app:environment:production";
const GITHUB = { Federated: `arn:aws:iam::123456789012:oidc-provider/${HOST}` };
const oidc = (condition: object, principal: unknown = GITHUB) => [
  r(ROLE, "deploy", {
    assumeRolePolicy: {
      Statement: [
        { Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Principal: principal, Condition: condition },
      ],
    },
  }),
];
const subject = (sub: unknown, operator = "StringEquals") =>
  oidc({ StringEquals: AUD, [`ForAnyValue:${operator}`]: { [`${HOST}:sub`]: sub } });

const passwords = (minimumPasswordLength: unknown, passwordReusePrevention: unknown = 24) => [
  r(PASSWORDS, "passwords", { minimumPasswordLength, passwordReusePrevention }),
];

const NOW = "2026-11-24";
const attested = (date: string, provider = "cloudflare") => ({
  now: NOW,
  attestations: [{ provider, date, by: "ama" }],
});
const zone = [r("cloudflare:index/zone:Zone", "zone", { name: "jatsmanor.com" })];
const account = (enforceTwofactor: unknown) => [
  r("cloudflare:index/account:Account", "account", { settings: { enforceTwofactor } }),
];
const token = (props: Record<string, unknown>, type = "apiToken:ApiToken") => [
  ...account(true),
  r(`cloudflare:index/${type}`, "ci", {
    expiresOn: "2027-02-01T00:00:00Z",
    condition: { requestIp: { ins: ["198.51.100.7/32"] } },
    ...props,
  }),
];

export const identity: Tables = {
  "aws-iam-human-mfa": [
    ["pass", "a user of a guarded group", people()],
    ["fail", "a user of no group", [login, group, guard()], /is in no group/],
    ["fail", "a group without the denial", [login, group, member]],
    ["fail", "of another user", [r(PROFILE, "yao", { user: "yao" }), group, member, guard()]],
    ["fail", "Bool misses access keys", people({ Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } })],
    ["fail", "the wrong way round", people({ Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } })],
    [
      "pass",
      "a boolean, a key in another case",
      people({ Condition: { BoolIfExists: { "AWS:multifactorAuthPresent": false } } }),
    ],
    ["fail", "an allowance", people({ Effect: "Allow" })],
    ["fail", "without self-service nobody can register a device", people({ NotAction: ["sts:GetSessionToken"] })],
    ["fail", "every action: likewise", people({ NotAction: undefined, Action: "*" })],
    ["fail", "all but IAM", people({ NotAction: [...SELF_SERVICE, "iam:*"] })],
    ["fail", "half of self-service", people({ NotAction: SELF_SERVICE.slice(1) })],
    ["pass", "of everything among others", people({ Resource: ["arn:aws:s3:::files/*", "*"] })],
    [
      "pass",
      "one condition of two",
      people({
        Condition: {
          BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
          StringNotEquals: { "aws:RequestedRegion": "us-east-1" },
        },
      }),
    ],
    [
      "pass",
      "one statement of two",
      [
        login,
        group,
        member,
        r(GROUP_POLICY, "guard", {
          group: "people",
          policy: json({ Statement: [{ Effect: "Allow", Action: "iam:GetUser", Resource: "*" }, denial()] }),
        }),
      ],
    ],
    ["fail", "of some resources", people({ Resource: "arn:aws:s3:::files/*" })],
    [
      "pass",
      "an attached policy",
      [
        login,
        group,
        member,
        r("aws:iam/policy:Policy", "mfa", { policy: json({ Statement: [denial()] }) }),
        r(
          "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
          "a",
          { group: "people", policyArn: unknown },
          { from: { policyArn: ["mfa"] } },
        ),
      ],
    ],
    [
      "pass",
      "by PolicyAttachment",
      [
        login,
        group,
        member,
        r("aws:iam/policy:Policy", "mfa", { arn: "arn:mfa", policy: json({ Statement: [denial()] }) }),
        r("aws:iam/policyAttachment:PolicyAttachment", "a", { groups: ["people"], policyArn: "arn:mfa" }),
      ],
    ],
    [
      "fail",
      "attached to another group",
      [
        login,
        group,
        member,
        r("aws:iam/policy:Policy", "mfa", { arn: "arn:mfa", policy: json({ Statement: [denial()] }) }),
        r("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "a", { group: "robots", policyArn: "arn:mfa" }),
      ],
    ],
    [
      "pass",
      "by GroupMembership, names unknown, with a User",
      [
        r("aws:iam/user:User", "ama", { name: unknown }),
        r(PROFILE, "ama-console", { user: unknown }, { from: { user: ["ama"] } }),
        r("aws:iam/group:Group", "people", { name: unknown }),
        r(
          "aws:iam/groupMembership:GroupMembership",
          "m",
          { users: [unknown], group: unknown },
          { from: { users: ["ama"], group: ["people"] } },
        ),
        r(
          GROUP_POLICY,
          "guard",
          { group: unknown, policy: json({ Statement: denial() }) },
          { from: { group: ["people"] } },
        ),
      ],
    ],
    [
      "unknown",
      "an unknown policy",
      [login, group, member, r(GROUP_POLICY, "guard", { group: "people", policy: unknown })],
    ],
    ["fail", "an account without the factor", trust(ROOT), /people without a second factor/],
    ["fail", "a user", trust({ AWS: ["arn:aws:iam::123456789012:user/ama"] })],
    ["fail", "an account by number", trust({ AWS: "123456789012" })],
    ["fail", "everybody", trust("*")],
    ["pass", "with the factor", trust(ROOT, present("Bool"))],
    ["pass", "with the factor as a boolean", trust(ROOT, present("Bool", true))],
    ["fail", "IfExists passes access keys", trust(ROOT, present("BoolIfExists"))],
    ["fail", "with its absence", trust(ROOT, present("Bool", "false"))],
    ["pass", "a service", trust({ Service: "ec2.amazonaws.com" })],
    ["pass", "another role", trust({ AWS: "arn:aws:iam::123456789012:role/deploy" })],
    ["pass", "an identity provider", trust(GITHUB)],
    [
      "unknown",
      "an unknown account",
      [
        r(ROLE, "role", {
          assumeRolePolicy: { Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: unknown } }] },
        }),
      ],
    ],
    ["unknown", "an unknown document", [r(ROLE, "role", { assumeRolePolicy: unknown })]],
    [
      "fail",
      "a secret document",
      [r(ROLE, "role", { assumeRolePolicy: secret(json({ Statement: { Effect: "Allow", Principal: "*" } })) })],
      /is \[secret\]/,
    ],
    ["pass", "no document", [r(ROLE, "role", { assumeRolePolicy: 7 })]],
    ["na", "another type", vpc],
  ],
  "aws-oidc-trust-scoped": [
    ["pass", "an environment", subject(SUB)],
    ["pass", "environments by pattern", subject("repo:jatsmanor/app:environment:prod-*", "StringLike")],
    ["pass", "a branch", subject("repo:jatsmanor/app:ref:refs/heads/main")],
    ["pass", "with the owner's and repository's numbers", subject("repo:jatsmanor@1/app@2:environment:production")],
    ["fail", "every branch", subject("repo:jatsmanor/app:ref:refs/heads/*", "StringLike"), /without an exact :sub/],
    ["fail", "everything of a repository", subject("repo:jatsmanor/app:*", "StringLike")],
    ["fail", "every repository", subject("repo:jatsmanor/*:*", "StringLike")],
    ["fail", "every repository's environment", subject("repo:jatsmanor/*:environment:production", "StringLike")],
    ["fail", "one exact, one open", subject([SUB, "repo:jatsmanor/*:*"], "StringLike")],
    ["fail", "an empty list", subject([])],
    ["fail", "one not known yet, one open", subject([unknown, "repo:jatsmanor/*:*"], "StringLike")],
    ["fail", "no subject", oidc({ StringEquals: AUD })],
    ["fail", "no condition", oidc({})],
    ["fail", "no audience", oidc({ StringEquals: { [`${HOST}:sub`]: SUB } }), /without an exact :aud/],
    ["fail", "any audience", oidc({ StringLike: { [`${HOST}:sub`]: SUB, [`${HOST}:aud`]: "*" } })],
    [
      "fail",
      "ForAllValues is true of nothing",
      oidc({ StringEquals: AUD, "ForAllValues:StringEquals": { [`${HOST}:sub`]: SUB } }),
    ],
    ["fail", "IfExists likewise", oidc({ StringEquals: AUD, StringEqualsIfExists: { [`${HOST}:sub`]: SUB } })],
    ["fail", "a negation", oidc({ StringEquals: AUD, StringNotEquals: { [`${HOST}:sub`]: SUB } })],
    [
      "pass",
      "keys in another case",
      oidc({ StringEquals: { [`${HOST}:AUD`]: "sts.amazonaws.com", [`${HOST}:Sub`]: SUB } }),
    ],
    ["unknown", "an unknown subject", subject(unknown)],
    [
      "pass",
      "a provider that is not known yet, its conditions are",
      oidc({ StringEquals: { ...AUD, [`${HOST}:sub`]: SUB } }, { Federated: unknown }),
    ],
    ["fail", "likewise, open", oidc({ StringEquals: AUD }, { Federated: unknown })],
    [
      "pass",
      "of a cluster",
      oidc(
        { StringEquals: { "oidc.eks.eu-central-1.amazonaws.com/id/1:sub": "system:serviceaccount:x:*" } },
        { Federated: unknown },
      ),
    ],
    ["unknown", "no condition and no name yet", oidc({}, { Federated: unknown })],
    ["unknown", "an unknown document", [r(ROLE, "role", { assumeRolePolicy: unknown })]],
    ["pass", "a service", trust({ Service: "ec2.amazonaws.com" })],
    ["na", "another type", vpc],
  ],
  "aws-password-policy": [
    ["pass", "the least", passwords(14)],
    ["fail", "one less", passwords(13), /minimumPasswordLength is 13, requires 14 or more/],
    ["pass", "more, as a text", passwords("16", "24")],
    ["fail", "unset", [r(PASSWORDS, "passwords")]],
    ["fail", "reuse after 23", passwords(14, 23), /passwordReusePrevention is 23/],
    ["fail", "a wrong type", passwords("long")],
    ["unknown", "unknown", passwords(unknown)],
    ["fail", "a secret", passwords(secret(6)), /is \[secret\]/],
    ["note", "none, which another stack may have", vpc, /no AccountPasswordPolicy/],
    ["na", "no AWS", zone],
  ],
  "cloudflare-account-2fa": [
    ["pass", "on", account(true)],
    ["pass", "as a text", account("true")],
    ["fail", "off", account(false), /settings\.enforceTwofactor is false, requires true/],
    ["fail", "unset", [r("cloudflare:index/account:Account", "account")]],
    ["fail", "a wrong type", account("yes")],
    ["unknown", "unknown", account(unknown)],
    ["fail", "elsewhere, nobody attested", zone, /nobody attested/, { now: NOW }],
    ["pass", "elsewhere, attested", zone, undefined, attested("2026-11-01")],
    ["pass", "90 days ago", zone, undefined, attested("2026-08-26")],
    ["pass", "today", zone, undefined, attested(NOW)],
    ["fail", "91 days ago", zone, undefined, attested("2026-08-25")],
    ["fail", "tomorrow", zone, undefined, attested("2026-11-25")],
    ["fail", "another account", zone, undefined, attested("2026-11-01", "github")],
    ["fail", "no date", zone, undefined, attested("never")],
    ["pass", "a bound token", token({})],
    ["pass", "of the account", token({}, "accountToken:AccountToken")],
    ["fail", "without an end", token({ expiresOn: undefined }), /expiresOn is unset/],
    ["fail", "without an end, of the account", token({ expiresOn: undefined }, "accountToken:AccountToken")],
    ["fail", "from anywhere", token({ condition: undefined }), /condition\.requestIp\.ins is unset/],
    ["fail", "from an empty list", token({ condition: { requestIp: { ins: [] } } })],
    ["pass", "from addresses that are not known yet", token({ condition: { requestIp: { ins: unknown } } })],
    ["na", "no Cloudflare", vpc],
  ],
};
