import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { Undetermined } from "../../engine/values.ts";
import { DNS_RECORD } from "../common/types.ts";

const WEB_TYPES = ["A", "AAAA", "CNAME"];
/** Validations (`_abc.example.org`, `selector._domainkey`) and mail hosts are read by machines that need the real answer. */
const NOT_WEB = /(^|\.)_|^(mail|smtp|imap|pop3?|mx\d*|autodiscover|autoconfig|webmail|em\d+)(\.|$)/i;
const CLOUDFRONT = /\.cloudfront\.net\.?$/i;
const VALIDATION = /\.(acm-validations\.aws|dkim\.amazonses\.com|domainkey\.[^.]+\.[^.]+)\.?$/i;

const record = (props: object) => [
  { type: DNS_RECORD[0], name: "www", props: { zoneId: "z1", name: "www", ...props } },
];

export const dnsProxied = defineRule<{ unproxied: string[] }>({
  id: "dns-proxied",
  title: "Names that serve the site go through the edge",
  severity: "high",
  levels: levels("m/a/a/a"),
  parameters: {
    unproxied: {
      schema: { type: "array", items: { type: "string" }, description: "record names that may show their address" },
      default: [],
    },
  },
  framework: iso("A.8.20"),
  tags: ["prowler:dns_record_proxied"],
  source: { guide: "DDoS protection" },
  why: "A record that is not proxied (the default) publishes the server's address, and with it the way around the firewall and the rate limit.",
  fix: "set proxied: true and ttl: 1; for a name that is not a web host, list it in the parameter unproxied",
  examples: {
    pass: [
      record({ type: "A", content: "198.51.100.7", proxied: true }),
      record({ type: "MX", content: "mail.example.org" }),
    ],
    fail: [
      record({ type: "A", content: "198.51.100.7" }),
      record({ type: "CNAME", content: "x.cloudfront.net", proxied: true }),
    ],
  },
  resource: {
    types: DNS_RECORD,
    check(dns, report, { unproxied }) {
      const type = dns.text("type");
      if (!WEB_TYPES.includes(type ?? "")) return `a record of type ${dns.show("type")} serves no site`;
      const proxied = dns.flag("proxied");
      const name = dns.peek("name");
      if (name.state === "known" && (NOT_WEB.test(String(name.value)) || unproxied.includes(String(name.value))))
        return;
      const content = dns.has("content") ? dns.peek("content") : dns.peek("value");
      const target = content.state === "known" ? String(content.value) : "";
      if (type === "CNAME" && CLOUDFRONT.test(target)) {
        if (proxied === true) {
          report.violation(dns, { path: "proxied", requires: "false in front of CloudFront: two CDNs break caching" });
        }
        return;
      }
      if (proxied === true || VALIDATION.test(target)) return;
      if (name.state === "unknown") throw new Undetermined(dns, "name");
      if (type === "CNAME" && content.state === "unknown") throw new Undetermined(dns, "content");
      report.violation(dns, { path: "proxied", requires: "true" });
    },
  },
});
