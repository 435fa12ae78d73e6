import * as ovh from "@ovhcloud/pulumi-ovh";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StackContext } from "../../concepts/context.ts";
import { physicalName, tags } from "../../concepts/naming.ts";
import { stateful } from "../../concepts/statefulness.ts";

export interface MediaStorageArgs {
  context: StackContext;
  /** Public Cloud project. */
  projectId: string;
  /** Region of the files, for example "GRA". */
  region: string;
  /** Region of their copy. */
  copyRegion: string;
}

/**
 * Uploaded files of every web host, versioned and encrypted, with a copy in a second region that deletions do not reach.
 * The application's key reads and writes this bucket and no other.
 */
export class MediaStorage extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  /** S3 address of the region. */
  readonly endpoint: string;
  readonly accessKeyId: pulumi.Output<string>;
  readonly secretAccessKey: pulumi.Output<string>;

  constructor(name: string, args: MediaStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jatsmanor:ovh:MediaStorage", name, { region: args.region, copyRegion: args.copyRegion }, opts);
    // A bucket's name is taken in the whole world, and this provider makes none up.
    const suffix = new random.RandomId(`${name}-suffix`, { byteLength: 4 }, { parent: this });
    const copy = this.createBucket(`${name}-copy`, args, suffix.hex, args.copyRegion);
    const files = this.createBucket(`${name}-files`, args, suffix.hex, args.region, copy);
    const key = this.createKey(name, args, files);
    this.bucketName = files.name;
    this.endpoint = `https://s3.${args.region.toLowerCase()}.io.cloud.ovh.net`;
    this.accessKeyId = key.accessKeyId;
    this.secretAccessKey = pulumi.secret(key.secretAccessKey);
    this.registerOutputs({ bucketName: this.bucketName, endpoint: this.endpoint });
  }

  private createBucket(
    name: string,
    args: MediaStorageArgs,
    suffix: pulumi.Output<string>,
    region: string,
    copy?: ovh.cloudproject.Storage,
  ): ovh.cloudproject.Storage {
    const { naming, guard } = args.context;
    const part = copy === undefined ? "media-copy" : "media";
    return new ovh.cloudproject.Storage(
      name,
      {
        serviceName: args.projectId,
        regionName: region,
        name: suffix.apply((hex) => physicalName(naming, "bucket", part, hex)),
        versioning: { status: "enabled" },
        encryption: { sseAlgorithm: "AES256" },
        tags: tags(naming, copy === undefined ? "backup" : "user-content"),
        ...(copy === undefined
          ? {}
          : {
              replication: {
                rules: [
                  {
                    id: "second-region",
                    status: "enabled",
                    priority: 1,
                    filter: { prefix: "" },
                    deleteMarkerReplication: "disabled", // whoever deletes here deletes nothing there
                    destination: { name: copy.name, region: copy.regionName },
                  },
                ],
              },
            }),
      },
      { parent: this, ...stateful(guard, "bucket", name) },
    );
  }

  private createKey(
    name: string,
    args: MediaStorageArgs,
    bucket: ovh.cloudproject.Storage,
  ): ovh.cloudproject.S3Credential {
    const { naming } = args.context;
    const user = new ovh.cloudproject.User(
      `${name}-user`,
      {
        serviceName: args.projectId,
        description: physicalName(naming, "principal", "media"),
        roleNames: ["objectstore_operator"],
      },
      { parent: this },
    );
    const arn = pulumi.interpolate`arn:aws:s3:::${bucket.name}`;
    const rights = new ovh.cloudproject.S3Policy(
      `${name}-rights`,
      {
        serviceName: args.projectId,
        userId: user.id,
        policy: pulumi.jsonStringify({
          Statement: [
            { Sid: "List", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [arn] },
            {
              Sid: "Files",
              Effect: "Allow",
              Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
              Resource: [pulumi.interpolate`${arn}/*`],
            },
          ],
        }),
      },
      { parent: this },
    );
    // Without the policy a key reads every bucket of the project: so the policy comes first.
    return new ovh.cloudproject.S3Credential(
      `${name}-key`,
      { serviceName: args.projectId, userId: user.id },
      { parent: this, dependsOn: [rights] },
    );
  }
}
