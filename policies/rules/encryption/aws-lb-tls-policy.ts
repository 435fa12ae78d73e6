import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { LISTENER, protocolOf } from "../common/listeners.ts";

/** TLS 1.2 and 1.3, FIPS and post-quantum variants too. `TLS13-1-0` and `TLS13-1-1` are named after 1.3, yet accept 1.0. */
const GOOD = /^ELBSecurityPolicy-TLS13-1-[23]-/;
const TAKE = "ELBSecurityPolicy-TLS13-1-2-2021-06";

const isTls = (listener: Resource): boolean => ["HTTPS", "TLS"].includes(protocolOf(listener) ?? "");
const listener = (sslPolicy?: string) => [
  { type: LISTENER[0] ?? "", name: "https", props: { port: 443, protocol: "HTTPS", sslPolicy } },
];

export const awsLbTlsPolicy = defineRule({
  id: "aws-lb-tls-policy",
  title: "Load balancers speak TLS 1.2 and 1.3 only",
  severity: "high",
  levels: levels("m/m/m/m"),
  framework: iso("A.8.24"),
  tags: ["securityhub:ELB.17", "pci-4.0:4.2.1"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "Left out, the policy is ELBSecurityPolicy-2016-08, which still accepts TLS 1.0: no A+, and old attacks work.",
  fix: `set sslPolicy to "${TAKE}" or a newer one of TLS13-1-2 or TLS13-1-3`,
  examples: {
    pass: [listener(TAKE), listener("ELBSecurityPolicy-TLS13-1-3-2021-06")],
    fail: [listener(), listener("ELBSecurityPolicy-2016-08"), listener("ELBSecurityPolicy-TLS13-1-0-2021-06")],
  },
  resource: {
    types: LISTENER,
    check(listener, report) {
      if (!isTls(listener) || GOOD.test(listener.text("sslPolicy") ?? "")) return;
      report.violation(listener, { path: "sslPolicy", requires: "a policy of TLS13-1-2 or TLS13-1-3" });
    },
  },
  remediate: {
    types: LISTENER,
    repair(listener, set) {
      if (isTls(listener) && !GOOD.test(listener.text("sslPolicy") ?? "")) set("sslPolicy", TAKE);
    },
  },
});
