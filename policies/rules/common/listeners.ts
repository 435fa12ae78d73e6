/** Listeners of load balancers, under every name that the provider has for them. */
import type { View } from "../../engine/values.ts";

const MODULES = ["lb", "alb", "applicationloadbalancing", "elasticloadbalancingv2"];
export const LISTENER = MODULES.map((m) => `aws:${m}/listener:Listener`);
export const LISTENER_RULE = MODULES.map((m) => `aws:${m}/listenerRule:ListenerRule`);

/** The protocol, or what a load balancer takes by the port when it is left out. */
export const protocolOf = (listener: View): string | undefined => {
  const protocol = listener.given("protocol");
  if (protocol !== undefined) return typeof protocol === "string" ? protocol.toUpperCase() : "";
  const port = listener.number("port");
  return port === undefined ? undefined : port === 443 ? "HTTPS" : "HTTP";
};

/** Sends every request on to HTTPS, for good. */
export const redirects = (action: View): boolean =>
  action.text("type") === "redirect" &&
  action.text("redirect.protocol") === "HTTPS" &&
  action.text("redirect.statusCode") === "HTTP_301";
