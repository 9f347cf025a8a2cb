import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isFree } from './free-port.mjs';
import { cacheFolder, root } from './paths.mjs';
import { portHolder } from './port-holder.mjs';
import { Trouble } from './trouble.mjs';

const gib = 1024 ** 3;

/** Memory and disk, before anything is installed or started. */
export function checkRoom() {
  const memory = availableMemory();
  if (memory < 1.5 * gib) throw new Trouble(`The stack needs about 1.5 GiB of memory and ${inGib(memory)} GiB are free.\nClose something and start again.`);
  const installed = existsSync(join(root, 'node_modules'));
  for (const [folder, needed] of /** @type {const} */ ([[root, installed ? 1 : 2.5], [cacheFolder, 0.2], [process.getuid?.() === 0 ? '/var/tmp' : tmpdir(), 0.5]])) {
    const free = freeDisk(folder);
    if (free < needed * gib) throw new Trouble(`${folder} needs about ${needed} GiB of disk and has ${inGib(free)} GiB.\nFree some space and start again.`);
  }
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
