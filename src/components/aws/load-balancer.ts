import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";

/** TLS 1.2 and 1.3 only, with a post-quantum key exchange. Without a policy AWS takes one of 2016, with TLS 1.0. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

export interface LoadBalancerArgs<Target extends string> {
  context: StackContext;
  vpcId: pulumi.Input<string>;
  /** Private subnets, one per zone: the world reaches the load balancer only through the content network. */
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  certificateArn: pulumi.Input<string>;
  logs: { bucketReady: pulumi.Input<string>; bucket: pulumi.Input<string> };
  /** Page that answers 200 when a server can serve; it must not ask the database, or a failover empties the fleet. */
  healthPath: string;
  /** Share of the traffic, in percent, of each target; together 100. */
  weights: Record<Target, number>;
  /** What the targets are; servers that speak HTTP on port 80 when absent. */
  backend?: Backend;
}

export interface Backend {
  targetType: "instance" | "ip";
  protocol: "HTTP" | "HTTPS";
  port: number;
  /** Where health is asked, when not on the port and by the protocol of the requests. */
  health?: { port: number; protocol: "HTTP" | "HTTPS"; path: string };
}

/** Inside the VPC, from one security group to another. */
const SERVERS: Backend = { targetType: "instance", protocol: "HTTP", port: 80 };

/** An internal application load balancer whose HTTPS listener splits traffic between the colours. */
export class LoadBalancer<Target extends string> extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  /** As metrics name it. */
  readonly arnSuffix: pulumi.Output<string>;
  readonly targets: Record<Target, aws.lb.TargetGroup>;
  readonly listener: aws.lb.Listener;

  constructor(name: string, args: LoadBalancerArgs<Target>, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:LoadBalancer", name, { weights: args.weights }, opts);
    const { naming } = args.context;
    const balancer = new aws.lb.LoadBalancer(
      `${name}-balancer`,
      {
        name: physicalName(naming, "loadBalancer", "web"),
        loadBalancerType: "application",
        internal: true,
        subnets: args.subnetIds,
        securityGroups: [args.securityGroupId],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: args.context.guard.protects,
        enableZonalShift: true,
        idleTimeout: 60,
        accessLogs: {
          enabled: true,
          // The policy lets the load balancer write: AWS tries it while creating this.
          bucket: pulumi.all([args.logs.bucket, args.logs.bucketReady]).apply(([bucket]) => bucket),
          prefix: "load-balancer",
        },
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    this.targets = Object.fromEntries(
      Object.keys(args.weights).map((target) => [target, this.createTarget(name, args, target)]),
    ) as typeof this.targets;
    this.listener = this.createListeners(name, args, balancer);
    this.arn = balancer.arn;
    this.dnsName = balancer.dnsName;
    this.arnSuffix = balancer.arnSuffix;
    this.registerOutputs({ arn: this.arn, dnsName: this.dnsName });
  }

  private createTarget(name: string, args: LoadBalancerArgs<Target>, target: string): aws.lb.TargetGroup {
    const { naming } = args.context;
    const { targetType, protocol, port, health } = args.backend ?? SERVERS;
    return new aws.lb.TargetGroup(
      `${name}-${target}`,
      {
        name: physicalName(naming, "loadBalancer", target),
        vpcId: args.vpcId,
        port,
        protocol,
        targetType,
        deregistrationDelay: 60, // seconds that running requests get
        slowStart: 30, // an empty opcode cache is slow
        stickiness: { enabled: false, type: "lb_cookie" }, // sessions are in the cache
        healthCheck: {
          path: health?.path ?? args.healthPath,
          protocol: health?.protocol ?? protocol,
          ...(health === undefined ? {} : { port: String(health.port) }),
          matcher: "200",
          interval: 15,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
  }

  private createListeners(
    name: string,
    args: LoadBalancerArgs<Target>,
    balancer: aws.lb.LoadBalancer,
  ): aws.lb.Listener {
    const listenerTags = tags(args.context.naming, "internal");
    // No security group opens port 80 today; the day one does, it finds a redirect and no site.
    new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: balancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
        tags: listenerTags,
      },
      { parent: this },
    );
    return new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: TLS_POLICY,
        certificateArn: args.certificateArn,
        defaultActions: [
          {
            type: "forward",
            forward: {
              targetGroups: (Object.keys(this.targets) as Target[]).map((target) => ({
                arn: this.targets[target].arn,
                weight: args.weights[target],
              })),
              stickiness: { enabled: true, duration: 3600 }, // a visitor stays on the release he started with
            },
          },
        ],
        tags: listenerTags,
      },
      { parent: this },
    );
  }
}
