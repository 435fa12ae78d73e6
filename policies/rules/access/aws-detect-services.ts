import { fsbp } from "../../engine/frameworks.ts";
import type { Resource, Stack } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const DETECTOR = "aws:guardduty/detector:Detector";
const HUB = "aws:securityhub/account:Account";
const RECORDER = "aws:cfg/recorder:Recorder";
/** A recorder is off until its status says otherwise. */
const STATUS = "aws:cfg/recorderStatus:RecorderStatus";
const ANALYZER = "aws:accessanalyzer/analyzer:Analyzer";

interface Service {
  name: string;
  type: string;
  isOn: (resource: Resource, stack: Stack) => boolean;
  requires: string;
}
const SERVICES: readonly Service[] = [
  { name: "guardduty", type: DETECTOR, isOn: (d) => d.flag("enable") !== false, requires: "enable true" },
  { name: "securityhub", type: HUB, isOn: () => true, requires: "an Account" },
  {
    name: "config",
    type: RECORDER,
    isOn: (_, stack) => stack.all([STATUS]).some((s) => s.flag("isEnabled") === true),
    requires: "a RecorderStatus with isEnabled true",
  },
  { name: "access-analyzer", type: ANALYZER, isOn: () => true, requires: "an Analyzer" },
];

const all = (enable: boolean) => [
  { type: DETECTOR, name: "threats", props: { enable } },
  { type: HUB, name: "hub", props: { enableDefaultStandards: true } },
  { type: RECORDER, name: "recorder", props: { name: "recorder" } },
  { type: STATUS, name: "status", props: { name: "recorder", isEnabled: true } },
  { type: ANALYZER, name: "access", props: { type: "ACCOUNT" } },
];

export const awsDetectServices = defineRule<{ elsewhere: string[] }>({
  id: "aws-detect-services",
  title: "AWS looks for intruders, open doors and drift by itself",
  severity: "medium",
  levels: levels("-/-/a/m"),
  parameters: {
    elsewhere: {
      schema: {
        type: "array",
        items: { type: "string", enum: SERVICES.map((s) => s.name) },
        description: "services that a delegated administrator's account switches on",
      },
      default: [],
    },
  },
  framework: fsbp("GuardDuty.1", "GuardDuty should be enabled"),
  tags: ["fsbp:Config.1", "cis-aws-5.0:4.16", "pci-4.0:11.5"],
  source: { guide: "Security breaches" },
  why: "Stolen keys and public buckets are found by these services within minutes, and by their owners within months.",
  fix: "add guardduty.Detector, securityhub.Account, cfg.Recorder with its RecorderStatus, and accessanalyzer.Analyzer, or name in elsewhere what a delegated administrator runs",
  examples: { pass: [all(true)], fail: [all(false), all(true).slice(1)] },
  stack: {
    check(stack, report, { elsewhere }) {
      if (stack.all(["aws:*"]).length === 0) return "no AWS resource in the stack";
      report.each(
        SERVICES.filter((s) => !elsewhere.includes(s.name)),
        ({ name, type, isOn, requires }) => {
          const found = stack.all([type]);
          if (found.some((r) => isOn(r, stack))) return;
          const problem = found.length === 0 ? `${name} is not in the stack` : `${name} is switched off`;
          report.violation(found[0] ?? null, { problem, requires });
        },
      );
    },
  },
});
