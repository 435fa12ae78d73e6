/** What runs in the cluster. */
import { unknown } from "../pack.ts";
import { r, type Case, type Tables } from "./table.ts";

type Props = Record<string, unknown>;
const NS = "kubernetes:core/v1:Namespace";
const POD = "kubernetes:core/v1:Pod";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const PDB = "kubernetes:policy/v1:PodDisruptionBudget";
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const ROLE = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";
const BINDING = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";
const SERVICE = "kubernetes:core/v1:Service";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const SCHEDULE = "kubernetes:velero.io/v1:Schedule";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";

const config = [r("kubernetes:core/v1:ConfigMap", "config", { data: { a: "b" } })];
const pod = (spec: unknown, namespace: unknown = "app", type = POD) => [
  r(type, "web", { metadata: { name: "web", namespace }, spec }),
];
const inTemplate = (type: string, spec: unknown) => [
  r(type, "web", { metadata: { name: "web", namespace: "app" }, spec: { template: { spec } } }),
];
/** A spec as the pod of each kind of workload. */
const inEachKind = (spec: unknown): [string, ReturnType<typeof pod>][] => [
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind): [string, ReturnType<typeof pod>] => [
    kind,
    inTemplate(`kubernetes:apps/v1:${kind}`, spec),
  ]),
  ["Deployment of an older API", inTemplate("kubernetes:extensions/v1beta1:Deployment", spec)],
  ["Job", inTemplate("kubernetes:batch/v1:Job", spec)],
  ["CronJob", [r("kubernetes:batch/v1:CronJob", "web", { spec: { jobTemplate: { spec: { template: { spec } } } } })]],
  [
    "list",
    [
      r("kubernetes:core/v1:PodList", "web", {
        items: [
          { metadata: {}, spec: {} },
          { metadata: {}, spec },
        ],
      }),
    ],
  ],
];

const ENFORCE = "pod-security.kubernetes.io/enforce";
const namespace = (labels: unknown, name = "app", type = NS) => [r(type, name, { metadata: { name, labels } })];

const SAFE = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
const container = (securityContext: Props = {}) => ({ name: "php", securityContext: { ...SAFE, ...securityContext } });
const secured = (securityContext: Props = {}, spec: Props = {}) =>
  pod({ containers: [container(securityContext)], ...spec });

const SIZE = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "256Mi" } };
const sized = (resources: unknown) => ({ containers: [{ name: "php", resources }] });
const limits = (of: Props, ns = "app") =>
  r("kubernetes:core/v1:LimitRange", "limits", {
    metadata: { namespace: ns },
    spec: { limits: [{ type: "Container", ...of }] },
  });

const REPO = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/booking";
const SHA = `@sha256:${"0123456789abcdef".repeat(4)}`;
const imaged = (image: unknown) => ({ containers: [{ name: "php", image }] });

const LABELS = { app: "booking" };
const SPREAD = { topologySpreadConstraints: [{ topologyKey: "zone" }] };
const service = (replicas: unknown, podSpec: Props = SPREAD, type = DEPLOYMENT, name = "booking") =>
  r(type, name, {
    metadata: { name, namespace: "app" },
    spec: { replicas, template: { metadata: { labels: LABELS }, spec: podSpec } },
  });
const budget = (spec: Props = { maxUnavailable: 1 }, ns = "app") =>
  r(PDB, "budget", { metadata: { namespace: ns }, spec: { selector: { matchLabels: LABELS }, ...spec } });
const scaler = (minReplicas: unknown, kind = "Deployment") =>
  r(HPA, "scaler", {
    metadata: { namespace: "app" },
    spec: { minReplicas, scaleTargetRef: { kind, name: "booking" } },
  });

const PROBE = { httpGet: { path: "/up", port: 8080 } };
const probed = (of: Props) => ({ containers: [{ name: "php", ports: [{ containerPort: 8080 }], ...of }] });

const web = pod({ containers: [] });
const policy = (spec: Props, name = "deny", ns = "app") =>
  r(POLICY, name, { metadata: { namespace: ns }, spec: { podSelector: {}, ...spec } });
const BOTH = { policyTypes: ["Ingress", "Egress"] };

