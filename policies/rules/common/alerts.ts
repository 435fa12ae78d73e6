/** What alerts are bound to. */
import { refers, type Answer } from "../../engine/relations.ts";
import type { Resource } from "../../engine/resource.ts";

/** A MonitorAlert is bound by ids (`entities`) or by tags; with neither it watches every droplet of the account. */
export function watches(alert: Resource, droplet: Resource): Answer {
  const empty = (path: string) => {
    const p = alert.peek(path);
    return p.state === "absent" || (p.state === "known" && Array.isArray(p.value) && p.value.length === 0);
  };
  if (empty("entities") && empty("tags")) return "yes";
  const byId = refers(alert, "entities", droplet, ["id"]);
  if (byId === "yes") return "yes";
  if (empty("tags") || !droplet.has("tags")) return byId;
  const own = alert.peek("tags").state === "unknown" ? undefined : alert.texts("tags");
  const its = droplet.peek("tags").state === "unknown" ? undefined : droplet.texts("tags");
  if (own && its && own.known.some((t) => its.known.includes(t))) return "yes";
  return !own || !its || own.partial || its.partial ? "maybe" : byId;
}
