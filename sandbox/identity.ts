/**
 * Identifiers and addresses that look like the cloud's and are the same in every rehearsal: derived from the resource's
 * key by hashing, never random.
 */
import { createHash } from "node:crypto";

export class Identity {
  private readonly key: string;
  private readonly taken: (address: string) => boolean;

  /** @param taken tells whether a public address is in use. */
  constructor(key: string, taken: (address: string) => boolean = () => false) {
    this.key = key;
    this.taken = taken;
  }

  /** `length` hexadecimal digits; `what` separates several values of one resource. */
  hex(length: number, what = "id"): string {
    return this.bytes(Math.ceil(length / 2), what)
      .toString("hex")
      .slice(0, length);
  }

  uuid(what = "id"): string {
    const hex = this.hex(32, what);
    const variant = "89ab".charAt(parseInt(hex.charAt(16), 16) % 4);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      variant + hex.slice(17, 20),
      hex.slice(20, 32),
    ].join("-");
  }

  /** A decimal number of `length` digits without leading zero. */
  digits(length: number, what = "id"): number {
    const low = 10 ** (length - 1);
    return low + Number(BigInt(`0x${this.hex(12, what)}`) % BigInt(9 * low));
  }

  upper(length: number, what = "id"): string {
    return this.letters(length, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", what);
  }

  letters(length: number, alphabet: string, what = "id"): string {
    return [...this.bytes(length, what)].map((byte) => alphabet.charAt(byte % alphabet.length)).join("");
  }

  /** A free address of the documentation ranges (RFC 5737). @throws when all 762 are in use. */
  ipv4(what = "ipv4"): string {
    const networks = ["203.0.113", "198.51.100", "192.0.2"];
    const start = this.digits(5, what) % 254;
    for (const network of networks) {
      for (let step = 0; step < 254; step++) {
        const address = `${network}.${((start + step) % 254) + 1}`;
        if (!this.taken(address)) return address;
      }
    }
    throw new Error("sandbox: every documentation address is in use; reset the sandbox");
  }

  /** An address of the documentation range (RFC 3849). */
  ipv6(what = "ipv6"): string {
    const hex = this.hex(16, what);
    return `2001:db8::${[hex.slice(0, 4), hex.slice(4, 8), hex.slice(8, 12)].map((part) => part.replace(/^0+(?=.)/, "")).join(":")}`;
  }

  /** A host address in an IPv4 network; the first ten are left to the cloud. */
  privateIpv4(cidr: string, what = "private"): string {
    const [base = "10.0.0.0", bits = "24"] = cidr.split("/");
    const size = 2 ** (32 - Number(bits));
    const start = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    const host = start + (size > 16 ? 10 + (this.digits(6, what) % (size - 12)) : 1);
    return [24, 16, 8, 0].map((shift) => Math.floor(host / 2 ** shift) % 256).join(".");
  }

  /** Deterministic bytes. */
  bytes(length: number, what: string): Buffer {
    const blocks: Buffer[] = [];
    for (let block = 0; block * 32 < length; block++) {
      blocks.push(createHash("sha256").update(`${this.key}|${what}|${block}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, length);
  }
}
