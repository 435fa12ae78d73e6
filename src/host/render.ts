import { join } from "node:path";
import { Eta } from "eta";
import { hostFiles } from "./files.ts";
import { CODENAMES, aptSources, packages, rcloneRelease, VALKEY_RELEASE } from "./packages.ts";
import { hostPaths } from "./paths.ts";
import { duties } from "./roles.ts";
import { hostSizing } from "./sizing.ts";
import { assertBuildable } from "./spec.ts";
import type { HostSpec } from "./spec.ts";

/** One file of a server, ready to be written. */
export interface HostFile {
  path: string;
  /** Octal, four digits. */
  mode: string;
  /** `user:group`. */
  owner: string;
  content: string;
  restart: string[];
  enable: string[];
  /** Empty when nothing is to run. */
  run: string;
  /** Empty when nothing can judge the file. */
  validate: string;
  /** Also written by cloud-init. */
  boot: boolean;
}

// Configuration files are not HTML, and a tag must not eat the line end after a value.
const eta = new Eta({ views: join(import.meta.dirname, "templates"), autoEscape: false, autoTrim: false, cache: true });

/** Names that every template sees; a template that misspells one throws instead of writing "undefined". */
const shared = ["spec", "size", "paths", "bucket", "packages", "sources", "valkeyRelease", "rclone", "codename", "has"];

/**
 * Every file of the server, sorted by path. The same spec gives the same bytes on every machine.
 * @throws Error when the spec cannot be built (see assertBuildable) or a template uses a value it does not have.
 */
export function renderHost(spec: HostSpec): HostFile[] {
  assertBuildable(spec);
  const size = hostSizing(spec.sizes.memoryMiB, spec.sizes.cpus, duties(spec), spec.remoteConnections);
  const values = {
    spec,
    size,
    paths: hostPaths(spec),
    bucket: rcloneBucket(spec),
    packages: packages(spec),
    sources: aptSources(spec),
    valkeyRelease: spec.versions.valkey === "8" ? VALKEY_RELEASE : null,
    rclone: rcloneRelease(spec) ?? null,
    has: duties(spec),
    codename: CODENAMES[spec.versions.ubuntu],
  };
  return hostFiles(spec, size)
    .map((entry): HostFile => {
      const own = entry.values ?? {};
      return {
        path: entry.path,
        mode: entry.mode ?? "0644",
        owner: "root:root",
        content: render(entry.template, { ...values, ...own }, [...shared, ...Object.keys(own)]),
        restart: entry.restart ?? [],
        enable: entry.enable ?? [],
        run: entry.run ?? "",
        validate: entry.validate ?? "",
        boot: entry.boot ?? false,
      };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function render(template: string, values: Record<string, unknown>, names: string[]): string {
  const text = eta
    .withConfig({ functionHeader: `const { ${names.join(", ")} } = it;` })
    .render(`${template}.eta`, values);
  const broken = /\b(undefined|NaN)\b|\[object /.exec(text);
  if (broken) throw new Error(`Template ${template}.eta wrote "${broken[0]}": a value it uses is missing`);
  return text;
}

/** rclone asks a store it knows as AWS for things that others do not have. */
function rcloneBucket(spec: HostSpec) {
  const { name, region, endpoint } = spec.backup.bucket;
  return { name, region, endpoint: endpoint ?? null, provider: endpoint ? "Other" : "AWS" };
}
