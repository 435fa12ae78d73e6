import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import type { PrivateBucket } from "./bucket.ts";
import { Firewall } from "./firewall.ts";

export interface EdgeArgs {
  context: StackContext;
  hostNames: readonly string[];
  /** Certificate in us-east-1, where the content network takes all of its own from. */
  certificateArn: pulumi.Input<string>;
  /** Internal load balancer that serves everything but files. */
  origin: { arn: pulumi.Input<string>; dnsName: pulumi.Input<string> };
  media: PrivateBucket;
  logs: { bucketReady: pulumi.Input<string> };
  /** Key in us-east-1 for the firewall's log. */
  keyArn: pulumi.Input<string>;
  /** Where partners and mobile applications are answered, when not by the application's own origin. */
  api?: { hostName: pulumi.Input<string>; pathPattern: string };
  /** Requests of one address in five minutes before it is blocked for a while. */
  rateLimit: number;
}

/** AWS's own policies, by the ids it publishes. */
const MANAGED = {
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewer: "216adef6-5c7f-47e4-b989-5492eafa07d3",
  allViewerExceptHost: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
} as const;

const HTTPS_ORIGIN = {
  httpPort: 80,
  httpsPort: 443,
  originProtocolPolicy: "https-only",
  originSslProtocols: ["TLSv1.2"],
};

/** Two years, in seconds: what the browsers' preload list asks. */
const HSTS_SECONDS = 63_072_000;

/** What every visitor passes through: the content network, its firewall and its headers, with private origins behind. */
export class Edge extends pulumi.ComponentResource {
  readonly domainName: pulumi.Output<string>;
  readonly zoneId: pulumi.Output<string>;
  readonly distributionId: pulumi.Output<string>;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Edge", name, { hostNames: [...args.hostNames] }, opts);
    const { naming } = args.context;
    const firewall = new Firewall(
      `${name}-firewall`,
      { context: args.context, rateLimit: args.rateLimit, keyArn: args.keyArn },
      { parent: this },
    );
    const distribution = this.createDistribution(name, args, firewall.arn);
    args.media.allow([
      {
        Sid: "ContentNetworkReads",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: pulumi.interpolate`${args.media.arn}/*`,
        Condition: { StringEquals: { "aws:SourceArn": distribution.arn } },
      },
    ]);
    this.deliverLogs(name, args, distribution);
    this.domainName = distribution.domainName;
    this.zoneId = distribution.hostedZoneId;
    this.distributionId = distribution.id;
    this.registerOutputs({ domainName: this.domainName, name: naming.project });
  }

  private createDistribution(
    name: string,
    args: EdgeArgs,
    webAclArn: pulumi.Input<string>,
  ): aws.cloudfront.Distribution {
    const { naming } = args.context;
    const app = new aws.cloudfront.VpcOrigin(
      `${name}-origin`,
      {
        vpcOriginEndpointConfig: {
          name: physicalName(naming, "other", "web"),
          arn: args.origin.arn,
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "https-only",
          originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
        },
        tags: tags(naming, "internal"),
      },
      { parent: this },
    );
    const files = new aws.cloudfront.OriginAccessControl(
      `${name}-files`,
      {
        name: physicalName(naming, "other", "media").slice(0, 64),
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      { parent: this },
    );
    const headers = this.createHeaders(name, args);
    const behaviour = {
      viewerProtocolPolicy: "redirect-to-https",
      compress: true,
      responseHeadersPolicyId: headers.id,
      cachedMethods: ["GET", "HEAD"],
    };
    const fromFiles = (pathPattern: string) => ({
      ...behaviour,
      pathPattern,
      targetOriginId: "media",
      allowedMethods: ["GET", "HEAD"],
      cachePolicyId: MANAGED.cachingOptimized,
    });
    const { api } = args;
    const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    return new aws.cloudfront.Distribution(
      `${name}-distribution`,
      {
        enabled: true,
        comment: `${naming.project} ${naming.environment}`,
        aliases: [...args.hostNames],
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass: "PriceClass_200", // the cheapest with servers in Africa
        webAclId: webAclArn,
        origins: [
          {
            originId: "app",
            domainName: args.origin.dnsName,
            vpcOriginConfig: { vpcOriginId: app.id, originReadTimeout: 30, originKeepaliveTimeout: 60 },
          },
          { originId: "media", domainName: args.media.regionalDomainName, originAccessControlId: files.id },
          ...(api === undefined
            ? []
            : [{ originId: "api", domainName: api.hostName, customOriginConfig: HTTPS_ORIGIN }]),
        ],
        defaultCacheBehavior: {
          ...behaviour,
          targetOriginId: "app",
          allowedMethods: methods,
          cachePolicyId: MANAGED.cachingDisabled, // a page may hold a visitor's name: the application opts in by path
          originRequestPolicyId: MANAGED.allViewer,
        },
        orderedCacheBehaviors: [
          fromFiles("/build/*"),
          fromFiles("/storage/*"),
          ...(api === undefined
            ? []
            : [
                {
                  ...behaviour,
                  pathPattern: api.pathPattern,
                  targetOriginId: "api",
                  allowedMethods: methods,
                  cachePolicyId: MANAGED.cachingDisabled,
                  originRequestPolicyId: MANAGED.allViewerExceptHost, // the gateway knows itself by its own name only
                },
              ]),
        ],
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate: {
          acmCertificateArn: args.certificateArn,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021", // the newest that the older Android phones of our visitors speak
        },
        tags: tags(naming, "public"),
      },
      { parent: this },
    );
  }

  private createHeaders(name: string, args: EdgeArgs): aws.cloudfront.ResponseHeadersPolicy {
    return new aws.cloudfront.ResponseHeadersPolicy(
      `${name}-headers`,
      {
        name: physicalName(args.context.naming, "other", "headers"),
        securityHeadersConfig: {
          strictTransportSecurity: {
            accessControlMaxAgeSec: HSTS_SECONDS,
            includeSubdomains: true,
            preload: false, // a promise for years: the owner makes it by hand
            override: true,
          },
          contentTypeOptions: { override: true },
          frameOptions: { frameOption: "SAMEORIGIN", override: false },
          referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
        },
        removeHeadersConfig: { items: [{ header: "X-Powered-By" }] },
      },
      { parent: this },
    );
  }

  /** Access logs, by the way that needs no access list on the bucket; its calls are answered in us-east-1 only. */
  private deliverLogs(name: string, args: EdgeArgs, distribution: aws.cloudfront.Distribution): void {
    const region = "us-east-1";
    const physical = physicalName(args.context.naming, "other", "cdn").slice(0, 60);
    const common = { region, tags: tags(args.context.naming, "internal") };
    const source = new aws.cloudwatch.LogDeliverySource(
      `${name}-log-source`,
      { ...common, name: physical, logType: "ACCESS_LOGS", resourceArn: distribution.arn },
      { parent: this },
    );
    const destination = new aws.cloudwatch.LogDeliveryDestination(
      `${name}-log-destination`,
      {
        ...common,
        name: physical,
        outputFormat: "json",
        deliveryDestinationConfiguration: {
          destinationResourceArn: pulumi.interpolate`${args.logs.bucketReady}/cdn`,
        },
      },
      { parent: this },
    );
    new aws.cloudwatch.LogDelivery(
      `${name}-log-delivery`,
      { ...common, deliverySourceName: source.name, deliveryDestinationArn: destination.arn },
      { parent: this },
    );
  }
}
