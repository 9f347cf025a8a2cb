import { randomUUID } from 'node:crypto';
import { waitUntil } from '../../launcher/wait-until.mjs';
import { loadTypeScript } from '../../typescript/load.mjs';
import { openRaw } from '../events/raw-kafka.mjs';

const wanted = 0.5;
/** Rows that plain SQL inserts in one transaction, as many as a run of a consumer's batch has. */
const plainAtOnce = 500;

/** Every appointment anew, from the beginning of its topic, beside plain inserts of the same rows without Kafka, inbox or counts. BENCH_EVENTS says how many.
 * @param {any} capacity @param {import('../bench.mjs').BenchContext} context @returns {Promise<import('../bench.mjs').Figure[]>} */
export async function rebuild(capacity, { note, size }) {
  const events = Number(process.env.BENCH_EVENTS ?? (size === 'full' ? 200_000 : 20_000));
  const { headersOf } = loadTypeScript('libs/messaging/src/cloud-event.ts');
  const { readAnew } = loadTypeScript('apps/capacity/src/read-models.ts');
  const { AppointmentBooked } = loadTypeScript('libs/contracts/src/index.ts');
  await capacity.settled();
  await capacity.stopProcess();
  const raw = await openRaw(capacity.topics.brokers, `${capacity.topics.prefix}${AppointmentBooked.topic}`);
  for (let from = 0; from < events; from += 2_000) {
    await raw.producer.send({
      topic: raw.topic,
      messages: Array.from({ length: Math.min(2_000, events - from) }, (_, index) => {
        const visit = visitOf(from + index);
        const row = { id: '1', lane: 0, topic: AppointmentBooked.topic, key: visit.id, sequence: '1', event_id: randomUUID(), type: AppointmentBooked.type, source: 'bench', time: new Date(), host: visit.host, booking: visit.booking, traceparent: null, payload: '' };
        return { key: visit.id, value: JSON.stringify({ appointment: visit, by: { kind: 'host', practice: visit.host } }), headers: headersOf(row) };
      }),
    });
  }
  await raw.close();
  note(`${events} records are on the topic`);

  const count = async () => Number((await capacity.admin.query('SELECT count(*) AS n FROM inbox')).rows[0].n);
  const begin = performance.now();
  let first = 0;
  let firstAt = 0;
  let lastAt = 0;
  // As after an upgrade: the program that reads anew, while the service stands still.
  const reading = readAnew(capacity.config, { always: true });
  const done = await waitUntil(async () => {
    const n = await count();
    if (first === 0 && n > 0) [first, firstAt] = [n, performance.now()];
    lastAt = performance.now();
    return n >= events;
  }, { seconds: 7_200, everyMs: 200 });
  if (!done) throw new Error('the rebuild did not end within two hours');
  await reading;
  const rate = ((events - first) * 1000) / (lastAt - firstAt);
  note(`read in ${((performance.now() - begin) / 1000).toFixed(0)} s`);

  await capacity.admin.query('CREATE TABLE plain (LIKE visit INCLUDING ALL)');
  const plainBegin = performance.now();
  for (let from = 0; from < events; from += plainAtOnce) {
    await capacity.admin.query('BEGIN');
    for (let index = from; index < Math.min(from + plainAtOnce, events); index += 1) {
      const v = visitOf(index);
      await capacity.admin.query({
        name: 'plain', text: `INSERT INTO plain (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, changed_at, took_time, patient, request_day)
          VALUES ($1, 1, 'booked', $2, $3, $4, $5, $6, $7, 'in-person', $8, $9, 'America/Denver', $10, $11, now(), true, $12, $13)`,
        values: [v.id, v.host, v.booking, v.site, v.provider, v.visitType, v.service, v.start, v.end, v.start.slice(0, 10), v.bookedAt, v.patient, v.bookedAt.slice(0, 10)],
      });
    }
    await capacity.admin.query('COMMIT');
  }
  const plain = (events * 1000) / (performance.now() - plainBegin);
  return [{ what: `rebuild of ${events} events, with inbox and counts`, measured: `${rate.toFixed(0)}/s`, limit: `${plain.toFixed(0)}/s (plain inserts of the same rows, ${plainAtOnce} a transaction)`, ratio: rate / plain, wanted: `>= ${wanted}`, holds: rate / plain >= wanted }];
}

/** @param {number} n */
function visitOf(n) {
  const id = (/** @type {string} */ kind, /** @type {number} */ of) => `${kind}-0000-7000-8000-${String(of).padStart(12, '0')}`;
  const day = new Date(Date.UTC(2024, 10, 28) + (n % 730) * 86_400_000 + (14 + (n % 9)) * 3_600_000);
  return {
    id: id('0193580e', n), revision: 1, status: 'booked', participation: 'needs-action', host: `practice-${n % 20}`, booking: `practice-${n % 20}`, patient: id('0193580f', n % 50_000), bookingPatient: null, site: id('01935810', n % 40), provider: id('01935811', n % 120),
    visitType: id('01935812', n % 60), service: `service-${n % 3}`, modality: 'in-person', start: day.toISOString(), end: new Date(day.getTime() + 1_800_000).toISOString(), zone: 'America/Denver', bookedAt: new Date(day.getTime() - (n % 20) * 86_400_000).toISOString(),
  };
}
