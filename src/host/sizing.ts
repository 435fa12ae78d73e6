import type { Duties } from "./roles.ts";

/**
 * Memory of one server divided between its programs, in MiB.
 *
 * The sum never exceeds the machine's memory: when every PHP process, worker and cache is full at once, the kernel must
 * not have to kill MySQL. Numbers per process are Laravel's usual resident sizes, rounded up.
 */

const PHP_CHILD_MIB = 64;
const HORIZON_PROCESS_MIB = 96;

const EVERYTHING: Duties = { web: true, data: true, workers: true, app: true };

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

/** Half of an 8 GB machine, a quarter of a 4 GB one, 256 MiB at 2 GB: other programs live on the same machine. */
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
 * Sizes for a server; a program that does not run there gets 0.
 * @param memoryMiB memory of the machine, at least 1024
 * @param cpus virtual processors, at least 1
 * @param has what the server does
 * @param remoteConnections connections that other hosts may open to its database
 * @throws Error below 1024 MiB: MySQL, PHP and two caches do not fit.
 */
export function hostSizing(memoryMiB: number, cpus: number, has = EVERYTHING, remoteConnections = 0): HostSizing {
  if (!Number.isInteger(memoryMiB) || memoryMiB < 1024)
    throw new Error(`sizes.memoryMiB is ${memoryMiB}; a server needs a whole number of at least 1024`);
  if (!Number.isInteger(cpus) || cpus < 1)
    throw new Error(`sizes.cpus is ${cpus}; a server needs a whole number of at least 1`);

  const small = memoryMiB < 3584;
  const bufferPool = has.data ? bufferPoolMiB(memoryMiB) : 0;
  const valkey = has.data ? clamp(roundDown(memoryMiB * 0.06, 16), 48, 2048) : 0;
  const base: HostSizing = {
    systemMiB: small ? roundDown(memoryMiB * 0.16, 16) : 512,
    mysqlBufferPoolMiB: bufferPool,
    mysqlOverheadMiB: has.data ? (small ? 160 : 400) : 0,
    mysqlMaxConnections: 0,
    mysqlRedoLogMiB: has.data ? Math.max(100, Math.floor(bufferPool / 4)) : 0,
    valkeyCacheMiB: valkey,
    valkeyQueueMiB: valkey,
    horizonProcesses: has.workers ? clamp(Math.floor(memoryMiB / 1024), 2, 16) : 0,
    phpChildren: 0,
    phpSpareMin: 0,
    phpSpareMax: 0,
    opcacheMiB: has.web ? (small ? 96 : 192) : 0,
    // Swap is for idle pages and the peak of a dump, not for work: more would only make a full machine die slower.
    swapMiB: clamp(memoryMiB, 1024, 2048),
  };
  // More than eight PHP processes per processor only wait for each other.
  if (!has.web) return { ...base, mysqlMaxConnections: has.data ? base.horizonProcesses + 30 + remoteConnections : 0 };
  const children = clamp(Math.floor((memoryMiB - totalMiB(base)) / PHP_CHILD_MIB), 2, cpus * 8);
  return {
    ...base,
    phpChildren: children,
    phpSpareMin: Math.max(1, Math.floor(children / 4)),
    phpSpareMax: Math.max(1, Math.floor(children / 2)),
    // One per PHP process and worker, and room for the scheduler, a dump, a replica and an administrator.
    mysqlMaxConnections: has.data ? children + base.horizonProcesses + 30 + remoteConnections : 0,
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
