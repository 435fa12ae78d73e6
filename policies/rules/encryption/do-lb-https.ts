import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { DO_LOAD_BALANCER } from "../common/types.ts";

const TLS = ["https", "http2", "http3"];
const REDIRECT = "redirectHttpToHttps";
const entry = (rule: View): string => (rule.text("entryProtocol") ?? "").toLowerCase();
/** TLS that ends here needs a certificate; TLS that passes through, as tcp on 443 does, ends at the server. */
const isSecure = (rule: View): boolean =>
  TLS.includes(entry(rule))
    ? rule.flag("tlsPassthrough") === true || ["certificateName", "certificateId"].some((path) => rule.has(path))
    : entry(rule) === "tcp" && rule.number("entryPort") === 443;
const hasPlain = (balancer: Resource): boolean => balancer.items("forwardingRules").some((r) => entry(r) === "http");

const balancer = (props: object, ...forwardingRules: object[]) => [
  { type: DO_LOAD_BALANCER[0], name: "web", props: { ...props, forwardingRules } },
];
const http = { entryProtocol: "http", entryPort: 80, targetProtocol: "http", targetPort: 80 };
const https = {
  entryProtocol: "https",
  entryPort: 443,
  certificateName: "web",
  targetProtocol: "http",
  targetPort: 80,
};

export const doLbHttps = defineRule({
  id: "do-lb-https",
  title: "DigitalOcean's load balancers serve HTTPS only",
  severity: "high",
  levels: levels("m/m/-/-"),
  framework: iso("A.8.24"),
  tags: ["trivy:DIG-0002"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "A forwarding rule for http serves pages and passwords in clear beside the encrypted ones.",
  fix: "set redirectHttpToHttps: true, and give an https rule a certificateName",
  examples: {
    pass: [balancer({ redirectHttpToHttps: true }, http, https), balancer({}, https)],
    fail: [balancer({}, http, https), balancer({ redirectHttpToHttps: true }, http)],
  },
  resource: {
    types: DO_LOAD_BALANCER,
    check(balancer, report) {
      if (hasPlain(balancer) && balancer.flag(REDIRECT) !== true) {
        report.violation(balancer, { path: REDIRECT, requires: "true" });
      }
      const rules = balancer.items("forwardingRules");
      report.each(rules, (rule) => {
        if (entry(rule) === "http" || isSecure(rule)) return;
        const path = TLS.includes(entry(rule)) ? "certificateName" : "entryProtocol";
        report.violation(rule, { path, requires: "https with a certificate" });
      });
      if (!rules.some((r) => TLS.includes(entry(r)) || isSecure(r))) {
        report.violation(balancer, { path: "forwardingRules", found: "without https", requires: "an https rule" });
      }
    },
  },
  remediate: {
    types: DO_LOAD_BALANCER,
    repair(balancer, set) {
      if (hasPlain(balancer) && balancer.flag(REDIRECT) !== true) set(REDIRECT, true);
    },
  },
});
