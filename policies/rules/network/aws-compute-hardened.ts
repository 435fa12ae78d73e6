import { fsbp } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels } from "../../engine/rule.ts";

const INSTANCE = ["aws:ec2/instance:Instance"] as const;
const TEMPLATE = ["aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/launchConfiguration:LaunchConfiguration"] as const;
const TOKENS = "metadataOptions.httpTokens";
const HOPS = "metadataOptions.httpPutResponseHopLimit";
/** A machine that forwards other machines' packets is a NAT instance: its address is what it is for. */
const isNat = (r: Resource): boolean => r.flag("sourceDestCheck") === false;
const answersNobody = (r: Resource): boolean => r.text("metadataOptions.httpEndpoint") === "disabled";

const instance = (props: object) => [
  {
    type: INSTANCE[0],
    name: "web",
    props: { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }, ...props },
  },
];

export const awsComputeHardened = defineRule<{ maxHops: number }>({
  id: "aws-compute-hardened",
  title: "Servers keep their credentials, have no public address and no SSH key",
  severity: "high",
  levels: levels("-/m/m/m"),
  parameters: { maxHops: { schema: { type: "number", minimum: 1 }, default: 2 } },
  framework: fsbp("EC2.8", "EC2 instances should use Instance Metadata Service Version 2"),
  tags: ["fsbp:EC2.9", "fsbp:EC2.25", "cis-aws-5.0:5.7"],
  source: { standard: "AWS FSBP EC2.8 and EC2.9" },
  why: "With the first version of the metadata service a forged request of the application hands out the server's credentials; an address and a key are two more doors.",
  fix: 'set metadataOptions.httpTokens "required" with a hop limit of 1 (2 for containers), no associatePublicIpAddress and no keyName: administrators come through Session Manager',
  examples: {
    pass: [instance({})],
    fail: [
      instance({ metadataOptions: {} }),
      instance({ associatePublicIpAddress: true }),
      instance({ keyName: "ama" }),
    ],
  },
  resource: {
    types: [...INSTANCE, ...TEMPLATE],
    check(r, report, { maxHops }) {
      if (!answersNobody(r)) {
        if (r.text(TOKENS) !== "required") report.violation(r, { path: TOKENS, requires: '"required"' });
        if (!((r.number(HOPS) ?? 1) <= maxHops)) report.violation(r, { path: HOPS, requires: `${maxHops} or less` });
      }
      if (!isNat(r)) {
        report.each([r, ...r.items("networkInterfaces")], (at) => {
          if (at.flag("associatePublicIpAddress") === true) {
            report.violation(at, { path: "associatePublicIpAddress", requires: "false" });
          }
        });
      }
      if (r.has("keyName") && r.given("keyName") !== "") report.violation(r, { path: "keyName", requires: "none" });
    },
  },
  remediate: {
    // Neither the address nor the key, which replace the server; nor a launch configuration, which nothing changes in place.
    types: [...INSTANCE, TEMPLATE[0]],
    repair(r, set, { maxHops }) {
      if (answersNobody(r)) return;
      if (r.text(TOKENS) !== "required") set(TOKENS, "required");
      if (!((r.number(HOPS) ?? 1) <= maxHops)) set(HOPS, maxHops);
    },
  },
});
