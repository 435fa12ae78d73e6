/** The stack growth-ovh on the real engine: what must be blocked, and the other source of machines. */
import fs from "node:fs";
import path from "node:path";
import { changes, findings } from "../../tools/rehearse/events.ts";
import { onGround, plant, preview, removeBases, temporaryBase, up } from "../support/ground.ts";

jest.setTimeout(300_000);
afterAll(removeBases);

const BALANCER = "src/components/ovh/load-balancer.ts";

test("a load balancer that answers without TLS or HSTS is blocked before anything is created", async () => {
  await onGround("growth-ovh", temporaryBase(), async (ground) => {
    plant(ground, BALANCER, "redirectLocation: args.siteUrl", "defaultFarmId: pulumi.output(farmId).apply(Number)");
    plant(ground, BALANCER, "hsts: true", "hsts: false");
    const run = await preview(ground);
    expect(run.exitCode).not.toBe(0);
    const blocked = findings(run.events).filter(({ level }) => level === "mandatory");
    expect(blocked.map(({ rule, urn }) => [rule, urn.split("::").at(-1)]).sort()).toEqual([
      ["ovh-lb-https", "growth-ovh-balancer-http"],
      ["ovh-lb-https", "growth-ovh-balancer-https"],
    ]);
  });
});

test("machines of Public Cloud deploy under the same rules, and a second update changes nothing", async () => {
  await onGround("growth-ovh", temporaryBase(), async (ground) => {
    const file = path.join(ground.workspace.project, "Pulumi.growth-ovh.yaml");
    const hosts = / {2}jatsmanor:hosts:\n( {4}.*\n)+/;
    const settings = fs.readFileSync(file, "utf8");
    expect(settings).toMatch(hosts);
    fs.writeFileSync(file, settings.replace(hosts, "  jatsmanor:hosts:\n    mode: publicCloud\n"));
    const first = await up(ground);
    expect(first.output).not.toContain("error:");
    expect(first.exitCode).toBe(0);
    expect(findings(first.events).filter(({ level }) => level === "mandatory")).toEqual([]);
    const second = await up(ground);
    expect(changes(second.events)).toMatchObject({ created: 0, updated: 0, replaced: 0, deleted: 0 });
  });
});
