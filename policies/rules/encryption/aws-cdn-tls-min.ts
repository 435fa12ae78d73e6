import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DISTRIBUTION } from "../common/types.ts";

const VERSION = "viewerCertificate.minimumProtocolVersion";
const DEFAULT = "viewerCertificate.cloudfrontDefaultCertificate";
/** A list, since "TLSv1.2" is no beginning of "TLSv1.3_2025", and TLSv1.2_2018 has weak ciphers. */
const GOOD = ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"];
const isGood = (cdn: Resource): boolean => GOOD.includes(cdn.text(VERSION) ?? "");

const cdn = (viewerCertificate: object) => [
  {
    type: DISTRIBUTION[0],
    name: "cdn",
    props: { viewerCertificate: { acmCertificateArn: "arn:c", ...viewerCertificate } },
  },
];

export const awsCdnTlsMin = defineRule({
  id: "aws-cdn-tls-min",
  title: "CloudFront accepts TLS 1.2 and more",
  severity: "high",
  levels: levels("m/m/m/m"),
  framework: fsbp("CloudFront.7", "CloudFront distributions should use custom SSL/TLS certificates"),
  tags: ["securityhub:CloudFront.15", "ssl-labs:A+"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "Left out, CloudFront accepts TLS 1.0; with its own certificate it does so whatever is asked.",
  fix: 'use a certificate of ours (acmCertificateArn) and minimumProtocolVersion "TLSv1.2_2021" or a newer one',
  examples: {
    pass: [cdn({ minimumProtocolVersion: "TLSv1.2_2021" }), cdn({ minimumProtocolVersion: "TLSv1.3_2025" })],
    fail: [cdn({}), cdn({ minimumProtocolVersion: "TLSv1.2_2018" }), cdn({ cloudfrontDefaultCertificate: true })],
  },
  resource: {
    types: DISTRIBUTION,
    check(cdn, report) {
      if (cdn.flag(DEFAULT) === true)
        return report.violation(cdn, { path: DEFAULT, requires: "a certificate of ours" });
      if (!isGood(cdn)) report.violation(cdn, { path: VERSION, requires: GOOD.join(" or ") });
    },
  },
  remediate: {
    types: DISTRIBUTION,
    repair(cdn, set) {
      if (cdn.flag(DEFAULT) !== true && !isGood(cdn)) set(VERSION, "TLSv1.2_2021");
    },
  },
});
