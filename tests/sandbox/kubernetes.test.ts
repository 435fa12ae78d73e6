/** What the simulated API server refuses, names and replaces. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../sandbox/clouds/cloud.ts";
import { ResourceEngine } from "../../sandbox/engine.ts";
import { Store } from "../../sandbox/store.ts";
import type { Properties } from "../../sandbox/values.ts";
import { UNKNOWN, valueAt } from "../../sandbox/values.ts";

const engine = new ResourceEngine("kubernetes");
const SERVER = "https://x.eks.amazonaws.com";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const GATEWAY = "kubernetes:networking.istio.io/v1:Gateway";

let store: Store;
beforeEach(() => {
  store = new Store(mkdtempSync(join(tmpdir(), "sandbox-")), [
    {
      type: "aws:eks/cluster:Cluster",
      id: "main",
      name: "",
      urn: "",
      key: "main",
      createdAt: "",
      inputs: {},
      outputs: { endpoint: SERVER },
      preexisting: true,
    },
  ]);
});
afterEach(() => rmSync(store.dir, { recursive: true, force: true }));

const environment = (server = SERVER): Environment => ({
  store,
  now: "2026-11-24T00:00:00Z",
  region: "",
  account: "123456789012",
  config: { kubeconfig: { clusters: [{ cluster: { server } }] } },
});
const naming = { name: "logical", seed: new Uint8Array([1]), mode: "propose" } as const;
const make = (type: string, inputs: Properties, at = environment()) => {
  const checked = engine.check(type, inputs, {}, naming);
  if (checked.failures[0]) throw new Error(checked.failures[0].reason);
  const name = String(valueAt(checked.inputs, "metadata.name") ?? checked.inputs["name"]);
  return engine.create({ type, name, urn: `urn:${type}:${name}` }, checked.inputs, at);
};
const namespace = (level: string) =>
  make(NAMESPACE, { metadata: { name: "app", labels: { "pod-security.kubernetes.io/enforce": level } } });
const safe: Properties = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
const deployment = (securityContext: Properties = safe, pod: Properties = {}, labels: Properties = { app: "x" }) => ({
  metadata: { name: "x", namespace: "app" },
  spec: {
    selector: { matchLabels: { app: "x" } },
    template: { metadata: { labels }, spec: { containers: [{ name: "x", image: "x", securityContext }], ...pod } },
  },
});
const release = (chart: string) => make(RELEASE, { name: chart, chart, version: "1.0.0", namespace: "kube-system" });
const gateway = {
  apiVersion: "networking.istio.io/v1",
  kind: "Gateway",
  metadata: { name: "door" },
  spec: { servers: [] },
};

test("a deployment in its namespace, and what it is called", async () => {
  await namespace("restricted");
  const { id, outputs } = await make(DEPLOYMENT, deployment());
  expect(id).toBe("app/x");
  expect(outputs["metadata"]).toMatchObject({
    name: "x",
    generation: 1,
    uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  ["a namespace that is not there", () => make(DEPLOYMENT, deployment()), /namespaces "app" not found/],
  [
    "labels that the selector does not choose",
    () => namespace("baseline").then(() => make(DEPLOYMENT, deployment(safe, {}, { app: "y" }))),
    /`selector` does not match template `labels`/,
  ],
  [
    "a pod that may do more than its namespace allows",
    () => namespace("restricted").then(() => make(DEPLOYMENT, deployment({ ...safe, runAsNonRoot: false }))),
    /violates PodSecurity "restricted:latest": runAsNonRoot != true/,
  ],
  [
    "a host path in a restricted namespace",
    () =>
      namespace("restricted").then(() =>
        make(DEPLOYMENT, deployment(safe, { volumes: [{ name: "h", hostPath: { path: "/" } }] })),
      ),
    /hostPath volumes/,
  ],
  [
    "a service account that is not there",
    () => namespace("restricted").then(() => make(DEPLOYMENT, deployment(safe, { serviceAccountName: "none" }))),
    /serviceaccounts "none" not found/,
  ],
  ["a kind whose chart is not installed", () => make(GATEWAY, gateway), /no matches for kind "Gateway"/],
  [
    "a cluster that is not there",
    () => make(NAMESPACE, { metadata: { name: "app" } }, environment("https://gone")),
    /unreachable.*https:\/\/gone/,
  ],
])("refused: %s", async (_, work, message) => {
  await expect(work()).rejects.toThrow(message);
});

test("a less strict namespace, and a chart with its kinds, are accepted", async () => {
  await namespace("baseline");
  await make(DEPLOYMENT, deployment({ runAsNonRoot: false }));
  await release("base");
  expect((await make(GATEWAY, gateway)).id).toBe("default/door");
});

test.each<[string, string, Properties, RegExp]>([
  ["text for a number", DEPLOYMENT, { spec: { ...deployment().spec, replicas: "three" } }, /spec\.replicas/],
  ["a name no label could be", NAMESPACE, { metadata: { name: "App" } }, /does not match/],
  ["an unknown property of a custom kind", GATEWAY, { ...gateway, spec: { servers: [], tsl: {} } }, /"tsl"/],
  [
    "a protocol that the mesh does not know",
    GATEWAY,
    { ...gateway, spec: { servers: [{ hosts: ["*"], port: { number: 1, name: "x", protocol: "SMTP" } }] } },
    /protocol/,
  ],
])("checked: %s", (_, type, inputs, message) => {
  const { failures } = engine.check(type, inputs, {}, naming);
  expect(failures.map(({ reason }) => reason).join("\n")).toMatch(message);
});

test("names: given once and kept, a change replaces, a fixed one goes before its successor comes", () => {
  const first = engine.check("kubernetes:core/v1:ConfigMap", { data: { a: "1" } }, {}, naming).inputs;
  expect(valueAt(first, "metadata.name")).toMatch(/^logical-[0-9a-f]{7}$/);
  const second = engine.check("kubernetes:core/v1:ConfigMap", { data: { a: "2" } }, first, naming).inputs;
  expect(valueAt(second, "metadata.name")).toBe(valueAt(first, "metadata.name"));
  const changed = (olds: Properties, news: Properties) =>
    engine.diff("kubernetes:core/v1:ConfigMap", { oldInputs: olds, olds, news, ignoreChanges: [] });
  expect(changed(first, second)).toMatchObject({
    changes: [{ path: "data.a", replaces: true }],
    deleteBeforeReplace: false,
  });
  const fixed = { metadata: { name: "x", namespace: "default" }, data: { a: "1" } };
  expect(changed(fixed, { ...fixed, data: { a: "2" } }).deleteBeforeReplace).toBe(true);
});

test("what AWS adds inside an object is unknown in a preview, and there after the update", () => {
  const aws = new ResourceEngine("aws");
  const preview = aws.preview("aws:eks/cluster:Cluster", { name: "c", roleArn: "r", vpcConfig: { subnetIds: ["s"] } });
  expect(valueAt(preview, "vpcConfig.clusterSecurityGroupId")).toBe(UNKNOWN);
});
