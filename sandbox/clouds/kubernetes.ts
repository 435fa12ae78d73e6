/**
 * Kubernetes: one API server per EKS cluster of the sandbox. Refused is what an API server refuses at once, and what
 * would leave pods waiting until the update times out (a missing service account, a pod against its namespace's level).
 */
import { packageSchema } from "../schema/load.ts";
import type { CloudResource, Store } from "../store.ts";
import { output } from "../store.ts";
import type { Properties, Value } from "../values.ts";
import { asText, isObject, plainProperties, valueAt, valuesAt } from "../values.ts";
import type { Cloud, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const NAMESPACE = "kubernetes:core/v1:Namespace";
/** Namespaces that every cluster has. */
const BUILT_IN = ["default", "kube-system", "kube-public", "kube-node-lease"];
/** Where the pods of a kind are described. */
const POD_OF: Readonly<Record<string, string>> = {
  "kubernetes:apps/v1:DaemonSet": "spec.template.spec",
  "kubernetes:apps/v1:Deployment": "spec.template.spec",
  "kubernetes:apps/v1:StatefulSet": "spec.template.spec",
  "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template.spec",
  "kubernetes:batch/v1:Job": "spec.template.spec",
};
/** API groups of custom kinds, and the chart that installs them. */
const CHART_OF: Readonly<Record<string, string>> = {
  "constraints.gatekeeper.sh": "gatekeeper",
  "elbv2.k8s.aws": "aws-load-balancer-controller",
  "external-secrets.io": "external-secrets",
  "k8s.elastic.co": "eck-operator",
  "monitoring.coreos.com": "kube-prometheus-stack",
  "networking.istio.io": "base",
  "security.istio.io": "base",
  "templates.gatekeeper.sh": "gatekeeper",
};

const kindOf = (type: string): string => type.split(":").at(-1) ?? type;
const nameOf = (inputs: Properties): string => asText(valueAt(inputs, "metadata.name"));
const namespaceOf = (inputs: Properties): string => asText(valueAt(inputs, "metadata.namespace"));

function object({ inputs, identity, createdAt, old }: Request): Properties {
  const [namespace, name] = [namespaceOf(inputs), nameOf(inputs)];
  const generation = Number(valueAt(old ?? {}, "metadata.generation") ?? 0) + 1;
  const metadata = {
    ...(inputs["metadata"] as Properties),
    creationTimestamp: createdAt,
    generation,
    resourceVersion: String(identity.digits(6, "version")),
    uid: identity.uuid("uid"),
  };
  return { id: namespace ? `${namespace}/${name}` : name, metadata };
}

function release({ inputs }: Request): Properties {
  const { name, namespace, chart, version } = plainProperties(inputs);
  return {
    id: `${asText(namespace)}/${asText(name)}`,
    status: {
      name: name ?? "",
      namespace: namespace ?? "",
      chart: chart ?? "",
      version: version ?? "",
      revision: 1,
      status: "deployed",
    },
  };
}

/** The server that the provider was configured with must be a cluster's. */
function refuseUnreachable({ config, store }: Request): void {
  const given = config["kubeconfig"];
  const server = isObject(given) ? valuesAt(given, ["clusters", "cluster", "server"])[0]?.value : undefined;
  const known = store.ofType("aws:eks/cluster:Cluster").some((cluster) => output(cluster, "endpoint") === server);
  if (!known)
    throw new CloudError(
      `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "${asText(server ?? "https://localhost:8080")}/openapi/v2": no such host`,
    );
}

function refuseNamespace(namespace: string, store: Store): CloudResource | undefined {
  const found = store.get(NAMESPACE, namespace);
  if (!found && namespace !== "" && !BUILT_IN.includes(namespace))
    throw new CloudError(`namespaces "${namespace}" not found`);
  return found;
}

function refuseKind(type: string, store: Store): void {
  const [, group = "", kind = ""] = type.split(":");
  const base = group.split("/")[0] ?? "";
  const chart = Object.entries(CHART_OF).find(([key]) => base === key || base.endsWith(`.${key}`))?.[1];
  const custom = chart !== undefined || base === "gateway.networking.k8s.io";
  const installed = store.ofType(RELEASE).some((item) => output(item, "chart") === chart);
  const template =
    base !== "constraints.gatekeeper.sh" ||
    store
      .ofType("kubernetes:templates.gatekeeper.sh/v1:ConstraintTemplate")
      .some((item) => JSON.stringify(item.outputs).includes(`"kind":"${kind}"`));
  if (custom && !(installed && template)) throw new CloudError(`no matches for kind "${kind}" in version "${group}"`);
}

/** What a pod refers to, and whether its namespace's Pod Security level lets it in. */
function refusePod(request: Request, namespace: CloudResource | undefined): void {
  const { type, inputs, store } = request;
  const path = POD_OF[type];
  const pod = path === undefined ? undefined : valueAt(inputs, path);
  if (!isObject(pod)) return;
  const within = namespaceOf(inputs);
  const subject = `${kindOf(type)} ${within}/${nameOf(inputs)}`;
  const missing = (kind: string, name: Value | undefined, also = false): void => {
    if (name === undefined || also || store.get(`kubernetes:core/v1:${kind}`, `${within}/${asText(name)}`)) return;
    throw new CloudError(`${subject}: pods not created: ${kind.toLowerCase()}s "${asText(name)}" not found`);
  };
  missing("ServiceAccount", pod["serviceAccountName"]);
  for (const { value } of valuesAt(pod, ["containers", "envFrom"]).flatMap(({ value }) =>
    Array.isArray(value) ? value.map((item) => ({ value: item })) : [{ value }],
  )) {
    const source = isObject(value) ? value : {};
    missing("ConfigMap", valueAt(source, "configMapRef.name"));
    const secretName = valueAt(source, "secretRef.name");
    const external = store
      .ofType("kubernetes:external-secrets.io/v1:ExternalSecret")
      .some((item) => valueAt(plainProperties(item.outputs), "spec.target.name") === secretName);
    missing("Secret", secretName, external);
  }
  const level = namespace && valueAt(plainProperties(namespace.outputs), "metadata.labels");
  if (isObject(level) && level["pod-security.kubernetes.io/enforce"] === "restricted") {
    const faults = restrictedFaults(pod);
    if (faults.length > 0)
      throw new CloudError(`${subject}: violates PodSecurity "restricted:latest": ${faults.join(", ")}`);
  }
}

/** Source: kubernetes.io, Pod Security Standards, profile "restricted". */
function restrictedFaults(pod: Properties): string[] {
  const containers = [pod["containers"], pod["initContainers"]].flatMap((list) => (Array.isArray(list) ? list : []));
  const shared = isObject(pod["securityContext"]) ? pod["securityContext"] : {};
  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => pod[key] === true);
  const paths = valuesAt(pod, ["volumes", "hostPath"]).length > 0 ? ["hostPath volumes"] : [];
  return [
    ...host,
    ...paths,
    ...containers.filter(isObject).flatMap((container) => {
      const own = isObject(container["securityContext"]) ? container["securityContext"] : {};
      const either = { ...shared, ...own };
      return [
        ...(own["allowPrivilegeEscalation"] === false ? [] : ["allowPrivilegeEscalation != false"]),
        ...(JSON.stringify(valueAt(own, "capabilities.drop") ?? []).includes('"ALL"')
          ? []
          : ["unrestricted capabilities"]),
        ...(either["runAsNonRoot"] === true ? [] : ["runAsNonRoot != true"]),
        ...(/^(RuntimeDefault|Localhost)$/.test(asText(valueAt(either, "seccompProfile.type")))
          ? []
          : ["seccompProfile"]),
      ];
    }),
  ];
}

