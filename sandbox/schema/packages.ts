/**
 * The packages that the sandbox simulates, and which of their types. Adding a package is one line here, its facts in
 * `sandbox/facts/<package>.json` where they exist, and `node sandbox/schema/generate.ts`.
 */
export interface PackageModel {
  /** Pulumi package name: the first part of its tokens, and the name in PULUMI_DEBUG_PROVIDERS. */
  readonly name: string;
  /** npm package that holds its typings; its version is what the provider claims to be. */
  readonly npm: string;
  /** `facts`: the types that sandbox/facts describes (with the extras); `all`: every resource of the package. */
  readonly types: "facts" | "all";
  /** Data sources with a handler in sandbox/clouds. */
  readonly functions: readonly string[];
}

export const packages: readonly PackageModel[] = [
  {
    name: "aws",
    npm: "@pulumi/aws",
    types: "facts",
    functions: [
      "aws:index/getAvailabilityZones:getAvailabilityZones",
      "aws:index/getCallerIdentity:getCallerIdentity",
      "aws:index/getPartition:getPartition",
      "aws:index/getRegion:getRegion",
      "aws:ec2/getAmi:getAmi",
      "aws:ec2/getManagedPrefixList:getManagedPrefixList",
      "aws:iam/getPolicyDocument:getPolicyDocument",
      "aws:ssm/getParameter:getParameter",
    ],
  },
  {
    name: "digitalocean",
    npm: "@pulumi/digitalocean",
    types: "facts",
    functions: [
      "digitalocean:index/getAccount:getAccount",
      "digitalocean:index/getProject:getProject",
      "digitalocean:index/getSshKey:getSshKey",
    ],
  },
  {
    name: "cloudflare",
    npm: "@pulumi/cloudflare",
    types: "facts",
    functions: [
      "cloudflare:index/getAccount:getAccount",
      "cloudflare:index/getIpRanges:getIpRanges",
      "cloudflare:index/getZone:getZone",
    ],
  },
  {
    name: "ovh",
    npm: "@ovhcloud/pulumi-ovh",
    types: "facts",
    functions: [
      "ovh:CloudProject/getFlavors:getFlavors",
      "ovh:CloudProject/getImages:getImages",
      "ovh:IpLoadBalancing/getIpLoadBalancing:getIpLoadBalancing",
      "ovh:index/getIploadbalancingNatIps:getIploadbalancingNatIps",
    ],
  },
  { name: "kubernetes", npm: "@pulumi/kubernetes", types: "facts", functions: [] },
  { name: "random", npm: "@pulumi/random", types: "all", functions: [] },
  { name: "tls", npm: "@pulumi/tls", types: "all", functions: ["tls:index/getPublicKey:getPublicKey"] },
  { name: "pulumiservice", npm: "@pulumi/pulumiservice", types: "facts", functions: [] },
  { name: "command", npm: "@pulumi/command", types: "all", functions: [] },
];
