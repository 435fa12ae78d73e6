import { awsIamLeastPrivilege } from "./aws-iam-least-privilege.ts";
import { awsIamNoAdmin } from "./aws-iam-no-admin.ts";
import { awsIamUsersNoPolicies } from "./aws-iam-users-no-policies.ts";
import { awsNoStaticKeys } from "./aws-no-static-keys.ts";
import { mfaAttestation } from "./mfa-attestation.ts";
import { noPlaintextSecrets } from "./no-plaintext-secrets.ts";

export const access = [
  awsIamNoAdmin,
  awsIamLeastPrivilege,
  awsIamUsersNoPolicies,
  awsNoStaticKeys,
  mfaAttestation,
  noPlaintextSecrets,
];
