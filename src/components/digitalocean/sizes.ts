/**
 * Processors and memory of a droplet size, from its slug: "s-4vcpu-8gb" has 4 and 8,192 MiB.
 * @throws Error for a slug of another form: guessing would size MySQL's memory wrongly.
 */
export function dropletShape(size: string): { cpus: number; memoryMiB: number } {
  const match = /^[a-z0-9]+-(\d+)vcpu-(\d+)gb\b/.exec(size);
  const [, cpus, memory] = match ?? [];
  if (cpus === undefined || memory === undefined) {
    throw new Error(
      `digitalocean: jatsmanor:server.size "${size}" does not tell its processors and memory; ` +
        'use a slug such as "s-4vcpu-8gb"',
    );
  }
  return { cpus: Number(cpus), memoryMiB: Number(memory) * 1024 };
}
