/** DigitalOcean: sizes and regions are checked by the API, not by the provider, so they are checked here on creation. */
import { createHash } from "node:crypto";
import { output } from "../store.ts";
import type { Properties } from "../values.ts";
import { asText, isEmpty, isObject } from "../values.ts";
import type { Cloud, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";

const regions = [
  "ams2",
  "ams3",
  "atl1",
  "blr1",
  "fra1",
  "lon1",
  "nyc1",
  "nyc2",
  "nyc3",
  "ric1",
  "sfo1",
  "sfo2",
  "sfo3",
  "sgp1",
  "syd1",
  "tor1",
];

/** Monthly price (USD) and disk (GB) of the shared-CPU sizes; other sizes get an estimate. Prices are not a source for cost. */
const sizes: Record<string, { price: number; disk: number }> = {
  "s-1vcpu-1gb": { price: 6, disk: 25 },
  "s-1vcpu-2gb": { price: 12, disk: 50 },
  "s-2vcpu-2gb": { price: 18, disk: 60 },
  "s-2vcpu-4gb": { price: 24, disk: 80 },
  "s-4vcpu-8gb": { price: 48, disk: 160 },
  "s-8vcpu-16gb": { price: 96, disk: 320 },
};

function size(slug: string): { vcpus: number; memory: number; price: number; disk: number } | undefined {
  const [, vcpus, memory] = /^(?:s|c|c2|g|gd|m|m3|m6|so|so1_5)-(\d+)vcpu-(\d+)gb/.exec(slug) ?? [];
  if (vcpus === undefined || memory === undefined) return undefined;
  const known = sizes[slug] ?? { price: 12 * Number(vcpus), disk: 20 * Number(memory) };
  return { vcpus: Number(vcpus), memory: 1024 * Number(memory), ...known };
}

function droplet({ inputs, identity, store, createdAt, old }: Request): Properties {
  const id = asText(old?.["id"] ?? identity.digits(9));
  const vpc = store.get("digitalocean:index/vpc:Vpc", asText(inputs["vpcUuid"] ?? ""));
  const { vcpus = 1, memory = 1024, price = 6, disk = 25 } = size(asText(inputs["size"])) ?? {};
  return {
    id,
    dropletUrn: `do:droplet:${id}`,
    createdAt,
    region: inputs["region"] ?? "nyc3",
    vpcUuid: inputs["vpcUuid"] ?? identity.uuid("default-vpc"),
    ipv4Address: inputs["publicNetworking"] === false ? "" : (old?.["ipv4Address"] ?? identity.ipv4()),
    ipv4AddressPrivate: identity.privateIpv4(asText(vpc ? output(vpc, "ipRange") : "10.135.0.0/16")),
    ipv6Address: inputs["ipv6"] === true ? identity.ipv6() : "",
    privateNetworking: true,
    publicNetworking: inputs["publicNetworking"] ?? true,
    status: "active",
    locked: false,
    vcpus,
    memory,
    disk,
    priceMonthly: price,
    priceHourly: Number((price / 672).toFixed(5)),
    volumeIds: inputs["volumeIds"] ?? [],
  };
}

function vpc({ inputs, identity, createdAt, old }: Request): Properties {
  const id = asText(old?.["id"] ?? identity.uuid());
  const range = `10.${100 + (identity.digits(4, "range") % 100)}.${16 * (identity.digits(4, "part") % 16)}.0/20`;
  return { id, vpcUrn: `do:vpc:${id}`, default: false, createdAt, ipRange: inputs["ipRange"] ?? range };
}

function sshKey({ inputs, identity, old }: Request): Properties {
  const body = asText(inputs["publicKey"]).split(" ")[1] ?? "";
  const digest = createHash("md5").update(Buffer.from(body, "base64")).digest("hex");
  return { id: asText(old?.["id"] ?? identity.digits(8)), fingerprint: digest.match(/../g)?.join(":") ?? digest };
}

/** The API checks these, the provider does not: a preview passes, an update fails. */
function refuseDroplet(request: Request): void {
  const { inputs, old } = request;
  const api = "POST https://api.digitalocean.com/v2/droplets";
  refuseRegion(request, "droplets");
  const wanted = size(asText(inputs["size"]));
  if (!wanted) {
    throw new CloudError(`${api}: 422 You specified an invalid size for Droplet creation: "${asText(inputs["size"])}"`);
  }
  if (
    !/^(\d+|(almalinux|centos-stream|debian|docker|fedora|rockylinux|ubuntu)-[\w.-]+)$/.test(asText(inputs["image"]))
  ) {
    throw new CloudError(
      `${api}: 422 You specified an invalid image for Droplet creation: "${asText(inputs["image"])}"`,
    );
  }
  if (old && wanted.disk < Number(old["disk"])) {
    throw new CloudError(
      `${api}/${asText(old["id"])}/actions: 422 This size is not available because it has a smaller disk.`,
    );
  }
}

function refuseRegion({ inputs }: Request, path: string): void {
  const region = inputs["region"];
  if (typeof region === "string" && !regions.includes(region.toLowerCase())) {
    throw new CloudError(
      `POST https://api.digitalocean.com/v2/${path}: 422 You specified an invalid region: "${region}" (known: ${regions.join(", ")})`,
    );
  }
}

export const digitalocean: Cloud = {
  compute: {
    "digitalocean:index/droplet:Droplet": droplet,
    "digitalocean:index/vpc:Vpc": vpc,
    "digitalocean:index/sshKey:SshKey": sshKey,
  },
  refuse: {
    "digitalocean:index/droplet:Droplet": refuseDroplet,
    "digitalocean:index/firewall:Firewall": ({ inputs }) => {
      for (const rule of [inputs["inboundRules"], inputs["outboundRules"]].flat()) {
        if (!isObject(rule) || rule["protocol"] === "icmp" || !isEmpty(rule["portRange"])) continue;
        throw new CloudError("`port_range` of a rule is required if protocol is `tcp` or `udp`");
      }
    },
    "digitalocean:index/reservedIpAssignment:ReservedIpAssignment": ({ inputs, store }) => {
      const droplet = store.get("digitalocean:index/droplet:Droplet", asText(inputs["dropletId"]));
      const address = store.get("digitalocean:index/reservedIp:ReservedIp", asText(inputs["ipAddress"]));
      if (droplet && address && output(droplet, "region") !== output(address, "region")) {
        throw new CloudError("422 The reserved IP must be in the same region as the Droplet.");
      }
    },
    "digitalocean:index/sshKey:SshKey": ({ inputs }) => {
      if (!/^(ssh-(rsa|ed25519)|ecdsa-sha2-\S+|sk-\S+) [A-Za-z0-9+/]+=*( .*)?\s*$/.test(asText(inputs["publicKey"]))) {
        throw new CloudError(
          "POST https://api.digitalocean.com/v2/account/keys: 422 Key invalid, key should be of the format `type key [comment]`",
        );
      }
    },
    "digitalocean:index/reservedIp:ReservedIp": (request) => refuseRegion(request, "reserved_ips"),
    "digitalocean:index/volume:Volume": (request) => refuseRegion(request, "volumes"),
    "digitalocean:index/vpc:Vpc": (request) => refuseRegion(request, "vpcs"),
  },
  invoke: {
    "digitalocean:index/getAccount:getAccount": () => ({
      id: "sandbox",
      dropletLimit: 25,
      email: "ops@sandbox.example",
      emailVerified: true,
      floatingIpLimit: 5,
      status: "active",
      statusMessage: "",
      uuid: "5a7d0c3e-0000-4000-8000-000000000001",
    }),
    "digitalocean:index/getProject:getProject": (args, { store }) => {
      const found = store
        .ofType("digitalocean:index/project:Project")
        .find((project) =>
          args["id"] === undefined ? output(project, "name") === args["name"] : project.id === args["id"],
        );
      if (!found) throw new CloudError(`project with name "${asText(args["name"] ?? args["id"])}" not found`);
      return { ...found.outputs, id: found.id };
    },
    "digitalocean:index/getSshKey:getSshKey": (args, { store }) => {
      const found = store
        .ofType("digitalocean:index/sshKey:SshKey")
        .find((key) => output(key, "name") === args["name"]);
      if (!found) throw new CloudError(`ssh key not found with name "${asText(args["name"])}"`);
      return {
        id: Number(found.id),
        name: asText(args["name"]),
        fingerprint: output(found, "fingerprint") ?? "",
        publicKey: output(found, "publicKey") ?? "",
      };
    },
  },
};
