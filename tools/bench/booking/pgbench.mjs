import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Trouble } from '../../launcher/trouble.mjs';
import { bookingScript } from './booking-script.mjs';

/** pgbench in PATH, else the newest below /usr/lib/postgresql; null where there is none. */
export function pgbenchBinary() {
  const installed = '/usr/lib/postgresql';
  const versions = (() => { try { return readdirSync(installed).sort((a, b) => Number(b) - Number(a)); } catch { return []; } })();
  return ['pgbench', ...versions.map((version) => join(installed, version, 'bin', 'pgbench'))].find((file) => spawnSync(file, ['--version']).status === 0) ?? null;
}

/** Bookings a second by pgbench alone with the statements of one booking, on the same server and tables, as the same role under row-level security. The relay does nothing meanwhile.
 * @param {{ binary: string, stack: { databaseUrl: string, secrets: import('../../launcher/secrets.mjs').Secrets }, bench: import('./sow.mjs').Sown, clients: number, seconds: number, signal: AbortSignal }} options */
export async function pgbench({ binary, stack, bench, clients, seconds, signal }) {
  const url = new URL(stack.databaseUrl);
  url.pathname = '/scheduling';
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  const folder = mkdtempSync(join(tmpdir(), 'slotmesh-pgbench-'));
  try {
    await admin.query(`UPDATE outbox_lane SET owner = 'bench', lease_until = 'infinity'`);
    const script = join(folder, 'booking.sql');
    writeFileSync(script, bookingScript(bench, clients));
    const run = async (/** @type {number} */ from, /** @type {number} */ time) => {
      const args = ['-h', url.hostname, '-p', url.port, '-U', 'scheduling_app', '-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(time), '-D', `n=${from}`, '-f', script, 'scheduling'];
      const { stdout, stderr } = await promisify(execFile)(binary, args, { env: { ...process.env, PGPASSWORD: stack.secrets.databaseRoles.scheduling_app }, signal });
      const rate = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
      if (!(rate > 0) || /ERROR|aborted/.test(stderr)) throw new Trouble(`pgbench failed:\n${stdout}${stderr}`);
      return rate;
    };
    await run(0, 5);
    const before = await count(admin);
    const rate = await run(1_000_000, seconds);
    // Why: a script whose bookings fell on taken time would do less than a booking and look fast.
    const made = (await count(admin)) - before;
    if (made < rate * seconds * 0.9) throw new Trouble(`pgbench made ${made} bookings in ${seconds} s, but says ${rate.toFixed(0)} a second.`);
    return rate;
  } finally {
    await admin.end();
    rmSync(folder, { recursive: true });
  }
}

/** Whole bookings: an appointment with provider and room. @param {import('pg').Client} admin @returns {Promise<number>} */
async function count(admin) {
  return (await admin.query('SELECT count(*)::int AS n FROM (SELECT 1 FROM appointment a JOIN occupancy o ON o.appointment_id = a.id GROUP BY a.id HAVING count(*) = 2) AS whole')).rows[0].n;
}
