import { iso } from "../../engine/frameworks.ts";
import type { Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { dayOf, NOW, today } from "../../engine/time.ts";

interface Attestation {
  provider: string;
  date: string;
  by: string;
}
interface Parameters {
  attestations: Attestation[];
  maxAgeDays: number;
  always: string[];
  now?: string;
}
/** Clouds whose API has no word about the second factor, by the prefix of their types. */
const BY_TYPE: Readonly<Record<string, string>> = { digitalocean: "digitalocean", ovh: "ovh" };

function accountsOf(stack: Stack, always: readonly string[]): string[] {
  const used = stack.resources.flatMap((r) => BY_TYPE[r.type.replace(/:.*/, "")] ?? []);
  return [...new Set([...used, ...always])].sort();
}

export const mfaAttestation = defineRule<Parameters>({
  id: "mfa-attestation",
  title: "Somebody checked the second factor on every account",
  severity: "high",
  levels: levels("a/-/m/m"),
  parameters: {
    attestations: {
      schema: {
        type: "array",
        description: "who saw on which day that every member of the account has a second factor",
        items: {
          type: "object",
          required: ["provider", "date", "by"],
          properties: { provider: { type: "string" }, date: { type: "string" }, by: { type: "string" } },
        },
      },
      default: [],
    },
    maxAgeDays: { schema: { type: "number", minimum: 1 }, default: 90 },
    always: {
      schema: { type: "array", items: { type: "string" }, description: "accounts that every stack depends on" },
      default: ["github", "pulumi", "registrar"],
    },
    ...NOW,
  },
  framework: iso("A.5.17"),
  tags: ["pci-4.0:8.4.2"],
  source: { guide: "MFA obligatoire" },
  why: "DigitalOcean, OVH, GitHub, Pulumi and the registrar have no resource for it, and one stolen password there takes over everything below.",
  fix: "look at the account's member list, then write provider, date and name in policies/attestations.yaml and run jats policy-config",
  examples: {
    with: {
      now: "2026-11-24",
      attestations: ["github", "pulumi", "registrar"].map((p) => ({ provider: p, date: "2026-11-01", by: "ama" })),
    },
    pass: [[{ type: "aws:ec2/vpc:Vpc", props: {} }]],
    fail: [[{ type: "digitalocean:index/vpc:Vpc", props: {} }]],
  },
  stack: {
    check(stack, report, { attestations, maxAgeDays, always, now }) {
      const day = today(now);
      for (const provider of accountsOf(stack, always)) {
        const dates = attestations.filter((a) => a.provider?.toLowerCase() === provider).map((a) => a.date);
        const days = dates.map(dayOf);
        if (days.some((d) => d <= day && day - d <= maxAgeDays)) continue;
        const requires = `an attestation of the last ${maxAgeDays} days for ${provider}`;
        const latest = Math.max(...days.filter((d) => d <= day));
        const problem =
          dates.length === 0
            ? `nobody attested the second factor of ${provider}`
            : days.some((d) => d > day)
              ? `the attestation for ${provider} is dated in the future (${dates.join(", ")})`
              : days.some(Number.isNaN)
                ? `the attestation for ${provider} has no valid date (${dates.join(", ")})`
                : `the attestation for ${provider} is ${day - latest} days old`;
        report.violation(null, { problem, requires });
      }
    },
  },
});
