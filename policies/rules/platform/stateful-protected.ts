import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isRoot, mayGo, ROOT, rootsSeen } from "../common/root.ts";
import { BUCKET, DO_ADDRESS, DO_DATABASE, DROPLET, ZONE } from "../common/types.ts";

/** Databases, servers that hold data, buckets, keys, volumes, addresses, zones. */
export const STATEFUL = [
  ...DROPLET,
  ...DO_DATABASE,
  ...DO_ADDRESS,
  "digitalocean:index/volume:Volume",
  "digitalocean:index/spacesBucket:SpacesBucket",
  ...BUCKET,
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:rds/globalCluster:GlobalCluster",
  "aws:dynamodb/table:Table",
  "aws:efs/fileSystem:FileSystem",
  "aws:ebs/volume:Volume",
  "aws:opensearch/domain:Domain",
  "aws:backup/vault:Vault",
  "aws:kms/key:Key",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:ec2/eip:Eip",
  "aws:route53/zone:Zone",
  ...ZONE,
  "ovh:Vps/vps:Vps",
  "ovh:CloudProject/database:Database",
  "ovh:CloudProject/storage:Storage",
  "ovh:CloudProject/volume:Volume",
  "ovh:index/cloudVolume:CloudVolume",
] as const;

export const statefulProtected = defineRule({
  id: "stateful-protected",
  title: "What holds data is protected from replacement and deletion",
  severity: "critical",
  levels: levels("m/-/m/m"),
  framework: iso("A.8.13"),
  tags: ["pulumi:protect"],
  source: { guide: "Sécurité dès le début : Éviter la dette technique" },
  why: "One changed property can replace a server or a database, and with it every booking. With protect the engine itself refuses.",
  fix: "set the resource option protect: true; to let one go, name it in jatsmanor:allowReplace for one update",
  examples: {
    pass: [[{ type: DROPLET[0], props: {}, protect: true }]],
    fail: [[{ type: DROPLET[0], props: {} }]],
  },
  resource: {
    types: [...STATEFUL, ...ROOT],
    check(resource, report) {
      if (isRoot(resource)) {
        const { known } = resource.texts("allowReplace");
        rootsSeen.set(resource.urn, resource);
        if (known.length > 0) report.note(resource, `allowReplace lets ${known.join(", ")} be replaced or deleted`);
        return;
      }
      if (resource.protect) return;
      if (mayGo(resource)) return report.note(resource, "is not protected, as jatsmanor:allowReplace says");
      report.violation(resource, { problem: "the option protect is false", requires: "protect: true" });
    },
  },
});
