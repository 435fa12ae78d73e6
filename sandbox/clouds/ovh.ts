/**
 * OVH: load balancers and VPS are ordered, not created, so they are in the inventory (facts/inventory.json). What the
 * API refuses about a load balancer's zones and backends is refused here.
 */
import type { CloudResource, Store } from "../store.ts";
import { output } from "../store.ts";
import type { Properties, Value } from "../values.ts";
import { asText, isObject } from "../values.ts";
import type { Cloud, Compute, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";

const LOAD_BALANCER = "ovh:IpLoadBalancing/loadBalancer:LoadBalancer";
const INSTANCE = "ovh:CloudProject/instance:Instance";
const PROJECT = "ovh:CloudProject/project:Project";

/** Public Cloud flavors: processors, memory and disk in GB. Ids are one per region at OVH; the sandbox has one region's. */
const flavors: Record<string, { id: string; vcpus: number; ram: number; disk: number }> = {
  "d2-4": { id: "5f3c1d7e-0000-4000-8000-000000000024", vcpus: 2, ram: 4, disk: 50 },
  "d2-8": { id: "5f3c1d7e-0000-4000-8000-000000000028", vcpus: 4, ram: 8, disk: 50 },
  "b3-8": { id: "5f3c1d7e-0000-4000-8000-000000000038", vcpus: 2, ram: 8, disk: 50 },
  "b3-16": { id: "5f3c1d7e-0000-4000-8000-000000000316", vcpus: 4, ram: 16, disk: 100 },
  "b3-32": { id: "5f3c1d7e-0000-4000-8000-000000000332", vcpus: 8, ram: 32, disk: 200 },
};
const images: Record<string, string> = {
  "Ubuntu 24.04": "6a4d2e8f-0000-4000-8000-000000002404",
  "Ubuntu 22.04": "6a4d2e8f-0000-4000-8000-000000002204",
};

const refuse = (kind: string, text: string): never => {
  throw new CloudError(`OVHcloud API error: Client::${kind}: "${text}"`);
};

function loadBalancer(store: Store, serviceName: string): CloudResource {
  const found = store.ofType(LOAD_BALANCER).find((item) => output(item, "serviceName") === serviceName);
  return found ?? refuse("NotFound", `This service does not exist (${serviceName})`);
}

/** A load balancer answers in the zones it was ordered with, written as the API writes them. */
function refuseZone({ inputs, store }: Request): void {
  const zones = [output(loadBalancer(store, asText(inputs["serviceName"])), "zones")].flat() as Value[];
  const zone = asText(inputs["zone"]);
  if (zone !== "all" && !zones.includes(zone))
    refuse("BadRequest", `Zone ${zone} is not one of this service: ${zones.map(asText).join(", ")}`);
}

/** Backends of the public network must be addresses of OVH. */
function refuseBackend({ inputs, store }: Request): void {
  const address = asText(inputs["address"]);
  const known = store
    .all()
    .filter(({ type }) => type === INSTANCE || type === "ovh:Vps/vps:Vps")
    .some((item) => JSON.stringify([output(item, "addresses"), output(item, "ipv4")]).includes(`"${address}"`));
  if (!known) refuse("BadRequest", `Address ${address} does not belong to OVHcloud`);
}

function refuseProject({ inputs, store }: Request): void {
  if (!store.get(PROJECT, asText(inputs["serviceName"])))
    refuse("NotFound", `This service does not exist (${asText(inputs["serviceName"])})`);
}

function instance({ inputs, identity, old }: Request): Properties {
  const id = (inputs["flavor"] as Properties)["flavorId"];
  const network = inputs["network"] as Properties;
  const inside = isObject(network["private"]) ? asText(network["private"]["ip"] ?? "") : "";
  const outside = [
    { ip: identity.ipv4(), version: 4 },
    { ip: identity.ipv6(), version: 6 },
  ];
  return {
    flavorName: Object.entries(flavors).find(([, flavor]) => flavor.id === id)?.[0] ?? "",
    addresses: old?.["addresses"] ?? [
      ...(inside === "" ? [] : [{ ip: inside, version: 4 }]),
      ...(network["public"] === true ? outside : []),
    ],
  };
}

/** A private network has an id of its own in each region. */
function network({ inputs, identity }: Request): Properties {
  const regions = ((inputs["regions"] ?? []) as Value[]).map(asText);
  const ids = regions.map((region) => [region, identity.uuid(region)]);
  return {
    id: `pn-${identity.digits(7)}_0`,
    regionsOpenstackIds: Object.fromEntries(ids) as Properties,
    regionsAttributes: ids.map(([region, openstackid]) => ({ region, openstackid, status: "ACTIVE" }) as Properties),
    status: "ACTIVE",
    type: "private",
  };
}

function refuseInstance(request: Request): void {
  refuseProject(request);
  const { flavor, bootFrom } = request.inputs as { flavor: Properties; bootFrom: Properties };
  if (!Object.values(flavors).some(({ id }) => id === flavor["flavorId"]))
    refuse("NotFound", `Flavor ${asText(flavor["flavorId"])} does not exist in ${asText(request.inputs["region"])}`);
  if (bootFrom["volumeId"] === undefined && !Object.values(images).includes(asText(bootFrom["imageId"] ?? "")))
    refuse("NotFound", `Image ${asText(bootFrom["imageId"] ?? "")} does not exist`);
}

/** Numbers, as text: the program turns them back into numbers to refer to them. */
const numbered: Compute = ({ identity, old }) => ({ id: old?.["id"] ?? asText(identity.digits(6)) });

export const ovh: Cloud = {
  compute: {
    [INSTANCE]: instance,
    "ovh:CloudProject/networkPrivate:NetworkPrivate": network,
    "ovh:CloudProject/user:User": numbered,
    "ovh:IpLoadBalancing/httpFarm:HttpFarm": numbered,
    "ovh:IpLoadBalancing/httpFarmServer:HttpFarmServer": numbered,
    "ovh:IpLoadBalancing/httpFrontend:HttpFrontend": numbered,
    "ovh:IpLoadBalancing/httpRoute:HttpRoute": numbered,
    "ovh:IpLoadBalancing/ssl:Ssl": numbered,
  },
  refuse: {
    [INSTANCE]: refuseInstance,
    "ovh:CloudProject/storage:Storage": refuseProject,
    "ovh:IpLoadBalancing/httpFarm:HttpFarm": refuseZone,
    "ovh:IpLoadBalancing/httpFrontend:HttpFrontend": refuseZone,
    "ovh:IpLoadBalancing/httpFarmServer:HttpFarmServer": refuseBackend,
  },
  invoke: {
    "ovh:CloudProject/getFlavors:getFlavors": ({ serviceName, region, nameFilter }) => ({
      id: "flavors",
      serviceName: serviceName ?? "",
      region: region ?? "",
      ...(nameFilter === undefined ? {} : { nameFilter }),
      flavors: Object.entries(flavors)
        .filter(([name]) => nameFilter === undefined || name === nameFilter)
        .map(([name, flavor]) => ({
          ...flavor,
          name,
          region: region ?? "",
          available: true,
          capabilities: [],
          inboundBandwidth: 500,
          outboundBandwidth: 500,
          osType: "linux",
          planCodes: { hourly: `${name}.consumption`, monthly: `${name}.monthly.postpaid` },
          quota: 20,
          type: "ovh.ceph",
        })),
    }),
    "ovh:CloudProject/getImages:getImages": ({ serviceName, region, osType }) => ({
      id: "images",
      serviceName: serviceName ?? "",
      region: region ?? "",
      osType: osType ?? "linux",
      flavorType: "",
      images: Object.entries(images).map(([name, id]) => ({
        id,
        name,
        region: region ?? "",
        creationDate: "2025-01-01T00:00:00Z",
        flavorType: "",
        minDisk: 0,
        minRam: 0,
        planCode: "",
        size: 2,
        status: "active",
        tags: [],
        type: "linux",
        user: "ubuntu",
        visibility: "public",
      })),
    }),
    "ovh:IpLoadBalancing/getIpLoadBalancing:getIpLoadBalancing": ({ serviceName }, { store }) => {
      const found = loadBalancer(store, asText(serviceName ?? ""));
      const empty = { ipLoadbalancing: "", metricsToken: "", orderableZones: [], vrackEligibility: false };
      const outputs = Object.fromEntries(Object.entries(found.outputs).filter(([name]) => name !== "natIps"));
      return { ...empty, vrackName: "", urn: `urn:v1:eu:resource:loadBalancer:${found.id}`, ...outputs, id: found.id };
    },
    "ovh:index/getIploadbalancingNatIps:getIploadbalancingNatIps": ({ serviceName }, { store }) => ({
      id: asText(serviceName ?? ""),
      serviceName: serviceName ?? "",
      natIps: output(loadBalancer(store, asText(serviceName ?? "")), "natIps") ?? [],
    }),
  },
};
