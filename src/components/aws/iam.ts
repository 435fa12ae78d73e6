/** IAM documents as data. Objects, not text: a rule can then read the actions while an address is still unknown. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";

type Text = pulumi.Input<string>;

export interface Statement {
  Sid: string;
  Effect?: "Allow" | "Deny";
  Principal?: "*" | { Service: Text | Text[] } | { AWS: Text | Text[] } | { Federated: Text };
  Action: string | string[];
  Resource?: Text | Text[];
  Condition?: Record<string, Record<string, Text | Text[]>>;
}

export const document = (statements: readonly Statement[]): aws.iam.PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
});

/** The statement by which an AWS service may take a role, and only for this account's resources. */
export const trust = (service: string, accountId?: Text): Statement => ({
  Sid: "Assume",
  Action: "sts:AssumeRole",
  Principal: { Service: service },
  ...(accountId === undefined ? {} : { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
});

export interface RoleArgs {
  context: StackContext;
  /** Last part of the role's name, for example "web". */
  part: string;
  trust: Statement;
  /** Inline policy; nothing else may use it. */
  allow?: readonly Statement[];
  /** AWS's own policies, where AWS keeps the list of what a service needs. */
  managed?: Record<string, string>;
}

/** A role and its policies, named `name`, `name-policy` and `name-<key of managed>`. Give the role to what needs it. */
export function createRole(name: string, args: RoleArgs, parent: pulumi.Resource): aws.iam.Role {
  const { naming } = args.context;
  const role = new aws.iam.Role(
    name,
    {
      name: physicalName(naming, "principal", args.part),
      assumeRolePolicy: document([args.trust]),
      tags: tags(naming, "internal"),
    },
    { parent },
  );
  if (args.allow !== undefined)
    new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy: document(args.allow) }, { parent });
  for (const [key, policyArn] of Object.entries(args.managed ?? {}))
    new aws.iam.RolePolicyAttachment(`${name}-${key}`, { role: role.name, policyArn }, { parent });
  return role;
}
