import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { kindOf, objectsOf, tokens } from "../common/kubernetes.ts";

const GROUPS = [
  "rbac.authorization.k8s.io/v1",
  "rbac.authorization.k8s.io/v1beta1",
  "rbac.authorization.k8s.io/v1alpha1",
];
const ROLE = tokens(GROUPS, "Role", "ClusterRole");
const BINDING = tokens(GROUPS, "RoleBinding", "ClusterRoleBinding");
/** Whoever has a token, or none, and those that no rule holds. */
const EVERYONE = ["system:authenticated", "system:unauthenticated", "system:anonymous", "system:masters"];

/** The operators of a chart need broad rights, which nobody here can change: a warning. */
const fromChart = (object: View): boolean =>
  object.text(["metadata", "labels", "app.kubernetes.io/managed-by"]) === "Helm";

const role = (rule: object) => [
  {
    type: ROLE[0] ?? "",
    name: "reader",
    props: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"], ...rule }] },
  },
];
const binding = (name: string, subject: object) => [
  { type: BINDING[0] ?? "", name: "bind", props: { roleRef: { kind: "ClusterRole", name }, subjects: [subject] } },
];

export const k8sRbacNoWildcard = defineRule({
  id: "k8s-rbac-no-wildcard",
  title: "Nobody may do everything in the cluster",
  severity: "critical",
  levels: levels("-/-/-/m"),
  framework: iso("A.8.2"),
  tags: ["kubernetes", "cis-k8s:5.1.1", "cis-k8s:5.1.3"],
  source: { guide: "IAM roles granulaires" },
  why: "A wildcard grants what does not exist yet as well. A pod whose account may do everything hands the cluster to whoever breaks into it.",
  fix: "name verbs and resources in the role, and bind a role of the service's own to its service account",
  examples: {
    pass: [role({}), binding("reader", { kind: "ServiceAccount", name: "web" })],
    fail: [
      role({ verbs: ["*"] }),
      role({ resources: ["*"] }),
      binding("cluster-admin", { kind: "ServiceAccount", name: "web" }),
      binding("reader", { kind: "Group", name: "system:authenticated" }),
    ],
  },
  resource: {
    types: [...ROLE, ...BINDING],
    check(resource: Resource, report) {
      report.each(objectsOf(resource), (object) => {
        const level = fromChart(object) ? ({ level: "advisory" } as const) : {};
        if (kindOf(resource).endsWith("Role")) {
          // The cluster fills the rules in from other roles, which are judged by themselves.
          if (object.has("aggregationRule")) return;
          report.each(object.items("rules"), (rule) => {
            for (const path of ["verbs", "resources"]) {
              if (!rule.texts(path).known.includes("*")) continue;
              report.violation(rule, { path, found: '["*"]', requires: `named ${path}`, ...level });
            }
          });
          return;
        }
        if (object.text("roleRef.name") === "cluster-admin") {
          report.violation(object, { path: "roleRef.name", requires: "a role of named rights", ...level });
        }
        report.each(object.items("subjects"), (subject) => {
          if (!EVERYONE.includes(subject.text("name") ?? "")) return;
          report.violation(subject, { path: "name", requires: "a named account", ...level });
        });
      });
    },
  },
});
