import { z } from "zod";
import { adminCidrProblem } from "../concepts/access.ts";

/**
 * Fields that several schemas share. A description says what is allowed and gives an example: the loader prints it with
 * each error.
 */
export const text = (pattern: RegExp, help: string) => z.string().regex(pattern).describe(help);
export const email = z.email().describe('a mail address, for example "oncall@jatsmanor.ci"');

export const adminAccess = z
  .discriminatedUnion("mode", [
    z.strictObject({
      mode: z.literal("ssh"),
      cidrs: z
        .array(
          z.string().superRefine((cidr, context) => {
            const problem = adminCidrProblem(cidr);
            if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
          }),
        )
        .min(1),
    }),
    z.strictObject({ mode: z.literal("tunnel") }),
  ])
  .describe('{mode: ssh, cidrs: [...]} or {mode: tunnel}, for example {mode: ssh, cidrs: ["198.51.100.7/32"]}');

export const admin = z
  .strictObject({
    name: text(/^[a-z][a-z0-9-]{1,30}$/, 'a Linux user name, for example "awa"'),
    sshPublicKey: text(/^(ssh-ed25519|ecdsa-sha2-nistp\d+|sk-ssh-ed25519@openssh\.com) \S+/, "an OpenSSH public key"),
  })
  .describe('a list of {name, sshPublicKey}, for example [{name: awa, sshPublicKey: "ssh-ed25519 AAAA..."}]');
