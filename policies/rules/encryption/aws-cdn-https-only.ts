import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { DISTRIBUTION } from "../common/types.ts";

const VPC_ORIGIN = ["aws:cloudfront/vpcOrigin:VpcOrigin"] as const;
const VIEWERS = ["redirect-to-https", "https-only"];
/** With viewers on HTTPS, "match-viewer" is HTTPS too. */
const ORIGINS = ["https-only", "match-viewer"];
const PROTOCOLS = ["TLSv1.2", "TLSv1.3"];

const behaviours = (cdn: Resource): View[] => [
  ...cdn.items("defaultCacheBehavior"),
  ...cdn.items("orderedCacheBehaviors"),
];
/** A website endpoint of S3 speaks plain HTTP and nothing else. */
const isWebsite = (origin: View): boolean => /\.s3-website[.-]/.test(String(origin.given("domainName")));
const customOrigins = (cdn: Resource): View[] =>
  cdn.items("origins").flatMap((o) => (isWebsite(o) ? [] : o.items("customOriginConfig")));

const oldProtocol = (at: View, path: string): boolean => {
  const { known, partial } = at.texts(path);
  return known.some((p) => !PROTOCOLS.includes(p)) || (known.length === 0 && !partial);
};
const viewerIsOpen = (b: View): boolean => !VIEWERS.includes(b.text("viewerProtocolPolicy") ?? "");
const originIsOpen = (o: View): boolean => !ORIGINS.includes(o.text("originProtocolPolicy") ?? "");

const cdn = (viewerProtocolPolicy: string, origin: object = {}) => [
  {
    type: DISTRIBUTION[0],
    name: "cdn",
    props: {
      defaultCacheBehavior: { viewerProtocolPolicy },
      origins: [
        {
          domainName: "web.example.com",
          customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"], ...origin },
        },
      ],
    },
  },
];

export const awsCdnHttpsOnly = defineRule({
  id: "aws-cdn-https-only",
  title: "CloudFront speaks HTTPS to visitors and to origins",
  severity: "high",
  levels: levels("m/m/m/m"),
  framework: fsbp("CloudFront.3", "CloudFront distributions should require encryption in transit"),
  tags: ["fsbp:CloudFront.9", "fsbp:CloudFront.10", "pci-4.0:4.2.1"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "One behaviour that allows HTTP, or one origin that is asked in clear, and pages with sessions cross the internet open.",
  fix: 'set viewerProtocolPolicy "redirect-to-https" on every behaviour, originProtocolPolicy "https-only" and originSslProtocols ["TLSv1.2"] on every origin',
  examples: {
    pass: [cdn("redirect-to-https")],
    fail: [
      cdn("allow-all"),
      cdn("https-only", { originProtocolPolicy: "http-only" }),
      cdn("https-only", { originSslProtocols: ["TLSv1", "TLSv1.2"] }),
    ],
  },
  resource: {
    types: [...DISTRIBUTION, ...VPC_ORIGIN],
    check(resource, report) {
      const checkOrigin = (origin: View, protocols: string): void => {
        if (originIsOpen(origin)) report.violation(origin, { path: "originProtocolPolicy", requires: '"https-only"' });
        if (oldProtocol(origin, protocols)) report.violation(origin, { path: protocols, requires: "TLSv1.2 only" });
      };
      if (resource.is(VPC_ORIGIN)) {
        return report.each(resource.items("vpcOriginEndpointConfig"), (o) =>
          checkOrigin(o, "originSslProtocols.items"),
        );
      }
      report.each(behaviours(resource), (b) => {
        if (viewerIsOpen(b)) report.violation(b, { path: "viewerProtocolPolicy", requires: '"redirect-to-https"' });
      });
      report.each(customOrigins(resource), (o) => checkOrigin(o, "originSslProtocols"));
    },
  },
  remediate: {
    types: DISTRIBUTION,
    repair(cdn, set) {
      for (const b of behaviours(cdn)) {
        if (viewerIsOpen(b)) set([...b.base, "viewerProtocolPolicy"], "redirect-to-https");
      }
      for (const o of customOrigins(cdn)) {
        if (originIsOpen(o)) set([...o.base, "originProtocolPolicy"], "https-only");
        if (oldProtocol(o, "originSslProtocols")) set([...o.base, "originSslProtocols"], ["TLSv1.2"]);
      }
    },
  },
});
