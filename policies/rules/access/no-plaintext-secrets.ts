import { iso } from "../../engine/frameworks.ts";
import type { Resource } from "../../engine/resource.ts";
import { defineRule, levels, type Report } from "../../engine/rule.ts";
import { isObject, View } from "../../engine/values.ts";
import { readable, secretsIn } from "../common/secret-patterns.ts";

/** Texts that anybody with read access to the cloud's API can see, by type. `[]` goes over a list or a map. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  "digitalocean:index/droplet:Droplet": ["userData"],
  "digitalocean:index/dropletAutoscale:DropletAutoscale": ["dropletTemplate.userData"],
  "aws:ec2/instance:Instance": ["userData", "userDataBase64"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["userData"],
  "aws:ec2/launchConfiguration:LaunchConfiguration": ["userData", "userDataBase64"],
  "aws:ecs/taskDefinition:TaskDefinition": ["containerDefinitions"],
  "aws:lambda/function:Function": ["environment.variables.[]"],
  "aws:ssm/parameter:Parameter": ["value", "insecureValue"],
  "ovh:CloudProject/instance:Instance": ["userData"],
  "kubernetes:core/v1:ConfigMap": ["data.[]"],
  "kubernetes:core/v1:ConfigMapPatch": ["data.[]"],
  "kubernetes:apps/v1:Deployment": ["spec.template.spec.containers.[].env.[].value"],
  "kubernetes:apps/v1:StatefulSet": ["spec.template.spec.containers.[].env.[].value"],
  "kubernetes:apps/v1:DaemonSet": ["spec.template.spec.containers.[].env.[].value"],
  "kubernetes:batch/v1:Job": ["spec.template.spec.containers.[].env.[].value"],
  "kubernetes:batch/v1:CronJob": ["spec.jobTemplate.spec.template.spec.containers.[].env.[].value"],
  "kubernetes:core/v1:Pod": ["spec.containers.[].env.[].value"],
};

/** Views of every value a place stands for, with the name it is known by (a variable called DB_PASSWORD). */
function* leaves(at: View, path: string): Generator<{ at: View; name: string }> {
  const [head = "", ...rest] = path.split(".[]");
  const view = new View(at.root, [...at.base, ...head.split(".").filter(Boolean)]);
  if (rest.length === 0) {
    yield { at: view, name: view.base.at(-1) === "value" ? String(nameBeside(view)) : String(view.base.at(-1)) };
    return;
  }
  const value = view.get();
  const keys = Array.isArray(value) ? value.keys() : isObject(value) ? Object.keys(value) : [];
  for (const key of keys) yield* leaves(new View(at.root, [...view.base, key]), rest.join(".[]"));
}
const nameBeside = (view: View): unknown => {
  const found = new View(view.root, view.base.slice(0, -1)).peek("name");
  return found.state === "known" ? found.value : "value";
};

function check(resource: Resource, report: Report): void {
  for (const path of PLACES[resource.type] ?? []) {
    report.each(leaves(resource, path), ({ at, name }) => {
      const text = at.text();
      if (text === undefined) return;
      const found = secretsIn(readable(text), name)[0];
      if (found === undefined) return;
      report.violation(at, { path: [], found: `a text that holds ${found}`, requires: "no secret" });
    });
  }
}

const userData = (text: string) => [
  { type: "digitalocean:index/droplet:Droplet", name: "web", props: { userData: text } },
];

export const noPlaintextSecrets = defineRule({
  id: "no-plaintext-secrets",
  title: "No secret is written where the cloud shows it",
  severity: "critical",
  levels: levels("m/m/m/m"),
  framework: iso("A.8.24"),
  tags: ["pci-4.0:8.6.2"],
  source: { guide: "Secrets management (Vault)" },
  why: "User data, environment variables and config maps are readable by every process on the machine (169.254.169.254) and by whoever may read the account.",
  fix: "take the secret out and rotate it; send it by the host bundle over SSH, a SecureString parameter or a secrets manager",
  notExemptable: true,
  examples: {
    pass: [userData("#cloud-config\nruncmd: [apt-get update]"), userData('DB_PASSWORD="$(cat /run/secrets/db)"')],
    fail: [
      userData("DB_PASSWORD=hunter2hunter2"),
      userData("APP_KEY=base64:3v0o0Jd2Xr0xq1c0m5kq9f0yO0w8mXo4m2vXq0m5kq8="),
    ],
  },
  resource: {
    types: Object.keys(PLACES),
    check(resource, report) {
      const isParameter = resource.type === "aws:ssm/parameter:Parameter";
      if (isParameter && resource.text("type") === "SecureString") return "the parameter is a SecureString";
      check(resource, report);
    },
  },
});
