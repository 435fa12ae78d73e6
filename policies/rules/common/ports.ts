/** Ports of administration and of data, and how security groups write ports and protocols. */
import type { View } from "../../engine/values.ts";
import { holdsPort } from "./cidr.ts";

/** SSH, remote desktop; MySQL, PostgreSQL, Redis, Elasticsearch, Memcached, MongoDB. */
export const ADMIN_PORTS: readonly number[] = [22, 3306, 3389, 5432, 6379, 9200, 11211, 27017];

/** The first of the ports that a rule of a security group opens. @throws Undetermined while its ports are not known. */
export function openedPort(rule: View, ports: readonly number[]): number | undefined {
  const protocol = (rule.text("protocol") ?? rule.text("ipProtocol") ?? "").toLowerCase();
  if (["icmp", "icmpv6", "1", "58"].includes(protocol)) return undefined;
  // Protocol -1 is every port, whatever the ports say.
  if (["-1", "all"].includes(protocol)) return ports[0];
  const from = rule.number("fromPort");
  const to = rule.number("toPort");
  const range = from === undefined || from < 0 ? "all" : `${from}-${to ?? from}`;
  return ports.find((p) => holdsPort(range, p));
}
