/** The stack mvp on the real engine and the sandbox: what no mock can show. */
import fs from "node:fs";
import path from "node:path";
import { calls, drift, list } from "../../sandbox/admin.ts";
import { changes, findings } from "../../tools/rehearse/events.ts";
import { copyOf, onGround, plant, preview, pulumi, removeBases, temporaryBase, up } from "../support/ground.ts";

jest.setTimeout(240_000);
afterAll(removeBases);

/** Deployed once; tests work on copies. */
let deployed: string;
beforeAll(async () => {
  deployed = temporaryBase();
  await onGround("mvp", deployed, async (ground) => {
    const looked = await preview(ground);
    expect(looked.output).toContain("to create");
    expect(looked.exitCode).toBe(0);
    // A preview leaves nothing behind.
    expect(list(ground.workspace.cloud)).toEqual([]);
    expect(
      calls(ground.workspace.cloud).filter(
        (call) => /create|update|delete/i.test(call.method) && call.preview !== true,
      ),
    ).toEqual([]);
    const run = await up(ground);
    expect(run.output).not.toContain("error:");
    expect(run.exitCode).toBe(0);
    expect(findings(run.events).filter((finding) => finding.level === "mandatory")).toEqual([]);
    expect(list(ground.workspace.cloud).length).toBeGreaterThan(35);
  });
});

test("a second update changes nothing", async () => {
  await onGround("mvp", copyOf(deployed), async (ground) => {
    const run = await up(ground);
    expect(run.exitCode).toBe(0);
    const { same, ...changed } = changes(run.events);
    expect(changed).toEqual({ created: 0, updated: 0, replaced: 0, deleted: 0 });
    expect(same).toBeGreaterThan(35);
  });
});

test("a refresh says nothing until something drifts, then names it and ends with 7", async () => {
  await onGround("mvp", copyOf(deployed), async (ground) => {
    const look = () => pulumi(ground, ["refresh", "--preview-only", "--expect-no-changes", "--diff"]);
    expect((await look()).exitCode).toBe(0);
    drift({ dir: ground.workspace.cloud, type: "Droplet", target: "mvp-server-droplet", set: { backups: false } });
    const drifted = await look();
    expect(drifted.exitCode).toBe(7);
    expect(drifted.output).toMatch(/mvp-server-droplet[\s\S]*backups/);
  });
});

test("what somebody deleted behind Pulumi's back is found by a refresh", async () => {
  await onGround("mvp", copyOf(deployed), async (ground) => {
    drift({ dir: ground.workspace.cloud, type: "UptimeAlert", target: "mvp-alerting-site-down", remove: true });
    const drifted = await pulumi(ground, ["refresh", "--preview-only", "--expect-no-changes"]);
    expect(drifted.exitCode).toBe(7);
    expect(drifted.output).toContain("mvp-alerting-site-down");
  });
});

test("destroy is refused for what is protected, and deletes nothing", async () => {
  await onGround("mvp", copyOf(deployed), async (ground) => {
    const before = list(ground.workspace.cloud).length;
    const run = await pulumi(ground, ["destroy", "--yes"]);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toMatch(/cannot be deleted[\s\S]*protected|protected[\s\S]*cannot be deleted/);
    expect(list(ground.workspace.cloud)).toHaveLength(before);
  });
});

test("a change that would replace the server is refused by the engine itself", async () => {
  await onGround("mvp", copyOf(deployed), async (ground) => {
    plant(ground, "src/phases/single-server-values.ts", 'region: "fra1"', 'region: "ams3"');
    const run = await pulumi(ground, ["up", "--yes", "--skip-preview"]); // without the policy pack
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toMatch(/unable to replace resource[\s\S]*marked for protection/);
    const held = (cloud: string) =>
      list(cloud)
        .filter(({ type }) => /:(Droplet|ReservedIp)$/.test(type))
        .map(({ id }) => id);
    expect(held(ground.workspace.cloud)).toEqual(held(path.join(deployed, "mvp", "cloud")));
  });
});

test("with its name in allowReplace, in an update of its own, the server may be replaced; the rest may not", async () => {
  await onGround("mvp", copyOf(deployed), async (ground) => {
    const file = path.join(ground.workspace.project, "Pulumi.mvp.yaml");
    const source = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, source.replace("config:", 'config:\n  jatsmanor:allowReplace: ["mvp-server-droplet"]'));
    const lifted = await up(ground); // the policy pack knows the setting too
    expect(lifted.output).toMatch(/allowReplace[\s\S]*mvp-server-droplet/);
    expect(changes(lifted.events)).toMatchObject({ created: 0, replaced: 0, deleted: 0 });
    const droplets = () =>
      list(ground.workspace.cloud)
        .filter(({ type }) => type.endsWith(":Droplet"))
        .map(({ id }) => id);
    const before = droplets();
    plant(
      ground,
      "src/components/digitalocean/server.ts",
      "image: args.image,",
      "image: args.image, dropletAgent: true,",
    );
    const replaced = await pulumi(ground, ["up", "--yes", "--skip-preview"]);
    expect(replaced.exitCode).toBe(0);
    expect(droplets()).toHaveLength(1);
    expect(droplets()).not.toEqual(before);
    const region = "region: settings.backups.region, ...exports";
    plant(ground, "src/phases/single-server.ts", region, 'region: "eu-west-1", ...exports');
    const refused = await pulumi(ground, ["up", "--yes", "--skip-preview"]);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toMatch(/mvp-offsite-bucket[\s\S]*marked for protection/);
  });
});

describe("a wrong program is caught before anything is created", () => {
  test.each([
    [
      "do-droplet-daily-backups",
      "src/components/digitalocean/server.ts",
      "backups: true",
      "backups: false",
      /mvp-server-droplet.*backups is false/,
    ],
    [
      "do-firewall-covers-droplets",
      "src/components/digitalocean/network.ts",
      "sourceAddresses: access.cidrs",
      'sourceAddresses: ["0.0.0.0/0"]',
      /22/,
    ],
    ["cloudflare-tls-strict", "src/components/cloudflare/edge.ts", 'ssl: "strict"', 'ssl: "full"', /full[\s\S]*strict/],
  ])("%s", async (rule, file, from, to, message) => {
    await onGround("mvp", temporaryBase(), async (ground) => {
      plant(ground, file, from, to);
      const run = await preview(ground);
      expect(run.exitCode).toBe(1);
      const found = findings(run.events).filter((finding) => finding.level === "mandatory");
      expect(found.map((finding) => finding.rule)).toContain(rule);
      const text = found.find((finding) => finding.rule === rule)!.message;
      expect(text).toMatch(message);
      expect(text).toMatch(/(guide|standard): /);
      expect(text).toContain("Fix: ");
      expect(list(ground.workspace.cloud)).toEqual([]);
    });
  });
});

test("bad settings stop the program before anything is created, all at once", async () => {
  await onGround("mvp", temporaryBase(), async (ground) => {
    const file = path.join(ground.workspace.project, "Pulumi.mvp.yaml");
    const source = fs.readFileSync(file, "utf8");
    fs.writeFileSync(
      file,
      source.replace(/jatsmanor:domain: .*/, "jatsmanor:domain: nowhere").replace("198.51.100.0/24", "0.0.0.0/0"),
    );
    const run = await up(ground);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain("2 settings are wrong in stack mvp");
    expect(run.output).toContain('jatsmanor:domain is "nowhere"');
    expect(run.output).toContain("jatsmanor:adminAccess.cidrs[0]");
    expect(list(ground.workspace.cloud)).toEqual([]);
  });
});
