import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";
import { type Statement, createRole } from "./iam.ts";

export interface HostIdentityArgs {
  context: StackContext;
  /** Name of the host, the subject of its certificate. */
  hostName: string;
  /** What the host may do at AWS. */
  allow: readonly Statement[];
}

/**
 * Credentials of an hour for a host that is not at AWS (IAM Roles Anywhere): AWS trusts certificates of an authority of
 * this stack, the host proves with its own that it is who it is. No key that lives for years, and none to rotate by hand.
 */
export class HostIdentity extends pulumi.ComponentResource {
  readonly trustAnchorArn: pulumi.Output<string>;
  readonly profileArn: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly certificatePem: pulumi.Output<string>;
  readonly privateKeyPem: pulumi.Output<string>;

  constructor(name: string, args: HostIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:aws:HostIdentity", name, { hostName: args.hostName }, opts);
    const authority = this.createKey(`${name}-authority-key`, args.context);
    const root = this.createAuthority(name, args, authority);
    const key = this.createKey(`${name}-key`, args.context);
    this.certificatePem = this.createCertificate(name, args, authority, root, key);
    this.privateKeyPem = pulumi.secret(key.privateKeyPem);
    this.trustAnchorArn = this.createAnchor(name, args.context, root).arn;
    const role = this.createHostRole(name, args);
    this.roleArn = role.arn;
    this.profileArn = this.createProfile(name, args.context, role).arn;
    this.registerOutputs({
      trustAnchorArn: this.trustAnchorArn,
      profileArn: this.profileArn,
      roleArn: this.roleArn,
      certificatePem: this.certificatePem,
    });
  }

  private createKey(name: string, context: StackContext): tls.PrivateKey {
    return new tls.PrivateKey(
      name,
      { algorithm: "ECDSA", ecdsaCurve: "P256" },
      { parent: this, ...stateful(context.guard, "key", name) },
    );
  }

  private createAuthority(name: string, args: HostIdentityArgs, key: tls.PrivateKey): tls.SelfSignedCert {
    const { naming } = args.context;
    return new tls.SelfSignedCert(
      `${name}-authority`,
      {
        privateKeyPem: key.privateKeyPem,
        isCaCertificate: true,
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: 10 * YEAR,
        subject: { commonName: physicalName(naming, "other", "hosts"), organization: naming.project },
      },
      { parent: this },
    );
  }

  private createCertificate(
    name: string,
    args: HostIdentityArgs,
    authority: tls.PrivateKey,
    root: tls.SelfSignedCert,
    key: tls.PrivateKey,
  ): pulumi.Output<string> {
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: args.hostName, organization: args.context.naming.project },
      },
      { parent: this },
    );
    return new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        caCertPem: root.certPem,
        caPrivateKeyPem: authority.privateKeyPem,
        certRequestPem: request.certRequestPem,
        allowedUses: ["digital_signature", "client_auth"],
        validityPeriodHours: YEAR,
        earlyRenewalHours: YEAR / 2, // the next update after half a year renews it
      },
      { parent: this },
    ).certPem;
  }

  private createAnchor(name: string, context: StackContext, root: tls.SelfSignedCert): aws.rolesanywhere.TrustAnchor {
    return new aws.rolesanywhere.TrustAnchor(
      `${name}-anchor`,
      {
        name: physicalName(context.naming, "principal", "hosts"),
        enabled: true,
        source: { sourceType: "CERTIFICATE_BUNDLE", sourceData: { x509CertificateData: root.certPem } },
        tags: tags(context.naming, "internal"),
      },
      { parent: this },
    );
  }

  private createHostRole(name: string, args: HostIdentityArgs): aws.iam.Role {
    return createRole(
      `${name}-role`,
      {
        context: args.context,
        part: args.hostName,
        trust: {
          Sid: "ThisHost",
          Principal: { Service: "rolesanywhere.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
          Condition: {
            ArnEquals: { "aws:SourceArn": this.trustAnchorArn },
            StringEquals: { "aws:PrincipalTag/x509Subject/CN": args.hostName },
          },
        },
        allow: args.allow,
      },
      this,
    );
  }

  private createProfile(name: string, context: StackContext, role: aws.iam.Role): aws.rolesanywhere.Profile {
    return new aws.rolesanywhere.Profile(
      `${name}-profile`,
      {
        name: physicalName(context.naming, "principal", "hosts"),
        enabled: true,
        roleArns: [role.arn],
        durationSeconds: 3600,
        tags: tags(context.naming, "internal"),
      },
      { parent: this },
    );
  }
}

/** Hours. */
const YEAR = 365 * 24;
