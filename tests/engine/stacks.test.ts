/** Every stack, deployed twice by the real engine onto the sandbox, against its golden inventory. */
import { type Resource, honestyCases, isModelled, judge } from "../../sandbox/honesty.ts";
import type { Ground } from "../../tools/rehearse/ground.ts";
import { changes, findings } from "../../tools/rehearse/events.ts";
import { knownStacks } from "../../tools/rehearse/workspace.ts";
import type { StateResource } from "../../tools/report/model.ts";
import { CANARIES } from "../../tools/rehearse/stack-file.ts";
import { firstUp, onGround, pulumi, removeBases, temporaryBase, up } from "../support/ground.ts";
import { golden, inventory } from "../support/inventory.ts";

jest.setTimeout(300_000);
afterAll(removeBases);

test.each(knownStacks())("%s", async (stack) => {
  await onGround(stack, temporaryBase(), async (ground) => {
    const first = await firstUp(ground);
    expect(first.output).not.toContain("error:");
    expect(first.exitCode).toBe(0);
    expect(findings(first.events).filter((finding) => finding.level === "mandatory")).toEqual([]);

    const exported = await pulumi(ground, ["stack", "export"]);
    const { deployment } = JSON.parse(exported.output) as { deployment: { resources: StateResource[] } };
    const found = inventory(deployment.resources);
    expect(found).toEqual(golden(stack, found));
    for (const canary of Object.values(CANARIES)) expect(exported.output + first.output).not.toContain(canary);

    // The sandbox is only worth something if it refuses what the clouds refuse: each resource, spoiled in every way.
    const spoiled = (await deployedInputs(ground)).flatMap((resource) =>
      honestyCases(resource).map((variant) => ({ resource, variant })),
    );
    expect(spoiled.length).toBeGreaterThan(100);
    const accepted = spoiled.filter(({ resource, variant }) => judge(resource, variant).outcome !== variant.expect);
    expect(accepted.map(({ resource, variant }) => `${resource.type}: ${variant.title}`)).toEqual([]);

    const second = await up(ground);
    expect(second.exitCode).toBe(0);
    expect(changes(second.events)).toMatchObject({ created: 0, updated: 0, replaced: 0, deleted: 0 });
  });
});

/** Inputs of every custom resource of the stack, secrets included: it is a temporary stack of canaries. */
async function deployedInputs(ground: Ground): Promise<Resource[]> {
  const exported = await pulumi(ground, ["stack", "export", "--show-secrets"]);
  const { deployment } = JSON.parse(exported.output) as { deployment: { resources: StateResource[] } };
  return deployment.resources
    .filter(({ type, custom, external }) => custom && external !== true && isModelled(type))
    .map(({ type, inputs }) => ({ type, inputs: withoutMarks(inputs) as Resource["inputs"] }));
}

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value) return withoutMarks(JSON.parse(String(value.plaintext)));
  const entries = Object.entries(value).filter(([key]) => key !== "__defaults");
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutMarks(item)]));
}
