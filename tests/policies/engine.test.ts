import { Pack, secret, unknown } from "./pack.ts";

let pack: Pack;
beforeAll(async () => {
  pack = await Pack.start();
});
afterAll(() => pack?.stop());

const droplet = (props: Record<string, unknown>) => ({
  type: "digitalocean:index/droplet:Droplet",
  name: "web",
  props,
});

describe("the wrapper", () => {
  beforeAll(() => pack.only("do-droplet-daily-backups"));

  test("names the resource, the found and the required value, the guide, the fix and the exception", async () => {
    const { diagnostics } = await pack.analyze(droplet({ backups: false }));
    expect(diagnostics).toEqual([
      {
        policy: "do-droplet-daily-backups",
        level: "mandatory",
        urn: "urn:pulumi:test::jatsmanor::digitalocean:index/droplet:Droplet::web",
        message:
          'Droplet web: backups is false, requires true (guide: "Snapshots quotidiens (7 jours)"). ' +
          'Fix: set backups: true and backupPolicy.plan: "daily". ' +
          "Exception: policies/exceptions.yaml, rule do-droplet-daily-backups, " +
          "target type digitalocean:index/droplet:Droplet, name web.",
      },
    ]);
  });

  test("an unknown value is one advisory note", async () => {
    const { diagnostics } = await pack.analyze(droplet({ backups: unknown, backupPolicy: { plan: unknown } }));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ level: "advisory" });
    expect(diagnostics[0]!.message).toContain("undetermined: backups is not known in a preview");
  });

  test("a secret is judged but not shown", async () => {
    const { diagnostics } = await pack.analyze(droplet({ backups: true, backupPolicy: secret({ plan: "weekly" }) }));
    expect(diagnostics[0]!.message).toContain("backupPolicy.plan is [secret], requires");
    expect(diagnostics[0]!.message).not.toContain("weekly");
  });
});
