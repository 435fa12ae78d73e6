import { awsS3BlockPublic } from "./aws-s3-block-public.ts";
import { awsS3EncryptionConfig } from "./aws-s3-encryption-config.ts";
import { awsS3TlsOnly } from "./aws-s3-tls-only.ts";
import { cloudflareTlsStrict } from "./cloudflare-tls-strict.ts";
import { hstsOneYear } from "./hsts-one-year.ts";

export const encryption = [awsS3BlockPublic, awsS3EncryptionConfig, awsS3TlsOnly, cloudflareTlsStrict, hstsOneYear];
