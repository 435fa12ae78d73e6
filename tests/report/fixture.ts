/** A state of the single-server stack as the engine exports it, written by hand, and the rehearsal's result around it. */
import type { Change, RehearsalResult, StateResource } from "../../tools/report/model.ts";

/** In every resource's inputs and outputs: no report may show it. */
export const CANARY = "canary-7f3a-not-to-be-shown";

const STACK = "urn:pulumi:mvp::jatsmanor::pulumi:pulumi:Stack::jatsmanor-mvp";

const COMPONENTS: Record<string, string> = {
  network: "digitalocean:Network",
  server: "digitalocean:Server",
  firewall: "digitalocean:Firewall",
  alerting: "digitalocean:Alerting",
  project: "digitalocean:Project",
  edge: "cloudflare:Edge",
  dns: "cloudflare:Dns",
  certificate: "cloudflare:OriginCertificate",
  backup: "aws:OffsiteBackup",
  host: "host:Bundle",
};

const camel = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1);

/** [component, name after the component's, type, names it uses, protected] */
type Row = [string, string, string, string[]?, boolean?];
const ROWS: Row[] = [
  ["network", "vpc", "digitalocean:index:Vpc"],
  ["server", "deploy-key-pair", "tls:index:PrivateKey"],
  ["server", "deploy-key", "digitalocean:index:SshKey", ["server-deploy-key-pair"]],
  ["server", "droplet", "digitalocean:index:Droplet", ["network-vpc", "server-deploy-key"], true],
  ["server", "address", "digitalocean:index:ReservedIp", [], true],
  ["server", "address-assignment", "digitalocean:index:ReservedIpAssignment", ["server-address", "server-droplet"]],
  ["firewall", "rules", "digitalocean:index:Firewall", ["server-droplet"]],
  ["project", "project", "digitalocean:index:Project", ["server-droplet", "server-address"]],
  ["edge", "ssl", "cloudflare:index:ZoneSetting", [], true],
  ["edge", "always-use-https", "cloudflare:index:ZoneSetting", [], true],
  ["edge", "automatic-https-rewrites", "cloudflare:index:ZoneSetting", [], true],
  ["edge", "min-tls-version", "cloudflare:index:ZoneSetting", [], true],
  ["edge", "tls-1-3", "cloudflare:index:ZoneSetting", [], true],
  ["edge", "security-header", "cloudflare:index:ZoneSetting", [], true],
  ["edge", "waf", "cloudflare:index:Ruleset"],
  ["edge", "rate-limit", "cloudflare:index:Ruleset"],
  ["dns", "jatsmanor.example", "cloudflare:index:DnsRecord", ["server-address-assignment"]],
  ["dns", "www.jatsmanor.example", "cloudflare:index:DnsRecord", ["server-address-assignment"]],
  ["certificate", "key", "tls:index:PrivateKey", [], true],
  ["certificate", "request", "tls:index:CertRequest", ["certificate-key"]],
  ["certificate", "certificate", "cloudflare:index:OriginCaCertificate", ["certificate-request"]],
  ["backup", "bucket", "aws:s3:Bucket", [], true],
  ["backup", "block-public", "aws:s3:BucketPublicAccessBlock", ["backup-bucket"]],
  ["backup", "ownership", "aws:s3:BucketOwnershipControls", ["backup-bucket"]],
  ["backup", "encryption", "aws:s3:BucketServerSideEncryptionConfiguration", ["backup-bucket"]],
  ["backup", "versioning", "aws:s3:BucketVersioning", ["backup-bucket"]],
  ["backup", "lifecycle", "aws:s3:BucketLifecycleConfiguration", ["backup-bucket", "backup-versioning"]],
  ["backup", "policy", "aws:s3:BucketPolicy", ["backup-bucket"]],
  ["backup", "writers", "aws:iam:Group"],
  ["backup", "write-only", "aws:iam:GroupPolicy", ["backup-writers", "backup-bucket"]],
  ["backup", "writer", "aws:iam:User"],
  ["backup", "membership", "aws:iam:UserGroupMembership", ["backup-writer", "backup-writers"]],
  ["backup", "writer-key", "aws:iam:AccessKey", ["backup-writer", "backup-membership"]],
  ["alerting", "uptime", "digitalocean:index:UptimeCheck", ["dns-jatsmanor.example"]],
  ["alerting", "site-down", "digitalocean:index:UptimeAlert", ["alerting-uptime"]],
  ["alerting", "slow-responses", "digitalocean:index:UptimeAlert", ["alerting-uptime"]],
  ["alerting", "certificate-expiry", "digitalocean:index:UptimeAlert", ["alerting-uptime"]],
  ["alerting", "cpu-high", "digitalocean:index:MonitorAlert", ["server-droplet"]],
  ["alerting", "memory-high", "digitalocean:index:MonitorAlert", ["server-droplet"]],
  ["alerting", "disk-low", "digitalocean:index:MonitorAlert", ["server-droplet"]],
  ["host", "database-password", "random:index:RandomPassword", [], true],
  [
    "host",
    "apply",
    "command:remote:Command",
    [
      "server-deploy-key-pair",
      "server-address-assignment",
      "server-droplet",
      "certificate-certificate",
      "certificate-key",
      "backup-bucket",
      "backup-writer-key",
      "host-database-password",
    ],
  ],
];

