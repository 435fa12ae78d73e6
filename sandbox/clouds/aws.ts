/** AWS: the few types and data sources that need more than a template (facts/aws-outputs.json). */
import { createHash } from "node:crypto";
import { output } from "../store.ts";
import type { Properties } from "../values.ts";
import { asText, isObject } from "../values.ts";
import type { Cloud, Environment, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";
import { policyDocument } from "./iam-policy.ts";

/** Signing region of Elastic Load Balancing zones differ per region; only what S3 needs is kept. Source: AWS endpoints page. */
const s3Zones: Record<string, string> = {
  "eu-central-1": "Z21DNDUVLTQW6Q",
  "eu-north-1": "Z3BAZG2TWCNX0D",
  "eu-west-1": "Z1BKCTXD74EZPE",
  "eu-west-3": "Z3R1K369G5AVDG",
  "us-east-1": "Z3AQBSTGFYJSTF",
};

function bucket({ inputs, region, account }: Request): Properties {
  const name = asText(inputs["bucket"]);
  const at = asText(inputs["region"] ?? region);
  return {
    id: name,
    arn: `arn:aws:s3:::${name}`,
    bucketDomainName: `${name}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${name}.s3.${at}.amazonaws.com`,
    bucketRegion: at,
    hostedZoneId: s3Zones[at] ?? "Z0000000000000",
    requestPayer: "BucketOwner",
    grants: [
      {
        id: createHash("sha256").update(account).digest("hex"),
        permissions: ["FULL_CONTROL"],
        type: "CanonicalUser",
        uri: "",
      },
    ],
    serverSideEncryptionConfiguration: {
      rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false },
    },
    versioning: { enabled: false, mfaDelete: false },
  };
}

function accessKey({ inputs, identity, createdAt }: Request): Properties {
  const id = `AKIA${identity.upper(16)}`;
  return {
    id,
    createDate: createdAt,
    secret: identity.hex(40, "secret"),
    sesSmtpPasswordV4: identity.hex(44, "smtp"),
    status: inputs["status"] ?? "Active",
  };
}

/** The proof that a name is ours depends on account and name alone: certificates of all regions ask for the same record. */
const proofOf = (account: string, name: string, part: string): string =>
  createHash("sha256").update(`${account} ${name} ${part}`).digest("hex").slice(0, 32);

/** Validation records of a certificate, one per name. */
function certificate({ inputs, identity, region, account }: Request): Properties {
  const names = [
    asText(inputs["domainName"]),
    ...(Array.isArray(inputs["subjectAlternativeNames"]) ? inputs["subjectAlternativeNames"].map(String) : []),
  ];
  const arn = `arn:aws:acm:${asText(inputs["region"] ?? region)}:${account}:certificate/${identity.uuid()}`;
  return {
    id: arn,
    arn,
    status: inputs["privateKey"] === undefined ? "PENDING_VALIDATION" : "ISSUED",
    type: inputs["privateKey"] === undefined ? "AMAZON_ISSUED" : "IMPORTED",
    subjectAlternativeNames: names,
    domainValidationOptions: [...new Set(names)].map((name) => ({
      domainName: name,
      resourceRecordName: `_${proofOf(account, name, "name")}.${name.replace(/^\*\./, "")}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${proofOf(account, name, "value")}.acm-validations.aws.`,
    })),
  };
}

/** A cluster comes with a security group of its own, in the network of its subnets. */
function cluster({ inputs, identity, store }: Request): Properties {
  const given = isObject(inputs["vpcConfig"]) ? inputs["vpcConfig"] : {};
  const first = Array.isArray(given["subnetIds"]) ? asText(given["subnetIds"][0]) : "";
  const subnet = store.get("aws:ec2/subnet:Subnet", first);
  return {
    vpcConfig: {
      ...given,
      clusterSecurityGroupId: `sg-${identity.hex(17, "cluster security group")}`,
      vpcId: (subnet && output(subnet, "vpcId")) ?? "",
    },
  };
}

/** The firewall of a content network has an ARN of its own form. */
function webAcl({ inputs, identity, region, account }: Request): Properties {
  const id = identity.uuid();
  const kind = inputs["scope"] === "CLOUDFRONT" ? "global" : "regional";
  const at = asText(inputs["region"] ?? region);
  const arn = `arn:aws:wafv2:${at}:${account}:${kind}/webacl/${asText(inputs["name"])}/${id}`;
  return { id, arn, capacity: 1000, lockToken: identity.uuid("lock") };
}

/** The API of content networks' firewalls answers in us-east-1 only. */
function refuseScope({ inputs, region }: Request): void {
  if (inputs["scope"] === "CLOUDFRONT" && asText(inputs["region"] ?? region) !== "us-east-1")
    throw new CloudError(
      "WAFInvalidParameterException: Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
    );
}

/** A password that RDS makes and keeps is a secret of its own, named after the instance. */
function database({ inputs, identity, region, account, now }: Request): Properties {
  const at = asText(inputs["region"] ?? region);
  const identifier = asText(inputs["identifier"]);
  const letters = (length: number, what: string): string =>
    identity.letters(length, "abcdefghijklmnopqrstuvwxyz", what);
  const address = `${identifier}.${letters(12, "address")}.${at}.rds.amazonaws.com`;
  const resourceId = `db-${identity.upper(26)}`;
  const secret = `arn:aws:secretsmanager:${at}:${account}:secret:rds!${resourceId.toLowerCase()}-${letters(6, "secret")}`;
  return {
    id: resourceId,
    resourceId,
    arn: `arn:aws:rds:${at}:${account}:db:${identifier}`,
    address,
    endpoint: `${address}:3306`,
    hostedZoneId: "ZMESEXB7ZGGQ3",
    status: "available",
    engineVersionActual: inputs["engineVersion"] ?? "8.4.7",
    latestRestorableTime: now,
    masterUserSecrets:
      inputs["manageMasterUserPassword"] === true
        ? [{ kmsKeyId: inputs["masterUserSecretKmsKeyId"] ?? "", secretArn: secret, secretStatus: "active" }]
        : [],
  };
}

