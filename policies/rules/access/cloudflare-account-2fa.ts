import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { dayOf, NOW, today } from "../../engine/time.ts";

const ACCOUNT = ["cloudflare:index/account:Account"] as const;
/** Tokens of a person and of the account. */
const TOKEN = ["cloudflare:index/apiToken:ApiToken", "cloudflare:index/accountToken:AccountToken"] as const;

interface Parameters {
  attestations: { provider: string; date: string; by: string }[];
  maxAgeDays: number;
  now?: string;
}
const account = (enforceTwofactor?: boolean) => [
  { type: ACCOUNT[0], name: "account", props: { name: "jatsmanor", settings: { enforceTwofactor } } },
];
const token = (more: object) => [
  ...account(true),
  {
    type: TOKEN[0],
    name: "ci",
    props: { expiresOn: "2027-02-01T00:00:00Z", condition: { requestIp: { ins: ["198.51.100.7/32"] } }, ...more },
  },
];

export const cloudflareAccount2fa = defineRule<Parameters>({
  id: "cloudflare-account-2fa",
  title: "Cloudflare asks every member for a second factor; its tokens expire and are bound to addresses",
  severity: "high",
  levels: levels("m/m/m/m"),
  parameters: {
    attestations: { schema: { type: "array", items: { type: "object" } }, default: [] },
    maxAgeDays: { schema: { type: "number", minimum: 1 }, default: 90 },
    ...NOW,
  },
  framework: iso("A.8.5"),
  tags: ["pci-4.0:8.4"],
  source: { guide: "MFA obligatoire" },
  why: "Who holds the Cloudflare account holds the domain: the site, the mail, and every certificate that proves the one or the other.",
  fix: "set settings.enforceTwofactor on the Account, expiresOn and condition.requestIp on its tokens; for an account that is not in the stack, write provider cloudflare in policies/attestations.yaml",
  examples: { pass: [account(true), token({})], fail: [account(false), account(), token({ expiresOn: undefined })] },
  resource: {
    types: [...ACCOUNT, ...TOKEN],
    check(resource, report) {
      if (resource.is(ACCOUNT)) {
        if (resource.flag("settings.enforceTwofactor") !== true) {
          report.violation(resource, { path: "settings.enforceTwofactor", requires: "true" });
        }
        return;
      }
      if (!resource.has("expiresOn")) report.violation(resource, { path: "expiresOn", requires: "an end" });
      const from = resource.peek("condition.requestIp.ins");
      const none = from.state === "absent" || (from.state === "known" && [from.value].flat().length === 0);
      if (none)
        report.violation(resource, { path: "condition.requestIp.ins", requires: "the addresses that may use it" });
    },
  },
  stack: {
    check(stack, report, { attestations, maxAgeDays, now }) {
      if (stack.all(["cloudflare:*"]).length === 0) return "nothing at Cloudflare in the stack";
      if (stack.all(ACCOUNT).length > 0) return;
      const day = today(now);
      const ages = attestations
        .filter((a) => a.provider?.toLowerCase() === "cloudflare")
        .map((a) => day - dayOf(a.date));
      if (ages.some((age) => age >= 0 && age <= maxAgeDays)) return;
      const problem = "the Cloudflare account is not in the stack, and nobody attested its second factor lately";
      report.violation(null, { problem, requires: `an Account, or an attestation of the last ${maxAgeDays} days` });
    },
  },
  remediate: {
    types: ACCOUNT,
    repair(account, set) {
      if (account.flag("settings.enforceTwofactor") !== true) set("settings.enforceTwofactor", true);
    },
  },
});
