import { renderHost } from "../../src/host/render.ts";
import { hostDefaults } from "../../src/host/spec.ts";
import type { HostSpec } from "../../src/host/spec.ts";

/** Networks that Cloudflare publishes: the real number of them, because they fill user-data. */
const cloudflare = [
  ...["173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18"],
  ...["190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13"],
  ...["104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22", "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32"],
  ...["2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32"],
];

/** The server of the stack `mvp`, with documentation names and addresses. */
export function mvp(overrides: Partial<HostSpec> = {}): HostSpec {
  return {
    ...hostDefaults,
    name: "jatsmanor-mvp",
    role: "all-in-one",
    sizes: { memoryMiB: 8192, cpus: 4 },
    domains: ["jatsmanor.example", "www.jatsmanor.example"],
    tls: { source: "origin-ca" },
    trustedProxies: cloudflare,
    ssh: { allowedCidrs: ["203.0.113.0/24", "2001:db8::/48"] },
    adminUsers: [{ name: "ops", sshPublicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleOnly ops@example"] }],
    backup: {
      dumpAt: "02:00",
      retainDailyDays: 7,
      weeklyOn: "Sunday",
      maxAgeHours: 26,
      bucket: { name: "jatsmanor-mvp-backups", region: "eu-west-3" },
      agePublicKey: "age1examplepublickeyexamplepublickeyexamplepublickeyexamplepub",
    },
    ...overrides,
  };
}

/** Content of one rendered file. */
export function file(path: string, spec: HostSpec = mvp()): string {
  const found = renderHost(spec).find((f) => f.path === path);
  if (!found) throw new Error(`no file ${path}`);
  return found.content;
}
