/** Over 300 lines: tables of cases, one line of reasoning each; two files would only split rules that share fixtures. */
import { secret, unknown } from "../pack.ts";
import { json, r, type Tables } from "./table.ts";

const DROPLET = "digitalocean:index/droplet:Droplet";
const ADDRESS = "digitalocean:index/reservedIp:ReservedIp";
const ASSIGNMENT = "digitalocean:index/reservedIpAssignment:ReservedIpAssignment";
const FIREWALL = "digitalocean:index/firewall:Firewall";
const DATABASE = "digitalocean:index/databaseCluster:DatabaseCluster";
const DATABASE_FIREWALL = "digitalocean:index/databaseFirewall:DatabaseFirewall";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const RULESET = "cloudflare:index/ruleset:Ruleset";
const CDN = "aws:cloudfront/distribution:Distribution";
const ACL = "aws:wafv2/webAcl:WebAcl";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

const droplet = (props: Record<string, unknown> = {}) => r(DROPLET, "web", { ipv4Address: "198.51.100.7", ...props });
const record = (props: Record<string, unknown> = {}, extra = {}) =>
  r(RECORD, "www", { zoneId: "z1", name: "www", type: "A", content: "198.51.100.7", proxied: true, ...props }, extra);
const waf = (rule: object = {}, props: object = {}) =>
  r(RULESET, "waf", {
    zoneId: "z1",
    kind: "zone",
    phase: "http_request_firewall_managed",
    rules: [{ action: "execute", expression: "true", enabled: true, actionParameters: { id: "m" }, ...rule }],
    ...props,
  });
const address = r(ADDRESS, "address", { ipAddress: unknown });
const assignment = r(
  ASSIGNMENT,
  "assignment",
  { ipAddress: unknown, dropletId: unknown },
  { from: { ipAddress: ["address"], dropletId: ["web"] } },
);

const limit = (ratelimit: object, rule: object = {}, name = "limit") =>
  r(RULESET, name, {
    zoneId: "z1",
    phase: "http_ratelimit",
    rules: [{ action: "block", expression: "true", enabled: true, ratelimit, ...rule }],
  });
const per10s = (requestsPerPeriod: unknown) => ({ requestsPerPeriod, period: 10 });
const acl = (limit: unknown, statement: object = {}, action: object = { block: {} }) =>
  r(ACL, "acl", { rules: [{ action, statement: { rateBasedStatement: { limit, ...statement } } }] });

const inbound = (...rules: object[]) => r(FIREWALL, "firewall", { tags: ["web"], dropletIds: [], inboundRules: rules });
const tcp = (portRange: unknown, sourceAddresses: unknown = ["0.0.0.0/0"], more = {}) => ({
  protocol: "tcp",
  portRange,
  sourceAddresses,
  ...more,
});
const tagged = r(DROPLET, "web", { tags: ["web"] });
const admin = ["203.0.113.8/32"];

const balancer = (props: object = {}) => r(BALANCER, "lb", { arn: "arn:lb", securityGroups: ["sg-1"], ...props });
const group = (ingress: object[]) => r(GROUP, "sg", { id: "sg-1", ingress });
const https = (sources: object) => ({ protocol: "tcp", fromPort: 443, toPort: 443, ...sources });

