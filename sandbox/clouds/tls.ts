/** The TLS provider: real keys; certificate texts that only stand for certificates (see certificates.ts). */
import type { Properties } from "../values.ts";
import { asText } from "../values.ts";
import { algorithmOf, keyPair, pem, publicForms } from "./certificates.ts";
import type { Cloud, Request } from "./cloud.ts";
import { CloudError } from "./cloud.ts";

function privateKey({ inputs, identity, old }: Request): Properties {
  if (old) return old;
  const pair = keyPair(
    asText(inputs["algorithm"]),
    Number(inputs["rsaBits"] ?? 2048),
    asText(inputs["ecdsaCurve"] ?? "P224"),
  );
  return { id: identity.hex(40), ...pair };
}

function request({ inputs, identity }: Request): Properties {
  return {
    id: identity.hex(40),
    keyAlgorithm: algorithm(inputs),
    certRequestPem: pem("CERTIFICATE REQUEST", identity.bytes(480, "request")),
  };
}

function certificate({ inputs, identity, createdAt }: Request): Properties {
  const end = new Date(Date.parse(createdAt) + Number(inputs["validityPeriodHours"]) * 3_600_000).toISOString();
  return {
    id: identity.letters(39, "0123456789"),
    keyAlgorithm: algorithm(inputs),
    caKeyAlgorithm: algorithm(inputs),
    certPem: pem("CERTIFICATE", identity.bytes(640, "certificate")),
    readyForRenewal: false,
    validityStartTime: createdAt,
    validityEndTime: end,
  };
}

function algorithm(inputs: Properties): string {
  const text = asText(
    inputs["privateKeyPem"] ?? inputs["caPrivateKeyPem"] ?? inputs["privateKeyPemWo"] ?? inputs["caPrivateKeyPemWo"],
  );
  try {
    return algorithmOf(text);
  } catch {
    throw new CloudError("Failed to parse private key PEM: failed to decode PEM block");
  }
}

export const tls: Cloud = {
  stateless: true,
  compute: {
    "tls:index/privateKey:PrivateKey": privateKey,
    "tls:index/certRequest:CertRequest": request,
    "tls:index/selfSignedCert:SelfSignedCert": certificate,
    "tls:index/locallySignedCert:LocallySignedCert": certificate,
  },
  invoke: {
    "tls:index/getPublicKey:getPublicKey": (args) => {
      const text = asText(args["privateKeyPem"] ?? args["privateKeyOpenssh"] ?? "");
      const forms = { algorithm: algorithm({ privateKeyPem: text }), ...publicForms(text) };
      return { id: asText((forms as Properties)["publicKeyFingerprintMd5"]), ...forms };
    },
  },
};
