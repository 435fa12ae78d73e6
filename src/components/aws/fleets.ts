import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { type FleetServer, fleetCloudInit } from "../../host/fleet.ts";
import { Fleet, LaunchTemplate } from "./fleet.ts";
import type { LoadBalancer } from "./load-balancer.ts";

export interface FleetsArgs<Colour extends string> {
  context: StackContext;
  region: string;
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  instanceProfileArn: pulumi.Input<string>;
  balancer: LoadBalancer<Colour>;
  instanceType: string;
  imageParameter: string;
  diskGiB: number;
  /** What a server is told at its first boot. */
  server: Omit<FleetServer, "region" | "role">;
  /** Servers per colour. */
  web: Record<Colour, { min: number; max: number }>;
  worker: { min: number; max: number };
  /** Percent of CPU, and requests a minute and server, that scaling holds. */
  targets: { webCpu: number; workerCpu: number; requestsPerMinute: number };
}

/** Web servers in colours, and workers: queues and schedule never share a server with requests. */
export class Fleets<Colour extends string> extends pulumi.ComponentResource {
  readonly web: Record<Colour, Fleet>;
  readonly worker: Fleet;

  constructor(name: string, args: FleetsArgs<Colour>, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Fleets", name, { web: args.web, worker: args.worker }, opts);
    const { context, subnetIds, balancer, targets } = args;
    const webTemplate = this.createTemplate(name, args, "web");
    const web = (Object.keys(args.web) as Colour[]).map((colour) => [
      colour,
      new Fleet(
        `${name}-${colour}`,
        {
          context,
          part: `web-${colour}`,
          launchTemplate: webTemplate.launchTemplate,
          subnetIds,
          size: args.web[colour],
          cpuTarget: targets.webCpu,
          target: {
            group: balancer.targets[colour],
            balancerArnSuffix: balancer.arnSuffix,
            requestsPerMinute: targets.requestsPerMinute,
          },
        },
        // Without a listener the load balancer's targets are never healthy.
        { parent: this, dependsOn: [balancer.listener] },
      ),
    ]);
    this.web = Object.fromEntries(web) as typeof this.web;
    this.worker = new Fleet(
      `${name}-worker`,
      {
        context,
        part: "worker",
        launchTemplate: this.createTemplate(name, args, "worker").launchTemplate,
        subnetIds,
        size: args.worker,
        cpuTarget: targets.workerCpu,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private createTemplate(name: string, args: FleetsArgs<Colour>, role: FleetServer["role"]): LaunchTemplate {
    return new LaunchTemplate(
      `${name}-${role}-launch`,
      {
        context: args.context,
        part: role,
        instanceType: args.instanceType,
        imageParameter: args.imageParameter,
        diskGiB: args.diskGiB,
        securityGroupId: args.securityGroupId,
        instanceProfileArn: args.instanceProfileArn,
        userData: fleetCloudInit({ region: args.region, role, ...args.server }),
      },
      { parent: this },
    );
  }
}
