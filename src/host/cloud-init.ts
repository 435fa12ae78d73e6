import { Document, visit, isScalar, Scalar } from "yaml";
import { renderHost } from "./render.ts";
import { duties } from "./roles.ts";
import { hostSizing } from "./sizing.ts";
import type { HostSpec } from "./spec.ts";

/** Providers cut at 64 KiB or less; half of it leaves room and keeps the text readable without unpacking. */
export const USER_DATA_LIMIT = 32 * 1024;

/**
 * First boot, and only that: users, SSH, the files that a service needs before its first start, and the bootstrap
 * script. Everything later (secrets, backups, changes) comes by the host bundle, because changing this text replaces
 * the machine. It holds no secret: anything on the server may read it from the metadata service.
 *
 * @returns the `#cloud-config` text
 * @throws Error when the spec cannot be built or the text exceeds USER_DATA_LIMIT.
 */
export function cloudInit(spec: HostSpec): string {
  const files = renderHost(spec).filter((file) => file.boot);
  const sudo = "ALL=(ALL) NOPASSWD:ALL";
  const user = (name: string, keys: string[]) => ({
    name,
    shell: "/bin/bash",
    lock_passwd: true,
    ...(keys.length > 0 ? { ssh_authorized_keys: keys } : {}),
  });
  const config = {
    hostname: spec.name,
    timezone: spec.timezone,
    // No default user: only the declared administrators exist.
    users: [
      ...spec.adminUsers.map((admin) => ({ ...user(admin.name, admin.sshPublicKeys), sudo })),
      { ...user("deploy", spec.deployKeys), groups: "www-data" },
    ],
    disable_root: true,
    ssh_pwauth: false,
    swap: {
      filename: "/swapfile",
      size: hostSizing(spec.sizes.memoryMiB, spec.sizes.cpus, duties(spec)).swapMiB * 1024 * 1024,
    },
    // All owned by root: the packages that bring other users come later.
    write_files: files.map((file) => ({ path: file.path, permissions: file.mode, content: file.content })),
    // Ubuntu starts sshd before this stage: it must read its new rules now, not at the next boot.
    runcmd: [["systemctl", "reload-or-restart", "ssh.service"], ["/usr/local/sbin/jatsmanor-bootstrap"]],
  };
  const text = `#cloud-config\n${literalYaml(config)}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > USER_DATA_LIMIT)
    throw new Error(
      `cloud-init of "${spec.name}" has ${bytes} bytes, the limit is ${USER_DATA_LIMIT}: ` +
        `take a file out of the first boot (src/host/files.ts, \`boot\`); the host bundle delivers it anyway`,
    );
  return text;
}

/** Multi-line texts as YAML literal blocks, so that a reviewer reads in the diff what the server reads. */
function literalYaml(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === "string" && node.value.includes("\n"))
        node.type = Scalar.BLOCK_LITERAL;
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false });
}