function refuseSelector({ type, inputs }: Request): void {
  const wanted = valueAt(inputs, "spec.selector.matchLabels");
  if (!type.startsWith("kubernetes:apps/v1:") || !isObject(wanted)) return;
  const labels = valueAt(inputs, "spec.template.metadata.labels");
  const matches = Object.entries(wanted).every(([key, value]) => isObject(labels) && labels[key] === value);
  if (!matches)
    throw new CloudError(
      `${kindOf(type)}.apps "${nameOf(inputs)}" is invalid: spec.template.metadata.labels: Invalid value: \`selector\` does not match template \`labels\``,
    );
}

function refuse(request: Request): void {
  const { type, inputs, store } = request;
  refuseUnreachable(request);
  refuseKind(type, store);
  if (type === RELEASE) {
    if (inputs["createNamespace"] !== true) refuseNamespace(asText(inputs["namespace"]), store);
    return;
  }
  const namespace = refuseNamespace(namespaceOf(inputs), store);
  refuseSelector(request);
  refusePod(request, namespace);
}

const types = [...packageSchema("kubernetes").resources.keys()];

export const kubernetes: Cloud = {
  compute: Object.fromEntries(types.map((type) => [type, type === RELEASE ? release : object])),
  refuse: Object.fromEntries(types.map((type) => [type, refuse])),
};
