import { hostPaths } from "./paths.ts";
import { renderHost } from "./render.ts";
import { duties } from "./roles.ts";
import { hostSizing } from "./sizing.ts";
import type { HostSpec } from "./spec.ts";

/**
 * The first boot as a script, for a machine whose provider has no cloud-init: the same users, files and bootstrap as
 * `cloudInit` (cloud-init.ts). Safe to run again. It holds no secret.
 * @throws Error when the spec cannot be built.
 */
export function firstBootScript(spec: HostSpec): string {
  const { swapMiB } = hostSizing(spec.sizes.memoryMiB, spec.sizes.cpus, duties(spec));
  const files = renderHost(spec).filter((file) => file.boot);
  return [
    "set -euo pipefail",
    "umask 022",
    `hostnamectl set-hostname ${spec.name}`,
    `timedatectl set-timezone ${spec.timezone}`,
    ADD_USER,
    ...spec.adminUsers.map(({ name, sshPublicKeys }) => `add_user ${name} ${encoded(sshPublicKeys.join("\n"))}`),
    `add_user deploy ${encoded(spec.deployKeys.join("\n"))}`,
    "usermod --append --groups www-data deploy",
    ...spec.adminUsers.map(
      ({ name }) =>
        `echo '${name} ALL=(ALL) NOPASSWD:ALL' | install -m 0440 /dev/stdin /etc/sudoers.d/90-jatsmanor-${name}`,
    ),
    "visudo -cq",
    "if [ ! -e /swapfile ]; then",
    `  fallocate -l ${swapMiB}M /swapfile && chmod 0600 /swapfile && mkswap /swapfile && swapon /swapfile`,
    "  echo '/swapfile none swap sw 0 0' >>/etc/fstab",
    "fi",
    ...files.map(
      ({ path, mode, content }) =>
        `mkdir -p ${path.slice(0, path.lastIndexOf("/"))} && base64 -d <<<${encoded(content)} | install -m ${mode} /dev/stdin ${path}`,
    ),
    // The image's own login ends here; this session goes on.
    "systemctl reload-or-restart ssh.service",
    `[ -e ${hostPaths(spec).bootstrapped} ] || /usr/local/sbin/jatsmanor-bootstrap </dev/null`,
    "",
  ].join("\n");
}

const ADD_USER = `add_user() { # name keys-in-base64
  id -u "$1" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$1"
  passwd --lock "$1" >/dev/null
  install -d -m 0700 -o "$1" -g "$1" "/home/$1/.ssh"
  base64 -d <<<"$2" | install -m 0600 -o "$1" -g "$1" /dev/stdin "/home/$1/.ssh/authorized_keys"
}`;

const encoded = (text: string): string =>
  `'${Buffer.from(text === "" ? "" : `${text.replace(/\n$/, "")}\n`).toString("base64")}'`;
