import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { createLogGroup } from "./log-group.ts";

interface Limit {
  ratePerSecond: number;
  burst: number;
}

export interface ApiGatewayArgs {
  context: StackContext;
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  /** HTTPS listener of the internal load balancer that requests go to, and the name on its certificate. */
  backend: { listenerArn: pulumi.Input<string>; hostName: string };
  /** Who signs the tokens that partners and mobile applications present. */
  tokens: { issuer: string; audience: readonly string[] };
  /** Path that partners and mobile applications use, for example "/api/v1". */
  basePath: string;
  /** Requests a second, over all clients, and how many at once. */
  throttle: Limit;
  /** Tighter limits, by path below the base path. */
  routeThrottles: Readonly<Record<string, Limit>>;
  logsKeyArn: pulumi.Input<string>;
}

/**
 * The door for partners and mobile applications: no request without a valid token, none above the limits. The site's
 * own pages do not pass here: at ten calls a page its price would exceed the cluster's.
 */
export class ApiGateway extends pulumi.ComponentResource {
  /** Host name, without scheme. */
  readonly hostName: pulumi.Output<string>;

  constructor(name: string, args: ApiGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:ApiGateway", name, { basePath: args.basePath, throttle: { ...args.throttle } }, opts);
    const { naming } = args.context;
    const api = new aws.apigatewayv2.Api(
      `${name}-api`,
      {
        name: physicalName(naming, "other", "api"),
        protocolType: "HTTP",
        ipAddressType: "ipv4",
        tags: tags(naming, "personal"),
      },
      { parent: this },
    );
    const authorizer = new aws.apigatewayv2.Authorizer(
      `${name}-tokens`,
      {
        apiId: api.id,
        name: "tokens",
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { issuer: args.tokens.issuer, audiences: [...args.tokens.audience] },
      },
      { parent: this },
    );
    const integration = this.createIntegration(name, args, api);
    const limited = Object.entries(args.routeThrottles).map(([path, limit]) => ({
      key: routeKey(args, path),
      ...limit,
    }));
    const routes = [routeKey(args, ""), ...limited.map(({ key }) => key)];
    const created = routes.map(
      (key, index) =>
        new aws.apigatewayv2.Route(
          `${name}-route-${index + 1}`,
          {
            apiId: api.id,
            routeKey: key,
            target: pulumi.interpolate`integrations/${integration.id}`,
            authorizationType: "JWT",
            authorizerId: authorizer.id,
          },
          { parent: this },
        ),
    );
    this.createStage(name, args, api, limited, created);
    this.hostName = api.apiEndpoint.apply((endpoint) => endpoint.replace("https://", ""));
    this.registerOutputs({ hostName: this.hostName });
  }

  private createIntegration(
    name: string,
    args: ApiGatewayArgs,
    api: aws.apigatewayv2.Api,
  ): aws.apigatewayv2.Integration {
    const link = new aws.apigatewayv2.VpcLink(
      `${name}-link`,
      {
        name: physicalName(args.context.naming, "other", "api"),
        subnetIds: args.subnetIds,
        securityGroupIds: [args.securityGroupId],
        tags: tags(args.context.naming, "internal"),
      },
      { parent: this },
    );
    return new aws.apigatewayv2.Integration(
      `${name}-backend`,
      {
        apiId: api.id,
        integrationType: "HTTP_PROXY",
        integrationMethod: "ANY",
        integrationUri: args.backend.listenerArn,
        connectionType: "VPC_LINK",
        connectionId: link.id,
        payloadFormatVersion: "1.0",
        timeoutMilliseconds: 29_000,
        tlsConfig: { serverNameToVerify: args.backend.hostName },
      },
      { parent: this },
    );
  }

  private createStage(
    name: string,
    args: ApiGatewayArgs,
    api: aws.apigatewayv2.Api,
    limited: ({ key: string } & Limit)[],
    created: aws.apigatewayv2.Route[],
  ): void {
    const log = createLogGroup(
      `${name}-log`,
      {
        context: args.context,
        name: `/aws/apigateway/${physicalName(args.context.naming, "other", "api")}`,
        retentionDays: 90,
        keyArn: args.logsKeyArn,
      },
      this,
    );
    const limit = (at: Limit) => ({
      throttlingRateLimit: at.ratePerSecond,
      throttlingBurstLimit: at.burst,
    });
    new aws.apigatewayv2.Stage(
      `${name}-stage`,
      {
        apiId: api.id,
        name: "$default",
        autoDeploy: true,
        defaultRouteSettings: { detailedMetricsEnabled: true, ...limit(args.throttle) },
        routeSettings: limited.map(({ key, ...at }) => ({
          routeKey: key,
          detailedMetricsEnabled: true,
          ...limit(at),
        })),
        accessLogSettings: { destinationArn: log.arn, format: JSON.stringify(LOG_FORMAT) },
        tags: tags(args.context.naming, "internal"),
      },
      { parent: this, dependsOn: created },
    );
  }
}

const routeKey = ({ basePath }: ApiGatewayArgs, path: string): string => `ANY ${basePath}${path}/{proxy+}`;

/** What an access log keeps: never the token itself. */
const LOG_FORMAT = {
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  route: "$context.routeKey",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  subject: "$context.authorizer.claims.sub",
  error: "$context.authorizer.error",
};
