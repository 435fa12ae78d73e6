/** Named controls, for the SDK's one `framework` field; every other mapping is a tag such as `fsbp:S3.8`. */
import type { Framework } from "./rule.ts";

const ISO_27001 = {
  "A.5.15": "Access control",
  "A.5.17": "Authentication information",
  "A.5.30": "ICT readiness for business continuity",
  "A.8.2": "Privileged access rights",
  "A.8.5": "Secure authentication",
  "A.8.6": "Capacity management",
  "A.8.8": "Management of technical vulnerabilities",
  "A.8.9": "Configuration management",
  "A.8.13": "Information backup",
  "A.8.14": "Redundancy of information processing facilities",
  "A.8.15": "Logging",
  "A.8.16": "Monitoring activities",
  "A.8.20": "Networks security",
  "A.8.22": "Segregation of networks",
  "A.8.24": "Use of cryptography",
  "A.8.33": "Test information",
} as const;

/** An Annex A control of ISO/IEC 27001:2022. */
export function iso(reference: keyof typeof ISO_27001): Framework {
  return {
    name: "ISO/IEC 27001",
    version: "2022",
    reference,
    specification: ISO_27001[reference],
  };
}

/** A control of AWS Foundational Security Best Practices. */
export const fsbp = (reference: string, specification: string): Framework => ({
  name: "AWS FSBP",
  version: "1.0.0",
  reference,
  specification,
});
