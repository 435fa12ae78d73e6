import { unknown } from "../pack.ts";
import { json, r, type Tables } from "./table.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";
const CDN = "aws:cloudfront/distribution:Distribution";
const HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";

const bucket = (name: string, props: Record<string, unknown> = {}) => r(BUCKET, name, { bucket: name, ...props });
const ALL = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const block = (of: string, flags: object = {}) => r(BLOCK, `${of}-block`, { bucket: of, ...ALL, ...flags });

const encrypted = (of: string, sseAlgorithm: unknown, bucketKeyEnabled: unknown = true) =>
  r(ENCRYPTION, `${of}-sse`, {
    bucket: of,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm }, bucketKeyEnabled }],
  });
const content = bucket("photos", { tags: { purpose: "user-content" } });

const statement = (change: object = {}) => ({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::files", "arn:aws:s3:::files/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
  ...change,
});
const policy = (change?: object, asText = true) => {
  const document = { Version: "2012-10-17", Statement: [statement(change)] };
  return r(POLICY, "policy", { bucket: "files", policy: asText ? json(document) : document });
};

const setting = (settingId: unknown, value: unknown, zoneId: unknown = "z1", extra = {}) =>
  r(SETTING, `${String(zoneId).slice(0, 3)}-${String(settingId)}`, { zoneId, settingId, value }, extra);
const tls = (change: Record<string, unknown> = {}) =>
  Object.entries({ ssl: "strict", always_use_https: "on", min_tls_version: "1.2", tls_1_3: "on", ...change })
    .filter(([, v]) => v !== undefined)
    .map(([id, v]) => setting(id, v));

const YEAR = 31_536_000;
const hsts = (header: object) => [
  setting("security_header", { strict_transport_security: { enabled: true, ...header } }),
];
const cdn = (responseHeadersPolicyId: unknown, extra = {}) =>
  r(CDN, "cdn", { defaultCacheBehavior: { responseHeadersPolicyId } }, extra);
const headers = (accessControlMaxAgeSec: unknown) =>
  r(HEADERS, "headers", { id: "h1", securityHeadersConfig: { strictTransportSecurity: { accessControlMaxAgeSec } } });

