import { awsComputeHardened } from "./aws-compute-hardened.ts";
import { awsDbNotPublic } from "./aws-db-not-public.ts";
import { awsDefaultSgClosed } from "./aws-default-sg-closed.ts";
import { awsEksEndpoint } from "./aws-eks-endpoint.ts";
import { awsPrivateSubnets } from "./aws-private-subnets.ts";
import { awsSgNoOpenAdminPorts } from "./aws-sg-no-open-admin-ports.ts";
import { awsVpcFlowLogs } from "./aws-vpc-flow-logs.ts";
import { ddosPlan } from "./ddos-plan.ts";
import { dnsProxied } from "./dns-proxied.ts";
import { doFirewallCoversDroplets } from "./do-firewall-covers-droplets.ts";
import { doPrivateData } from "./do-private-data.ts";
import { originNotBypassable } from "./origin-not-bypassable.ts";
import { ovhPrivateData } from "./ovh-private-data.ts";
import { rateLimitPresent } from "./rate-limit-present.ts";
import { wafInFront } from "./waf-in-front.ts";
import { wafLogging } from "./waf-logging.ts";
import { wafManagedRulesBlock } from "./waf-managed-rules-block.ts";

export const network = [
  wafInFront,
  wafManagedRulesBlock,
  rateLimitPresent,
  wafLogging,
  dnsProxied,
  originNotBypassable,
  ddosPlan,
  awsPrivateSubnets,
  awsDbNotPublic,
  awsSgNoOpenAdminPorts,
  awsDefaultSgClosed,
  awsComputeHardened,
  awsVpcFlowLogs,
  awsEksEndpoint,
  doFirewallCoversDroplets,
  doPrivateData,
  ovhPrivateData,
];
