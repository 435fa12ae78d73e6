import type * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../concepts/context.ts";
import type { DataClass } from "../../concepts/naming.ts";
import { tags } from "../../concepts/naming.ts";

/** What every object of ours is called, and by which labels it is found. */
export interface Metadata {
  name: string;
  namespace: pulumi.Input<string>;
  labels: Record<string, string>;
}

/** The stack's tags as labels, with the names that Kubernetes' own tools show. */
export function labels(context: StackContext, dataClass: DataClass, name: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": context.naming.project,
    "app.kubernetes.io/managed-by": "pulumi",
    ...tags(context.naming, dataClass),
  };
}

/** By which a service's pods are chosen; it can never change, so it holds nothing else. */
export const selector = (name: string): Record<string, string> => ({ "app.kubernetes.io/name": name });
