import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { labels } from "./labels.ts";

export interface AdmissionArgs {
  context: StackContext;
  /** Releases whose kinds are used: they must outlive these objects. */
  after: pulumi.Resource[];
  /** Namespaces in which only images with a digest, from our registry, may run. */
  namespaces: pulumi.Input<string>[];
  /** Start of the addresses of our registry's images. */
  registry: pulumi.Input<string>;
}

const KIND = "K8sImageDigests";
const NAME = "image-digests";

/** Rego of the rule: the policy pack sees what the program deploys, this sees whatever anybody deploys. */
const REGO = `package k8simagedigests

violation[{"msg": msg}] {
  container := containers[_]
  not regex.match("@sha256:[0-9a-f]{64}$", container.image)
  msg := sprintf("container %v: image %v has no digest", [container.name, container.image])
}

violation[{"msg": msg}] {
  container := containers[_]
  not startswith(container.image, input.parameters.registry)
  msg := sprintf("container %v: image %v is not from %v", [container.name, container.image, input.parameters.registry])
}

containers[container] { container := input.review.object.spec.containers[_] }
containers[container] { container := input.review.object.spec.initContainers[_] }
containers[container] { container := input.review.object.spec.ephemeralContainers[_] }
`;

/** What the cluster itself refuses, whoever asks. */
export class Admission extends pulumi.ComponentResource {
  constructor(name: string, args: AdmissionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:kubernetes:Admission", name, {}, opts);
    const template = new k8s.apiextensions.CustomResource(
      `${name}-template`,
      {
        apiVersion: "templates.gatekeeper.sh/v1",
        kind: "ConstraintTemplate",
        metadata: { name: KIND.toLowerCase(), labels: labels(args.context, "internal", NAME) },
        spec: {
          crd: {
            spec: {
              names: { kind: KIND },
              validation: {
                openAPIV3Schema: { type: "object", properties: { registry: { type: "string" } } },
              },
            },
          },
          targets: [{ target: "admission.k8s.gatekeeper.sh", rego: REGO }],
        },
      },
      { parent: this, dependsOn: args.after },
    );
    new k8s.apiextensions.CustomResource(
      `${name}-constraint`,
      {
        apiVersion: "constraints.gatekeeper.sh/v1beta1",
        kind: KIND,
        metadata: { name: NAME, labels: labels(args.context, "internal", NAME) },
        spec: {
          enforcementAction: "deny",
          match: { kinds: [{ apiGroups: [""], kinds: ["Pod"] }], namespaces: args.namespaces },
          parameters: { registry: args.registry },
        },
      },
      { parent: this, dependsOn: [template, ...args.after] },
    );
    this.registerOutputs({});
  }
}
