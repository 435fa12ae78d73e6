/** The simulated clouds by package name. A package without an entry works from its schema, facts and templates alone. */
import { aws } from "./aws.ts";
import type { Cloud } from "./cloud.ts";
import { cloudflare } from "./cloudflare.ts";
import { command } from "./command.ts";
import { digitalocean } from "./digitalocean.ts";
import { kubernetes } from "./kubernetes.ts";
import { ovh } from "./ovh.ts";
import { pulumiservice } from "./pulumiservice.ts";
import { random } from "./random.ts";
import { tls } from "./tls.ts";

const clouds: Readonly<Record<string, Cloud>> = {
  aws,
  cloudflare,
  command,
  digitalocean,
  kubernetes,
  ovh,
  pulumiservice,
  random,
  tls,
};

export function cloudOf(name: string): Cloud {
  return clouds[name] ?? {};
}
