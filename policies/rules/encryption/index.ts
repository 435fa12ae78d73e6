import { awsCacheEncrypted } from "./aws-cache-encrypted.ts";
import { awsCdnHttpsOnly } from "./aws-cdn-https-only.ts";
import { awsCdnTlsMin } from "./aws-cdn-tls-min.ts";
import { awsDbTlsRequired } from "./aws-db-tls-required.ts";
import { awsEbsEncrypted } from "./aws-ebs-encrypted.ts";
import { awsKmsRotation } from "./aws-kms-rotation.ts";
import { awsLbHttpsOnly } from "./aws-lb-https-only.ts";
import { awsLbTlsPolicy } from "./aws-lb-tls-policy.ts";
import { awsQueueTopicEncrypted } from "./aws-queue-topic-encrypted.ts";
import { awsRdsStorageEncrypted } from "./aws-rds-storage-encrypted.ts";
import { awsS3BlockPublic } from "./aws-s3-block-public.ts";
import { awsS3EncryptionConfig } from "./aws-s3-encryption-config.ts";
import { awsS3TlsOnly } from "./aws-s3-tls-only.ts";
import { awsSearchEncrypted } from "./aws-search-encrypted.ts";
import { cloudflareTlsStrict } from "./cloudflare-tls-strict.ts";
import { doLbHttps } from "./do-lb-https.ts";
import { hstsOneYear } from "./hsts-one-year.ts";
import { k8sIngressTls } from "./k8s-ingress-tls.ts";
import { ovhLbHttps } from "./ovh-lb-https.ts";

export const encryption = [
  awsRdsStorageEncrypted,
  awsDbTlsRequired,
  awsS3EncryptionConfig,
  awsS3BlockPublic,
  awsS3TlsOnly,
  awsEbsEncrypted,
  awsCacheEncrypted,
  awsSearchEncrypted,
  awsQueueTopicEncrypted,
  awsKmsRotation,
  awsLbHttpsOnly,
  awsLbTlsPolicy,
  awsCdnHttpsOnly,
  awsCdnTlsMin,
  hstsOneYear,
  cloudflareTlsStrict,
  doLbHttps,
  ovhLbHttps,
  k8sIngressTls,
];
