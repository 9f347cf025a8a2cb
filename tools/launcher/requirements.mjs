import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isFree } from './free-port.mjs';
import { cacheFolder, root } from './paths.mjs';
import { portHolder } from './port-holder.mjs';
import { Trouble } from './trouble.mjs';

const gib = 1024 ** 3;

/** What is short, as sentences for the person; empty when there is room.
 * @param {{ memory: number, disks: { folder: string, free: number, needed: number }[] }} room bytes */
export function shortages({ memory, disks }) {
  return [
    ...(memory < 1.5 * gib ? [`Memory: the stack needs about 1.5 GiB and ${inGib(memory)} GiB are free. Close something and start again.`] : []),
    ...disks.filter(({ free, needed }) => free < needed).map(({ folder, free, needed }) => `Disk: ${folder} needs about ${inGib(needed)} GiB and has ${inGib(free)} GiB free. Make some room and start again.`),
  ];
}

/** Memory and disk, before anything is installed or started. */
export function checkRoom() {
  const installed = existsSync(join(root, 'node_modules'));
  const needs = /** @type {const} */ ([[root, installed ? 1 : 2.5], [cacheFolder, 0.2], [process.getuid?.() === 0 ? '/var/tmp' : tmpdir(), 0.5]]);
  const short = shortages({ memory: availableMemory(), disks: needs.map(([folder, needed]) => ({ folder, free: freeDisk(folder), needed: needed * gib })) });
  if (short.length) throw new Trouble(short.join('\n'));
}

/** @param {[string, number][]} ports name and number */
export async function checkPorts(ports) {
  const busy = [];
  for (const [name, port] of ports) if (!(await isFree(port))) busy.push(`  ${port}  wanted for ${name}, used by ${portHolder(port) ?? 'another program'}`);
  if (busy.length) throw new Trouble(`Busy ${busy.length === 1 ? 'port' : 'ports'}:\n${busy.join('\n')}\nStop what uses ${busy.length === 1 ? 'it' : 'them'} and start again, or move all ports: PORT_OFFSET=1000 npm start`);
}

function availableMemory() {
  const limits = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory.current'].map((path) => (existsSync(path) ? Number(readFileSync(path, 'utf8')) : NaN));
  const inGroup = limits[0] - limits[1];
  const inMachine = existsSync('/proc/meminfo') ? Number(/MemAvailable:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) * 1024 : freemem();
  return Number.isFinite(inGroup) ? Math.min(inGroup, inMachine) : inMachine;
}

/** @param {string} folder may not exist yet */
function freeDisk(folder) {
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** @param {number} bytes */
const inGib = (bytes) => (bytes / gib).toFixed(1);
