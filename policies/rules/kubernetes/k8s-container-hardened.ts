import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { type Path, type View } from "../../engine/values.ts";
import {
  ALL_CONTAINERS,
  containersOf,
  isIn,
  isPatch,
  kindOf,
  objectsOf,
  part,
  podSpec,
  SYSTEM_NAMESPACES,
  WORKLOADS,
} from "../common/kubernetes.ts";

/** The node's own namespaces. */
const HOST = ["hostNetwork", "hostPID", "hostIPC"];
/** The one right that the standard lets a container have back. */
const MAY_ADD = ["NET_BIND_SERVICE"];
const SECCOMP = ["RuntimeDefault", "Localhost"];

function checkPod(pod: View, report: Report): void {
  for (const path of HOST) if (pod.flag(path) === true) report.violation(pod, { path, requires: "false" });
  report.each(pod.items("volumes"), (volume) => {
    if (volume.has("hostPath")) report.violation(volume, { path: "hostPath", requires: "no path of the node" });
  });
}

/** `must` judges what is set, and what is left out unless the object is a patch. */
function checkContainer(container: View, pod: View, patch: boolean, report: Report): void {
  const own = part(container, "securityContext");
  const shared = part(pod, "securityContext");
  const must = (path: Path, good: boolean, requires: string, level?: "advisory"): void => {
    if (good || (patch && !own.has(path))) return;
    report.violation(own, { path, requires, ...(level && { level }) });
  };
  /** What the container says beats what its pod says. */
  const at = (path: string): View => (own.has(path) ? own : shared);
  if (own.flag("privileged") === true) report.violation(own, { path: "privileged", requires: "false" });
  must("runAsNonRoot", at("runAsNonRoot").flag("runAsNonRoot") === true, "true, here or on the pod");
  must("allowPrivilegeEscalation", own.flag("allowPrivilegeEscalation") === false, "false");
  // In this very case: the API server does not know "all".
  must("capabilities.drop", own.texts("capabilities.drop").known.includes("ALL"), '["ALL"]');
  const added = own.texts("capabilities.add").known.filter((c) => !MAY_ADD.includes(c));
  if (added.length > 0) report.violation(own, { path: "capabilities.add", requires: `none but ${MAY_ADD.join(", ")}` });
  const profile = "seccompProfile.type";
  must(profile, SECCOMP.includes(at(profile).text(profile) ?? ""), `"${SECCOMP[0]}", here or on the pod`);
  must(
    "readOnlyRootFilesystem",
    own.flag("readOnlyRootFilesystem") === true,
    "true, with emptyDir to write",
    "advisory",
  );
}

const safe = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
const pod = (securityContext: object, spec: object = {}) => [
  {
    type: "kubernetes:apps/v1:Deployment",
    name: "web",
    props: {
      spec: {
        template: {
          spec: { containers: [{ name: "php", securityContext: { ...safe, ...securityContext } }], ...spec },
        },
      },
    },
  },
];

export const k8sContainerHardened = defineRule<{ systemNamespaces: string[] }>({
  id: "k8s-container-hardened",
  title: "Containers cannot become root, nor reach the node",
  severity: "high",
  levels: levels("-/-/-/m"),
  parameters: SYSTEM_NAMESPACES,
  tags: ["kubernetes", "pss:restricted", "cis-k8s:5.2", "iso27001:A.8.9"],
  source: { standard: "Kubernetes Pod Security Standards, restricted" },
  why: "A hole in the application gives its attacker what the container may do: as root, with the node's files or rights, that is every other pod.",
  fix: 'set in securityContext runAsNonRoot true, allowPrivilegeEscalation false, capabilities.drop ["ALL"], seccompProfile RuntimeDefault and readOnlyRootFilesystem true; mount emptyDir where PHP writes (storage/, bootstrap/cache/)',
  examples: {
    pass: [pod({})],
    fail: [
      pod({ privileged: true }),
      pod({ runAsNonRoot: undefined }),
      pod({ capabilities: { drop: ["all"] } }),
      pod({ allowPrivilegeEscalation: undefined, seccompProfile: undefined }),
      pod({}, { hostNetwork: true }),
    ],
  },
  resource: {
    types: WORKLOADS,
    check(resource, report, { systemNamespaces }) {
      report.each(objectsOf(resource), (object) => {
        if (isIn(object, systemNamespaces)) return;
        const pod = podSpec(object, kindOf(resource));
        report.each([pod], (p) => checkPod(p, report));
        report.each(containersOf(pod, ...ALL_CONTAINERS), (c) => checkContainer(c, pod, isPatch(resource), report));
      });
    },
  },
  remediate: {
    types: WORKLOADS.filter((t) => !/(Patch|List)$/.test(t)),
    /** Only what no well-behaved program notices; a user that may not be root is the image's own choice. */
    repair(resource, set, { systemNamespaces }) {
      // A pod and a job cannot be changed: a repair would replace them.
      if (isIn(resource, systemNamespaces) || ["Pod", "Job"].includes(kindOf(resource))) return;
      const pod = podSpec(resource, kindOf(resource));
      for (const container of containersOf(pod, "containers", "initContainers")) {
        const own = part(container, "securityContext");
        const path = (name: string): Path => [...own.base, ...name.split(".")];
        if (own.flag("allowPrivilegeEscalation") !== false) set(path("allowPrivilegeEscalation"), false);
        if (!own.texts("capabilities.drop").known.includes("ALL")) set(path("capabilities.drop"), ["ALL"]);
        const profiled = [own, part(pod, "securityContext")].some((at) => at.has("seccompProfile.type"));
        if (!profiled) set(path("seccompProfile.type"), "RuntimeDefault");
      }
    },
  },
});
