import fc from "fast-check";
import { adminCidrProblem, parseCidr } from "../../src/concepts/access.ts";
import { ALERTS } from "../../src/concepts/alerts.ts";
import { BACKUP_PLANS, OFFSITE_PREFIXES } from "../../src/concepts/backup.ts";
import { type NamingContext, physicalName, tags } from "../../src/concepts/naming.ts";
import { stateful } from "../../src/concepts/statefulness.ts";

const naming: NamingContext = {
  project: "jatsmanor",
  environment: "mvp",
  phase: "mvp",
  owner: "platform-team",
  costCenter: "hosting",
};

describe("names", () => {
  test("project, environment, part", () => {
    expect(physicalName(naming, "bucket", "backups")).toBe("jatsmanor-mvp-backups");
    expect(physicalName(naming, "other")).toBe("jatsmanor-mvp");
    expect(physicalName(naming, "other", "Site Down!")).toBe("jatsmanor-mvp-site-down");
  });

  test("at the limit a name stays whole, one over it ends in a hash", () => {
    const room = 32 - "jatsmanor-mvp-".length;
    expect(physicalName(naming, "loadBalancer", "a".repeat(room))).toBe(`jatsmanor-mvp-${"a".repeat(room)}`);
    expect(physicalName(naming, "loadBalancer", "a".repeat(room + 1))).toMatch(/^jatsmanor-mvp-a+-[0-9a-f]{8}$/);
  });

  test("never over the limit, never outside the alphabet, and different names stay different", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,90}$/);
    fc.assert(
      fc.property(part, part, (left, right) => {
        const [a, b] = [physicalName(naming, "loadBalancer", left), physicalName(naming, "loadBalancer", right)];
        expect(a.length).toBeLessThanOrEqual(32);
        expect(a).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        if (left !== right) expect(a).not.toBe(b);
      }),
    );
  });

  test("the six tags", () => {
    expect(tags(naming, "personal")).toEqual({
      project: "jatsmanor",
      env: "mvp",
      phase: "mvp",
      owner: "platform-team",
      "cost-center": "hosting",
      "data-class": "personal",
    });
  });
});

describe("administrators' networks", () => {
  test.each([
    ["198.51.100.7/32", undefined],
    ["10.0.0.0/16", undefined],
    ["2001:db8::/32", undefined],
    ["10.0.0.0/15", /too much of the internet/],
    ["2001:d00::/31", /too much of the internet/],
    ["0.0.0.0/0", /too much of the internet/],
    ["10.0.0.1", /is not a CIDR/],
    ["10.1/16", /is not a CIDR/],
    ["10.0.0.0/33", /is not a CIDR/],
    ["", /is not a CIDR/],
    ["office", /is not a CIDR/],
  ])("%s", (cidr, expected) => {
    const problem = adminCidrProblem(cidr);
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(expected);
  });

  test("the parts of a CIDR", () => {
    expect(parseCidr("192.0.2.0/24")).toEqual({ kind: "ipv4", prefix: 24 });
    expect(parseCidr("2001:db8::/48")).toEqual({ kind: "ipv6", prefix: 48 });
  });
});

describe("the guide's figures", () => {
  test("backups", () => {
    expect(BACKUP_PLANS.mvp.snapshots).toEqual({ everyHours: 24, keepDays: 7 });
    expect(BACKUP_PLANS.growth.snapshots.everyHours).toBe(6);
    expect(BACKUP_PLANS.growth.pointInTimeDays).toBe(35);
    expect(BACKUP_PLANS.growth.files).toMatchObject({ infrequentAfterDays: 30, archiveAfterDays: 90 });
    expect(Object.values(OFFSITE_PREFIXES).every((prefix) => prefix.endsWith("/"))).toBe(true);
  });

  test("alerts", () => {
    expect(ALERTS["site-down"]).toMatchObject({ severity: "critical", threshold: 2, unit: "minutes", forMinutes: 2 });
    expect(ALERTS["slow-responses"]).toMatchObject({ severity: "warning", threshold: 2000, unit: "milliseconds" });
    expect(ALERTS["disk-low"]).toMatchObject({ severity: "warning", threshold: 80, unit: "percent" });
  });
});

test("a stateful resource is protected unless the phase can be rebuilt or the setting names it", () => {
  const guard = { protects: true, allowReplace: ["mvp-server-droplet"] };
  expect(stateful(guard, "bucket", "mvp-offsite-bucket")).toEqual({ protect: true });
  expect(stateful(guard, "server", "mvp-server-droplet")).toEqual({ protect: false });
  expect(stateful({ protects: false, allowReplace: [] }, "bucket", "b")).toEqual({ protect: false });
});
