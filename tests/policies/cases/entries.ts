/** What stands between the internet and the stack. */
import { secret, unknown } from "../pack.ts";
import { json, r, type Tables } from "./table.ts";

type Props = Record<string, unknown>;
const ACL = "aws:wafv2/webAcl:WebAcl";
const RULESET = "cloudflare:index/ruleset:Ruleset";
const LB = "aws:lb/loadBalancer:LoadBalancer";
const CDN = "aws:cloudfront/distribution:Distribution";
const vpc = [r("aws:ec2/vpc:Vpc", "vpc", { id: "vpc-1" })];
const igw = r("aws:ec2/internetGateway:InternetGateway", "igw", { id: "igw-1" });

const GROUPS = ["Common", "KnownBadInputs", "SQLi", "PHP"].map((n) => `AWSManagedRules${n}RuleSet`);
const managed = (name: string, more: Props = {}, group: Props = {}) => ({
  name,
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { name, vendorName: "AWS", ...group } },
  ...more,
});
const rulesOf = (...changed: Props[]) => [...GROUPS.slice(changed.length).map((g) => managed(g)), ...changed];
const acl = (props: Props) => r(ACL, "web", { arn: "arn:acl", ...props });
const first = GROUPS[0]!;
const capitals = (overrideAction: Props, names = GROUPS) =>
  json(
    names.map((Name) => ({ Name, OverrideAction: overrideAction, Statement: { ManagedRuleGroupStatement: { Name } } })),
  );
const separate = (name: string, props: Props = {}) =>
  r("aws:wafv2/webAclRule:WebAclRule", name, { webAclArn: "arn:acl", ...managed(name), ...props });
const associated = (name: string, overrideAction = "none", group: Props = {}) =>
  r("aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation", name, {
    webAclArn: "arn:acl",
    overrideAction,
    managedRuleGroup: { name, ...group },
  });
const cloudflare = (overrides: Props, phase = "http_request_firewall_managed") => [
  r(RULESET, "waf", { phase, rules: [{ action: "execute", actionParameters: { id: "x", overrides } }] }),
];

const logging = (props: Props = {}, extra = {}) =>
  r(
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    "logging",
    {
      resourceArn: "arn:acl",
      logDestinationConfigs: ["arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-web"],
      ...props,
    },
    extra,
  );

const balancer = (props: Props = {}, type = LB) =>
  r(type, "web", { dnsName: "web.elb.amazonaws.com", arn: "arn:lb", ...props });
const eip = r("aws:ec2/eip:Eip", "ip", { id: "eip-1", publicIp: "198.51.100.7" });

const group = (...ingress: unknown[]) => [r("aws:ec2/securityGroup:SecurityGroup", "sg", { ingress })];
const open = (fromPort: unknown, toPort: unknown = fromPort, more: Props = {}) => ({
  protocol: "tcp",
  fromPort,
  toPort,
  cidrBlocks: ["0.0.0.0/0"],
  ...more,
});
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const eks = (vpcConfig?: unknown) => [r("aws:eks/cluster:Cluster", "k8s", { vpcConfig })];

