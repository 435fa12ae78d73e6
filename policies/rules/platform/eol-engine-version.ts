import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { dayOf, NOW, today } from "../../engine/time.ts";
import { endOf, type Version } from "../common/end-of-life.ts";
import { versionsOf } from "../common/versions.ts";

interface Parameters {
  warnDays: number;
  now?: string;
}

function judge(resource: Resource, path: string, v: Version, day: number, warnDays: number, report: Report): void {
  const end = endOf(v);
  const name = `${v.product} ${v.version}`;
  if (!end)
    return report.note(resource, `the end of support of ${name} is not in policies/rules/common/end-of-life.ts`);
  const left = dayOf(end.date) - day;
  if (left >= warnDays) return;
  const found = resource.isSecret(path)
    ? "[secret]"
    : `${name}, ${left < 0 ? `without support since ${end.date}` : `supported until ${end.date}, ${left} days`}`;
  report.violation(resource, {
    path,
    found,
    requires: `a version that is supported for ${warnDays} days more`,
    ...(left >= 0 && { level: "advisory" as const }),
  });
}

const root = (versions: object) => [{ type: "jatsmanor:phases:SingleServer", name: "mvp", props: { versions } }];
const droplet = (props: object) => [{ type: "digitalocean:index/droplet:Droplet", name: "web", props: { ...props } }];

export const eolEngineVersion = defineRule<Parameters>({
  id: "eol-engine-version",
  title: "Systems and engines still get security updates",
  severity: "high",
  levels: levels("a/a/m/m"),
  parameters: { warnDays: { schema: { type: "number", minimum: 0 }, default: 90 }, ...NOW },
  framework: iso("A.8.8"),
  tags: ["pci-4.0:6.3.3", "endoflife.date"],
  source: { guide: "Updates système manuelles" },
  why: "After its end nobody repairs a hole in it, and AWS bills extended support several times the price. The guide's MySQL 8.0 and PHP 8.2 are there, or nearly.",
  fix: "move to Ubuntu 24.04, PHP 8.4, MySQL 8.4, Valkey 8 or EKS 1.35, and test it in staging first",
  examples: {
    with: { now: "2026-11-24" },
    pass: [
      droplet({ image: "ubuntu-24-04-x64" }),
      root({ php: "8.4", mysql: "8.4", valkey: "8", ubuntu: "24.04" }),
      root({}),
    ],
    fail: [droplet({ image: "ubuntu-20-04-x64" }), root({ php: "8.1" }), root({ mysql: "8.0" })],
  },
  resource: {
    types: versionsOf.types,
    check(resource, report, { warnDays, now }) {
      const day = today(now);
      for (const found of versionsOf(resource)) {
        if (found.version) judge(resource, found.path, found.version, day, warnDays, report);
        else report.note(resource, `${found.path} is unset: the provider picks a version, which may be near its end`);
      }
    },
  },
});
