/**
 * Pulumi Cloud: stacks and published packs are found, not made, so the inventory holds them (facts/inventory.json). What
 * refers to a stack names it in three properties, which the table of references cannot say; it is refused here.
 */
import { output } from "../store.ts";
import type { Store } from "../store.ts";
import type { Properties, Value } from "../values.ts";
import { asText, isEmpty, isObject } from "../values.ts";
import type { Cloud, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";

const STACK = "pulumiservice:index:Stack";
const PACK = "pulumiservice:index:PolicyPack";

function refuseStack(store: Store, organization: Value, project: Value, stack: Value): void {
  const wanted = [organization, project, stack].map(asText).join("/");
  if (!store.get(STACK, wanted)) throw new CloudError(`404 API error: Not Found: Stack '${wanted}' not found`);
}

const listOf = (value: Value | undefined): Properties[] => (Array.isArray(value) ? value.filter(isObject) : []);

function refusePolicyGroup({ inputs, store }: Request): void {
  const organization = inputs["organizationName"] ?? "";
  for (const stack of listOf(inputs["stacks"])) {
    refuseStack(store, organization, stack["routingProject"] ?? "", stack["name"] ?? "");
  }
  for (const pack of listOf(inputs["policyPacks"])) {
    const published = store.ofType(PACK).some((item) => {
      const same = (name: string) => output(item, name) === pack[name];
      return same("name") && (isEmpty(pack["versionTag"]) || same("versionTag"));
    });
    if (!published) {
      const version = `${asText(pack["name"] ?? "")} ${asText(pack["versionTag"] ?? "")}`.trim();
      throw new CloudError(
        `404 API error: Not Found: policy pack ${version} is not published in ${asText(organization)}`,
      );
    }
  }
}

/** What the provider's own check refuses: the three kinds of webhook are told apart by which names are given. */
function refuseWebhook({ inputs, store }: Request): void {
  const given = (name: string): boolean => !isEmpty(inputs[name]);
  const [project, stack, environment] = [given("projectName"), given("stackName"), given("environmentName")];
  if (stack && environment) throw new CloudError("stackName and environmentName must not both be specified");
  if ((stack || environment) && !project) {
    throw new CloudError("projectName must be specified for stack and environment webhooks");
  }
  if (project && !stack && !environment) {
    throw new CloudError("projectName needs to be empty if this is meant to be an organization webhook");
  }
  if (stack)
    refuseStack(store, inputs["organizationName"] ?? "", inputs["projectName"] ?? "", inputs["stackName"] ?? "");
}

const refuseUnknownStack = ({ inputs, store }: Request): void =>
  refuseStack(store, inputs["organization"] ?? "", inputs["project"] ?? "", inputs["stack"] ?? "");

export const pulumiservice: Cloud = {
  refuse: {
    "pulumiservice:index:DeploymentSettings": refuseUnknownStack,
    "pulumiservice:index:DriftSchedule": refuseUnknownStack,
    "pulumiservice:index:PolicyGroup": refusePolicyGroup,
    "pulumiservice:index:StackTags": refuseUnknownStack,
    "pulumiservice:index:Webhook": refuseWebhook,
    "pulumiservice:index:OidcIssuer": ({ inputs }) => {
      for (const policy of listOf(inputs["policies"])) {
        const needed = {
          organization: "authorizedPermissions",
          team: "teamName",
          personal: "userLogin",
          runner: "runnerID",
        };
        const property = needed[asText(policy["tokenType"] ?? "") as keyof typeof needed];
        if (property !== undefined && isEmpty(policy[property])) {
          throw new CloudError(
            `400 API error: Bad Request: policy of token type ${asText(policy["tokenType"] ?? "")} needs ${property}`,
          );
        }
        if (!isObject(policy["rules"]) || isEmpty(policy["rules"]["sub"])) {
          throw new CloudError("400 API error: Bad Request: an auth policy must have a rule for the claim sub");
        }
      }
    },
  },
};
