/** The first preview of a cluster, in which the engine shows what is in it without any property. */
import { UNDETERMINED } from "../../policies/engine/message.ts";
import { Pack } from "./pack.ts";

let pack: Pack;
beforeAll(async () => {
  pack = await Pack.start();
});
afterAll(() => pack?.stop());

const deployment = (props: Record<string, unknown>, provider?: Record<string, unknown>) => ({
  type: "kubernetes:apps/v1:Deployment",
  name: "booking",
  props,
  ...(provider && { provider }),
});

test("nothing known is undetermined, not unset", async () => {
  await pack.only("k8s-ha-workload");
  const { diagnostics } = await pack.analyzeStack([deployment({}, {})]);
  expect(diagnostics.map(({ level, message }) => [level, message.includes(UNDETERMINED)])).toEqual([
    ["advisory", true],
  ]);
});

test("one known property, and the rest counts as unset", async () => {
  await pack.only("k8s-ha-workload");
  const { diagnostics } = await pack.analyzeStack([deployment({ metadata: { name: "booking" } }, {})]);
  expect(diagnostics.filter(({ level }) => level === "mandatory").length).toBeGreaterThan(0);
});
