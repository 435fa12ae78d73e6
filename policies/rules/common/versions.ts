/** Where resources say which version of a system or engine they run. */
import { isRoot, ROOT } from "./root.ts";
import type { Resource } from "../../engine/resource.ts";
import type { Version } from "./end-of-life.ts";

export interface Found {
  path: string;
  /** Absent when the property is unset and the provider decides. */
  version?: Version;
}
type Reader = (resource: Resource) => Found[];

const plain =
  (product: Version["product"], path: string): Reader =>
  (r) => {
    const version = r.text(path);
    return [{ path, ...(version !== undefined && { version: { product, version } }) }];
  };

/** By the resource's `engine`; engines that are not in the table of dates are left to their own rules. */
const byEngine =
  (products: Readonly<Record<string, Version["product"]>>, engine: string, path: string): Reader =>
  (r) => {
    const product = products[r.text(engine) ?? ""];
    return product === undefined ? [] : plain(product, path)(r);
  };

/** "ubuntu-22-04-x64" */
function fromImage(image: string, path: string): Found[] {
  const [, product, major = "", minor] = /\b(ubuntu|debian)-(\d+)(?:-(\d+))?/.exec(image) ?? [];
  return product === undefined ? [] : [{ path, version: { product, version: minor ? `${major}.${minor}` : major } }];
}

/** Packages that cloud-init installs: php8.2-fpm, mysql-server-8.0, mysql-8.4-lts. */
function fromUserData(text: string, path: string): Found[] {
  const found = [...text.matchAll(/\b(php)(\d\.\d)\b|\b(mysql)-(?:server-|community-server-)?(\d\.\d)\b/g)];
  const versions = found.map(([, php, phpVersion, mysql, mysqlVersion]) => ({
    product: php ?? mysql ?? "",
    version: phpVersion ?? mysqlVersion ?? "",
  }));
  const unique = new Map(versions.map((v) => [`${v.product} ${v.version}`, v]));
  return [...unique.values()].map((version) => ({ path, version }));
}

const droplet: Reader = (r) => [
  ...fromImage(r.text("image") ?? "", "image"),
  ...(r.peek("userData").state === "known" ? fromUserData(r.text("userData") ?? "", "userData") : []),
];

const AURORA = { "aurora-mysql": "rds-mysql" } as const;
const READERS: Readonly<Record<string, Reader>> = {
  "digitalocean:index/droplet:Droplet": droplet,
  "digitalocean:index/dropletAutoscale:DropletAutoscale": (r) =>
    fromImage(r.text("dropletTemplate.image") ?? "", "dropletTemplate.image"),
  "digitalocean:index/databaseCluster:DatabaseCluster": byEngine(
    { mysql: "mysql", valkey: "valkey" },
    "engine",
    "version",
  ),
  "aws:rds/instance:Instance": byEngine({ mysql: "rds-mysql", ...AURORA }, "engine", "engineVersion"),
  // Aurora MySQL 3 is MySQL 8.0 with dates of its own, which are not published in the table yet: only 8.4 is dated.
  "aws:rds/cluster:Cluster": (r) =>
    /mysql_aurora\.[23]\./.test(r.text("engineVersion") ?? "")
      ? []
      : byEngine({ mysql: "rds-mysql", ...AURORA }, "engine", "engineVersion")(r),
  "aws:eks/cluster:Cluster": plain("eks", "version"),
  "aws:elasticache/replicationGroup:ReplicationGroup": byEngine(
    { redis: "elasticache-redis", valkey: "valkey" },
    "engine",
    "engineVersion",
  ),
  "aws:elasticache/cluster:Cluster": byEngine(
    { redis: "elasticache-redis", valkey: "valkey" },
    "engine",
    "engineVersion",
  ),
  "aws:opensearch/domain:Domain": (r) => {
    const [, version] = /^OpenSearch_(.+)$/.exec(r.text("engineVersion") ?? "") ?? [];
    return version === undefined ? [] : [{ path: "engineVersion", version: { product: "opensearch", version } }];
  },
  "ovh:CloudProject/database:Database": byEngine({ mysql: "mysql", valkey: "valkey" }, "engine", "version"),
  "ovh:CloudProject/instance:Instance": (r) =>
    fromImage((r.text("bootFrom.imageName") ?? "").toLowerCase().replace(" ", "-"), "bootFrom.imageName"),
};

/** What a stack's own servers run: no resource but the root of the program says it. */
const fromRoot: Reader = (root) =>
  root.keys("versions").flatMap((product) => plain(product, `versions.${product}`)(root));

const readersOf = (resource: Resource): Found[] =>
  isRoot(resource) ? fromRoot(resource) : (READERS[resource.type]?.(resource) ?? []);

/** Versions a resource names. @throws Undetermined for one that is not known yet. */
export const versionsOf = Object.assign(readersOf, { types: [...Object.keys(READERS), ...ROOT] });
