import { iso } from "../../engine/frameworks.ts";
import type { Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { kindOf, namespaceOf, objectsOf, tokens } from "../common/kubernetes.ts";

const STATEFUL = [
  ...tokens(["apps/v1", "apps/v1beta2", "apps/v1beta1"], "StatefulSet"),
  ...tokens(["core/v1"], "PersistentVolumeClaim"),
];
const SCHEDULE = ["kubernetes:velero.io/v1:Schedule"] as const;
const RELEASE = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"] as const;

/** A StatefulSet without claims keeps nothing: its emptyDir goes with the pod. */
const keepsData = (object: View, kind: string): boolean =>
  kind !== "StatefulSet" || object.items("spec.volumeClaimTemplates").length > 0;

/** Templates of Velero's schedules: objects of their own, or in the values of its chart. */
function schedulesOf(stack: Stack): View[] {
  const charts = stack.all(RELEASE).filter((r) => /(^|\/)velero$/.test(r.text("chart") ?? ""));
  return [
    ...stack.all(SCHEDULE).flatMap((s) => s.items("spec")),
    ...charts.flatMap((c) => c.keys("values.schedules").flatMap((key) => c.items(["values", "schedules", key]))),
  ].filter((s) => s.flag("paused") !== true && s.flag("disabled") !== true);
}

function covers(schedule: View, namespace: string): boolean {
  const included = schedule.texts("template.includedNamespaces").known;
  const all = included.length === 0 || included.includes("*");
  return (
    (all || included.includes(namespace)) && !schedule.texts("template.excludedNamespaces").known.includes(namespace)
  );
}

const claim = {
  type: "kubernetes:core/v1:PersistentVolumeClaim",
  name: "data",
  props: { metadata: { name: "data", namespace: "search" } },
};
const schedule = (template: object) => ({
  type: SCHEDULE[0],
  name: "daily",
  props: { spec: { schedule: "0 3 * * *", template } },
});

export const k8sStatefulBackup = defineRule({
  id: "k8s-stateful-backup",
  title: "Volumes of the cluster are backed up",
  severity: "high",
  levels: levels("-/-/-/m"),
  framework: iso("A.8.13"),
  tags: ["kubernetes", "backup"],
  source: { guide: "Snapshots quotidiens (7 jours)" },
  why: "What a pod keeps on a volume is in no backup of the database or of the buckets: a deleted claim is gone.",
  fix: "add a Schedule of Velero (velero.io/v1) for the namespace, or give its chart values.schedules",
  examples: {
    pass: [[claim, schedule({ includedNamespaces: ["search"] })]],
    fail: [[claim], [claim, schedule({ includedNamespaces: ["other"] })]],
  },
  stack: {
    check(stack, report) {
      const objects = stack.all(STATEFUL).flatMap((r) => objectsOf(r).filter((o) => keepsData(o, kindOf(r))));
      if (objects.length === 0) return "nothing in the cluster keeps data";
      const schedules = schedulesOf(stack);
      report.each(objects, (object) => {
        if (schedules.some((s) => covers(s, namespaceOf(object)))) return;
        report.violation(object, { problem: "no schedule of Velero backs its namespace up", requires: "one" });
      });
    },
  },
});