export const encryption: Tables = {
  "aws-s3-block-public": [
    ["pass", "all four", [bucket("files"), block("files")]],
    ["fail", "none", [bucket("files")], /no BucketPublicAccessBlock belongs to it.*No exception is accepted/],
    ...Object.keys(ALL).map(
      (flag) =>
        [
          "fail",
          `without ${flag}`,
          [bucket("files"), block("files", { [flag]: undefined })],
          new RegExp(flag),
        ] as const,
    ),
    ["fail", "one off", [bucket("files"), block("files", { ignorePublicAcls: false })], /leaves ignorePublicAcls off/],
    ["fail", "a wrong type", [bucket("files"), block("files", { ignorePublicAcls: "yes" })]],
    ["unknown", "an unknown flag", [bucket("files"), block("files", { ignorePublicAcls: unknown })]],
    ["fail", "of two buckets one", [bucket("a"), bucket("b"), block("a")], /Bucket b:/],
    ["pass", "the account's block", [bucket("files"), r(ACCOUNT, "account", ALL)]],
    [
      "fail",
      "an incomplete block of the account",
      [bucket("files"), r(ACCOUNT, "account", { ...ALL, blockPublicAcls: false })],
    ],
    ["pass", "the account's block in another stack", [bucket("files")], undefined, { accountBlockElsewhere: true }],
    ["fail", "a public ACL", [bucket("files", { acl: "public-read" }), block("files")], /acl is "public-read"/],
    ["pass", "a private ACL", [bucket("files", { acl: "private" }), block("files")]],
    [
      "fail",
      "a public BucketAcl",
      [
        bucket("files"),
        block("files"),
        r("aws:s3/bucketAclV2:BucketAclV2", "acl", { bucket: "files", acl: "public-read-write" }),
      ],
    ],
    ["fail", "a V2 bucket", [r("aws:s3/bucketV2:BucketV2", "files", { bucket: "files" })]],
    ["unknown", "which bucket the block is for", [bucket("files"), block(unknown)]],
    ["na", "no bucket", [r("aws:ec2/vpc:Vpc", "vpc")]],
  ],
  "aws-s3-encryption-config": [
    ["pass", "AES256", [bucket("files"), encrypted("files", "AES256")]],
    ["pass", "KMS", [bucket("files"), encrypted("files", "aws:kms")]],
    ["fail", "none", [bucket("files")], /no BucketServerSideEncryptionConfiguration/],
    ["fail", "an unknown algorithm name", [bucket("files"), encrypted("files", "AES128")]],
    ["fail", "a wrong type", [bucket("files"), encrypted("files", 256)]],
    ["unknown", "unknown", [bucket("files"), encrypted("files", unknown)]],
    ["pass", "users' content under KMS", [content, encrypted("photos", "aws:kms")]],
    [
      "fail",
      "users' content under AES256",
      [content, encrypted("photos", "AES256")],
      /requires "aws:kms" for users' content/,
    ],
    [
      "fail",
      "users' content without a bucket key",
      [content, encrypted("photos", "aws:kms", false)],
      /bucketKeyEnabled/,
    ],
    [
      "fail",
      "users' content by data class",
      [bucket("photos", { tags: { "data-class": "user-content" } }), encrypted("photos", "AES256")],
    ],
    ["pass", "a log bucket under AES256", [bucket("logs", { tags: { purpose: "logs" } }), encrypted("logs", "AES256")]],
    [
      "fail",
      "load balancers cannot write under KMS",
      [bucket("logs", { tags: { purpose: "logs" } }), encrypted("logs", "aws:kms")],
    ],
    [
      "pass",
      "inline, the older way",
      [
        bucket("files", {
          serverSideEncryptionConfiguration: {
            rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
          },
        }),
      ],
    ],
    ["na", "no bucket", []],
  ],
  "aws-s3-tls-only": [
    ["pass", "denied on both", [bucket("files"), policy()]],
    ["pass", "as an object", [bucket("files"), policy({}, false)]],
    [
      "pass",
      "the condition as a boolean",
      [bucket("files"), policy({ Condition: { Bool: { "aws:SecureTransport": false } } })],
    ],
    ["pass", 'everyone as {"AWS": "*"}', [bucket("files"), policy({ Principal: { AWS: "*" } })]],
    ["fail", "no policy", [bucket("files")], /no BucketPolicy belongs to it/],
    [
      "fail",
      "objects only",
      [bucket("files"), policy({ Resource: "arn:aws:s3:::files/*" })],
      /lets plain HTTP through/,
    ],
    ["fail", "the bucket only", [bucket("files"), policy({ Resource: "arn:aws:s3:::files" })]],
    [
      "fail",
      "allowing TLS denies nothing",
      [bucket("files"), policy({ Effect: "Allow", Condition: { Bool: { "aws:SecureTransport": "true" } } })],
    ],
    ["fail", "some actions", [bucket("files"), policy({ Action: "s3:GetObject" })]],
    ["fail", "some principals", [bucket("files"), policy({ Principal: { AWS: "arn:aws:iam::1:root" } })]],
    ["fail", "no condition", [bucket("files"), policy({ Condition: {} })]],
    ["fail", "not a document", [bucket("files"), r(POLICY, "p", { bucket: "files", policy: "{" })]],
    ["unknown", "unknown as a whole", [bucket("files"), r(POLICY, "p", { bucket: "files", policy: unknown })]],
    ["unknown", "unknown resources", [bucket("files"), policy({ Resource: [unknown, unknown] }, false)]],
    ["na", "no bucket", []],
  ],
  "cloudflare-tls-strict": [
    ["pass", "all four", tls()],
    ["pass", "tls_1_3 is on by default", tls({ tls_1_3: undefined })],
    ["pass", "1.3 as minimum", tls({ min_tls_version: "1.3" })],
    ["pass", "1.2 as a number", tls({ min_tls_version: 1.2 })],
    ["fail", "1.1 as a number", tls({ min_tls_version: 1.1 }), /value is 1.1 for min_tls_version/],
    ["fail", "full is not strict", tls({ ssl: "full" }), /value is "full" for ssl, requires "strict"/],
    ["fail", "no ssl", tls({ ssl: undefined }), /zone z1: no ZoneSetting sets ssl/],
    ["fail", "HTTP", tls({ always_use_https: "off" })],
    ["fail", "no always_use_https", tls({ always_use_https: undefined })],
    ["fail", "1.0", tls({ min_tls_version: "1.0" })],
    ["fail", "no minimum", tls({ min_tls_version: undefined })],
    ["fail", "a minimum of a wrong type", tls({ min_tls_version: { v: 1.2 } })],
    ["fail", "1.3 off", tls({ tls_1_3: "off" })],
    [
      "fail",
      "an id as the documentation mangles it",
      tls({ always_use_https: undefined, alwaysUseHttps: "on" }),
      /settingId is "alwaysUseHttps", requires "always_use_https"/,
    ],
    ["fail", "a second setting that contradicts", [...tls(), { ...setting("ssl", "off"), name: "again" }]],
    ["fail", "a second zone without settings", [...tls(), setting("ssl", "strict", "z2")], /zone z2/],
    ["unknown", "an unknown value", tls({ ssl: unknown })],
    [
      "pass",
      "a zone of the stack, by dependency",
      [
        r("cloudflare:index/zone:Zone", "zone", { id: unknown }),
        ...tls().map((s) => ({ ...s, props: { ...s.props, zoneId: unknown }, from: { zoneId: ["zone"] } })),
      ],
    ],
    [
      "fail",
      "a zone of the stack without any",
      [r("cloudflare:index/zone:Zone", "zone", { id: "z9" })],
      /^Zone zone: no ZoneSetting sets ssl/,
    ],
    ["na", "no zone", [r("aws:ec2/vpc:Vpc", "vpc")]],
  ],
  "hsts-one-year": [
    ["pass", "a year", hsts({ max_age: YEAR })],
    ["pass", "more", hsts({ max_age: YEAR + 1 })],
    ["fail", "a second less", hsts({ max_age: YEAR - 1 }), /max_age is 31535999/],
    ["pass", "as text", hsts({ max_age: String(YEAR) })],
    ["fail", "a wrong type", hsts({ max_age: "one year" })],
    ["fail", "unset", hsts({})],
    ["fail", "off", hsts({ max_age: YEAR, enabled: false }), /enabled is false/],
    ["fail", "no setting", tls(), /no ZoneSetting sets security_header/],
    ["unknown", "unknown", hsts({ max_age: unknown })],
    [
      "pass",
      "camelCase, as a program may write it",
      [setting("security_header", { strictTransportSecurity: { enabled: true, maxAge: YEAR } })],
    ],
    ["pass", "AWS's managed policy, by literal id", [cdn("67f7725c-6f97-4210-82d7-5512b31e9d03")]],
    ["fail", "a distribution without a policy", [cdn(undefined)], /responseHeadersPolicyId is unset/],
    ["fail", "another literal id", [cdn("11111111-2222-3333-4444-555555555555")]],
    ["pass", "a policy of the stack", [cdn("h1"), headers(YEAR)]],
    ["fail", "a policy of half a year", [cdn("h1"), headers(YEAR / 2)]],
    [
      "pass",
      "an unknown id, by dependency",
      [
        cdn(unknown, { from: { defaultCacheBehavior: ["headers"] } }),
        { ...headers(YEAR), props: { ...headers(YEAR).props, id: unknown } },
      ],
    ],
    ["na", "neither", []],
  ],
};
