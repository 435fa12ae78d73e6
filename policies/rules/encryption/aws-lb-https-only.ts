import { fsbp } from "../../engine/frameworks.ts";
import { refers } from "../../engine/relations.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { LISTENER, LISTENER_RULE, protocolOf, redirects } from "../common/listeners.ts";

const REQUIRES = 'a redirect to protocol "HTTPS" with statusCode "HTTP_301"';
const listener = (protocol: string, action: object) => ({
  type: LISTENER[0] ?? "",
  name: "listener",
  props: { arn: "arn:l", port: 80, protocol, defaultActions: [action] },
});
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
const forward = { type: "forward", targetGroupArn: "arn:t" };

export const awsLbHttpsOnly = defineRule({
  id: "aws-lb-https-only",
  title: "Load balancers answer plain HTTP with a redirect only",
  severity: "high",
  levels: levels("m/m/m/m"),
  framework: fsbp("ELB.1", "Application Load Balancer should be configured to redirect all HTTP requests to HTTPS"),
  tags: ["pci-4.0:4.2.1"],
  source: { guide: "HTTPS uniquement (SSL A+)" },
  why: "One rule that serves pages on port 80 sends passwords and sessions in clear, inside the network as well.",
  fix: "let the HTTP listener's default action, and every rule of it, redirect to HTTPS with HTTP_301",
  examples: {
    pass: [[listener("HTTP", redirect)], [listener("HTTPS", forward)], [listener("TCP", forward)]],
    fail: [[listener("HTTP", forward)]],
  },
  resource: {
    types: LISTENER,
    check(listener, report) {
      if (protocolOf(listener) !== "HTTP") return;
      const actions = listener.items("defaultActions");
      if (actions.length === 0) report.violation(listener, { path: "defaultActions", requires: REQUIRES });
      report.each(actions, (a) => {
        if (!redirects(a)) report.violation(a, { path: "type", requires: REQUIRES });
      });
    },
  },
  stack: {
    check(stack, report) {
      const plain = stack.all(LISTENER).filter((l) => protocolOf(l) === "HTTP");
      if (plain.length === 0) return "no HTTP listener in the stack";
      report.each(stack.all(LISTENER_RULE), (rule) => {
        const answers = plain.map((l) => refers(rule, "listenerArn", l, ["arn", "id"]));
        if (!answers.some((a) => a !== "no")) return;
        const open = rule.items("actions").find((a) => !redirects(a));
        if (!open) return;
        if (answers.includes("yes")) report.violation(open, { path: "type", requires: REQUIRES });
        else report.undetermined(rule, "listenerArn");
      });
    },
  },
});
