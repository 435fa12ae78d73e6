import { iso } from "../../engine/frameworks.ts";
import { any, refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { zonesOf } from "../common/cloudflare.ts";
import { hasFirewallInFront } from "../common/fronting.ts";
import { awsRegion } from "../common/region.ts";
import { DISTRIBUTION, DNS_RECORD, DROPLET, LOAD_BALANCER, RULESET, WEB_ACL } from "../common/types.ts";

const ASSOCIATION = ["aws:wafv2/webAclAssociation:WebAclAssociation"] as const;
const API_STAGE = ["aws:apigateway/stage:Stage"] as const;

function checkDistribution(cdn: Resource, stack: Stack, report: Report): void {
  if (!cdn.has("webAclId") || (cdn.peek("webAclId").state === "known" && cdn.text("webAclId") === "")) {
    return report.violation(cdn, { path: "webAclId", requires: "the ARN of a wafv2.WebAcl" });
  }
  const acl = stack.all(WEB_ACL).find((w) => refers(cdn, "webAclId", w, ["arn", "id"]) === "yes");
  if (!acl) return;
  if (acl.text("scope") !== "CLOUDFRONT") report.violation(acl, { path: "scope", requires: '"CLOUDFRONT"' });
  const region = awsRegion(acl);
  if (region !== undefined && region !== "us-east-1") {
    report.violation(acl, { path: "region", found: `"${region}"`, requires: '"us-east-1" for a distribution' });
  }
}

/** A public load balancer or API needs its own association, unless it is the origin of a guarded distribution. */
function checkRegional(entry: Resource, stack: Stack, report: Report): void {
  const direct = any(stack.all(ASSOCIATION).map((a) => refers(a, "resourceArn", entry, ["arn", "id"])));
  const behind = any(
    stack
      .all(DISTRIBUTION)
      .filter((cdn) => cdn.has("webAclId"))
      .map((cdn) => refers(cdn, "origins", entry, ["dnsName", "invokeUrl"])),
  );
  const answer = any([direct, behind]);
  if (answer === "maybe") report.undetermined(entry, "what its web ACL association points to");
  if (answer === "no") report.violation(entry, { problem: "no WebAclAssociation guards it", requires: "a web ACL" });
}

const droplet = { type: DROPLET[0], name: "web", props: { ipv4Address: "198.51.100.7" } };
const record = {
  type: DNS_RECORD[0],
  name: "www",
  props: { zoneId: "z1", type: "A", content: "198.51.100.7", proxied: true },
};
const waf = {
  type: RULESET[0],
  name: "waf",
  props: {
    zoneId: "z1",
    phase: "http_request_firewall_managed",
    rules: [{ action: "execute", expression: "true", enabled: true, actionParameters: { id: "managed" } }],
  },
};

export const wafInFront = defineRule({
  id: "waf-in-front",
  title: "Every public entry is behind a web application firewall",
  severity: "high",
  levels: levels("m/a/m/m"),
  framework: iso("A.8.20"),
  tags: ["fsbp:CloudFront.6", "securityhub:ELB.16", "pci-4.0:6.4.2"],
  source: { guide: "WAF (Web Application Firewall)" },
  why: "A marketplace is scanned from its first day: managed rules stop injections and known exploits before they reach PHP.",
  fix: "put a proxied DnsRecord in a Cloudflare zone with a Ruleset of phase http_request_firewall_managed in front of the droplet; at AWS give the distribution a webAclId or the load balancer a WebAclAssociation",
  examples: { pass: [[droplet, record, waf]], fail: [[droplet], [droplet, record]] },
  stack: {
    check(stack, report) {
      const droplets = stack.all(DROPLET);
      const cdns = stack.all(DISTRIBUTION);
      const balancers = stack
        .all(LOAD_BALANCER)
        .filter((b) => b.flag("internal") !== true && (b.text("loadBalancerType") ?? "application") === "application");
      const regional = [...balancers, ...stack.all(API_STAGE)];
      if (droplets.length + cdns.length + regional.length === 0) return "no public entry in the stack";
      const zones = zonesOf(stack);
      report.each(droplets, (d) => {
        const answer = hasFirewallInFront(stack, d, zones);
        if (answer === "maybe") report.undetermined(d, "which proxied record leads to it");
        if (answer === "no") {
          const problem = "no proxied record of a zone with managed firewall rules leads to it";
          report.violation(d, { problem, requires: "a web application firewall in front" });
        }
      });
      report.each(cdns, (cdn) => checkDistribution(cdn, stack, report));
      report.each(regional, (entry) => checkRegional(entry, stack, report));
    },
  },
});
