import { awsAccessLogs } from "./aws-access-logs.ts";
import { awsCloudtrail } from "./aws-cloudtrail.ts";
import { awsDbAuditLogs } from "./aws-db-audit-logs.ts";
import { awsDbManagedPassword } from "./aws-db-managed-password.ts";
import { awsDetectServices } from "./aws-detect-services.ts";
import { awsEksAuditLogs } from "./aws-eks-audit-logs.ts";
import { awsIamHumanMfa } from "./aws-iam-human-mfa.ts";
import { awsIamLeastPrivilege } from "./aws-iam-least-privilege.ts";
import { awsIamNoAdmin } from "./aws-iam-no-admin.ts";
import { awsIamUsersNoPolicies } from "./aws-iam-users-no-policies.ts";
import { awsNoStaticKeys } from "./aws-no-static-keys.ts";
import { awsOidcTrustScoped } from "./aws-oidc-trust-scoped.ts";
import { awsPasswordPolicy } from "./aws-password-policy.ts";
import { awsSecretRotation } from "./aws-secret-rotation.ts";
import { cloudflareAccount2fa } from "./cloudflare-account-2fa.ts";
import { k8sNoLiteralSecrets } from "./k8s-no-literal-secrets.ts";
import { logRetention } from "./log-retention.ts";
import { mfaAttestation } from "./mfa-attestation.ts";
import { noPlaintextSecrets } from "./no-plaintext-secrets.ts";

export const access = [
  awsIamNoAdmin,
  awsIamLeastPrivilege,
  awsIamUsersNoPolicies,
  awsNoStaticKeys,
  awsIamHumanMfa,
  awsOidcTrustScoped,
  awsPasswordPolicy,
  cloudflareAccount2fa,
  mfaAttestation,
  awsCloudtrail,
  awsDetectServices,
  logRetention,
  awsAccessLogs,
  awsEksAuditLogs,
  awsDbAuditLogs,
  noPlaintextSecrets,
  awsDbManagedPassword,
  awsSecretRotation,
  k8sNoLiteralSecrets,
];
