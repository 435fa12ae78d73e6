/** Objects of Kubernetes under each of their tokens: older versions of the API, patches and lists. */
import type { Resource } from "../../engine/resource.ts";
import { steps, View, type Path } from "../../engine/values.ts";

/** Tokens of some kinds: each version of the API, the object itself, its patch and its list. */
export const tokens = (groups: readonly string[], ...kinds: string[]): string[] =>
  groups.flatMap((g) => kinds.flatMap((k) => ["", "Patch", "List"].map((form) => `kubernetes:${g}:${k}${form}`)));

const APPS = ["apps/v1", "apps/v1beta2", "apps/v1beta1", "extensions/v1beta1"];
/** Run until they are told to stop. */
export const SERVERS = tokens(APPS, "Deployment", "StatefulSet");
const JOBS = tokens(["batch/v1", "batch/v1beta1"], "Job", "CronJob");
export const WORKLOADS = [
  ...SERVERS,
  ...tokens(APPS, "DaemonSet", "ReplicaSet"),
  ...tokens(["core/v1"], "Pod", "ReplicationController"),
  ...JOBS,
];
export const NAMESPACE = tokens(["core/v1"], "Namespace");

/** The cluster's own namespaces, and those of agents that work on the node itself: the mesh's, the log collectors. */
export const SYSTEM_NAMESPACES = {
  systemNamespaces: {
    schema: { type: "array", items: { type: "string" }, description: "namespaces of agents that work on the node" },
    default: ["kube-system", "kube-public", "kube-node-lease", "istio-system", "node-agents"],
  },
};

export const kindOf = (resource: Resource): string =>
  (resource.type.split(":").pop() ?? "").replace(/(Patch|List)$/, "");
/** A patch says only what it changes: what it leaves out is no fault of it. */
export const isPatch = (resource: Resource): boolean => resource.type.endsWith("Patch");
/** The objects of a list, or the object itself. */
export const objectsOf = (resource: Resource): View[] =>
  resource.type.endsWith("List") ? resource.items("items") : [resource];

/** A part of the properties that need not be there. */
export const part = (at: View, path: Path): View => new View(at.root, [...at.base, ...steps(path)]);

export const nameOf = (object: View): string | undefined => object.text("metadata.name");
export const namespaceOf = (object: View): string => object.text("metadata.namespace") ?? "default";
/** In one of the namespaces, as far as it is known. */
export function isIn(object: View, namespaces: readonly string[]): boolean {
  const found = object.peek("metadata.namespace");
  return found.state === "known" && namespaces.includes(String(found.value));
}

/** Where a kind keeps the specification of its pods. */
export function podSpec(object: View, kind: string): View {
  if (kind === "Pod") return part(object, "spec");
  return part(object, kind === "CronJob" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec");
}
export const podLabels = (object: View): View => part(object, "spec.template.metadata.labels");

/** Containers that serve, that prepare, and that are put in to debug. */
export const containersOf = (spec: View, ...lists: string[]): View[] => lists.flatMap((list) => spec.items(list));
export const ALL_CONTAINERS = ["containers", "initContainers", "ephemeralContainers"];

/** Whether labels fit a selector's matchLabels; an empty selector takes all. */
export const fits = (selector: View, labels: View): boolean =>
  selector.keys("matchLabels").every((key) => labels.text([key]) === selector.text(["matchLabels", key]));
