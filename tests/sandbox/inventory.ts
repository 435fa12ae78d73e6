/** Valid resources of the kinds the first stack uses, with known values where references do not matter. */
import type { Resource } from "../../sandbox/honesty.ts";

const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
const connection = { host: "203.0.113.10", user: "deploy", port: 22, privateKey: "key" };

export const mvpLike: readonly Resource[] = [
  {
    type: "digitalocean:index/vpc:Vpc",
    inputs: { name: "net", region: "fra1", ipRange: "10.10.0.0/20", description: "private" },
  },
  {
    type: "digitalocean:index/droplet:Droplet",
    inputs: {
      name: "web",
      image: "ubuntu-24-04-x64",
      size: "s-4vcpu-8gb",
      region: "fra1",
      vpcUuid: "uuid",
      backups: true,
      backupPolicy: { plan: "daily", hour: 4 },
      monitoring: true,
      ipv6: true,
      sshKeys: ["12345678"],
      tags: ["env:mvp"],
      userData: "#cloud-config\n",
      dropletAgent: true,
    },
  },
  { type: "digitalocean:index/reservedIp:ReservedIp", inputs: { region: "fra1" } },
  {
    type: "digitalocean:index/reservedIpAssignment:ReservedIpAssignment",
    inputs: { ipAddress: "203.0.113.10", dropletId: 123456789 },
  },
  {
    type: "digitalocean:index/firewall:Firewall",
    inputs: {
      name: "fw",
      dropletIds: [123456789],
      inboundRules: [
        { protocol: "tcp", portRange: "443", sourceAddresses: ["173.245.48.0/20"] },
        { protocol: "tcp", portRange: "22", sourceAddresses: ["198.51.100.0/24"] },
      ],
      outboundRules: [{ protocol: "tcp", portRange: "1-65535", destinationAddresses: ["0.0.0.0/0", "::/0"] }],
    },
  },
  {
    type: "digitalocean:index/project:Project",
    inputs: {
      name: "jatsmanor",
      environment: "production",
      purpose: "Web Application",
      description: "the marketplace",
    },
  },
  {
    type: "digitalocean:index/projectResources:ProjectResources",
    inputs: { project: "uuid", resources: ["do:droplet:123456789"] },
  },
  { type: "digitalocean:index/sshKey:SshKey", inputs: { name: "ops", publicKey: "ssh-ed25519 AAAA ops" } },
  {
    type: "digitalocean:index/uptimeCheck:UptimeCheck",
    inputs: { name: "site", target: "https://jatsmanor.example", type: "https", regions: ["eu_west"], enabled: true },
  },
  {
    type: "digitalocean:index/uptimeAlert:UptimeAlert",
    inputs: {
      name: "down",
      checkId: "uuid",
      type: "down",
      period: "2m",
      comparison: "less_than",
      threshold: 1,
      notifications: [{ emails: ["ops@jatsmanor.example"] }],
    },
  },
  {
    type: "digitalocean:index/monitorAlert:MonitorAlert",
    inputs: {
      alerts: { emails: ["ops@jatsmanor.example"] },
      compare: "GreaterThan",
      description: "CPU",
      type: "v1/insights/droplet/cpu",
      value: 80,
      window: "5m",
      entities: ["123456789"],
    },
  },
  {
    type: "cloudflare:index/dnsRecord:DnsRecord",
    inputs: {
      zoneId,
      name: "jatsmanor.example",
      type: "A",
      content: "203.0.113.10",
      proxied: true,
      ttl: 1,
      comment: "apex",
    },
  },
  { type: "cloudflare:index/zoneSetting:ZoneSetting", inputs: { zoneId, settingId: "ssl", value: "strict" } },
  {
    type: "cloudflare:index/ruleset:Ruleset",
    inputs: {
      zoneId,
      kind: "zone",
      name: "limits",
      phase: "http_ratelimit",
      description: "logins",
      rules: [
        {
          action: "block",
          expression: "true",
          description: "logins",
          ratelimit: {
            characteristics: ["ip.src", "cf.colo.id"],
            period: 60,
            requestsPerPeriod: 10,
            mitigationTimeout: 60,
          },
        },
      ],
    },
  },
  {
    type: "cloudflare:index/originCaCertificate:OriginCaCertificate",
    inputs: {
      csr: "-----BEGIN CERTIFICATE REQUEST-----",
      hostnames: ["jatsmanor.example"],
      requestType: "origin-rsa",
      requestedValidity: 5475,
    },
  },
  {
    type: "aws:s3/bucket:Bucket",
    inputs: {
      bucket: "jatsmanor-mvp-backups",
      forceDestroy: false,
      objectLockEnabled: true,
      tags: { project: "jatsmanor" },
    },
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    inputs: { bucket: "jatsmanor-mvp-backups", versioningConfiguration: { status: "Enabled" } },
  },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs: {
      bucket: "jatsmanor-mvp-backups",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
  },
  {
    type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    inputs: {
      bucket: "jatsmanor-mvp-backups",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
    },
  },
  {
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    inputs: {
      bucket: "jatsmanor-mvp-backups",
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: { prefix: "dumps/" },
          expiration: { days: 35 },
          noncurrentVersionExpiration: { noncurrentDays: 7 },
        },
      ],
    },
  },
  {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    inputs: { bucket: "jatsmanor-mvp-backups", policy: '{"Version":"2012-10-17","Statement":[]}' },
  },
  { type: "aws:iam/user:User", inputs: { name: "backup-writer", path: "/machines/", tags: { project: "jatsmanor" } } },
  { type: "aws:iam/group:Group", inputs: { name: "operators", path: "/" } },
  {
    type: "aws:iam/policy:Policy",
    inputs: { name: "write-only", path: "/", description: "dumps", policy: '{"Version":"2012-10-17","Statement":[]}' },
  },
  {
    type: "aws:iam/userPolicy:UserPolicy",
    inputs: { name: "write-only", user: "backup-writer", policy: '{"Version":"2012-10-17","Statement":[]}' },
  },
  {
    type: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    inputs: { group: "operators", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
  },
  { type: "aws:iam/accessKey:AccessKey", inputs: { user: "backup-writer", status: "Active" } },
  { type: "tls:index/privateKey:PrivateKey", inputs: { algorithm: "RSA", rsaBits: 2048 } },
  {
    type: "tls:index/certRequest:CertRequest",
    inputs: { privateKeyPem: "key", dnsNames: ["jatsmanor.example"], subject: { commonName: "jatsmanor.example" } },
  },
  {
    type: "random:index/randomPassword:RandomPassword",
    inputs: { length: 32, special: false, keepers: { rotated: "2026" } },
  },
  { type: "random:index/randomId:RandomId", inputs: { byteLength: 4, prefix: "jats-" } },
  {
    type: "command:remote:Command",
    inputs: {
      connection,
      create: "apply",
      update: "apply",
      stdin: "bundle",
      logging: "none",
      triggers: ["hash"],
      environment: { A: "b" },
    },
  },
];
