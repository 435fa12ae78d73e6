/** From a server to the edge in front of it. */
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { hasManagedFirewall, membersOf, type Zones } from "./cloudflare.ts";
import { DNS_RECORD, DO_ADDRESS, DO_ADDRESS_ASSIGNMENT, DO_LOAD_BALANCER, TUNNEL } from "./types.ts";

const DROPLET_KEYS = ["id", "ipv4Address", "ipv6Address", "dropletUrn"];
const ADDRESS_KEYS = ["ipAddress", "id", "ip"];

/** Everything whose address leads to the droplet: itself, reserved addresses, their assignments, load balancers. */
function entriesTo(stack: Stack, droplet: Resource): [Resource, Answer][] {
  const entries: [Resource, Answer][] = [[droplet, "yes"]];
  const add = (resource: Resource, answer: Answer) => answer !== "no" && entries.push([resource, answer]);
  for (const assignment of stack.all(DO_ADDRESS_ASSIGNMENT)) {
    const assigned = refers(assignment, "dropletId", droplet, DROPLET_KEYS);
    add(assignment, assigned);
    for (const a of stack.all(DO_ADDRESS)) add(a, both(assigned, refers(assignment, "ipAddress", a, ADDRESS_KEYS)));
  }
  for (const address of stack.all(DO_ADDRESS)) add(address, refers(address, "dropletId", droplet, DROPLET_KEYS));
  for (const balancer of stack.all(DO_LOAD_BALANCER)) {
    const tag = balancer.peek("dropletTag");
    const byTag = tag.state === "known" && droplet.texts("tags").known.includes(String(tag.value));
    add(balancer, byTag ? "yes" : refers(balancer, "dropletIds", droplet, DROPLET_KEYS));
  }
  return entries;
}

/** Whether visitors reach the droplet through a proxied record of a zone that runs managed WAF rules. */
export function hasFirewallInFront(stack: Stack, droplet: Resource, { zones, strays }: Zones): Answer {
  const entries = entriesTo(stack, droplet);
  const tunnels = stack.all(TUNNEL);
  const answers = zones.map((zone) => {
    const proxied = membersOf(zone, DNS_RECORD).filter(
      (r) => r.peek("proxied").state === "unknown" || r.flag("proxied"),
    );
    const reached = proxied.flatMap((record) =>
      ["content", "value"].flatMap((path) => [
        ...entries.map(([entry, leads]) =>
          both(leads, refers(record, path, entry, [...DROPLET_KEYS, ...ADDRESS_KEYS])),
        ),
        // A tunnel is opened from inside the server, so nothing in the stack ties it to one.
        ...tunnels.map((t) => refers(record, path, t, ["id"])),
      ]),
    );
    return both(any(reached), hasManagedFirewall(zone, stack));
  });
  const best = any(answers);
  return best === "no" && strays.length > 0 ? "maybe" : best;
}
