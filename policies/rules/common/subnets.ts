/** Which subnets the internet can reach: those that give out public addresses, or whose way out is an internet gateway. */
import { any, both, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import type { View } from "../../engine/values.ts";
import { VPC } from "./types.ts";

export const SUBNET = ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"] as const;
const GATEWAY = ["aws:ec2/internetGateway:InternetGateway"] as const;
const TABLE = ["aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"] as const;
const ROUTE = ["aws:ec2/route:Route"] as const;
const ASSOCIATION = ["aws:ec2/routeTableAssociation:RouteTableAssociation"] as const;
const MAIN = ["aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"] as const;

const EVERYWHERE = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0", "::/1", "8000::/1", "2000::/3"];
const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock"];

/** A default route to an internet gateway. NAT and egress-only gateways are other properties: they let nobody in. */
function leadsIn(route: View, owner: Resource, path: string, gateways: Resource[]): Answer {
  const isDefault = DESTINATIONS.some((d) => EVERYWHERE.includes(String(route.given(d))));
  const via = route.peek("gatewayId");
  if (!isDefault || via.state === "absent") return "no";
  if (via.state === "known" && String(via.value).startsWith("igw-")) return "yes";
  return any(gateways.map((g) => refers(owner, path, g, ["id"])));
}

function isOpen(table: Resource, stack: Stack): Answer {
  const gateways = stack.all(GATEWAY);
  const inline = table.peek("routes").state === "known" ? table.items("routes") : [];
  return any([
    ...inline.map((r) => leadsIn(r, table, "routes", gateways)),
    ...stack
      .all(ROUTE)
      .map((r) =>
        both(refers(r, "routeTableId", table, ["id", "defaultRouteTableId"]), leadsIn(r, r, "gatewayId", gateways)),
      ),
  ]);
}

/** Tables of a subnet: its own, or where none is associated the VPC's main one. */
function tablesOf(subnet: Resource, stack: Stack): [Resource, Answer][] {
  const tables = stack.all(TABLE);
  const via = (links: Resource[], path: string, to: Resource): [Resource, Answer][] =>
    links.flatMap((l) =>
      tables.map((t): [Resource, Answer] => [
        t,
        both(refers(l, path, to, ["id"]), refers(l, "routeTableId", t, ["id"])),
      ]),
    );
  const own = via(stack.all(ASSOCIATION), "subnetId", subnet);
  if (any(own.map(([, a]) => a)) !== "no") return own;
  return stack
    .all(VPC)
    .filter((v) => refers(subnet, "vpcId", v, ["id"]) !== "no")
    .flatMap((v): [Resource, Answer][] => [
      ...via(stack.all(MAIN), "vpcId", v),
      ...tables.map((t): [Resource, Answer] => [
        t,
        refers(t, "defaultRouteTableId", v, ["defaultRouteTableId", "mainRouteTableId"]),
      ]),
    ]);
}

export function isPublic(subnet: Resource, stack: Stack): Answer {
  if (["true", true].includes(subnet.given("mapPublicIpOnLaunch") as string | boolean)) return "yes";
  return any(tablesOf(subnet, stack).map(([table, answer]) => both(answer, isOpen(table, stack))));
}