export const network: Tables = {
  "waf-in-front": [
    ["pass", "a proxied record of a zone with managed rules", [droplet(), record(), waf()]],
    ["fail", "no zone", [droplet()], /Droplet web: no proxied record/],
    ["fail", "not proxied", [droplet(), record({ proxied: false }), waf()]],
    ["fail", "proxied is off by default", [droplet(), record({ proxied: undefined }), waf()]],
    ["fail", "no managed rules", [droplet(), record()]],
    ["fail", "managed rules of another zone", [droplet(), record(), { ...waf({}, { zoneId: "z2" }) }]],
    ["fail", "managed rules off", [droplet(), record(), waf({ enabled: false })]],
    [
      "fail",
      "overridden to off",
      [droplet(), record(), waf({ actionParameters: { id: "m", overrides: { enabled: false } } })],
    ],
    [
      "fail",
      "overridden to log",
      [droplet(), record(), waf({ actionParameters: { id: "m", overrides: { action: "log" } } })],
    ],
    ["fail", "another phase", [droplet(), record(), waf({}, { phase: "http_request_firewall_custom" })]],
    ["fail", "a record to another address", [droplet(), record({ content: "198.51.100.8" }), waf()]],
    [
      "pass",
      "unknown address, by dependency",
      [droplet({ ipv4Address: unknown }), record({ content: unknown }, { from: { content: ["web"] } }), waf()],
    ],
    [
      "pass",
      "through a reserved address and its assignment",
      [
        droplet({ ipv4Address: unknown }),
        address,
        assignment,
        record({ content: unknown }, { from: { content: ["assignment"] } }),
        waf(),
      ],
    ],
    [
      "pass",
      "through a reserved address alone",
      [
        droplet({ ipv4Address: unknown }),
        address,
        assignment,
        record({ content: unknown }, { from: { content: ["address"] } }),
        waf(),
      ],
    ],
    ["unknown", "an unknown address without a dependency", [droplet(), record({ content: unknown }), waf()]],
    ["unknown", "unknown rules", [droplet(), record(), waf({}, { rules: unknown })]],
    ["pass", "the account's ruleset", [droplet(), record(), waf({}, { zoneId: undefined, kind: "root" })]],
    [
      "pass",
      "a legacy record",
      [
        droplet(),
        r("cloudflare:index/record:Record", "www", { zoneId: "z1", type: "A", value: "198.51.100.7", proxied: true }),
        waf(),
      ],
    ],
    ["pass", "a distribution with an ACL", [r(CDN, "cdn", { webAclId: "arn:acl" })]],
    ["fail", "a distribution without", [r(CDN, "cdn")], /webAclId is unset/],
    ["fail", "a distribution with an empty one", [r(CDN, "cdn", { webAclId: "" })]],
    ["pass", "an unknown ACL that is set", [r(CDN, "cdn", { webAclId: unknown })]],
    [
      "fail",
      "a regional ACL on a distribution",
      [r(CDN, "cdn", { webAclId: "arn:acl" }), r(ACL, "acl", { arn: "arn:acl", scope: "REGIONAL" })],
      /scope is "REGIONAL", requires "CLOUDFRONT"/,
    ],
    [
      "fail",
      "an ACL outside us-east-1",
      [
        r(CDN, "cdn", { webAclId: "arn:acl" }),
        r(ACL, "acl", { arn: "arn:acl", scope: "CLOUDFRONT", region: "eu-central-1" }),
      ],
      /requires "us-east-1"/,
    ],
    ["fail", "a public load balancer", [balancer()], /no WebAclAssociation/],
    ["fail", "the alb alias", [r("aws:alb/loadBalancer:LoadBalancer", "lb", { arn: "arn:lb" })]],
    ["pass", "an association", [balancer(), r(ASSOCIATION, "a", { resourceArn: "arn:lb", webAclArn: "arn:acl" })]],
    [
      "pass",
      "an internal load balancer behind the distribution",
      [balancer({ internal: true }), r(CDN, "cdn", { webAclId: "arn:acl" })],
    ],
    ["na", "nothing public", [r("aws:ec2/vpc:Vpc", "vpc")]],
  ],
  "rate-limit-present": [
    ["pass", "1,500 in five minutes", [limit(per10s(50))]],
    ["pass", "300, the lowest", [limit(per10s(10))]],
    ["fail", "270", [limit(per10s(9))], /requestsPerPeriod is 270 in five minutes, requires between 300 and 3000/],
    ["pass", "3,000, the highest", [limit(per10s(100))]],
    ["fail", "3,030", [limit(per10s(101))], /3030 in five minutes/],
    ["pass", "other bounds", [limit(per10s(101))], undefined, { highest: 5000 }],
    ["fail", "a zone without", [record()], /zone z1: no enabled rate limit/],
    ["fail", "logging", [limit(per10s(50), { action: "log" })], /only count or log/],
    ["fail", "off", [limit(per10s(50), { enabled: false })]],
    [
      "fail",
      "another phase",
      [{ ...limit(per10s(50)), props: { ...limit(per10s(50)).props, phase: "http_request_firewall_custom" } }],
    ],
    ["fail", "a wrong type", [limit(per10s("many"))], /not a number/],
    ["pass", "as text", [limit({ requestsPerPeriod: "50", period: "10" })]],
    ["unknown", "unknown", [limit(per10s(unknown))]],
    ["fail", "unset", [limit({ period: 10 })]],
    [
      "pass",
      "leaving some paths out is still the site",
      [limit(per10s(50), { expression: '(not starts_with(http.request.uri.path, "/build/"))' })],
    ],
    [
      "pass",
      "a login form may be stricter",
      [
        r(RULESET, "limits", {
          zoneId: "z1",
          phase: "http_ratelimit",
          rules: [
            { action: "block", expression: "true", ratelimit: per10s(50) },
            { action: "block", expression: 'http.request.uri.path eq "/login"', ratelimit: per10s(2) },
          ],
        }),
      ],
    ],
    [
      "fail",
      "the deprecated resource does nothing",
      [record(), r("cloudflare:index/rateLimit:RateLimit", "old", { zoneId: "z1", threshold: 1500, period: 300 })],
    ],
    ["pass", "WAF, 2,000 in five minutes", [acl(2000)]],
    ["pass", "WAF, 300 a minute", [acl(300, { evaluationWindowSec: 60 })]],
    ["fail", "WAF, 50 a minute", [acl(50, { evaluationWindowSec: 60 })], /limit is 250 in five minutes/],
    ["fail", "WAF, 3,001", [acl(3001)]],
    ["fail", "WAF, counting", [acl(2000, {}, { count: {} })]],
    ["fail", "WAF without", [r(ACL, "acl", { rules: [] })]],
    [
      "pass",
      "WAF rules as JSON",
      [
        r(ACL, "acl", {
          ruleJson: json([{ Action: { Block: {} }, Statement: { RateBasedStatement: { Limit: 2000 } } }]),
        }),
      ],
    ],
    [
      "pass",
      "an API that throttles",
      [r("aws:apigatewayv2/stage:Stage", "api", { defaultRouteSettings: { throttlingRateLimit: 50 } })],
    ],
    ["fail", "an API that does not", [r("aws:apigatewayv2/stage:Stage", "api", {})]],
    ["fail", "a droplet with neither", [droplet()], /^stack: no rate limit/],
    ["na", "nothing public", []],
  ],
  "dns-proxied": [
    ["pass", "proxied", [record()]],
    ["fail", "unset is off", [record({ proxied: undefined })], /proxied is unset, requires true/],
    ["fail", "off", [record({ proxied: false })]],
    ["pass", "as text", [record({ proxied: "true" })]],
    ["fail", "a wrong type", [record({ proxied: "yes" })]],
    ["unknown", "unknown", [record({ proxied: unknown })]],
    ["fail", "AAAA", [record({ type: "AAAA", proxied: false })]],
    ["fail", "CNAME", [record({ type: "CNAME", content: "www.example.org", proxied: false })]],
    ["na", "MX", [record({ type: "MX", proxied: false })]],
    ["na", "TXT", [record({ type: "TXT", proxied: false })]],
    ["pass", "a mail host", [record({ name: "mail.jatsmanor.ci", proxied: false })]],
    [
      "pass",
      "the validation of a certificate",
      [record({ type: "CNAME", name: "_abc.jatsmanor.ci", content: "_x.acm-validations.aws", proxied: false })],
    ],
    [
      "pass",
      "a CloudFront target must not be proxied",
      [record({ type: "CNAME", content: "d1.cloudfront.net", proxied: false })],
    ],
    [
      "fail",
      "a proxied CloudFront target",
      [record({ type: "CNAME", content: "d1.cloudfront.net" })],
      /requires false in front of CloudFront/,
    ],
    ["pass", "a listed name", [record({ name: "vpn", proxied: false })], undefined, { unproxied: ["vpn"] }],
    ["unknown", "an unknown name", [record({ name: unknown, proxied: false })]],
    ["unknown", "an unknown CNAME target", [record({ type: "CNAME", content: unknown, proxied: false })]],
    ["fail", "an unknown address is an address", [record({ content: unknown, proxied: false })]],
    [
      "fail",
      "a legacy record",
      [r("cloudflare:index/record:Record", "www", { name: "www", type: "A", value: "198.51.100.7" })],
    ],
    ["na", "another type", [droplet()]],
  ],
  "origin-not-bypassable": [
    ["pass", "Cloudflare's ranges", [inbound(tcp("443", ["173.245.48.0/20", "2400:cb00::/32"]))]],
    ["pass", "a part of one", [inbound(tcp("443", ["104.16.0.0/20"]))]],
    ["fail", "everybody", [inbound(tcp("443"))], /inboundRules\[0\]\.sourceAddresses is open to 0\.0\.0\.0\/0/],
    ["fail", "everybody over IPv6", [inbound(tcp("443", ["173.245.48.0/20", "::/0"]))], /open to ::\/0/],
    ["fail", "half of everybody", [inbound(tcp("80", ["128.0.0.0/1"]))]],
    ["fail", "a port range", [inbound(tcp("1-65535"))]],
    ["fail", "all ports", [inbound(tcp("all"))]],
    ["fail", 'ports "0"', [inbound(tcp("0"))]],
    ["fail", "no port range", [inbound(tcp(undefined))]],
    ["pass", "another port", [inbound(tcp("8443"))]],
    ["pass", "81 is not 80", [inbound(tcp("81-442"))]],
    ["pass", "a single health checker", [inbound(tcp("443", ["203.0.113.8"]))]],
    ["pass", "the private network", [inbound(tcp("443", ["10.10.0.0/8"]))]],
    [
      "pass",
      "droplets and load balancers",
      [inbound({ protocol: "tcp", portRange: "443", sourceLoadBalancerUids: ["lb"] })],
    ],
    ["pass", "ICMP", [inbound({ protocol: "icmp", sourceAddresses: ["0.0.0.0/0"] })]],
    ["pass", "a denial", [inbound(tcp("443", ["0.0.0.0/0"], { action: "deny" }))]],
    ["fail", "not an address", [inbound(tcp("443", ["everybody"]))]],
    ["unknown", "unknown sources", [inbound(tcp("443", unknown))]],
    ["unknown", "an unknown source", [inbound(tcp("443", ["173.245.48.0/20", unknown]))]],
    ["fail", "a secret source", [inbound(tcp("443", secret(["0.0.0.0/0"])))], /sourceAddresses is \[secret\]/],
    ["pass", "other ranges", [inbound(tcp("443", ["198.18.0.0/15"]))], undefined, { edgeRanges: ["198.18.0.0/15"] }],
    ["pass", "a load balancer open to the prefix list", [balancer(), group([https({ prefixListIds: ["pl-1"] })])]],
    ["fail", "a load balancer open to everybody", [balancer(), group([https({ cidrBlocks: ["0.0.0.0/0"] })])]],
    ["fail", "over IPv6", [balancer(), group([https({ ipv6CidrBlocks: ["::/0"] })])]],
    [
      "fail",
      "by a rule of its own",
      [
        balancer(),
        group([]),
        r("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
          securityGroupId: "sg-1",
          fromPort: 443,
          toPort: 443,
          cidrIpv4: "0.0.0.0/0",
        }),
      ],
      /SecurityGroupIngressRule rule: cidrIpv4 is open/,
    ],
    [
      "fail",
      "all protocols",
      [balancer(), group([{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }])],
    ],
    [
      "pass",
      "an internal load balancer",
      [balancer({ internal: true }), inbound(tcp("8443")), group([https({ cidrBlocks: ["0.0.0.0/0"] })])],
    ],
    ["na", "no firewall", [droplet()]],
  ],
  "do-firewall-covers-droplets": [
    ["pass", "by a common tag", [tagged, inbound(tcp("22", admin))]],
    ["fail", "no firewall", [tagged], /Droplet web: no Firewall covers it/],
    ["fail", "another tag", [r(DROPLET, "web", { tags: ["db"] }), inbound(tcp("22", admin))]],
    ["pass", "by id", [r(DROPLET, "web", { id: "7" }), r(FIREWALL, "f", { dropletIds: [7], inboundRules: [] })]],
    [
      "pass",
      "by an unknown id, by dependency",
      [
        r(DROPLET, "web", { id: unknown }),
        r(FIREWALL, "f", { dropletIds: [unknown] }, { from: { dropletIds: ["web"] } }),
      ],
    ],
    [
      "unknown",
      "by an unknown id without a dependency",
      [r(DROPLET, "web", { id: "7" }), r(FIREWALL, "f", { dropletIds: unknown })],
    ],
    ["unknown", "unknown tags", [r(DROPLET, "web", { tags: unknown }), inbound(tcp("22", admin))]],
    [
      "fail",
      "of two droplets one",
      [
        r(DROPLET, "a", { id: unknown }),
        r(DROPLET, "b", { id: unknown }),
        r(FIREWALL, "f", { dropletIds: [unknown] }, { from: { dropletIds: ["a"] } }),
      ],
      /Droplet b: no Firewall/,
    ],
    [
      "fail",
      "SSH open",
      [tagged, inbound(tcp("22"))],
      /open to 0\.0\.0\.0\/0 on port 22, requires the administrators' own networks/,
    ],
    ["fail", "SSH open over IPv6", [tagged, inbound(tcp("22", ["::/0"]))]],
    ["fail", "SSH in a range", [tagged, inbound(tcp("20-30"))]],
    ["fail", "MySQL", [tagged, inbound(tcp("3306"))]],
    ["fail", "Redis in all ports", [tagged, inbound(tcp("all"))], /22, 3306, 6379/],
    ["pass", "21-21 is not 22", [tagged, inbound(tcp("21"), tcp("23-3305"))]],
    ["pass", "a denial", [tagged, inbound(tcp("22", ["0.0.0.0/0"], { action: "deny" }))]],
    ["pass", "UDP 22", [tagged, inbound({ ...tcp("22"), protocol: "udp" })]],
    ["pass", "a /16 of the office", [tagged, inbound(tcp("22", ["203.0.0.0/16"]))]],
    ["fail", "a /15 is nobody's office", [tagged, inbound(tcp("22", ["203.0.0.0/15"]))]],
    ["unknown", "unknown sources", [tagged, inbound(tcp("22", [unknown]))]],
    ["na", "no droplet", []],
  ],
  "do-private-data": [
    ["pass", "a droplet in the VPC with a key", [r(DROPLET, "web", { vpcUuid: "v", sshKeys: ["1"] })]],
    ["pass", "an unknown VPC is set", [r(DROPLET, "web", { vpcUuid: unknown, sshKeys: [unknown] })]],
    ["fail", "the default network", [r(DROPLET, "web", { sshKeys: ["1"] })], /vpcUuid is unset/],
    ["fail", "no keys", [r(DROPLET, "web", { vpcUuid: "v" })], /sshKeys is unset/],
    ["fail", "an empty list of keys", [r(DROPLET, "web", { vpcUuid: "v", sshKeys: [] })], /sshKeys is an empty list/],
    ["unknown", "unknown keys", [r(DROPLET, "web", { vpcUuid: "v", sshKeys: unknown })]],
    [
      "pass",
      "a database with trusted sources",
      [
        r(DATABASE, "db", { id: "d", privateNetworkUuid: "v" }),
        r(DATABASE_FIREWALL, "f", { clusterId: "d", rules: [{ type: "droplet", value: "7" }] }),
      ],
    ],
    [
      "fail",
      "a database without trusted sources",
      [r(DATABASE, "db", { id: "d", privateNetworkUuid: "v" })],
      /no DatabaseFirewall/,
    ],
    [
      "fail",
      "a database outside the VPC",
      [r(DATABASE, "db", { id: "d" }), r(DATABASE_FIREWALL, "f", { clusterId: "d", rules: [] })],
    ],
    ...["0.0.0.0/0", "::/0", "0.0.0.0/1"].map(
      (value) =>
        [
          "fail",
          `trusted ${value}`,
          [
            r(DATABASE, "db", { id: "d", privateNetworkUuid: "v" }),
            r(DATABASE_FIREWALL, "f", { clusterId: "d", rules: [{ type: "ip_addr", value }] }),
          ],
        ] as const,
    ),
    [
      "pass",
      "a tag that looks like nothing",
      [r(DATABASE_FIREWALL, "f", { clusterId: "d", rules: [{ type: "tag", value: "web" }] })],
    ],
    ["na", "another type", [r(ADDRESS, "a")]],
  ],
};
