import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import type { View } from "../../engine/values.ts";
import { awsRegion } from "../common/region.ts";

const VOLUME = ["aws:ebs/volume:Volume"] as const;
const TEMPLATE = ["aws:ec2/launchTemplate:LaunchTemplate"] as const;
const MACHINES = [
  "aws:ec2/instance:Instance",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
] as const;
const BY_DEFAULT = ["aws:ebs/encryptionByDefault:EncryptionByDefault"] as const;

/** Blocks that the provider fills in by itself are unknown in a preview though nobody set them. */
const blocks = (resource: Resource, path: string): View[] =>
  resource.given(path) === undefined ? [] : resource.items(path);

/** `encrypted` of a launch template is a text. */
const isEncrypted = (at: View): boolean => String(at.given("encrypted")) === "true";

function check(resource: Resource, report: Report): void {
  const open = (at: View) => report.violation(at, { path: "encrypted", requires: "true" });
  if (resource.is(VOLUME)) {
    if (!isEncrypted(resource)) open(resource);
    return;
  }
  const template = resource.is(TEMPLATE);
  const path = template ? "blockDeviceMappings" : "rootBlockDevice";
  const root = blocks(resource, path).flatMap((m) => (template ? m.items("ebs") : [m]));
  // Without one the image decides, and public images are not encrypted.
  if (root.length === 0) report.violation(resource, { path, requires: "a block with encrypted true" });
  for (const at of [...root, ...blocks(resource, "ebsBlockDevices")]) if (!isEncrypted(at)) open(at);
}

const volume = (encrypted?: boolean) => ({ type: VOLUME[0], name: "data", props: { encrypted } });
const template = (encrypted?: string) => ({
  type: TEMPLATE[0],
  name: "web",
  props: { blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { encrypted } }] },
});

export const awsEbsEncrypted = defineRule({
  id: "aws-ebs-encrypted",
  title: "Disks of servers are encrypted",
  severity: "high",
  levels: levels("m/m/m/m"),
  framework: fsbp("EC2.3", "Attached Amazon EBS volumes should be encrypted at-rest"),
  tags: ["fsbp:EC2.7", "cis-aws-5.0:5.1.1"],
  source: { standard: "AWS FSBP EC2.3 and EC2.7" },
  why: "A snapshot of an open disk can be shared with any account, and logs, sessions and keys are on it.",
  fix: "set encrypted true on the volume, on rootBlockDevice and ebsBlockDevices, or on blockDeviceMappings[].ebs; or add an EncryptionByDefault for the region",
  examples: {
    pass: [[volume(true)], [template("true")], [volume(), { type: BY_DEFAULT[0], name: "default", props: {} }]],
    fail: [[volume()], [template("false")], [{ type: MACHINES[0], name: "web", props: {} }]],
  },
  stack: {
    check(stack, report) {
      const resources = stack.all([...VOLUME, ...TEMPLATE, ...MACHINES]);
      if (resources.length === 0) return "no disk of AWS in the stack";
      // It is on unless it says otherwise, and holds in its own region only.
      const regions = stack
        .all(BY_DEFAULT)
        .filter((d) => d.flag("enabled") !== false)
        .map(awsRegion);
      report.each(resources, (resource) => {
        if (regions.includes(awsRegion(resource))) return;
        check(resource, report);
      });
    },
  },
});
