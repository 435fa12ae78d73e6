import { iso } from "../../engine/frameworks.ts";
import { defineRule, levels } from "../../engine/rule.ts";
import { isObject } from "../../engine/values.ts";
import { statementsOf } from "../common/iam.ts";

const SPACE = ["digitalocean:index/spacesBucket:SpacesBucket"] as const;
const OBJECT = "digitalocean:index/spacesBucketObject:SpacesBucketObject";
const POLICY = "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy";
const TYPES = [...SPACE, OBJECT, POLICY];

const everyone = (principal: unknown): boolean =>
  principal === "*" || (isObject(principal) && Object.values(principal).flat().includes("*"));

const space = (props: object) => [
  { type: SPACE[0], name: "files", props: { versioning: { enabled: true }, ...props } },
];

export const doSpacesVersionedPrivate = defineRule({
  id: "do-spaces-versioned-private",
  title: "Spaces keep versions and are closed to the public",
  severity: "high",
  levels: levels("m/a/-/-"),
  framework: iso("A.8.13"),
  tags: ["trivy:DIG-0006", "trivy:DIG-0007", "trivy:DIG-0009"],
  source: { guide: "Versioning activé" },
  why: "A public space shows users' documents to anyone who guesses a name; without versions, or with forceDestroy, one bad command loses them all.",
  fix: 'set versioning.enabled: true, acl: "private" (of objects too) and forceDestroy: false, and allow no action to everyone in its policy',
  examples: {
    pass: [space({})],
    fail: [space({ versioning: undefined }), space({ acl: "public-read" }), space({ forceDestroy: true })],
  },
  resource: {
    types: TYPES,
    check(resource, report) {
      if (resource.type === POLICY) {
        const statements = statementsOf(resource, "policy") ?? [];
        if (!statements.some((s) => s.allow && everyone(s.principal))) return;
        return report.violation(resource, { path: "policy", found: "open to everyone", requires: "named principals" });
      }
      if (/^public-/.test(resource.text("acl") ?? ""))
        report.violation(resource, { path: "acl", requires: '"private"' });
      if (resource.type === OBJECT) return;
      if (resource.flag("forceDestroy") === true)
        report.violation(resource, { path: "forceDestroy", requires: "false" });
      if (resource.flag("versioning.enabled") !== true) {
        report.violation(resource, { path: "versioning.enabled", requires: "true" });
      }
    },
  },
  remediate: {
    types: [...SPACE, OBJECT],
    repair(resource, set) {
      if (/^public-/.test(resource.text("acl") ?? "")) set("acl", "private");
      if (resource.type === OBJECT) return;
      if (resource.flag("forceDestroy") === true) set("forceDestroy", false);
      if (resource.flag("versioning.enabled") !== true) set("versioning.enabled", true);
    },
  },
});
