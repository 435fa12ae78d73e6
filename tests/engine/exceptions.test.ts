/** An exception of the register on the real engine: while it lasts, and once it has ended. */
import fs from "node:fs";
import path from "node:path";
import { writeRehearsalPolicyConfig } from "../../tools/policy-config.ts";
import { findings } from "../../tools/rehearse/events.ts";
import type { Ground } from "../../tools/rehearse/ground.ts";
import { onGround, plant, preview, pulumi, removeBases, temporaryBase, up } from "../support/ground.ts";

jest.setTimeout(240_000);
afterAll(removeBases);

const POLICIES = path.join(import.meta.dirname, "../../policies");

/** The pack config of a register with one exception. */
function except(ground: Ground, expires: string): void {
  const registers = temporaryBase();
  const exception = {
    id: "OPS-12",
    rules: ["cloudflare-tls-strict"],
    targets: [{ stack: "mvp", type: "cloudflare:index/zoneSetting:ZoneSetting", name: "mvp-edge-ssl" }],
    reason: "The old server has no certificate yet; it gets one on Friday.",
    owner: "platform-team",
    expires,
  };
  fs.writeFileSync(path.join(registers, "exceptions.yaml"), JSON.stringify({ exceptions: [exception] }));
  fs.copyFileSync(path.join(POLICIES, "attestations.yaml"), path.join(registers, "attestations.yaml"));
  writeRehearsalPolicyConfig(ground.workspace, ground.date, ground.policyConfig, registers);
}

const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

test("an exception holds for its target until its day, with who and why in the output; then the violation returns", async () => {
  await onGround("mvp", temporaryBase(), async (ground) => {
    expect((await up(ground)).exitCode).toBe(0);
    const exported = await pulumi(ground, ["stack", "export"]);
    fs.writeFileSync(path.join(ground.workspace.directory, "state.json"), exported.output); // targets are looked up in it
    plant(ground, "src/components/cloudflare/edge.ts", 'ssl: "strict"', 'ssl: "full"');
    const levels = async () => {
      const run = await preview(ground);
      const found = findings(run.events).filter((finding) => finding.rule === "cloudflare-tls-strict");
      return {
        exitCode: run.exitCode,
        levels: found.map((finding) => finding.level),
        exceptions: found.map((finding) => finding.exception),
      };
    };
    expect(await levels()).toMatchObject({ exitCode: 1, levels: ["mandatory"] });
    except(ground, daysAfter(ground.date, 30));
    const excepted = await levels();
    expect(excepted).toMatchObject({ exitCode: 0, levels: ["exempted"] });
    expect(excepted.exceptions[0]).toMatch(/^OPS-12: The old server .*platform-team, until \d{4}-\d\d-\d\d/);
    const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    except(ground, daysAfter(ground.date, -1));
    expect(said.mock.calls.join("")).toContain("OPS-12 expired");
    said.mockRestore();
    expect(await levels()).toMatchObject({ exitCode: 1, levels: ["mandatory"] });
  });
});
