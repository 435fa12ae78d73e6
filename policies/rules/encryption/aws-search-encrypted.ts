import { fsbp } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isObject } from "../../engine/values.ts";
import { statementsOf } from "../common/iam.ts";

const DOMAIN = ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"] as const;
const WANTED = ["encryptAtRest.enabled", "nodeToNodeEncryption.enabled", "domainEndpointOptions.enforceHttps"];

const everyone = (principal: unknown): boolean =>
  principal === "*" || (isObject(principal) && Object.values(principal).flat().includes("*"));

const safe = {
  encryptAtRest: { enabled: true },
  nodeToNodeEncryption: { enabled: true },
  domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
  vpcOptions: { subnetIds: ["subnet-a"] },
};
const domain = (props: object) => [{ type: DOMAIN[0], name: "search", props: { ...safe, ...props } }];

export const awsSearchEncrypted = defineRule({
  id: "aws-search-encrypted",
  title: "The search engine is encrypted and private",
  severity: "high",
  levels: levels("-/-/-/m"),
  framework: fsbp("OpenSearch.1", "OpenSearch domains should have encryption at rest enabled"),
  tags: ["fsbp:OpenSearch.2", "fsbp:OpenSearch.3", "fsbp:OpenSearch.8"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "The index holds listings, hosts' names and logs; a domain outside the VPC is on the internet from its first minute.",
  fix: 'set encryptAtRest.enabled, nodeToNodeEncryption.enabled and domainEndpointOptions.enforceHttps true, tlsSecurityPolicy "Policy-Min-TLS-1-2-PFS-2023-10", and vpcOptions',
  examples: {
    pass: [domain({})],
    fail: [
      domain({ encryptAtRest: { enabled: false } }),
      domain({ nodeToNodeEncryption: undefined }),
      domain({ domainEndpointOptions: { enforceHttps: true } }),
      domain({ vpcOptions: undefined }),
    ],
  },
  resource: {
    types: DOMAIN,
    check(domain, report) {
      for (const path of WANTED) {
        if (domain.flag(path) !== true) report.violation(domain, { path, requires: "true" });
      }
      const tls = "domainEndpointOptions.tlsSecurityPolicy";
      if (!/^Policy-Min-TLS-1-[23]/.test(domain.text(tls) ?? "")) {
        report.violation(domain, { path: tls, requires: "a policy with TLS 1.2 or more" });
      }
      if (!domain.has("vpcOptions")) report.violation(domain, { path: "vpcOptions", requires: "private subnets" });
      // Inside a VPC the domain's own users may decide; without them an open policy lets in whoever reaches it.
      const users = domain.flag("advancedSecurityOptions.enabled") === true && domain.has("vpcOptions");
      if (users || !domain.has("accessPolicies")) return;
      const statements = statementsOf(domain, "accessPolicies") ?? [];
      if (statements.some((s) => s.allow && everyone(s.principal) && Object.keys(s.condition).length === 0)) {
        report.violation(domain, { path: "accessPolicies", found: "open to everyone", requires: "named principals" });
      }
    },
  },
});
