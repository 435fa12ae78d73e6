import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { tags } from "../../concepts/naming.ts";
import type { DnsZone } from "../dns-zone.ts";

export interface CertificatesArgs<Region extends string> {
  context: StackContext;
  /** Names on the certificate; the first is its subject. */
  hostNames: readonly [string, ...string[]];
  /** Regions that need one: the stack's own for load balancers, us-east-1 for the content network. */
  regions: readonly [Region, ...Region[]];
  zone: DnsZone;
}

/**
 * One certificate per region, renewed by AWS for as long as the records that prove the domain stand. AWS asks the same
 * proof of every certificate of an account for a name, whatever the region: the records are made once.
 */
export class Certificates<Region extends string> extends pulumi.ComponentResource {
  /** Per region, known once the certificate is issued. */
  readonly arns: Record<Region, pulumi.Output<string>>;

  constructor(name: string, args: CertificatesArgs<Region>, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:Certificates", name, { hostNames: [...args.hostNames], regions: [...args.regions] }, opts);
    const certificates = new Map(args.regions.map((region) => [region, this.request(name, args, region)]));
    const asked = (certificates.get(args.regions[0]) as aws.acm.Certificate).domainValidationOptions;
    const proofs = args.hostNames.map((hostName) => {
      const proof = asked.apply((options) => proofOf(options, hostName));
      return args.zone.proof(`proof-${hostName}`, proof.resourceRecordName, proof.resourceRecordValue);
    });
    const issued = [...certificates].map(([region, { arn }]) => [
      region,
      new aws.acm.CertificateValidation(
        `${name}-${region}-issued`,
        { region, certificateArn: arn, validationRecordFqdns: proofs },
        { parent: this },
      ).certificateArn,
    ]);
    this.arns = Object.fromEntries(issued) as typeof this.arns;
    this.registerOutputs({ arns: this.arns });
  }

  private request(name: string, args: CertificatesArgs<Region>, region: Region): aws.acm.Certificate {
    const [domainName, ...others] = args.hostNames;
    return new aws.acm.Certificate(
      `${name}-${region}`,
      {
        region,
        domainName,
        subjectAlternativeNames: others,
        validationMethod: "DNS",
        tags: tags(args.context.naming, "public"),
      },
      { parent: this },
    );
  }
}

type Proof = aws.types.output.acm.CertificateDomainValidationOption;

/** By name, not by place: AWS lists them in no order. */
function proofOf(options: Proof[], hostName: string): Proof {
  const found = options.find((option) => option.domainName === hostName);
  if (found === undefined)
    throw new Error(
      `aws: the certificate asks no proof for ${hostName}, only for ${options.map((option) => option.domainName).join(", ")}`,
    );
  return found;
}
