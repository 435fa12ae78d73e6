import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";

interface Parameters {
  aws: string[];
  digitalocean: string[];
  ovh: string[];
}
/** Services without a region: what the provider says is only where its API is called. */
const GLOBAL = [
  "aws:iam/*",
  "aws:cloudfront/*",
  "aws:route53/*",
  "aws:budgets/*",
  "aws:costexplorer/*",
  "aws:shield/*",
];
/** What CloudFront and Route 53 read from us-east-1 alone: certificates, web ACLs and logs with their keys, alarms, topics. */
const US_EAST_1 = [
  "aws:acm/*",
  "aws:kms/key:Key",
  "aws:kms/alias:Alias",
  "aws:wafv2/*",
  "aws:cloudwatch/logDelivery:LogDelivery",
  "aws:cloudwatch/logDeliverySource:LogDeliverySource",
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  "aws:sns/*",
];

function forEdge(resource: Resource): boolean {
  if (!resource.is(US_EAST_1) || resource.text(["tags", "data-class"]) === "personal") return false;
  if (resource.is(["aws:wafv2/webAcl:WebAcl", "aws:wafv2/ipSet:IpSet"])) return resource.text("scope") === "CLOUDFRONT";
  if (resource.is(["aws:cloudwatch/logGroup:LogGroup"]))
    return (resource.text("name") ?? "").startsWith("aws-waf-logs-");
  if (!resource.is(["aws:cloudwatch/metricAlarm:MetricAlarm"])) return true;
  return ["AWS/Route53", "AWS/CloudFront", "AWS/Billing"].includes(resource.text("namespace") ?? "");
}

function checkAws(resource: Resource, allowed: readonly string[], report: Report): void {
  if (resource.is(GLOBAL)) return;
  const own = resource.has("region");
  const at: View | undefined = own ? resource : resource.provider;
  const region = at?.text("region");
  if (region === undefined || allowed.includes(region)) return;
  if (region === "us-east-1" && forEdge(resource)) return;
  const finding = own ? { path: "region" } : { problem: `its provider's region is ${JSON.stringify(region)}` };
  report.violation(resource, { ...finding, requires: allowed.join(" or ") });
}

const bucket = (region: string) => [{ type: "aws:s3/bucket:Bucket", name: "files", props: { region } }];

export const allowedRegions = defineRule<Parameters>({
  id: "allowed-regions",
  title: "Everything lives in the chosen regions",
  severity: "high",
  levels: levels("m/m/m/m"),
  parameters: {
    aws: { schema: { type: "array", items: { type: "string" } }, default: ["eu-central-1", "eu-west-3", "eu-west-1"] },
    digitalocean: { schema: { type: "array", items: { type: "string" } }, default: ["fra1", "ams3"] },
    ovh: {
      schema: { type: "array", items: { type: "string" }, description: "prefixes: GRA stands for GRA11" },
      default: ["GRA", "SBG", "DE"],
    },
  },
  tags: ["iso27001:A.5.34", "residency"],
  source: { guide: "App servers: AWS Europe (Frankfurt)" },
  why: "A resource in a forgotten region is neither watched nor backed up, and personal data may not leave where users were told it is.",
  fix: "use eu-central-1 (copies in eu-west-3 or eu-west-1), fra1 or ams3, GRA, SBG or DE; us-east-1 is for CloudFront's certificates and ACLs and Route 53 alarms only",
  examples: { pass: [bucket("eu-central-1")], fail: [bucket("us-east-1")] },
  resource: {
    types: ["aws:*", "digitalocean:*", "ovh:*"],
    check(resource, report, { aws, digitalocean, ovh }) {
      if (resource.is(["aws:*"])) return checkAws(resource, aws, report);
      const places = [resource, ...resource.items("nodes")];
      report.each(places, (at) => {
        // In DigitalOcean's alerts and checks `region` means something else; a list is no place either.
        const region = at.text("region");
        if (region === undefined) return;
        const ok = resource.is(["ovh:*"])
          ? ovh.some((p) => new RegExp(`^${p}\\d*$`, "i").test(region))
          : digitalocean.includes(region.toLowerCase());
        const allowed = resource.is(["ovh:*"]) ? ovh : digitalocean;
        if (!ok) report.violation(at, { path: "region", requires: allowed.join(" or ") });
      });
    },
  },
});
