/** Processors and memory of a machine. */
export interface Shape {
  cpus: number;
  memoryMiB: number;
}

const shape = (cpus: number, memoryGiB: number): Shape => ({ cpus, memoryMiB: memoryGiB * 1024 });

/** VPS of the 2027 range. "VPS SSD 2" and "VPS SSD 3" of the guide are no longer sold: VPS-2 and VPS-4 succeed them. */
const PLANS: Record<string, Shape> = {
  "VPS-1": shape(2, 4),
  "VPS-2": shape(4, 8),
  "VPS-3": shape(6, 12),
  "VPS-4": shape(8, 24),
};

/** Public Cloud flavors. */
const FLAVORS: Record<string, Shape> = {
  "d2-4": shape(2, 4),
  "d2-8": shape(4, 8),
  "b3-8": shape(2, 8),
  "b3-16": shape(4, 16),
  "b3-32": shape(8, 32),
};

/**
 * Shape of a VPS plan or a flavor: MySQL's and PHP's memory is cut from it.
 * @throws Error for an unknown name: guessing would size MySQL's memory wrongly.
 */
export function shapeOf(kind: "plan" | "flavor", name: string): Shape {
  const known = kind === "plan" ? PLANS : FLAVORS;
  const found = known[name];
  if (found === undefined)
    throw new Error(
      `ovh: jatsmanor:hosts.${kind}s "${name}" is not known; use one of ${Object.keys(known).join(", ")}, ` +
        "or add its processors and memory to src/components/ovh/sizes.ts",
    );
  return found;
}
