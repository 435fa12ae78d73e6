import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const FRONTEND = ["ovh:IpLoadBalancing/httpFrontend:HttpFrontend"] as const;
const BALANCER = ["ovh:CloudProject/loadBalancer:LoadBalancer"] as const;
const MODERN = ["TLSv1.2", "TLSv1.3"];

const frontend = (props: object) => [{ type: FRONTEND[0], name: "web", props: { port: "443", zone: "all", ...props } }];
const balancer = (listener: object) => [{ type: BALANCER[0], name: "web", props: { listeners: [listener] } }];

export const ovhLbHttps = defineRule({
  id: "ovh-lb-https",
  title: "OVH's load balancers serve HTTPS only",
  severity: "high",
  levels: levels("-/-/m/-"),
  framework: iso("A.8.24"),
  tags: ["ssl-labs:A+"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "A frontend without ssl serves pages and passwords in clear; without hsts the first request of every visit may be hijacked.",
  fix: "set ssl: true and hsts: true, or redirectLocation to an https address; listeners of the Public Cloud: TERMINATED_HTTPS with tlsVersions TLSv1.2 and TLSv1.3",
  examples: {
    pass: [frontend({ ssl: true, hsts: true }), frontend({ port: "80", redirectLocation: "https://example.com" })],
    fail: [frontend({}), frontend({ ssl: true }), balancer({ protocol: "http", port: 80 })],
  },
  resource: {
    types: [...FRONTEND, ...BALANCER],
    check(resource, report) {
      if (resource.is(FRONTEND)) {
        if (resource.flag("disabled") === true || /^https:\/\//.test(resource.text("redirectLocation") ?? "")) return;
        if (resource.flag("ssl") !== true) report.violation(resource, { path: "ssl", requires: "true" });
        else if (resource.flag("hsts") !== true) report.violation(resource, { path: "hsts", requires: "true" });
        return;
      }
      report.each(resource.items("listeners"), (listener) => {
        // OVH writes terminatedHTTPS, TERMINATED_HTTPS and the like.
        const protocol = (listener.text("protocol") ?? "").toLowerCase().replace(/[^a-z]/g, "");
        if (protocol === "http") report.violation(listener, { path: "protocol", requires: "terminated HTTPS" });
        if (protocol !== "terminatedhttps") return;
        const { known, partial } = listener.texts("tlsVersions");
        if (known.some((v) => !MODERN.includes(v)) || (known.length === 0 && !partial)) {
          report.violation(listener, { path: "tlsVersions", requires: MODERN.join(" and ") });
        }
      });
    },
  },
});
