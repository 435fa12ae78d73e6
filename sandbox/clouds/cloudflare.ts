/** Cloudflare: zones and accounts are found, not made, so the inventory holds them (facts/inventory.json). */
import { output } from "../store.ts";
import type { CloudResource } from "../store.ts";
import type { Properties, Value } from "../values.ts";
import { asText, isObject } from "../values.ts";
import { pem } from "./certificates.ts";
import type { Cloud, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";

const ZONE = "cloudflare:index/zone:Zone";
const ACCOUNT = "cloudflare:index/account:Account";

/** Published ranges of Cloudflare's edge (cloudflare.com/ips), the ones a firewall must let in. */
const ipv4Ranges = [
  "173.245.48.0/20",
  "103.21.244.0/22",
  "103.22.200.0/22",
  "103.31.4.0/22",
  "141.101.64.0/18",
  "108.162.192.0/18",
  "190.93.240.0/20",
  "188.114.96.0/20",
  "197.234.240.0/22",
  "198.41.128.0/17",
  "162.158.0.0/15",
  "104.16.0.0/13",
  "104.24.0.0/14",
  "172.64.0.0/13",
  "131.0.72.0/22",
];
const ipv6Ranges = [
  "2400:cb00::/32",
  "2606:4700::/32",
  "2803:f800::/32",
  "2405:b500::/32",
  "2405:8100::/32",
  "2a06:98c0::/29",
  "2c0f:f248::/32",
];

function ruleset({ inputs, identity, old, now }: Request): Properties {
  const rules = Array.isArray(inputs["rules"]) ? inputs["rules"] : [];
  return {
    id: old?.["id"] ?? identity.hex(32),
    lastUpdated: now,
    version: asText(Number(old?.["version"] ?? 0) + 1),
    rules: rules.map((rule, index) => {
      const own: Properties = isObject(rule) ? rule : {};
      return {
        enabled: true,
        ...own,
        id: identity.hex(32, `rule ${index}`),
        ref: own["ref"] ?? identity.hex(32, `rule ${index}`),
      };
    }),
  };
}

function originCa({ inputs, identity, createdAt, old }: Request): Properties {
  const days = Number(inputs["requestedValidity"] ?? 5475);
  const expires = new Date(Date.parse(createdAt) + days * 86_400_000);
  return {
    id: old?.["id"] ?? identity.letters(48, "0123456789"),
    certificate: pem("CERTIFICATE", identity.bytes(600, "certificate")),
    // The API's own format, not ISO 8601.
    expiresOn: expires
      .toISOString()
      .replace("T", " ")
      .replace(/\.\d+Z$/, " +0000 UTC"),
    requestedValidity: days,
  };
}

function described(zone: CloudResource): Properties {
  const value = (name: string, otherwise: Value): Value => output(zone, name) ?? otherwise;
  return {
    account: value("account", { id: "", name: "" }),
    activatedOn: value("activatedOn", zone.createdAt),
    cnameSuffix: "",
    createdOn: zone.createdAt,
    developmentMode: 0,
    id: zone.id,
    meta: {},
    modifiedOn: zone.createdAt,
    name: value("name", ""),
    nameServers: value("nameServers", []),
    originalDnshost: "",
    originalNameServers: [],
    originalRegistrar: "",
    owner: {},
    paused: value("paused", false),
    permissions: [],
    plan: { name: "Pro Website" },
    status: value("status", "active"),
    tenant: {},
    tenantUnit: {},
    type: value("type", "full"),
    vanityNameServers: [],
    verificationKey: "",
    zoneId: zone.id,
  };
}

export const cloudflare: Cloud = {
  compute: {
    "cloudflare:index/ruleset:Ruleset": ruleset,
    "cloudflare:index/originCaCertificate:OriginCaCertificate": originCa,
  },
  refuse: {
    "cloudflare:index/originCaCertificate:OriginCaCertificate": ({ inputs }) => {
      if (!/^\s*-----BEGIN (NEW )?CERTIFICATE REQUEST-----/.test(asText(inputs["csr"]))) {
        throw new CloudError(
          'failed to make http request: POST /certificates: 400 Bad Request {"code":1010,"message":"Failed to parse the CSR"}',
        );
      }
    },
    "cloudflare:index/dnsRecord:DnsRecord": ({ inputs }) => {
      if (inputs["proxied"] === true && !["A", "AAAA", "CNAME"].includes(asText(inputs["type"]))) {
        throw new CloudError(
          'POST /zones/dns_records: 400 Bad Request {"code":9004,"message":"This record type cannot be proxied."}',
        );
      }
      if (inputs["proxied"] === true && inputs["ttl"] !== 1) {
        throw new CloudError(
          'POST /zones/dns_records: 400 Bad Request {"code":9021,"message":"ttl must be set to 1 when `proxied` is true"}',
        );
      }
    },
  },
  invoke: {
    "cloudflare:index/getIpRanges:getIpRanges": () => ({
      id: "sandbox",
      etag: "38f79d050aa027e3be3865e495dcc9bc",
      ipv4Cidrs: ipv4Ranges,
      ipv6Cidrs: ipv6Ranges,
      jdcloudCidrs: [],
    }),
    "cloudflare:index/getZone:getZone": (args, { store }) => {
      const filter = isObject(args["filter"]) ? args["filter"] : {};
      const zones = store
        .ofType(ZONE)
        .filter((zone) =>
          args["zoneId"] === undefined ? output(zone, "name") === filter["name"] : zone.id === args["zoneId"],
        );
      if (zones[0]) return described(zones[0]);
      throw new CloudError(
        `no zone matches ${JSON.stringify(args["zoneId"] ?? filter)}; declare it in the sandbox's inventory or create it`,
      );
    },
    "cloudflare:index/getAccount:getAccount": (args, { store }) => {
      const filter = isObject(args["filter"]) ? args["filter"] : {};
      const accounts = store.ofType(ACCOUNT);
      const found = accounts.find(
        (account) => account.id === args["accountId"] || output(account, "name") === filter["name"],
      );
      if (!found)
        throw new CloudError(
          `no account matches ${JSON.stringify(args["accountId"] ?? filter)}; declare it in the sandbox's inventory`,
        );
      return {
        accountId: found.id,
        id: found.id,
        createdOn: found.createdAt,
        managedBy: {},
        name: output(found, "name") ?? "",
        settings: {},
        type: "standard",
      };
    },
  },
};
