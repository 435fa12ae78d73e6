/**
 * Memory of one server divided between its programs, in MiB.
 *
 * The sum never exceeds the machine's memory: when every PHP process, worker and cache is full at once, the kernel must
 * not have to kill MySQL. Numbers per process are Laravel's usual resident sizes, rounded up.
 */

const PHP_CHILD_MIB = 64;
const HORIZON_PROCESS_MIB = 96;

export interface HostSizing {
  /** Kernel, nginx, agents, page cache that must stay. */
  systemMiB: number;
  mysqlBufferPoolMiB: number;
  /** MySQL beside the buffer pool: connections, dictionaries, performance schema. */
  mysqlOverheadMiB: number;
  mysqlMaxConnections: number;
  /** Redo log capacity: a quarter of the buffer pool, at least MySQL's default of 100 MiB. */
  mysqlRedoLogMiB: number;
  valkeyCacheMiB: number;
  valkeyQueueMiB: number;
  horizonProcesses: number;
  phpChildren: number;
  phpSpareMin: number;
  phpSpareMax: number;
  opcacheMiB: number;
  swapMiB: number;
}

/** Half of an 8 GB machine, a quarter of a 4 GB one, 256 MiB at 2 GB: PHP and the workers live on the same machine. */
export function bufferPoolMiB(memoryMiB: number): number {
  if (memoryMiB >= 7168) return roundDown(memoryMiB * 0.5, 128);
  if (memoryMiB >= 3584) return roundDown(memoryMiB * 0.25, 128);
  return memoryMiB >= 1792 ? 256 : 128;
}

/** Memory that the programs use when all are full. */
export function totalMiB(size: HostSizing): number {
  return (
    size.systemMiB +
    // InnoDB keeps about a tenth more than its pool for the pool's own bookkeeping.
    Math.ceil(size.mysqlBufferPoolMiB * 1.1) +
    size.mysqlOverheadMiB +
    size.valkeyCacheMiB +
    size.valkeyQueueMiB +
    size.opcacheMiB +
    size.horizonProcesses * HORIZON_PROCESS_MIB +
    size.phpChildren * PHP_CHILD_MIB
  );
}

/**
 * Sizes for an all-in-one server.
 * @param memoryMiB memory of the machine, at least 1024
 * @param cpus virtual processors, at least 1
 * @throws Error below 1024 MiB: MySQL, PHP and two caches do not fit.
 */
export function hostSizing(memoryMiB: number, cpus: number): HostSizing {
  if (!Number.isInteger(memoryMiB) || memoryMiB < 1024)
    throw new Error(`sizes.memoryMiB is ${memoryMiB}; an all-in-one server needs a whole number of at least 1024`);
  if (!Number.isInteger(cpus) || cpus < 1)
    throw new Error(`sizes.cpus is ${cpus}; a server needs a whole number of at least 1`);

  const small = memoryMiB < 3584;
  const bufferPool = bufferPoolMiB(memoryMiB);
  const valkey = clamp(roundDown(memoryMiB * 0.06, 16), 48, 2048);
  const base: HostSizing = {
    systemMiB: small ? roundDown(memoryMiB * 0.16, 16) : 512,
    mysqlBufferPoolMiB: bufferPool,
    mysqlOverheadMiB: small ? 160 : 400,
    mysqlMaxConnections: 0,
    mysqlRedoLogMiB: Math.max(100, Math.floor(bufferPool / 4)),
    valkeyCacheMiB: valkey,
    valkeyQueueMiB: valkey,
    horizonProcesses: clamp(Math.floor(memoryMiB / 1024), 2, 16),
    phpChildren: 0,
    phpSpareMin: 0,
    phpSpareMax: 0,
    opcacheMiB: small ? 96 : 192,
    // Swap is for idle pages and the peak of a dump, not for work: more would only make a full machine die slower.
    swapMiB: clamp(memoryMiB, 1024, 2048),
  };
  // More than eight PHP processes per processor only wait for each other.
  const children = clamp(Math.floor((memoryMiB - totalMiB(base)) / PHP_CHILD_MIB), 2, cpus * 8);
  return {
    ...base,
    phpChildren: children,
    phpSpareMin: Math.max(1, Math.floor(children / 4)),
    phpSpareMax: Math.max(1, Math.floor(children / 2)),
    // One per PHP process and worker, and room for the scheduler, a dump, a replica and an administrator.
    mysqlMaxConnections: children + base.horizonProcesses + 30,
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
