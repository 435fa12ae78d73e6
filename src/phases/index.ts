import type { StackContext } from "../concepts/context.ts";
import type { Settings } from "../settings/schema.ts";
import type { StackOutputs } from "./outputs.ts";
import { ForgeServerPhase } from "./forge-server.ts";
import { Governance } from "./governance.ts";
import { Microservices } from "./microservices.ts";
import { ScaledWeb } from "./scaled-web.ts";
import { SingleServer } from "./single-server.ts";
import { SINGLE_SERVER_VALUES } from "./single-server-values.ts";
import { WEB_FLEET_VALUES } from "./web-fleet-values.ts";
import { WebFleet } from "./web-fleet.ts";

/** Builds the phase that the settings name and gives the stack's outputs. */
export function buildPhase(settings: Settings, project: string, stack: string): StackOutputs {
  const context: StackContext = {
    naming: {
      project,
      environment: stack,
      phase: settings.phase,
      owner: settings.owner,
      costCenter: settings.costCenter,
    },
    guard: { protects: settings.phase !== "staging", allowReplace: settings.allowReplace },
  };
  switch (settings.platform) {
    case "digitalocean":
      return new SingleServer(settings, SINGLE_SERVER_VALUES[settings.phase], context).outputs;
    case "eks":
      return new Microservices(settings, context).outputs;
    case "aws":
      return new ScaledWeb(settings, context).outputs;
    case "forge":
      return new ForgeServerPhase(settings, context).outputs;
    case "ovh":
      return new WebFleet(settings, WEB_FLEET_VALUES[settings.phase], context).outputs;
    case "pulumi-cloud":
      return new Governance(settings, context).outputs;
  }
}
