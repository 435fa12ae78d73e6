import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { StackContext } from "../../concepts/context.ts";
import { stateful } from "../../concepts/statefulness.ts";

export interface OriginCertificateArgs {
  context: StackContext;
  /** Names on the certificate; the first is its subject. */
  hostNames: readonly [string, ...string[]];
}

/**
 * The certificate between the edge and the server. Only the edge trusts its issuer, which is the point: a visitor who
 * finds the server's address gets no valid site from it.
 */
export class OriginCertificate extends pulumi.ComponentResource {
  readonly certificatePem: pulumi.Output<string>;
  readonly privateKeyPem: pulumi.Output<string>;

  constructor(name: string, args: OriginCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:cloudflare:OriginCertificate", name, { hostNames: [...args.hostNames] }, opts);
    const key = new tls.PrivateKey(
      `${name}-key`,
      { algorithm: "ECDSA", ecdsaCurve: "P256" },
      { parent: this, ...stateful(args.context.guard, "key", `${name}-key`) },
    );
    const request = new tls.CertRequest(
      `${name}-request`,
      { privateKeyPem: key.privateKeyPem, dnsNames: [...args.hostNames], subject: { commonName: args.hostNames[0] } },
      { parent: this },
    );
    const certificate = new cloudflare.OriginCaCertificate(
      `${name}-origin`,
      {
        csr: request.certRequestPem,
        hostnames: [...args.hostNames],
        requestType: "origin-ecc",
        requestedValidity: 5475, // days; 15 years, the issuer's default. It is replaced with its key, not by the calendar
      },
      { parent: this },
    );
    this.certificatePem = certificate.certificate;
    this.privateKeyPem = key.privateKeyPem;
    this.registerOutputs({ certificatePem: this.certificatePem, privateKeyPem: this.privateKeyPem });
  }
}
