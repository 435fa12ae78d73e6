import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { labels } from "./labels.ts";
import { Namespace } from "./namespace.ts";
import {
  PLATFORM_NAMESPACES,
  type PlatformValues,
  REPOSITORIES,
  type ReleaseName,
  platformReleases,
} from "./releases.ts";

export interface PlatformArgs {
  context: StackContext;
  values: Omit<PlatformValues, "storageClass" | "grafanaSecret">;
  /** Key of the disks that pods ask for. */
  diskKeyArn: pulumi.Input<string>;
  /** Name at AWS's parameter store of the dashboards' first user, {username, password}. */
  grafanaSecretName: pulumi.Input<string>;
}

/** Class of the disks that pods ask for. */
export const STORAGE_CLASS = "encrypted";
const SECRET_STORE = "aws";
/** The vault, whose traffic only the mesh encrypts, and what reads the services' metrics. */
const IN_MESH = ["vault", "observability"];
const GRAFANA_SECRET = "grafana-admin";

/** Mesh, metrics, logs, vault, admission policy, and the controllers that tie the cluster to AWS. */
export class Platform extends pulumi.ComponentResource {
  readonly namespaces: Record<keyof typeof PLATFORM_NAMESPACES, pulumi.Output<string>>;
  /** Releases by name: whoever uses a kind that a chart brings depends on it. */
  readonly releases = {} as Record<ReleaseName, k8s.helm.v3.Release>;
  /** Cluster-wide store from which external secrets are read; wait for `releases` of external-secrets through it. */
  readonly secretStore: pulumi.Output<string>;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:kubernetes:Platform", name, {}, opts);
    const { context } = args;
    this.namespaces = Object.fromEntries(
      Object.entries(PLATFORM_NAMESPACES).map(([namespace, podSecurity]) => [
        namespace,
        new Namespace(
          `${name}-${namespace}`,
          { context, namespace, dataClass: "internal", podSecurity, mesh: IN_MESH.includes(namespace) },
          { parent: this },
        ).namespaceName,
      ]),
    ) as typeof this.namespaces;
    this.createStorageClass(name, args);
    const plans = platformReleases({ ...args.values, storageClass: STORAGE_CLASS, grafanaSecret: GRAFANA_SECRET });
    const install = (release: ReleaseName) => this.install(name, release, plans[release]);
    // The order of the table, but for what metrics need: the dashboards' user must be there before they start.
    for (const release of Object.keys(plans) as ReleaseName[]) if (release !== "prometheus") install(release);
    this.secretStore = this.createSecretStore(name, args);
    this.releases.prometheus = this.install(name, "prometheus", plans.prometheus, [
      createExternalSecret(
        `${name}-grafana-user`,
        {
          context,
          namespace: this.namespaces.observability,
          secretName: GRAFANA_SECRET,
          store: this.secretStore,
          remoteName: args.grafanaSecretName,
        },
        this,
      ),
    ]);
    this.registerOutputs({ secretStore: this.secretStore });
  }

  /** Encrypted disks, made in the zone where the pod is, and kept when the claim is deleted by mistake. */
  private createStorageClass(name: string, args: PlatformArgs): void {
    new k8s.storage.v1.StorageClass(
      `${name}-disks`,
      {
        metadata: {
          name: STORAGE_CLASS,
          labels: labels(args.context, "internal", STORAGE_CLASS),
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true", kmsKeyId: args.diskKeyArn },
        reclaimPolicy: "Retain",
        allowVolumeExpansion: true,
        volumeBindingMode: "WaitForFirstConsumer",
      },
      { parent: this },
    );
  }

  private install(
    name: string,
    release: ReleaseName,
    plan: ReturnType<typeof platformReleases>[ReleaseName],
    more: pulumi.Resource[] = [],
  ): k8s.helm.v3.Release {
    const created = new k8s.helm.v3.Release(
      `${name}-${release}`,
      {
        name: release,
        chart: plan.chart,
        version: plan.version,
        repositoryOpts: { repo: REPOSITORIES[plan.repository] },
        namespace: plan.namespace === "kube-system" ? plan.namespace : this.namespaces[plan.namespace],
        values: plan.values,
        atomic: true, // what does not start is taken back, instead of half an upgrade
        timeout: 600,
      },
      { parent: this, dependsOn: [...plan.after.map((other) => this.releases[other]), ...more] },
    );
    this.releases[release] = created;
    return created;
  }

  private createSecretStore(name: string, args: PlatformArgs): pulumi.Output<string> {
    const store = new k8s.apiextensions.CustomResource(
      `${name}-secret-store`,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ClusterSecretStore",
        metadata: { name: SECRET_STORE, labels: labels(args.context, "internal", SECRET_STORE) },
        // No key: the operator's pods have a role of their own.
        spec: { provider: { aws: { service: "ParameterStore", region: args.values.region } } },
      },
      { parent: this, dependsOn: [this.releases["external-secrets"]] },
    );
    return store.metadata.name;
  }
}

export interface ExternalSecretArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  /** Name of the Kubernetes secret that is written. */
  secretName: string;
  store: pulumi.Input<string>;
  /** Name at AWS's parameter store; the keys of its JSON become the secret's. */
  remoteName: pulumi.Input<string>;
}

/** A Kubernetes secret that follows one of AWS's parameter store, so that its value is in no manifest. */
export function createExternalSecret(
  name: string,
  args: ExternalSecretArgs,
  parent: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: {
        name: args.secretName,
        namespace: args.namespace,
        labels: labels(args.context, "internal", args.secretName),
      },
      spec: {
        secretStoreRef: { name: args.store, kind: "ClusterSecretStore" },
        refreshInterval: "1h",
        target: { name: args.secretName, creationPolicy: "Owner" },
        dataFrom: [{ extract: { key: args.remoteName } }],
      },
    },
    { parent },
  );
}
