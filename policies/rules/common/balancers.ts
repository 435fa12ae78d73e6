/** Application load balancers that visitors reach. */
import { any, refers } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { DISTRIBUTION, LOAD_BALANCER } from "./types.ts";

const VPC_ORIGIN = ["aws:cloudfront/vpcOrigin:VpcOrigin"] as const;
/** Outputs that alarms name one by. */
export const BALANCER_KEYS = ["arnSuffix", "arn", "id"];

/** By themselves, or through a content network with a private way to them. */
export const publicBalancers = (stack: Stack): Resource[] =>
  stack
    .all(LOAD_BALANCER)
    .filter((b) => (b.text("loadBalancerType") ?? "application") === "application")
    .filter(
      (b) =>
        b.flag("internal") !== true ||
        any([
          ...stack.all(DISTRIBUTION).map((cdn) => refers(cdn, "origins", b, ["dnsName"])),
          ...stack.all(VPC_ORIGIN).map((o) => refers(o, "vpcOriginEndpointConfig", b, ["arn", "id"])),
        ]) !== "no",
    );
