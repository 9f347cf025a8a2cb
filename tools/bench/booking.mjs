// First figure of DESIGN section 9: booking over HTTP (token, idempotency, audit, outbox, provider and room) beside pgbench with the same statements.
import { startTestStack } from '../launcher/test-stack.mjs';
import { openBookingLoad } from './booking/booking-load.mjs';
import { drained } from './booking/drained.mjs';
import { withOthersPaused } from './booking/others-paused.mjs';
import { pgbench, pgbenchBinary } from './booking/pgbench.mjs';
import { sowBench } from './booking/sow.mjs';
import { percentile } from './percentile.mjs';

export const name = 'booking';

const clients = 16;
const seconds = 15;
const wantedRatio = 0.3;
const wantedP99 = 60;
const pace = 0.6;

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export async function run({ note }) {
  const binary = pgbenchBinary();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort());
  const stack = await startTestStack({ signal: interrupted.signal, given: { LOG_LEVEL: 'warn' }, say: () => undefined });
  try {
    const bench = await sowBench(stack.databaseUrl);
    const load = await openBookingLoad({ publicUrl: stack.publicUrl, visitType: bench.visitType, patients: bench.patients, signal: interrupted.signal });
    const direct = `http://127.0.0.1:${stack.ports.scheduling}`;

    await load.atMost(direct, { clients, seconds: 5 });
    await drained(stack);
    const most = await withOthersPaused(stack, () => load.atMost(direct, { clients, seconds }));
    note(`straight to the service: ${told(most)}`);
    await drained(stack);
    const paced = await withOthersPaused(stack, () => load.paced(direct, { perSecond: most.perSecond * pace, seconds }));
    note(`at ${Math.round(pace * 100)} % of it: ${told(paced)}`);
    await drained(stack);
    const through = await withOthersPaused(stack, () => load.atMost(stack.publicUrl, { clients, seconds }));
    note(`through the gateway: ${told(through)}`);
    await drained(stack);
    load.close();

    const limit = binary === null ? null : await pgbench({ binary, stack, bench, clients, seconds, signal: interrupted.signal });
    if (limit === null) note('pgbench was found neither in PATH nor in /usr/lib/postgresql: the ratio is not measured. It comes with the package "postgresql-contrib" or "postgresql-NN".');
    const ratio = limit === null ? null : most.perSecond / limit;
    const faults = most.faults + paced.faults + through.faults;
    const p99 = percentile(paced.latencies, 0.99);
    return [
      {
        what: `bookings over HTTP, ${clients} connections, straight to the service`, measured: `${most.perSecond.toFixed(0)}/s`, limit: limit === null ? 'not measured: no pgbench' : `${limit.toFixed(0)}/s (pgbench, same statements)`,
        ratio, wanted: `>= ${wantedRatio}`, holds: ratio === null ? null : ratio >= wantedRatio,
      },
      { what: 'the same through the gateway', measured: `${through.perSecond.toFixed(0)}/s`, limit: limit === null ? 'not measured: no pgbench' : `${limit.toFixed(0)}/s`, ratio: limit === null ? null : through.perSecond / limit, wanted: '-', holds: null },
      { what: `booking at ${(most.perSecond * pace).toFixed(0)}/s (${pace * 100} % of the most), p99`, measured: `${p99.toFixed(1)} ms (p50 ${percentile(paced.latencies, 0.5).toFixed(1)} ms)`, limit: '-', ratio: null, wanted: `< ${wantedP99} ms`, holds: p99 < wantedP99 },
      { what: 'answers other than 201 and true 409', measured: `${faults} of ${most.answers + paced.answers + through.answers}`, limit: '-', ratio: null, wanted: '0', holds: faults === 0 },
    ];
  } finally {
    await stack.stop();
  }
}

/** @param {import('./booking/booking-load.mjs').Load} load */
const told = (load) => `${load.perSecond.toFixed(0)}/s, p50 ${percentile(load.latencies, 0.5).toFixed(1)} ms, p99 ${percentile(load.latencies, 0.99).toFixed(1)} ms; ${[...load.statuses].map(([status, count]) => `${count} x ${status}`).join(', ')}`;