/** A group in shards has one address that tells a client where each shard is. */
function replicationGroup({ inputs, identity, region }: Request): Properties {
  const shards = inputs["clusterMode"] === "enabled" || Number(inputs["numNodeGroups"] ?? 1) > 1;
  const at = `${asText(inputs["replicationGroupId"])}.${identity.hex(6, "endpoint")}.${region}.cache.amazonaws.com`;
  return shards
    ? { configurationEndpointAddress: `clustercfg.${at}`, primaryEndpointAddress: "", readerEndpointAddress: "" }
    : {};
}

const zonesOf = (region: string): string[] => ["a", "b", "c"].map((letter) => region + letter);

function parameter(args: Properties, { store, region, account }: Environment): Properties {
  const name = asText(args["name"]);
  const own = store.ofType("aws:ssm/parameter:Parameter").find((item) => output(item, "name") === name);
  const arn = `arn:aws:ssm:${region}:${account}:parameter${name.startsWith("/") ? name : `/${name}`}`;
  const answer = (value: string, type: string): Properties => ({
    id: name,
    arn,
    name,
    value,
    insecureValue: type === "SecureString" ? "" : value,
    type,
    version: 1,
    withDecryption: true,
    region,
  });
  if (own)
    return answer(asText(output(own, "value") ?? output(own, "insecureValue") ?? ""), asText(output(own, "type")));
  // Canonical and AWS publish image ids under these names.
  if (/^\/aws\/service\/(canonical|ami-|eks)/.test(name))
    return answer(
      `ami-${createHash("sha256")
        .update(region + name)
        .digest("hex")
        .slice(0, 17)}`,
      "String",
    );
  throw new CloudError(`reading SSM Parameter (${name}): couldn't find resource`);
}

function image(args: Properties, { region, now }: Environment): Properties {
  const id = `ami-${createHash("sha256")
    .update(region + JSON.stringify(args))
    .digest("hex")
    .slice(0, 17)}`;
  const filters = Array.isArray(args["filters"]) ? args["filters"].filter(isObject) : [];
  const wanted = (name: string): string | undefined => {
    const values = filters.find((filter) => filter["name"] === name)?.["values"];
    return Array.isArray(values) ? asText(values[0]) : undefined;
  };
  return {
    id,
    imageId: id,
    arn: `arn:aws:ec2:${region}::image/${id}`,
    name: (wanted("name") ?? "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*").replace("*", "20260101"),
    architecture: wanted("architecture") ?? "x86_64",
    virtualizationType: "hvm",
    rootDeviceType: "ebs",
    rootDeviceName: "/dev/sda1",
    ownerId: asText((args["owners"] as string[] | undefined)?.[0] ?? "099720109477"),
    creationDate: now,
    state: "available",
    public: true,
    blockDeviceMappings: [],
    productCodes: [],
    tags: {},
    region,
  };
}

const prefixLists: Record<string, string> = { "com.amazonaws.global.cloudfront.origin-facing": "pl-a3a144ca" };

export const aws: Cloud = {
  compute: {
    "aws:s3/bucket:Bucket": bucket,
    "aws:iam/accessKey:AccessKey": accessKey,
    "aws:acm/certificate:Certificate": certificate,
    "aws:rds/instance:Instance": database,
    "aws:wafv2/webAcl:WebAcl": webAcl,
    "aws:eks/cluster:Cluster": cluster,
    "aws:elasticache/replicationGroup:ReplicationGroup": replicationGroup,
  },
  refuse: {
    "aws:iam/accessKey:AccessKey": ({ inputs, store, old }) => {
      const keys = store.ofType("aws:iam/accessKey:AccessKey").filter((key) => output(key, "user") === inputs["user"]);
      if (!old && keys.length >= 2) throw new CloudError("LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2");
    },
    "aws:wafv2/webAcl:WebAcl": refuseScope,
  },
  invoke: {
    "aws:index/getCallerIdentity:getCallerIdentity": (_, { account }) => ({
      id: account,
      accountId: account,
      arn: `arn:aws:iam::${account}:user/sandbox`,
      userId: "AIDASANDBOX",
    }),
    "aws:index/getPartition:getPartition": () => ({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getRegion:getRegion": (args, { region }) => {
      const name = asText(args["region"] ?? args["name"] ?? region);
      return { id: name, name, region: name, description: name, endpoint: `ec2.${name}.amazonaws.com` };
    },
    "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
      const names = zonesOf(asText(args["region"] ?? region));
      return { id: region, region, names, zoneIds: names.map((name) => `az-${name}`), groupNames: [region] };
    },
    "aws:ec2/getAmi:getAmi": image,
    "aws:ssm/getParameter:getParameter": parameter,
    "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args, { region, account }) => {
      const id = asText(args["id"] ?? prefixLists[asText(args["name"])] ?? "");
      if (!id) throw new CloudError(`no matching EC2 Managed Prefix List found: "${asText(args["name"])}"`);
      return {
        id,
        name: args["name"] ?? "",
        arn: `arn:aws:ec2:${region}:aws:prefix-list/${id}`,
        addressFamily: "IPv4",
        entries: [],
        maxEntries: 55,
        ownerId: account,
        tags: {},
        version: 1,
        region,
      };
    },
  },
};
