import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import type { DataClass } from "../../concepts/naming.ts";
import { labels } from "./labels.ts";

/** What pods of a namespace may do to their node: nothing (`restricted`), little, or whatever they want. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

export interface NamespaceArgs {
  context: StackContext;
  namespace: string;
  dataClass: DataClass;
  podSecurity: PodSecurity;
  /** Pods are part of the mesh: encrypted and authenticated among each other. */
  mesh: boolean;
  /** Closes the namespace but for name resolution, and limits what it may take; each service then opens what it needs. */
  closed?: { quota: Record<string, string>; defaults: ContainerSize };
}

export interface ContainerSize {
  requests: { cpu: string; memory: string };
  limits: { memory: string };
}

/** The mesh's own port, and the address that the node's probes come from once it carries them. */
export const MESH_PORT = 15_008;
export const MESH_PROBES = "169.254.7.127/32";

/** A namespace with its level of pod security and, for our own services, closed from all sides. */
export class Namespace extends pulumi.ComponentResource {
  readonly namespaceName: pulumi.Output<string>;

  constructor(name: string, args: NamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:kubernetes:Namespace", name, { namespace: args.namespace, podSecurity: args.podSecurity }, opts);
    const { context, namespace, podSecurity } = args;
    const created = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: namespace,
          labels: {
            ...labels(context, args.dataClass, namespace),
            ...Object.fromEntries(
              ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, podSecurity]),
            ),
            ...(args.mesh ? { "istio.io/dataplane-mode": "ambient" } : {}),
          },
        },
      },
      { parent: this },
    );
    this.namespaceName = created.metadata.name;
    if (args.closed !== undefined) this.close(name, args, args.closed);
    this.registerOutputs({ namespaceName: this.namespaceName });
  }

  private close(name: string, args: NamespaceArgs, { quota, defaults }: NonNullable<NamespaceArgs["closed"]>): void {
    const metadata = (part: string) => ({
      name: part,
      namespace: this.namespaceName,
      labels: labels(args.context, "internal", part),
    });
    const policy = (part: string, spec: k8s.types.input.networking.v1.NetworkPolicySpec) =>
      new k8s.networking.v1.NetworkPolicy(`${name}-${part}`, { metadata: metadata(part), spec }, { parent: this });
    policy("default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    policy("resolve-names", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })),
        },
      ],
    });
    if (args.mesh)
      // In the mesh, probes come from this address; without it every pod would be taken for dead.
      policy("probes", {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ ipBlock: { cidr: MESH_PROBES } }] }],
      });
    new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata: metadata("quota"), spec: { hard: quota } },
      { parent: this },
    );
    new k8s.core.v1.LimitRange(
      `${name}-limits`,
      {
        metadata: metadata("limits"),
        spec: { limits: [{ type: "Container", defaultRequest: defaults.requests, default: defaults.limits }] },
      },
      { parent: this },
    );
  }
}
