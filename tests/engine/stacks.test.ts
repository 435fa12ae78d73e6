/** Every stack, deployed twice by the real engine onto the sandbox, against its golden inventory. */
import { changes, findings } from "../../tools/rehearse/events.ts";
import { knownStacks } from "../../tools/rehearse/workspace.ts";
import type { StateResource } from "../../tools/report/model.ts";
import { CANARIES } from "../../tools/rehearse/stack-file.ts";
import { onGround, pulumi, removeBases, temporaryBase, up } from "../support/ground.ts";
import { golden, inventory } from "../support/inventory.ts";

jest.setTimeout(300_000);
afterAll(removeBases);

test.each(knownStacks())("%s", async (stack) => {
  await onGround(stack, temporaryBase(), async (ground) => {
    const first = await up(ground);
    expect(first.output).not.toContain("error:");
    expect(first.exitCode).toBe(0);
    expect(findings(first.events).filter((finding) => finding.level === "mandatory")).toEqual([]);

    const exported = await pulumi(ground, ["stack", "export"]);
    const { deployment } = JSON.parse(exported.output) as { deployment: { resources: StateResource[] } };
    const found = inventory(deployment.resources);
    expect(found).toEqual(golden(stack, found));
    for (const canary of Object.values(CANARIES)) expect(exported.output + first.output).not.toContain(canary);

    const second = await up(ground);
    expect(second.exitCode).toBe(0);
    expect(changes(second.events)).toMatchObject({ created: 0, updated: 0, replaced: 0, deleted: 0 });
  });
});