export const entries: Tables = {
  "waf-managed-rules-block": [
    ["pass", "all", [acl({ rules: rulesOf() })]],
    ...GROUPS.map(
      (g) =>
        [
          "fail",
          `without ${g}`,
          [acl({ rules: GROUPS.filter((n) => n !== g).map((n) => managed(n)) })],
          new RegExp(`does not run ${g}`),
        ] as const,
    ),
    ["fail", "none", [acl({})], /WebAcl web: it does not run .*, requires each/],
    [
      "fail",
      "a group that counts",
      [acl({ rules: rulesOf(managed(first, { overrideAction: { count: {} } })) })],
      /rules\[3\]\.overrideAction is set to count/,
    ],
    [
      "warn",
      "a rule that counts",
      [
        acl({
          rules: rulesOf(
            managed(
              first,
              {},
              { ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }] },
            ),
          ),
        }),
      ],
      /"SizeRestrictions_BODY" of "AWSManagedRulesCommonRuleSet" only count/,
    ],
    [
      "pass",
      "a rule that blocks",
      [
        acl({
          rules: rulesOf(managed(first, {}, { ruleActionOverrides: [{ name: "x", actionToUse: { block: {} } }] })),
        }),
      ],
    ],
    ["warn", "a rule left out", [acl({ rules: rulesOf(managed(first, {}, { excludedRules: [{ name: "x" }] })) })]],
    ["pass", "as JSON", [acl({ ruleJson: capitals({ None: {} }) })]],
    ["fail", "as JSON, counting", [acl({ ruleJson: capitals({ Count: {} }) })], /ruleJson is set to count/],
    ["fail", "as JSON, one missing", [acl({ ruleJson: capitals({ None: {} }, GROUPS.slice(1)) })]],
    ["fail", "as broken JSON", [acl({ ruleJson: "[" })]],
    ["fail", "as a secret JSON", [acl({ ruleJson: secret(capitals({ Count: {} })) })], /ruleJson is \[secret\]/],
    ["pass", "rules of their own", [acl({}), ...GROUPS.map((g) => separate(g))]],
    [
      "fail",
      "rules of their own, counting",
      [acl({}), ...GROUPS.map((g) => separate(g, { overrideAction: { count: {} } }))],
    ],
    ["fail", "rules of another ACL", [acl({}), ...GROUPS.map((g) => separate(g, { webAclArn: "arn:other" }))]],
    [
      "unknown",
      "rules of some ACL",
      [acl({ arn: unknown }), ...GROUPS.map((g) => separate(g, { webAclArn: unknown }))],
    ],
    ["pass", "groups associated", [acl({}), ...GROUPS.map((g) => associated(g))]],
    [
      "fail",
      "groups associated, counting",
      [acl({}), ...GROUPS.map((g) => associated(g, "count"))],
      /overrideAction is set to count/,
    ],
    [
      "warn",
      "groups associated, a rule counting",
      [
        acl({}),
        ...GROUPS.map((g) =>
          associated(g, "none", { ruleActionOverrides: [{ name: "x", actionToUse: { count: {} } }] }),
        ),
      ],
    ],
    ["unknown", "unknown", [acl({ rules: unknown })]],
    ["fail", "a wrong type", [acl({ rules: "all" })]],
    ["pass", "other groups by parameter", [acl({ rules: [managed("Own")] })], undefined, { groups: ["Own"] }],
    ["fail", "Cloudflare, switched off", cloudflare({ enabled: false }), /overrides\.enabled is false, requires true/],
    ["pass", "Cloudflare, on", cloudflare({ enabled: true })],
    ["fail", "Cloudflare, logging", cloudflare({ action: "log" })],
    ["pass", "Cloudflare, blocking", cloudflare({ action: "block" })],
    ["warn", "Cloudflare, one rule off", cloudflare({ rules: [{ id: "1", enabled: false }] })],
    [
      "warn",
      "Cloudflare, a category that logs",
      cloudflare({ categories: [{ category: "wordpress", action: "log" }] }),
    ],
    ["pass", "Cloudflare, one rule on", cloudflare({ rules: [{ id: "1", enabled: true, action: "block" }] })],
    ["pass", "Cloudflare, another phase", cloudflare({ enabled: false }, "http_ratelimit")],
    ["na", "another type", vpc],
  ],
  "waf-logging": [
    ["pass", "logged", [acl({}), logging()]],
    ["fail", "not", [acl({})], /no WebAclLoggingConfiguration/],
    ["fail", "of another", [acl({}), logging({ resourceArn: "arn:other" })]],
    [
      "fail",
      "into a group that AWS does not take",
      [acl({}), logging({ logDestinationConfigs: ["arn:aws:logs:us-east-1:1:log-group:waf"] })],
      /requires a name that starts with aws-waf-logs-/,
    ],
    [
      "fail",
      "one of two that AWS does not take",
      [acl({}), logging({ logDestinationConfigs: ["arn:aws:s3:::aws-waf-logs-web", "arn:aws:s3:::logs"] })],
    ],
    [
      "pass",
      "in a preview",
      [
        acl({ arn: unknown }),
        r("aws:cloudwatch/logGroup:LogGroup", "log", { name: "aws-waf-logs-web", arn: unknown }),
        logging(
          { resourceArn: unknown, logDestinationConfigs: unknown },
          { from: { resourceArn: ["web"], logDestinationConfigs: ["log"] } },
        ),
      ],
    ],
    [
      "fail",
      "in a preview, a wrong name",
      [
        acl({ arn: unknown }),
        r("aws:cloudwatch/logGroup:LogGroup", "log", { name: "waf", arn: unknown }),
        logging(
          { resourceArn: unknown, logDestinationConfigs: unknown },
          { from: { resourceArn: ["web"], logDestinationConfigs: ["log"] } },
        ),
      ],
      /delivers to LogGroup log/,
    ],
    [
      "fail",
      "a bucket of a wrong name",
      [
        acl({}),
        r("aws:s3/bucket:Bucket", "logs", { bucket: "logs", arn: "arn:aws:s3:::logs" }),
        logging({ logDestinationConfigs: ["arn:aws:s3:::logs"] }),
      ],
    ],
    ["unknown", "of some ACL", [acl({ arn: unknown }), logging({ resourceArn: unknown })]],
    ["na", "another type", vpc],
  ],
  "ddos-plan": [
    [
      "pass",
      "behind the content network",
      [balancer(), r(CDN, "cdn", { origins: [{ domainName: "web.elb.amazonaws.com" }] })],
    ],
    ["fail", "in the open", [balancer()], /no distribution or proxied record/],
    ["fail", "a distribution of something else", [balancer(), r(CDN, "cdn", { origins: [{ domainName: "other" }] })]],
    ["na", "internal", [balancer({ internal: true })]],
    ["fail", "by its old name", [balancer({}, "aws:alb/loadBalancer:LoadBalancer")]],
    [
      "pass",
      "behind Cloudflare",
      [
        balancer(),
        r("cloudflare:index/dnsRecord:DnsRecord", "www", { content: "web.elb.amazonaws.com", proxied: true }),
      ],
    ],
    [
      "pass",
      "behind Cloudflare, old record",
      [balancer(), r("cloudflare:index/record:Record", "www", { value: "web.elb.amazonaws.com", proxied: true })],
    ],
    [
      "fail",
      "a record that is not proxied",
      [
        balancer(),
        r("cloudflare:index/dnsRecord:DnsRecord", "www", { content: "web.elb.amazonaws.com", proxied: false }),
      ],
    ],
    [
      "pass",
      "Shield Advanced",
      [balancer(), r("aws:shield/protection:Protection", "shield", { resourceArn: "arn:lb" })],
    ],
    [
      "unknown",
      "not known yet",
      [balancer({ dnsName: unknown }), r(CDN, "cdn", { origins: [{ domainName: unknown }] })],
    ],
    [
      "pass",
      "in a preview",
      [
        balancer({ dnsName: unknown }),
        r(CDN, "cdn", { origins: [{ domainName: unknown }] }, { from: { origins: ["web"] } }),
      ],
    ],
    ["fail", "an address", [eip], /Eip ip/],
    ["na", "a NAT gateway's address", [eip, r("aws:ec2/natGateway:NatGateway", "nat", { allocationId: "eip-1" })]],
    [
      "fail",
      "another address than the NAT gateway's",
      [eip, r("aws:ec2/natGateway:NatGateway", "nat", { allocationId: "eip-2" })],
    ],
    ["na", "another type", vpc],
  ],
  "aws-sg-no-open-admin-ports": [
    ["fail", "SSH", group(open(22)), /for port 22.*No exception is accepted/],
    ...[3306, 3389, 5432, 6379, 9200, 11211, 27017].map(
      (p) => ["fail", `port ${p}`, group(open(p)), new RegExp(`port ${p}`)] as const,
    ),
    ["pass", "HTTPS", group(open(443))],
    ["fail", "a range that holds one", group(open(3000, 3306))],
    ["fail", "a range from one", group(open(22, 30))],
    ["pass", "just below and above", group(open(0, 21), open(23, 3305))],
    ["fail", "every port by protocol", group(open(0, 0, { protocol: "-1" }))],
    ["fail", "every port by protocol in words", group(open(0, 0, { protocol: "ALL" }))],
    ["fail", "no port at all", group({ protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] })],
    ["pass", "ICMP", group(open(-1, -1, { protocol: "icmp" }))],
    ["fail", "IPv6", group(open(22, 22, { cidrBlocks: [], ipv6CidrBlocks: ["::/0"] })), /ipv6CidrBlocks/],
    ["fail", "in two halves", group(open(22, 22, { cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }))],
    ["pass", "an own range", group(open(22, 22, { cidrBlocks: ["198.51.100.0/24"] }))],
    ["pass", "a private range", group(open(22, 22, { cidrBlocks: ["10.0.0.0/8"] }))],
    ["pass", "another group", group(open(3306, 3306, { cidrBlocks: undefined, securityGroups: ["sg-1"] }))],
    ["fail", "ports as texts", group(open("22"))],
    ["fail", "a port of a wrong type", group(open("ssh"))],
    ["unknown", "unknown sources", group(open(22, 22, { cidrBlocks: unknown }))],
    ["unknown", "an unknown source", group(open(22, 22, { cidrBlocks: ["10.0.0.0/8", unknown] }))],
    ["unknown", "unknown ports", group(open(unknown))],
    ["unknown", "unknown rules", [r("aws:ec2/securityGroup:SecurityGroup", "sg", { ingress: unknown })]],
    ["fail", "one unknown, the next open", group(open(unknown), open(22))],
    ["fail", "a secret", group(open(22, 22, { cidrBlocks: secret(["0.0.0.0/0"]) })), /is \[secret\]/],
    ["pass", "what goes out", [r("aws:ec2/securityGroup:SecurityGroup", "sg", { egress: [open(22)] })]],
    ["fail", "a rule of its own", [r(RULE, "ssh", { type: "ingress", ...open(22) })]],
    ["na", "a rule of its own, out", [r(RULE, "ssh", { type: "egress", ...open(22) })]],
    [
      "fail",
      "the newer rule",
      [r(INGRESS, "ssh", { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" })],
    ],
    ["fail", "the newer rule, IPv6, every port", [r(INGRESS, "all", { ipProtocol: "-1", cidrIpv6: "::/0" })]],
    [
      "pass",
      "the newer rule, a group",
      [r(INGRESS, "db", { ipProtocol: "tcp", fromPort: 3306, toPort: 3306, referencedSecurityGroupId: unknown })],
    ],
    [
      "fail",
      "the default group",
      [r("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "d", { ingress: [open(22)] })],
    ],
    ["na", "another type", vpc],
  ],
  "aws-eks-endpoint": [
    ["pass", "private", eks({ endpointPublicAccess: false })],
    ["pass", "private, as a text", eks({ endpointPublicAccess: "false", publicAccessCidrs: ["0.0.0.0/0"] })],
    ["fail", "unset is open", eks({}), /unset, which is everybody/],
    ["fail", "nothing at all", eks()],
    ["fail", "public", eks({ endpointPublicAccess: true })],
    ["fail", "public to everybody", eks({ publicAccessCidrs: ["0.0.0.0/0"] }), /open to 0\.0\.0\.0\/0/],
    ["fail", "in two halves", eks({ publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"] })],
    ["pass", "known ranges", eks({ endpointPublicAccess: true, publicAccessCidrs: ["198.51.100.0/24"] })],
    ["fail", "known ranges and everybody", eks({ publicAccessCidrs: ["198.51.100.0/24", "::/0"] })],
    ["fail", "a wrong type", eks({ endpointPublicAccess: "no" })],
    ["unknown", "unknown", eks({ endpointPublicAccess: unknown })],
    ["unknown", "unknown ranges", eks({ publicAccessCidrs: unknown })],
    ["unknown", "an unknown range", eks({ publicAccessCidrs: [unknown] })],
    ["fail", "a secret", eks({ publicAccessCidrs: secret(["0.0.0.0/0"]) }), /is \[secret\]/],
    ["na", "another type", [igw]],
  ],
};
