/** Buckets and the resources that configure them. */
import type { View } from "../../engine/values.ts";
import { refers, any, type Answer } from "../../engine/relations.ts";
import type { Resource, Stack, TypeSet } from "../../engine/resource.ts";
import { BUCKET_LOGGING, DISTRIBUTION, LOAD_BALANCER } from "./types.ts";

/** A bucket's outputs that other resources name it by. */
export const BUCKET_KEYS = ["bucket", "id", "arn", "bucketDomainName", "bucketRegionalDomainName"];

export interface Partners {
  /** Resources that point to the bucket. */
  found: Resource[];
  /** Some resource may point to it, which only the update can tell. */
  maybe: boolean;
}

export function partnersOf(stack: Stack, types: TypeSet, bucket: Resource): Partners {
  const answers = stack.all(types).map((r) => [r, refers(r, "bucket", bucket, BUCKET_KEYS)] as const);
  return {
    found: answers.filter(([, a]) => a === "yes").map(([r]) => r),
    maybe: answers.some(([, a]) => a === "maybe"),
  };
}

/** Whether logs are delivered to the bucket: such buckets have rules of their own. */
export function receivesLogs(stack: Stack, bucket: Resource): Answer {
  if (/^(access-)?logs?$/i.test(bucket.text("tags.purpose") ?? "")) return "yes";
  return any([
    ...stack.all(BUCKET_LOGGING).map((r) => refers(r, "targetBucket", bucket, BUCKET_KEYS)),
    ...stack.all(LOAD_BALANCER).map((r) => refers(r, "accessLogs.bucket", bucket, BUCKET_KEYS)),
    ...stack.all(DISTRIBUTION).map((r) => refers(r, "loggingConfig.bucket", bucket, BUCKET_KEYS)),
  ]);
}

/** Users' photos and documents, by tag. */
export const holdsUserContent = (bucket: Resource): boolean =>
  bucket.text("tags.purpose") === "user-content" || bucket.text(["tags", "data-class"]) === "user-content";

/** Views of an inline block of a bucket, the older way to configure one. */
export const inline = (bucket: Resource, path: string): View[] =>
  bucket.given(path) === undefined ? [] : bucket.items(path);

/** The default below which S3 moves nothing anyway, in bytes. */
const SMALL = 128 * 1024;

/**
 * Whether a lifecycle or replication rule is about every object: an empty filter, or one for large objects only.
 * Parts that the provider fills in are unknown in a preview: nobody set them.
 */
export function coversBucket(rule: View): boolean {
  const given = (path: string): unknown => rule.given(path) ?? "";
  if (["prefix", "filter.prefix", "filter.tag", "filter.and", "tags"].some((path) => given(path) !== "")) return false;
  if (Number(given("filter.objectSizeLessThan")) !== 0) return false;
  return Number(given("filter.objectSizeGreaterThan")) <= SMALL;
}
