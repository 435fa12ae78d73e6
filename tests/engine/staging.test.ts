/** What only staging may: be destroyed. */
import { list } from "../../sandbox/admin.ts";
import { onGround, pulumi, removeBases, temporaryBase, up } from "../support/ground.ts";

jest.setTimeout(240_000);
afterAll(removeBases);

test("destroy takes everything away, and the next update makes it again", async () => {
  await onGround("staging", temporaryBase(), async (ground) => {
    expect((await up(ground)).exitCode).toBe(0);
    const before = list(ground.workspace.cloud).length;
    expect(before).toBeGreaterThan(25);

    const destroyed = await pulumi(ground, ["destroy", "--yes", "--skip-preview"]);
    expect(destroyed.output).not.toContain("error:");
    expect(destroyed.exitCode).toBe(0);
    expect(list(ground.workspace.cloud)).toEqual([]);
    const exported = await pulumi(ground, ["stack", "export"]);
    const { deployment } = JSON.parse(exported.output) as { deployment: { resources?: unknown[] } };
    expect(deployment.resources ?? []).toEqual([]);

    expect((await up(ground)).exitCode).toBe(0);
    expect(list(ground.workspace.cloud)).toHaveLength(before);
  });
});
