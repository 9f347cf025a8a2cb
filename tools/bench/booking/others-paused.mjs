import { readFileSync } from 'node:fs';

const CONSUMERS = ['reminders', 'notifications', 'capacity'];

/** Stops the services that only react to bookings while one figure is taken, as pgbench has nobody beside it either; they catch up afterwards.
 * @template T @param {{ env: Record<string, string> }} stack @param {() => Promise<T>} measure @returns {Promise<T>} */
export async function withOthersPaused(stack, measure) {
  const { processes } = JSON.parse(readFileSync(String(stack.env.SLOTMESH_STACK), 'utf8'));
  const { children } = JSON.parse(readFileSync(processes, 'utf8'));
  const pids = children.filter((/** @type {{ name: string }} */ { name }) => CONSUMERS.includes(name)).map((/** @type {{ pid: number }} */ { pid }) => pid);
  pids.forEach((/** @type {number} */ pid) => process.kill(pid, 'SIGSTOP'));
  try {
    return await measure();
  } finally {
    pids.forEach((/** @type {number} */ pid) => process.kill(pid, 'SIGCONT'));
  }
}
