/**
 * Certificate and key texts. Keys are real (node:crypto). Certificate requests and certificates are well-formed PEM
 * around bytes that only stand for the content: no program under test parses them, and nothing here serves TLS.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Properties } from "../values.ts";

export function pem(label: string, body: Buffer): string {
  const lines = body.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

const curves: Record<string, string> = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };
const sshCurves: Record<string, string> = { P256: "nistp256", P384: "nistp384", P521: "nistp521" };

/** A fresh key pair in the forms the TLS provider gives. */
export function keyPair(algorithm: string, bits: number, curve: string): Properties {
  const key = generate(algorithm, bits, curve);
  const pkcs8 = key.export({ type: "pkcs8", format: "pem" }).toString();
  const own = algorithm === "RSA" ? "pkcs1" : algorithm === "ECDSA" ? "sec1" : "pkcs8";
  return {
    privateKeyPem: key.export({ type: own, format: "pem" }).toString(),
    privateKeyPemPkcs8: pkcs8,
    ...publicForms(pkcs8),
    privateKeyOpenssh: openssh(key),
  };
}

function generate(algorithm: string, bits: number, curve: string): KeyObject {
  if (algorithm === "RSA") return generateKeyPairSync("rsa", { modulusLength: bits }).privateKey;
  if (algorithm === "ED25519") return generateKeyPairSync("ed25519").privateKey;
  return generateKeyPairSync("ec", { namedCurve: curves[curve] ?? "prime256v1" }).privateKey;
}

/** Public forms of a private key: PEM, OpenSSH and fingerprints. @throws on text that is no private key. */
export function publicForms(privatePem: string): Properties {
  const key = createPublicKey(createPrivateKey(privatePem));
  const blob = sshBlob(key);
  const md5 = blob ? createHash("md5").update(blob.body).digest("hex") : "";
  return {
    publicKeyPem: key.export({ type: "spki", format: "pem" }).toString(),
    publicKeyOpenssh: blob ? `${blob.kind} ${blob.body.toString("base64")}\n` : "",
    publicKeyFingerprintMd5: md5.match(/../g)?.join(":") ?? "",
    publicKeyFingerprintSha256: blob
      ? `SHA256:${createHash("sha256").update(blob.body).digest("base64").replace(/=+$/, "")}`
      : "",
  };
}

/** `RSA`, `ECDSA` or `ED25519`. @throws on text that is no private key. */
export function algorithmOf(privatePem: string): string {
  const type = createPrivateKey(privatePem).asymmetricKeyType;
  return type === "rsa" ? "RSA" : type === "ec" ? "ECDSA" : "ED25519";
}

/** Public key in SSH wire form (RFC 4253, 5656, 8709); P224 has none. */
function sshBlob(key: KeyObject): { kind: string; body: Buffer } | undefined {
  const jwk = key.export({ format: "jwk" });
  const bytes = (text: unknown): Buffer => Buffer.from(String(text), "base64url");
  if (jwk.kty === "RSA")
    return { kind: "ssh-rsa", body: Buffer.concat([text("ssh-rsa"), number(bytes(jwk.e)), number(bytes(jwk.n))]) };
  if (jwk.kty === "OKP")
    return { kind: "ssh-ed25519", body: Buffer.concat([text("ssh-ed25519"), field(bytes(jwk.x))]) };
  const curve = sshCurves[String(jwk.crv).replace("-", "")];
  if (!curve) return undefined;
  const point = Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]);
  return { kind: `ecdsa-sha2-${curve}`, body: Buffer.concat([text(`ecdsa-sha2-${curve}`), text(curve), field(point)]) };
}

/** OpenSSH private form for ED25519; the other algorithms use their PEM form, which OpenSSH reads as well. */
function openssh(key: KeyObject): string {
  const jwk = key.export({ format: "jwk" });
  if (jwk.kty !== "OKP") return key.export({ type: "pkcs8", format: "pem" }).toString();
  const [seed, point] = [Buffer.from(String(jwk.d), "base64url"), Buffer.from(String(jwk.x), "base64url")];
  const publicBlob = Buffer.concat([text("ssh-ed25519"), field(point)]);
  const check = createHash("sha256").update(seed).digest().subarray(0, 4);
  const secrets = Buffer.concat([check, check, publicBlob, field(Buffer.concat([seed, point])), text("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (secrets.length % 8)) % 8 }, (_, index) => index + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const body = [
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    count,
    field(publicBlob),
    field(Buffer.concat([secrets, padding])),
  ];
  return pem("OPENSSH PRIVATE KEY", Buffer.concat(body));
}

function field(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function text(value: string): Buffer {
  return field(Buffer.from(value));
}

/** A positive number: a leading zero byte when the first bit is set. */
function number(body: Buffer): Buffer {
  return field((body[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), body]) : body);
}
