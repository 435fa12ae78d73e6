import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { isPatch, objectsOf, tokens } from "../common/kubernetes.ts";

const INGRESS = tokens(["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"], "Ingress");
const ISTIO = ["v1", "v1beta1", "v1alpha3"].map((v) => `kubernetes:networking.istio.io/${v}:Gateway`);
const GATEWAY = ["v1", "v1beta1"].map((v) => `kubernetes:gateway.networking.k8s.io/${v}:Gateway`);

/** A wildcard stands for one label: *.a.com covers x.a.com, not a.com and not x.y.a.com. */
const covers = (name: string, host: string): boolean =>
  name === host || (name.startsWith("*.") && !host.startsWith("*") && host.replace(/^[^.]+/, "*") === name);

function checkIngress(ingress: View, report: Report): void {
  const hosts = ingress.items("spec.tls").flatMap((t) => t.texts("hosts").known);
  report.each(ingress.items("spec.rules"), (rule) => {
    const host = rule.text("host");
    if (host !== undefined && hosts.some((h) => covers(h, host))) return;
    report.violation(rule, { path: "host", requires: "its name in tls.hosts" });
  });
  // A default backend answers every name.
  if (ingress.items("spec.rules").length === 0 && ingress.items("spec.tls").length === 0) {
    report.violation(ingress, { path: "spec.tls", requires: "a certificate" });
  }
}

/** Istio's own door: plain HTTP only to send on to HTTPS, and TLS that ends somewhere. */
function checkServer(server: View, report: Report): void {
  const protocol = (server.text("port.protocol") ?? "").toUpperCase();
  const plain = ["HTTP", "HTTP2", "GRPC"].includes(protocol);
  if (plain && server.flag("tls.httpsRedirect") !== true) {
    report.violation(server, { path: "tls.httpsRedirect", requires: "true, or protocol HTTPS" });
  }
  const old = server.text("tls.minProtocolVersion");
  if (old !== undefined && /^TLSV1_[01]$/.test(old)) {
    report.violation(server, { path: "tls.minProtocolVersion", requires: "TLSV1_2 or more" });
  }
}

const ingress = (spec: object) => [{ type: INGRESS[0] ?? "", name: "web", props: { spec } }];
const rules = [{ host: "a.example.com" }];

export const k8sIngressTls = defineRule({
  id: "k8s-ingress-tls",
  title: "Every way into the cluster speaks TLS",
  severity: "high",
  levels: levels("-/-/-/m"),
  framework: iso("A.8.24"),
  tags: ["kubernetes", "gatekeeper:httpsonly"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "A host that no certificate names is served in clear: passwords and sessions can be read on the way.",
  fix: "name every host in the Ingress's tls; on a Gateway use protocol HTTPS, and let HTTP only redirect",
  examples: {
    pass: [ingress({ rules, tls: [{ hosts: ["a.example.com"], secretName: "a" }] })],
    fail: [ingress({ rules }), ingress({ rules, tls: [{ hosts: ["b.example.com"] }] })],
  },
  resource: {
    types: [...INGRESS, ...ISTIO, ...GATEWAY],
    check(resource, report) {
      if (resource.is(ISTIO)) return report.each(resource.items("spec.servers"), (s) => checkServer(s, report));
      if (resource.is(GATEWAY)) {
        return report.each(resource.items("spec.listeners"), (listener) => {
          if ((listener.text("protocol") ?? "").toUpperCase() !== "HTTP") return;
          report.violation(listener, { path: "protocol", requires: '"HTTPS"' });
        });
      }
      if (isPatch(resource) && !resource.has("spec.rules")) return "a patch that changes no rules";
      report.each(objectsOf(resource), (i) => checkIngress(i, report));
    },
  },
});
