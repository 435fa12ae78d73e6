import type * as pulumi from "@pulumi/pulumi";

/** A zone that the program writes names into, whoever hosts it. */
export interface DnsZone {
  /**
   * A name that points to another name, for the proof that a domain is ours.
   * @returns the name, known once the record exists
   */
  proof(name: string, hostName: pulumi.Input<string>, target: pulumi.Input<string>): pulumi.Output<string>;
  /** A name that serves the site from the content network's address, the zone's own name included. */
  site(name: string, hostName: string, target: CdnAddress): void;
}

export interface CdnAddress {
  domainName: pulumi.Input<string>;
  /** Zone that the content network's name lies in. */
  zoneId: pulumi.Input<string>;
}