const role = (rule: Props, more: Props = {}, type = ROLE) => [
  r(type, "role", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"], ...rule }], ...more }),
];
const binding = (name: unknown, subject: unknown = "web", type = BINDING) => [
  r(type, "binding", { roleRef: { name }, subjects: [{ kind: "Group", name: subject }] }),
];
const fromHelm = { metadata: { labels: { "app.kubernetes.io/managed-by": "Helm" } } };

const exposed = (spec: Props, annotations: Props = {}, name = "web", type = SERVICE) => [
  r(type, name, { metadata: { name, annotations }, spec }),
];
const AWS = "service.beta.kubernetes.io/aws-load-balancer";
const release = (props: Props) => [r(RELEASE, "r", { chart: "velero", version: "8.1.0", ...props })];

const ingress = (spec: unknown, type = INGRESS) => [r(type, "web", { spec })];
const hosts = (...names: unknown[]) => names.map((host) => ({ host }));
const tls = (...names: unknown[]) => [{ hosts: names, secretName: "tls" }];
const door = (server: Props, type = "kubernetes:networking.istio.io/v1:Gateway") => [
  r(type, "door", { spec: { servers: [{ hosts: ["*"], ...server }] } }),
];

const claim = (ns: unknown = "search") => r(CLAIM, "data", { metadata: { namespace: ns } });
const schedule = (template: Props = {}, more: Props = {}) => r(SCHEDULE, "daily", { spec: { template, ...more } });

export const kubernetes: Tables = {
  "k8s-psa-enforced": [
    ["pass", "restricted", namespace({ [ENFORCE]: "restricted" })],
    ["pass", "baseline", namespace({ [ENFORCE]: "baseline" })],
    ["fail", "privileged", namespace({ [ENFORCE]: "privileged" }), /enforce is "privileged"/],
    ["fail", "no label", namespace({}), /is unset, requires restricted or baseline/],
    ["fail", "no labels", namespace(undefined)],
    ["fail", "another case", namespace({ [ENFORCE]: "Restricted" })],
    ["fail", "a wrong type", namespace({ [ENFORCE]: ["restricted"] })],
    ["unknown", "unknown", namespace({ [ENFORCE]: unknown })],
    ["fail", "a warning only", namespace({ "pod-security.kubernetes.io/warn": "restricted" })],
    ["pass", "the latest version", namespace({ [ENFORCE]: "restricted", [`${ENFORCE}-version`]: "latest" })],
    ["pass", "one version", namespace({ [ENFORCE]: "restricted", [`${ENFORCE}-version`]: "v1.35" })],
    ["fail", "no version", namespace({ [ENFORCE]: "restricted", [`${ENFORCE}-version`]: "1.35" }), /enforce-version/],
    ["pass", "the cluster's own", namespace({}, "kube-system")],
    ["pass", "the mesh's agents", namespace({ [ENFORCE]: "privileged" }, "istio-system")],
    [
      "fail",
      "the mesh's agents where they may not",
      namespace({}, "istio-system"),
      undefined,
      { systemNamespaces: [] },
    ],
    ["pass", "a patch of something else", namespace({ a: "b" }, "app", `${NS}Patch`)],
    ["fail", "a patch that opens it", namespace({ [ENFORCE]: "privileged" }, "app", `${NS}Patch`)],
    ["fail", "one of a list", [r(`${NS}List`, "l", { items: [{ metadata: { name: "a" } }] })], /items\[0\]/],
    ["na", "another kind", config],
  ],
  "k8s-container-hardened": [
    ["pass", "hardened", secured()],
    ...inEachKind({ containers: [container({ privileged: true })] }).map(([kind, samples]): Case => [
      "fail",
      `privileged in a ${kind}`,
      samples,
      /privileged is true/,
    ]),
    ...["containers", "initContainers", "ephemeralContainers"].map((list): Case => [
      "fail",
      `privileged among the ${list}`,
      pod({ [list]: [container({ privileged: true })] }),
    ]),
    ...["runAsNonRoot", "allowPrivilegeEscalation", "capabilities", "seccompProfile"].map((name): Case => [
      "fail",
      `${name} unset`,
      secured({ [name]: undefined }),
      new RegExp(`${name}.* is unset`),
    ]),
    ["fail", "root", secured({ runAsNonRoot: false })],
    ["fail", "more rights than it started with", secured({ allowPrivilegeEscalation: true })],
    ["pass", "not root, by the pod", secured({ runAsNonRoot: undefined }, { securityContext: { runAsNonRoot: true } })],
    ["fail", "root, against the pod", secured({ runAsNonRoot: false }, { securityContext: { runAsNonRoot: true } })],
    [
      "pass",
      "seccomp by the pod",
      secured({ seccompProfile: undefined }, { securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
    ],
    ["pass", "a profile of ours", secured({ seccompProfile: { type: "Localhost" } })],
    ["fail", "no seccomp", secured({ seccompProfile: { type: "Unconfined" } })],
    ["fail", "all in lower case", secured({ capabilities: { drop: ["all"] } }), /capabilities.drop is a list of 1/],
    ["fail", "some rights dropped", secured({ capabilities: { drop: ["NET_RAW"] } })],
    ["pass", "a low port", secured({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } })],
    ["fail", "a right of the kernel", secured({ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } })],
    ["warn", "a file system that can be changed", secured({ readOnlyRootFilesystem: undefined })],
    ["fail", "a wrong type", secured({ runAsNonRoot: 1 })],
    ["unknown", "unknown", secured({ runAsNonRoot: unknown })],
    ["fail", "no security context", pod({ containers: [{ name: "php" }] })],
    ...["hostNetwork", "hostPID", "hostIPC"].map((name): Case => [
      "fail",
      name,
      secured({}, { [name]: true }),
      new RegExp(`${name} is true`),
    ]),
    ["pass", "hostNetwork off", secured({}, { hostNetwork: false })],
    ["fail", "a path of the node", secured({}, { volumes: [{ name: "n", hostPath: { path: "/" } }] })],
    ["pass", "a place to write", secured({}, { volumes: [{ name: "tmp", emptyDir: {} }] })],
    ["pass", "an agent of the node", pod({ containers: [{ name: "agent" }] }, "kube-system")],
    [
      "fail",
      "an agent elsewhere",
      pod({ containers: [{ name: "agent" }] }, "kube-system"),
      undefined,
      { systemNamespaces: [] },
    ],
    ["pass", "a patch of the image", pod({ containers: [{ name: "php", image: "x" }] }, "app", `${POD}Patch`)],
    [
      "fail",
      "a patch that opens",
      inTemplate(`${DEPLOYMENT}Patch`, { containers: [{ securityContext: { privileged: true } }] }),
    ],
    [
      "fail",
      "a patch that lets it grow",
      inTemplate(`${DEPLOYMENT}Patch`, { containers: [{ securityContext: { allowPrivilegeEscalation: true } }] }),
    ],
    ["na", "another kind", config],
  ],
  "k8s-resources-set": [
    ["pass", "all three", pod(sized(SIZE))],
    ...inEachKind(sized({})).map(([kind, samples]): Case => [
      "fail",
      `none in a ${kind}`,
      samples,
      /requests.cpu is unset/,
    ]),
    ["fail", "no CPU", pod(sized({ ...SIZE, requests: { memory: "1Gi" } })), /resources.requests.cpu/],
    ["fail", "no memory limit", pod(sized({ ...SIZE, limits: { cpu: "1" } })), /resources.limits.memory/],
    ["pass", "a limit of CPU is no need", pod(sized(SIZE))],
    ["pass", "limits are requests too", pod(sized({ limits: { cpu: "1", memory: "1Gi" } }))],
    [
      "pass",
      "unknown is set",
      pod(sized({ requests: { cpu: unknown, memory: unknown }, limits: { memory: unknown } })),
    ],
    ["fail", "unset", pod({ containers: [{ name: "php" }] })],
    ["fail", "a wrong type", pod(sized("small"))],
    ["fail", "an init container", pod({ ...sized(SIZE), initContainers: [{ name: "init" }] })],
    ["pass", "a container to debug cannot", pod({ ...sized(SIZE), ephemeralContainers: [{ name: "debug" }] })],
    [
      "pass",
      "by the namespace",
      [...pod(sized({})), limits({ defaultRequest: { cpu: "1", memory: "1Gi" }, default: { memory: "1Gi" } })],
    ],
    ["fail", "in part by the namespace", [...pod(sized({})), limits({ defaultRequest: { cpu: "1", memory: "1Gi" } })]],
    [
      "fail",
      "by another namespace",
      [...pod(sized({})), limits({ defaultRequest: { cpu: "1", memory: "1" }, default: { memory: "1" } }, "other")],
    ],
    [
      "fail",
      "by a limit of pods",
      [...pod(sized({})), limits({ type: "Pod", defaultRequest: SIZE.requests, default: SIZE.limits })],
    ],
    ["pass", "the cluster's own", pod(sized({}), "kube-system")],
    ["pass", "a patch of something else", pod(sized({}), "app", `${POD}Patch`)],
    ["unknown", "an unknown list", pod({ containers: unknown })],
    ["na", "another kind", config],
  ],
  "k8s-image-pinned": [
    ["pass", "a digest", pod(imaged(`${REPO}${SHA}`))],
    ["pass", "a tag and a digest", pod(imaged(`${REPO}:1.4${SHA}`))],
    ["pass", "Amazon's public registry", pod(imaged(`public.ecr.aws/nginx/nginx${SHA}`))],
    ...inEachKind(imaged("nginx")).map(([kind, samples]): Case => [
      "fail",
      `nginx in a ${kind}`,
      samples,
      /image is "nginx"/,
    ]),
    ["fail", "latest", pod(imaged(`${REPO}:latest`))],
    ["fail", "a tag", pod(imaged(`${REPO}:1.4.2`)), /requires a digest/],
    ["fail", "no tag", pod(imaged(REPO))],
    ["fail", "a short digest", pod(imaged(`${REPO}@sha256:abc`))],
    ["fail", "a registry with a port", pod(imaged("host:5000/x"))],
    ["fail", "a registry with a port and a digest", pod(imaged(`host:5000/x${SHA}`)), /requires a registry of/],
    ["fail", "Docker's by default", pod(imaged(`library/nginx${SHA}`))],
    ["fail", "a host that only looks like ours", pod(imaged(`1.dkr.ecr.eu-central-1.amazonaws.com.evil.io/x${SHA}`))],
    ["pass", "a registry that is allowed", pod(imaged(`host:5000/x${SHA}`)), undefined, { registries: ["host:5000"] }],
    ["pass", "Docker's where it is allowed", pod(imaged(`nginx${SHA}`)), undefined, { registries: ["docker.io"] }],
    ["pass", "Docker's own folder", pod(imaged(`library/nginx${SHA}`)), undefined, { registries: ["docker.io"] }],
    ["fail", "unset", pod(imaged(undefined))],
    ["fail", "a wrong type", pod(imaged({ name: "nginx" }))],
    ["unknown", "unknown", pod(imaged(unknown))],
    ["fail", "an init container", pod({ initContainers: [{ image: "busybox" }] })],
    ["fail", "a container to debug", pod({ ephemeralContainers: [{ image: "busybox" }] })],
    ["pass", "a patch of something else", pod({ containers: [{ name: "php" }] }, "app", `${POD}Patch`)],
    ["fail", "a patch of the image", pod(imaged("nginx"), "app", `${POD}Patch`)],
    ["na", "another kind", config],
  ],
  "k8s-ha-workload": [
    ["pass", "two", [service(2), budget()]],
    ["fail", "one", [service(1), budget()], /spec.replicas is 1, requires 2 or more/],
    ["fail", "unset is one", [service(undefined), budget()]],
    ["pass", 'the text "2"', [service("2"), budget()]],
    ["fail", "a wrong type", [service(["2"]), budget()]],
    ["unknown", "unknown", [service(unknown), budget()]],
    ["pass", "unset under an autoscaler of two", [service(undefined), budget(), scaler(2)]],
    ["fail", "an autoscaler that goes down to one", [service(3), budget(), scaler(1)], /minReplicas is 1/],
    ["fail", "an autoscaler's own default is one", [service(3), budget(), scaler(undefined)]],
    ["fail", "an autoscaler of another kind", [service(1), budget(), scaler(2, "StatefulSet")]],
    ["fail", "no budget", [service(2)], /no PodDisruptionBudget is for its pods/],
    ["fail", "a budget of other pods", [service(2), budget({ selector: { matchLabels: { app: "x" } } })]],
    ["fail", "a budget of another namespace", [service(2), budget({}, "other")]],
    ["fail", "a budget without a selector", [service(2), budget({ selector: undefined })]],
    ["fail", "a budget that lets none go", [service(2), budget({ maxUnavailable: 0 })], /no node can be drained/],
    ["fail", "a budget that lets 0 % go", [service(2), budget({ maxUnavailable: "0%" })]],
    ["fail", "a budget that needs all", [service(2), budget({ minAvailable: "100%" })]],
    ["pass", "a budget that needs one", [service(2), budget({ minAvailable: 1 })]],
    ["fail", "together on a node", [service(2, {}), budget()], /may share a node/],
    ["pass", "apart by affinity", [service(2, { affinity: { podAntiAffinity: {} } }), budget()]],
    ["fail", "an affinity to nodes", [service(2, { affinity: { nodeAffinity: {} } }), budget()]],
    ["fail", "a StatefulSet", [service(1, SPREAD, STATEFUL_SET), budget()]],
    ["pass", "what may run only once", [service(1, {}, DEPLOYMENT, "scheduler")]],
    [
      "fail",
      "what may run only once, elsewhere",
      [service(1, {}, DEPLOYMENT, "scheduler")],
      undefined,
      { singletons: [] },
    ],
    ["pass", "a patch", [service(1, {}, `${DEPLOYMENT}Patch`, "patch"), service(2), budget()]],
    ["na", "a Job", inTemplate("kubernetes:batch/v1:Job", {})],
  ],
  "k8s-probes": [
    ["pass", "both", pod(probed({ livenessProbe: PROBE, readinessProbe: PROBE }))],
    ["fail", "none", pod(probed({})), /livenessProbe is unset/],
    ["fail", "readiness alone", pod(probed({ readinessProbe: PROBE }))],
    ["fail", "liveness alone", pod(probed({ livenessProbe: PROBE })), /readinessProbe is unset/],
    ["pass", "by a command", pod(probed({ livenessProbe: { exec: {} }, readinessProbe: { exec: {} } }))],
    ["pass", "unknown is set", pod(probed({ livenessProbe: unknown, readinessProbe: unknown }))],
    ["fail", "null", pod(probed({ livenessProbe: null, readinessProbe: PROBE }))],
    ...inEachKind(probed({}))
      .filter(([kind]) => !/Job/.test(kind))
      .map(([kind, samples]): Case => ["fail", `none in a ${kind}`, samples]),
    ["pass", "a queue worker serves nobody", pod({ containers: [{ name: "worker" }] })],
    ["pass", "an init container", pod({ containers: [], initContainers: [{ ports: [{ containerPort: 1 }] }] })],
    ["pass", "the cluster's own", pod(probed({}), "kube-system")],
    ["unknown", "unknown ports", pod(probed({ ports: unknown }))],
    ["na", "a patch", pod(probed({}), "app", `${POD}Patch`)],
    ["na", "a Job", inTemplate("kubernetes:batch/v1:Job", probed({}))],
  ],
  "k8s-default-deny-netpol": [
    ["pass", "both ways", [...web, policy(BOTH)]],
    [
      "pass",
      "in two policies",
      [...web, policy({ policyTypes: ["Ingress"] }, "i"), policy({ policyTypes: ["Egress"] }, "e")],
    ],
    ["fail", "none", web, /^stack: namespace app: no NetworkPolicy .* is about Ingress/],
    ["fail", "on the namespace", [...web, ...namespace({})], /^Namespace app: no NetworkPolicy/],
    ["fail", "what comes in only", [...web, policy({ policyTypes: ["Ingress"] })], /is about Egress/],
    ["fail", "what goes out only", [...web, policy({ policyTypes: ["Egress"] })], /is about Ingress/],
    ["fail", "no types mean what comes in", [...web, policy({})], /is about Egress/],
    ["pass", "no types and rules for what goes out", [...web, policy({ egress: [] })]],
    ["pass", "names are found", [...web, policy({ ...BOTH, egress: [{ ports: [{ protocol: "UDP", port: 53 }] }] })]],
    [
      "fail",
      "a rule for everything in",
      [...web, policy({ ...BOTH, ingress: [{}] })],
      /its Ingress rule lets everything/,
    ],
    ["fail", "a rule for everything out", [...web, policy({ ...BOTH, egress: [{}] })]],
    ["pass", "a rule for one peer", [...web, policy({ ...BOTH, ingress: [{ from: [{ podSelector: {} }] }] })]],
    ["fail", "some pods", [...web, policy({ ...BOTH, podSelector: { matchLabels: { a: "b" } } })]],
    [
      "fail",
      "some pods by an expression",
      [...web, policy({ ...BOTH, podSelector: { matchExpressions: [{ key: "a" }] } })],
    ],
    ["fail", "no selector", [...web, policy({ ...BOTH, podSelector: undefined })]],
    ["fail", "a wrong type", [...web, policy({ policyTypes: { Ingress: true } })]],
    ["unknown", "unknown", [...web, policy({ policyTypes: unknown })]],
    ["fail", "another namespace", [...web, policy(BOTH, "deny", "other")]],
    ["na", "the cluster's own", pod({}, "kube-system")],
    ["na", "a namespace of charts", namespace({})],
  ],
  "k8s-rbac-no-wildcard": [
    ["pass", "named", role({})],
    ...["verbs", "resources"].flatMap((path): Case[] => [
      ["fail", `every one of ${path}`, role({ [path]: ["*"] }), new RegExp(`${path} is`)],
      ["fail", `every one of ${path} among others`, role({ [path]: ["get", "*"] })],
      ["unknown", `${path} unknown`, role({ [path]: unknown })],
    ]),
    ["pass", "every group of one resource", role({ apiGroups: ["*"] })],
    ["pass", "a wrong type", role({ verbs: { "*": true } })],
    ["fail", "a text", role({ verbs: "*" })],
    ["fail", "a role of a namespace", role({ verbs: ["*"] }, {}, "kubernetes:rbac.authorization.k8s.io/v1:Role")],
    ["fail", "a patch", role({ verbs: ["*"] }, {}, `${ROLE}Patch`)],
    ["fail", "one of a list", [r(`${ROLE}List`, "l", { items: [{ rules: [{ verbs: ["*"] }] }] })]],
    ["pass", "filled in by the cluster", role({ verbs: ["*"] }, { aggregationRule: {} })],
    ["warn", "an operator's from a chart", role({ verbs: ["*"] }, fromHelm)],
    ["pass", "a binding", binding("reader")],
    ["fail", "cluster-admin", binding("cluster-admin"), /roleRef.name is "cluster-admin"/],
    [
      "fail",
      "cluster-admin in a namespace",
      binding("cluster-admin", "web", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"),
    ],
    ...["system:authenticated", "system:unauthenticated", "system:anonymous", "system:masters"].map((name): Case => [
      "fail",
      name,
      binding("reader", name),
    ]),
    ["unknown", "an unknown role", binding(unknown)],
    ["na", "another kind", config],
  ],
  "k8s-service-exposure": [
    ["pass", "inside", exposed({ type: "ClusterIP" })],
    ["pass", "by default", exposed({})],
    ["fail", "NodePort", exposed({ type: "NodePort" }), /spec.type is "NodePort"/],
    ["fail", "external addresses", exposed({ externalIPs: ["198.51.100.7"] })],
    ["pass", "no external addresses", exposed({ externalIPs: [] })],
    ["fail", "a load balancer", exposed({ type: "LoadBalancer" })],
    ["pass", "an internal one", exposed({ type: "LoadBalancer" }, { [`${AWS}-scheme`]: "internal" })],
    ["pass", "an internal one, the older way", exposed({ type: "LoadBalancer" }, { [`${AWS}-internal`]: "true" })],
    ["fail", "an open one", exposed({ type: "LoadBalancer" }, { [`${AWS}-scheme`]: "internet-facing" })],
    ["pass", "named ranges", exposed({ type: "LoadBalancer", loadBalancerSourceRanges: ["198.51.100.0/24"] })],
    ["pass", "ranges of this update", exposed({ type: "LoadBalancer", loadBalancerSourceRanges: [unknown] })],
    [
      "fail",
      "every range",
      exposed({ type: "LoadBalancer", loadBalancerSourceRanges: ["198.51.100.0/24", "0.0.0.0/0"] }),
    ],
    ["fail", "no ranges", exposed({ type: "LoadBalancer", loadBalancerSourceRanges: [] })],
    ["pass", "the mesh's door", exposed({ type: "LoadBalancer" }, {}, "istio-ingress")],
    [
      "fail",
      "the mesh's door where it may not",
      exposed({ type: "LoadBalancer" }, {}, "istio-ingress"),
      undefined,
      { gateways: [] },
    ],
    ["pass", "a wrong type", exposed({ type: ["NodePort"] })],
    ["unknown", "unknown", exposed({ type: unknown })],
    ["fail", "a patch", exposed({ type: "NodePort" }, {}, "web", `${SERVICE}Patch`)],
    [
      "fail",
      "one of a list",
      [r(`${SERVICE}List`, "l", { items: [{}, { spec: { type: "NodePort" } }] })],
      /items\[1\]/,
    ],
    ["na", "another kind", config],
  ],
  "k8s-helm-visible": [
    ...["8.1.0", "v8.1.0", "8.1.0-rc.1", "8.1.0+build"].map((version): Case => ["pass", version, release({ version })]),
    ...["^8", "~8.1", "8", "8.1", "8.x", "8.1.x", ">=8.1.0", "*", "latest", ""].map((version): Case => [
      "fail",
      `"${version}"`,
      release({ version }),
    ]),
    ["fail", "unset", release({ version: undefined }), /version is unset/],
    ["fail", "a wrong type", release({ version: 8 })],
    ["unknown", "unknown", release({ version: unknown })],
    ["pass", "an OCI chart", release({ chart: "oci://ghcr.io/x/velero" })],
    ["fail", "an OCI chart without a version", release({ chart: "oci://ghcr.io/x/velero", version: undefined })],
    ["pass", "a chart of this repository", release({ chart: "./charts/app", version: undefined })],
    [
      "pass",
      "a repository of the list",
      release({ repositoryOpts: { repo: "https://charts.a.io/x" } }),
      undefined,
      { repositories: ["https://charts.b.io/", "https://charts.a.io/"] },
    ],
    [
      "fail",
      "another repository",
      release({ repositoryOpts: { repo: "https://b.io" } }),
      /repositoryOpts.repo/,
      { repositories: ["https://charts.a.io/"] },
    ],
    ["fail", "no repository", release({}), undefined, { repositories: ["https://charts.a.io/"] }],
    ["fail", "another OCI registry", release({ chart: "oci://b.io/x" }), /chart is/, { repositories: ["oci://a.io/"] }],
    ["na", "another kind", config],
  ],
  "k8s-ingress-tls": [
    ["pass", "named", ingress({ rules: hosts("a.io"), tls: tls("a.io") })],
    ["fail", "no tls", ingress({ rules: hosts("a.io") }), /rules\[0\]\.host is "a.io"/],
    ["fail", "another name", ingress({ rules: hosts("a.io"), tls: tls("b.io") })],
    ["fail", "one of two", ingress({ rules: hosts("a.io", "b.io"), tls: tls("a.io") }), /rules\[1\]/],
    ["pass", "two certificates", ingress({ rules: hosts("a.io", "b.io"), tls: [...tls("a.io"), ...tls("b.io")] })],
    ["pass", "a wildcard for one label", ingress({ rules: hosts("x.a.io"), tls: tls("*.a.io") })],
    ["fail", "a wildcard for the name itself", ingress({ rules: hosts("a.io"), tls: tls("*.a.io") })],
    ["fail", "a wildcard for two labels", ingress({ rules: hosts("x.y.a.io"), tls: tls("*.a.io") })],
    ["pass", "a wildcard host", ingress({ rules: hosts("*.a.io"), tls: tls("*.a.io") })],
    ["fail", "a wildcard host under one name", ingress({ rules: hosts("*.a.io"), tls: tls("x.a.io") })],
    ["fail", "no host", ingress({ rules: [{ http: {} }], tls: tls("a.io") }), /host is unset/],
    ["fail", "a default backend", ingress({ defaultBackend: {} })],
    ["pass", "a default backend with a certificate", ingress({ defaultBackend: {}, tls: [{ secretName: "tls" }] })],
    ["fail", "a wrong type", ingress({ rules: hosts({ name: "a.io" }), tls: tls("a.io") })],
    ["unknown", "an unknown host", ingress({ rules: hosts(unknown), tls: tls("a.io") })],
    ["fail", "an older API", ingress({ rules: hosts("a.io") }, "kubernetes:extensions/v1beta1:Ingress")],
    ["na", "a patch of something else", ingress({}, `${INGRESS}Patch`)],
    ["fail", "a patch of the rules", ingress({ rules: hosts("a.io") }, `${INGRESS}Patch`)],
    ["fail", "one of a list", [r(`${INGRESS}List`, "l", { items: [{ spec: { rules: hosts("a.io") } }] })]],
    [
      "pass",
      "Istio's door over HTTPS",
      door({ port: { protocol: "HTTPS" }, tls: { mode: "SIMPLE", minProtocolVersion: "TLSV1_2" } }),
    ],
    ["fail", "Istio's door over HTTP", door({ port: { protocol: "HTTP" } }), /tls.httpsRedirect is unset/],
    ["pass", "Istio's door that redirects", door({ port: { protocol: "HTTP" }, tls: { httpsRedirect: true } })],
    [
      "fail",
      "Istio's door, by an older API",
      door({ port: { protocol: "http" } }, "kubernetes:networking.istio.io/v1beta1:Gateway"),
    ],
    [
      "fail",
      "Istio's door with TLS 1.1",
      door({ port: { protocol: "HTTPS" }, tls: { minProtocolVersion: "TLSV1_1" } }),
    ],
    ["unknown", "Istio's door unknown", door({ port: { protocol: unknown } })],
    ...["HTTP", "http", "HTTPS"].map((protocol): Case => [
      protocol === "HTTPS" ? "pass" : "fail",
      `a Gateway listens to ${protocol}`,
      [r("kubernetes:gateway.networking.k8s.io/v1:Gateway", "g", { spec: { listeners: [{ protocol }] } })],
    ]),
    ["na", "another kind", config],
  ],
  "k8s-stateful-backup": [
    ["pass", "its namespace", [claim(), schedule({ includedNamespaces: ["search"] })]],
    ["pass", "every namespace", [claim(), schedule()]],
    ["pass", "every namespace, spelled out", [claim(), schedule({ includedNamespaces: ["*"] })]],
    ["fail", "none", [claim()], /no schedule of Velero backs its namespace up/],
    ["fail", "another namespace", [claim(), schedule({ includedNamespaces: ["app"] })]],
    ["fail", "every namespace but it", [claim(), schedule({ excludedNamespaces: ["search"] })]],
    ["fail", "a schedule that rests", [claim(), schedule({}, { paused: true })]],
    ["pass", "a schedule that runs", [claim(), schedule({}, { paused: false })]],
    [
      "pass",
      "the chart's",
      [claim(), r(RELEASE, "v", { chart: "velero", values: { schedules: { daily: { template: {} } } } })],
    ],
    [
      "pass",
      "the chart's, from OCI",
      [claim(), r(RELEASE, "v", { chart: "oci://x/velero", values: { schedules: { daily: {} } } })],
    ],
    [
      "fail",
      "the chart's, disabled",
      [claim(), r(RELEASE, "v", { chart: "velero", values: { schedules: { daily: { disabled: true } } } })],
    ],
    ["fail", "a chart without schedules", [claim(), r(RELEASE, "v", { chart: "velero" })]],
    ["fail", "another chart", [claim(), r(RELEASE, "v", { chart: "minio", values: { schedules: { daily: {} } } })]],
    ["fail", "a StatefulSet with claims", [r(STATEFUL_SET, "s", { spec: { volumeClaimTemplates: [{}] } })]],
    [
      "na",
      "a cache keeps nothing",
      [r(STATEFUL_SET, "s", { spec: { template: { spec: { volumes: [{ emptyDir: {} }] } } } })],
    ],
    ["fail", "a list of claims", [r(`${CLAIM}List`, "l", { items: [{ metadata: {} }] })]],
    ["fail", "a schedule of a wrong type", [claim(), r(SCHEDULE, "daily", { spec: "daily" })]],
    ["unknown", "an unknown namespace", [claim(unknown), schedule({ includedNamespaces: ["search"] })]],
    ["na", "another kind", config],
  ],
};
