import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { StackContext } from "../../concepts/context.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { labels, selector } from "./labels.ts";

export interface GatewayArgs {
  context: StackContext;
  /** Namespaces of the mesh's control plane, its door, and the services. */
  namespaces: Record<"mesh" | "ingress" | "services", pulumi.Input<string>>;
  hostNames: readonly [string, ...string[]];
  /** Path prefixes and the service that answers them; the longest that fits wins. */
  routes: readonly { prefix: string; service: string; host: pulumi.Input<string> }[];
  /** Services and who may call each; "ingress" = the door. */
  callers: Readonly<Record<string, readonly string[]>>;
  /** Targets of the load balancer that the door's pods are entered into. */
  targetGroupArn: pulumi.Input<string>;
  /** Account in the mesh of what reads the services' metrics. */
  metricsAccount: { namespace: pulumi.Input<string>; account: string };
  /** Releases whose kinds are used: they must outlive these objects. */
  after: pulumi.Resource[];
}

const byLength = (a: { prefix: string }, b: { prefix: string }) => b.prefix.length - a.prefix.length;

const SECRET = "ingress-certificate";
const VALID_HOURS = 2 * 365 * 24;

/** The mesh's door and its locks: TLS at the door, mutual TLS inside, and each service open to its callers only. */
export class Gateway extends pulumi.ComponentResource {
  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:kubernetes:Gateway", name, { hostNames: [...args.hostNames] }, opts);
    const certificate = this.createCertificate(name, args);
    const gateway = this.custom(name, args, "door", {
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      namespace: args.namespaces.ingress,
      spec: {
        selector: { istio: "ingress" },
        servers: [
          {
            port: { number: 443, name: "https", protocol: "HTTPS" },
            hosts: ["*"], // the load balancer names no host when it opens TLS
            tls: { mode: "SIMPLE", credentialName: certificate.metadata.name, minProtocolVersion: "TLSV1_2" },
          },
        ],
      },
    });
    this.custom(name, args, "routes", {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      namespace: args.namespaces.ingress,
      spec: {
        hosts: ["*"],
        gateways: [gateway.metadata.name],
        // The mesh takes the first that fits.
        http: [...args.routes].sort(byLength).map(({ prefix, service, host }) => ({
          name: `${service}${prefix.replace(/\/$/, "").replaceAll("/", "-")}`,
          match: [{ uri: { prefix } }],
          route: [{ destination: { host, port: { number: 80 } } }],
          timeout: "30s",
        })),
      },
    });
    this.custom(name, args, "door-targets", {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      namespace: args.namespaces.ingress,
      spec: {
        targetGroupARN: args.targetGroupArn,
        targetType: "ip",
        serviceRef: { name: "istio-ingress", port: 443 },
      },
    });
    this.lock(name, args);
    this.registerOutputs({});
  }

  /** Of our own making: load balancers encrypt to their targets and do not ask who signed. */
  private createCertificate(name: string, args: GatewayArgs): k8s.core.v1.Secret {
    const keyName = `${name}-key`;
    const key = new tls.PrivateKey(
      keyName,
      { algorithm: "ECDSA", ecdsaCurve: "P256" },
      { parent: this, ...stateful(args.context.guard, "key", keyName) },
    );
    const certificate = new tls.SelfSignedCert(
      `${name}-certificate`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: args.hostNames[0] },
        dnsNames: [...args.hostNames],
        validityPeriodHours: VALID_HOURS,
        earlyRenewalHours: VALID_HOURS / 4,
        allowedUses: ["digital_signature", "server_auth"],
      },
      { parent: this },
    );
    return new k8s.core.v1.Secret(
      `${name}-secret`,
      {
        metadata: {
          name: SECRET,
          namespace: args.namespaces.ingress,
          labels: labels(args.context, "internal", SECRET),
        },
        type: "kubernetes.io/tls",
        stringData: { "tls.crt": certificate.certPem, "tls.key": key.privateKeyPem },
      },
      { parent: this },
    );
  }

  /** In the mesh's own namespace the rule holds for the whole mesh. */
  private lock(name: string, args: GatewayArgs): void {
    this.custom(name, args, "mutual-tls", {
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      namespace: args.namespaces.mesh,
      objectName: "default",
      spec: { mtls: { mode: "STRICT" } },
    });
    const account = (namespace: pulumi.Input<string>, service: string) =>
      pulumi.interpolate`cluster.local/ns/${namespace}/sa/${service}`;
    for (const [service, callers] of Object.entries(args.callers))
      this.custom(name, args, `callers-of-${service}`, {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        namespace: args.namespaces.services,
        objectName: service,
        spec: {
          selector: { matchLabels: selector(service) },
          action: "ALLOW",
          rules: [
            {
              from: [
                {
                  source: {
                    principals: [
                      ...callers.map((caller) =>
                        caller === "ingress"
                          ? account(args.namespaces.ingress, "istio-ingress")
                          : account(args.namespaces.services, caller),
                      ),
                      account(args.metricsAccount.namespace, args.metricsAccount.account),
                    ],
                  },
                },
              ],
            },
          ],
        },
      });
  }

  private custom(
    name: string,
    args: GatewayArgs,
    part: string,
    object: {
      apiVersion: string;
      kind: string;
      namespace: pulumi.Input<string>;
      objectName?: string;
      spec: Record<string, unknown>;
    },
  ): k8s.apiextensions.CustomResource {
    const { apiVersion, kind, namespace, spec } = object;
    const objectName = object.objectName ?? part;
    return new k8s.apiextensions.CustomResource(
      `${name}-${part}`,
      {
        apiVersion,
        kind,
        metadata: { name: objectName, namespace, labels: labels(args.context, "internal", objectName) },
        spec,
      },
      { parent: this, dependsOn: args.after },
    );
  }
}
