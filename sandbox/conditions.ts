/** The conditions under which a property replaces its resource (`forceNewIf` of the facts), by their exact text. */
import type { Properties, Value } from "./values.ts";
import { asText, isEmpty } from "./values.ts";

export interface Change {
  readonly old: Value | undefined;
  readonly new: Value | undefined;
  /** Checked inputs before and after, without secret wrappers. */
  readonly oldInputs: Properties;
  readonly news: Properties;
}
type Condition = (change: Change) => boolean;

const always: Condition = () => true;
const never: Condition = () => false;
const onceSet: Condition = (change) => !isEmpty(change.new);
const exceptFromEmpty: Condition = (change) => !isEmpty(change.old);
const turnedOff: Condition = (change) => change.old === true && change.new !== true;
const size = (value: Value | undefined): number => (Array.isArray(value) ? value.length : 0);
const isNetwork = (change: Change): boolean => change.news["loadBalancerType"] === "network";
const versions = (value: Value | undefined): number[] =>
  asText(value ?? "")
    .split(".")
    .map(Number);
const downgraded: Condition = (change) => {
  const [before, after] = [versions(change.old), versions(change.new)];
  const at = before.findIndex((part, index) => part !== (after[index] ?? part));
  return at >= 0 && (after[at] ?? 0) < (before[at] ?? 0);
};
const sameItems = (a: Value | undefined, b: Value | undefined): boolean =>
  Array.isArray(a) && Array.isArray(b) && a.every((item) => JSON.stringify(b).includes(JSON.stringify(item)));

export const conditions: Readonly<Record<string, Condition>> = {
  // The region of a resource is compared in diff.ts, where the provider's own region is known.
  "set by the provider wrapper: a change of the effective region replaces": never,
  "type is not IMPORTED (requested certificate): any change": (change) => isEmpty(change.news["privateKey"]),
  "true -> false": turnedOff,
  "old and new types share no CPU architecture": (change) =>
    /^\w+\dg/.test(asText(change.old)) !== /^\w+\dg/.test(asText(change.new)),
  "explicit change while ipv6AddressCount is unchanged": (change) =>
    change.oldInputs["ipv6AddressCount"] === change.news["ipv6AddressCount"],
  // `$Latest` and `$Default` resolve in the cloud to the same version unless the template changed, which is not tracked here.
  "resolved version differs from the one the instance runs": always,
  "userDataReplaceOnChange is true": (change) => change.news["userDataReplaceOnChange"] === true,
  "connectivityType is private and the configured value changes": (change) =>
    change.news["connectivityType"] === "private",
  "changes while assignIpv6AddressOnCreation was true": (change) =>
    change.oldInputs["assignIpv6AddressOnCreation"] === true,
  "any change, unless ipv4NetmaskLength is set (then the change is dropped)": (change) =>
    isEmpty(change.news["ipv4NetmaskLength"]),
  "any change except dedicated -> default": (change) => !(change.old === "dedicated" && change.new === "default"),
  "vpcEndpointType is not Interface": (change) => change.news["vpcEndpointType"] !== "Interface",
  "an already set role changes, unless Auto Mode is disabled or nodePools emptied with the role unset": (change) =>
    !isEmpty(change.old) && !isEmpty(change.new),
  "block removed (1 -> 0)": (change) => !isEmpty(change.old) && isEmpty(change.new),
  "CUSTOMER_ROUTED -> AWS_MANAGED": (change) => change.old === "CUSTOMER_ROUTED" && change.new === "AWS_MANAGED",
  "any change except redis -> valkey (not for members of a global replication group)": (change) =>
    isEmpty(change.news["globalReplicationGroupId"]) && !(change.old === "redis" && change.new === "valkey"),
  "downgrade (not for members of a global replication group)": (change) =>
    isEmpty(change.news["globalReplicationGroupId"]) && downgraded(change),
  "explicit meaningful change of the set": onceSet,
  "engineVersionActual < 7.0.5": (change) => (versions(change.news["engineVersion"])[0] ?? 0) < 7,
  "network: decreased": (change) => isNetwork(change) && Number(change.new ?? 0) < Number(change.old ?? 0),
  "network: none -> some or some -> none": (change) => isNetwork(change) && isEmpty(change.old) !== isEmpty(change.new),
  "application: an existing mapping changes; network: an existing mapping changes or any is removed": (change) =>
    !sameItems(change.old, change.new),
  "network: not a pure increase in the number of subnets": (change) =>
    isNetwork(change) && !(sameItems(change.old, change.new) && size(change.new) > size(change.old)),
  "true -> false, or engine version that cannot enable in place": turnedOff,
  // The list of compatible versions is the cloud's; an OpenSearch downgrade is never in it.
  "new version not in GetCompatibleVersions of the domain": (change) =>
    downgraded({
      ...change,
      old: asText(change.old ?? "").replace(/^\w+_/, ""),
      new: asText(change.new ?? "").replace(/^\w+_/, ""),
    }),
  "dualstack -> other": (change) => change.old === "dualstack" && change.new !== "dualstack",
  "engine is not aurora*": (change) => !asText(change.news["engine"] ?? "aurora").startsWith("aurora"),
  "any change except empty -> own account id": exceptFromEmpty,
  "Advanced -> Standard": (change) => change.old === "Advanced" && change.new === "Standard",
  "changes and is set in the program": onceSet,
  "region or networkId of an existing node (same index) changes": (change) =>
    change.old !== undefined && change.new !== undefined,
  "removed, or status enabled <-> disabled": (change) => !isEmpty(change.old),
  "SHA-1 fingerprint of the planned certificate differs from the state": always,
};