const componentUrn = (name: string) => `urn:pulumi:mvp::jatsmanor::jatsmanor:${COMPONENTS[name]}::${name}`;

function token(type: string): string {
  const [pkg, module, name] = type.split(":") as [string, string, string];
  return `${pkg}:${module}/${camel(name)}:${name}`;
}

const rowUrn = ([component, name, type]: Row) =>
  `urn:pulumi:mvp::jatsmanor::jatsmanor:${COMPONENTS[component]}$${token(type)}::${component}-${name}`;

/** URN of a resource or a component by its logical name. */
export function urn(name: string): string {
  const row = ROWS.find((candidate) => `${candidate[0]}-${candidate[1]}` === name);
  if (row !== undefined) return rowUrn(row);
  if (name in COMPONENTS) return componentUrn(name);
  throw new Error(`the fixture has no resource "${name}"`);
}

export function state(): StateResource[] {
  const components = Object.keys(COMPONENTS).map((name) => ({
    urn: componentUrn(name),
    type: `jatsmanor:${COMPONENTS[name]}`,
    custom: false,
    parent: STACK,
    inputs: { secret: CANARY },
  }));
  const provider = { urn: "urn:pulumi:mvp::jatsmanor::pulumi:providers:aws::default", type: "pulumi:providers:aws" };
  const resources = ROWS.map((row, index): StateResource => {
    const uses = (row[3] ?? []).map(urn);
    return {
      urn: rowUrn(row),
      type: token(row[2]),
      custom: true,
      id: `id-${index}`,
      parent: componentUrn(row[0]),
      protect: row[4] ?? false,
      dependencies: uses,
      propertyDependencies: { name: uses, secret: [] },
      inputs: { name: `jatsmanor-mvp-${row[1]}`, secret: CANARY, nested: { list: [CANARY] } },
      outputs: { secret: CANARY, ipAddress: "192.0.2.10" },
    };
  });
  return [
    { urn: STACK, type: "pulumi:pulumi:Stack", custom: false },
    { ...provider, custom: true, parent: STACK, inputs: { token: CANARY } },
    ...components,
    ...resources,
  ];
}

const created = (): Change[] => state().map((resource) => ({ op: "create", urn: resource.urn, properties: [] }));

/** A first rehearsal where everything went well; override what a case needs. */
export function result(overrides: Partial<RehearsalResult> = {}): RehearsalResult {
  return {
    summary: {
      stack: "mvp",
      phase: "mvp",
      resources: ROWS.length,
      created: created().length - 1, // the engine logs its default provider, but does not count it
      updated: 0,
      replaced: 0,
      deleted: 0,
      policies: { mandatory: 0, advisory: 1, remediated: 0, exempted: 1, undetermined: 1 },
      cost: null,
      seconds: 12.34,
    },
    operation: "update",
    succeeded: true,
    resources: state(),
    changes: created(),
    findings: [
      {
        rule: "mfa-attestation",
        urn: "",
        level: "advisory",
        message: "stack: mfaAttestation is unset, requires a dated statement. Fix: set jatsmanor:mfaAttestation.",
      },
      {
        rule: "waf-in-front",
        urn: urn("edge-waf"),
        level: "exempted",
        message: "edge-waf: the ruleset is the free one, requires the managed one.",
        exception: "OPS-12: the pro plan is bought with the first paying hosts",
      },
      {
        rule: "origin-not-bypassable",
        urn: urn("firewall-rules"),
        level: "undetermined",
        message: "firewall-rules: undetermined: sourceAddresses is not known in a preview; the update decides",
      },
    ],
    errors: [],
    warnings: [],
    outputs: {
      appUrl: "https://jatsmanor.example",
      serverAddress: "192.0.2.10",
      databasePassword: "[secret]",
      runbooks: { restore: "docs/runbooks/restore.md" },
    },
    engine: { version: "3.274.1", origin: "downloaded" },
    date: "2026-08-01T00:00:00Z",
    ...overrides,
  };
}
