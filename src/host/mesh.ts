import { createPrivateKey, createPublicKey } from "node:crypto";
import type { HostMesh } from "./spec.ts";

/** Name of the tunnel on every host. */
export const MESH_INTERFACE = "mesh";

/** DER of a PKCS #8 X25519 private key (RFC 8410), up to the 32 key bytes. */
const PKCS8_X25519 = Buffer.from("302e020100300506032b656e04220420", "hex");
/** Bytes of a DER X25519 public key before the key itself. */
const SPKI_LENGTH = 12;

/**
 * WireGuard's public key of a private key, both 32 bytes in base64. Any 32 random bytes are a private key: the bits
 * that X25519 fixes are set when it is used.
 * @throws Error when the private key is not 32 bytes.
 */
export function meshPublicKey(privateKey: string): string {
  const bytes = Buffer.from(privateKey, "base64");
  if (bytes.length !== 32) throw new Error(`a mesh key has ${bytes.length} bytes, WireGuard's have 32`);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_X25519, bytes]), format: "der", type: "pkcs8" });
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return der.subarray(SPKI_LENGTH).toString("base64");
}

/** The mesh as WireGuard's configuration, without the private key: that one is a secret file beside it. */
export function meshConfig(mesh: HostMesh): string {
  const peers = mesh.peers.map((peer) =>
    [
      `# ${peer.name}`,
      "[Peer]",
      `PublicKey = ${peer.publicKey}`,
      `Endpoint = ${peer.endpoint.includes(":") ? `[${peer.endpoint}]` : peer.endpoint}:${mesh.port}`,
      `AllowedIPs = ${peer.address}/32`,
      // A tunnel that nobody uses for two minutes would make the first query after it wait for a handshake.
      "PersistentKeepalive = 25",
    ].join("\n"),
  );
  return [`[Interface]\nListenPort = ${mesh.port}`, ...peers].join("\n\n");
}
