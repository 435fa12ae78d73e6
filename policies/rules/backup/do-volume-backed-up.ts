import { iso } from "../../engine/frameworks.ts";
import { any, refers, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { DROPLET } from "../common/types.ts";

const VOLUME = ["digitalocean:index/volume:Volume"] as const;
const SNAPSHOT = ["digitalocean:index/volumeSnapshot:VolumeSnapshot"] as const;
const ATTACHMENT = ["digitalocean:index/volumeAttachment:VolumeAttachment"] as const;
const EXPORTED = "backup:export";

const attached = (stack: Stack, volume: Resource): Answer =>
  any([
    ...stack.all(DROPLET).map((d) => refers(d, "volumeIds", volume, ["id"])),
    ...stack.all(ATTACHMENT).map((a) => refers(a, "volumeId", volume, ["id"])),
  ]);

const volume = (tags: string[] = []) => ({ type: VOLUME[0], name: "data", props: { id: "v1", tags } });
const droplet = { type: DROPLET[0], name: "web", props: { volumeIds: ["v1"] } };
const snapshot = { type: SNAPSHOT[0], name: "snapshot", props: { volumeId: "v1" } };

export const doVolumeBackedUp = defineRule({
  id: "do-volume-backed-up",
  title: "Volumes are backed up, not only the servers they hang on",
  severity: "high",
  levels: levels("m/-/-/-"),
  framework: iso("A.8.13"),
  tags: ["backup"],
  source: { guide: "Snapshots quotidiens (7 jours)" },
  why: "A droplet's backups leave its volumes out: data on one is in no backup unless somebody made one.",
  fix: `add a VolumeSnapshot, or tag the volume "${EXPORTED}" when its data is exported elsewhere`,
  examples: {
    pass: [[droplet, volume(), snapshot], [droplet, volume([EXPORTED])], [volume()]],
    fail: [[droplet, volume()]],
  },
  stack: {
    check(stack, report) {
      const volumes = stack.all(VOLUME).map((v): [Resource, Answer] => [v, attached(stack, v)]);
      const hosts = stack.all(DROPLET).filter((d) => d.has("volumeIds"));
      if (volumes.every(([, a]) => a === "no") && hosts.length === 0) return "no volume is attached to a droplet";
      const requires = `a VolumeSnapshot, or the tag "${EXPORTED}"`;
      report.each(volumes, ([volume, use]) => {
        if (use === "no") return;
        const saved = any(stack.all(SNAPSHOT).map((s) => refers(s, "volumeId", volume, ["id"])));
        const tags = volume.texts("tags");
        if (saved === "yes" || tags.known.includes(EXPORTED)) return;
        if (use === "maybe" || saved === "maybe" || tags.partial) {
          return report.undetermined(volume, "its attachment or its snapshot");
        }
        report.violation(volume, { problem: "no VolumeSnapshot is of it", requires });
      });
      // A volume of another stack is known by its id alone.
      report.each(hosts, (host) => {
        const ids = volumes.flatMap(([v]) => (v.peek("id").state === "known" ? [v.text("id")] : []));
        const saved = stack.all(SNAPSHOT).map((s) => s.peek("volumeId"));
        for (const id of host.texts("volumeIds").known) {
          if (ids.includes(id) || saved.some((s) => s.state === "known" && s.value === id)) continue;
          report.violation(host, { problem: "a volume of another stack is attached to it", requires });
        }
      });
    },
  },
});
