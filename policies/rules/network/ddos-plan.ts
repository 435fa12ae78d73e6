import { iso } from "../../engine/frameworks.ts";
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DISTRIBUTION, DNS_RECORD, LOAD_BALANCER } from "../common/types.ts";

const ADDRESS = ["aws:ec2/eip:Eip"] as const;
const NAT = ["aws:ec2/natGateway:NatGateway"] as const;
const PROTECTION = ["aws:shield/protection:Protection"] as const;
const NAMES = ["dnsName", "publicDns", "publicIp", "arn", "id", "allocationId"];

/** A distribution, a proxied record, or Shield Advanced for the few who pay for it. */
function covered(entry: Resource, stack: Stack): Answer {
  return any([
    ...stack.all(DISTRIBUTION).map((cdn) => refers(cdn, "origins", entry, NAMES)),
    ...stack
      .all(DNS_RECORD)
      .map((r) =>
        both(r.flag("proxied") === true ? "yes" : "no", refers(r, r.has("value") ? "value" : "content", entry, NAMES)),
      ),
    ...stack.all(PROTECTION).map((p) => refers(p, "resourceArn", entry, NAMES)),
  ]);
}

/** An address that only lets traffic out is no entry. */
const isForNat = (address: Resource, stack: Stack): boolean =>
  stack.all(NAT).some((n) => refers(n, "allocationId", address, ["id", "allocationId"]) === "yes");

const balancer = { type: LOAD_BALANCER[0], name: "web", props: { dnsName: "web.elb.amazonaws.com" } };
const cdn = { type: DISTRIBUTION[0], name: "cdn", props: { origins: [{ domainName: "web.elb.amazonaws.com" }] } };

export const ddosPlan = defineRule({
  id: "ddos-plan",
  title: "Public addresses are behind a network that absorbs floods",
  severity: "medium",
  levels: levels("-/-/a/a"),
  framework: iso("A.8.20"),
  tags: ["ddos"],
  source: { guide: "DDoS protection" },
  why: "AWS's free protection (Shield Standard) stops floods of packets; floods of requests are stopped by the content network in front. Shield Advanced costs more than every budget of the guide.",
  fix: "put CloudFront or a proxied Cloudflare record in front of the load balancer or address",
  examples: { pass: [[balancer, cdn]], fail: [[balancer]] },
  stack: {
    check(stack, report) {
      const balancers = stack.all(LOAD_BALANCER).filter((b) => b.flag("internal") !== true);
      const addresses = stack.all(ADDRESS).filter((a) => !isForNat(a, stack));
      const entries = [...balancers, ...addresses];
      if (entries.length === 0) return "no public load balancer or address at AWS in the stack";
      report.each(entries, (entry) => {
        const answer = covered(entry, stack);
        if (answer === "maybe") report.undetermined(entry, "what is in front of it");
        if (answer === "no") {
          const problem = "no distribution or proxied record is in front of it";
          report.violation(entry, { problem, requires: "a content network" });
        }
      });
    },
  },
});
