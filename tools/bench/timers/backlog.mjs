import { waitUntil } from '../../launcher/wait-until.mjs';
import { loadTypeScript } from '../../typescript/load.mjs';
import { MessagesStack } from '../../proof/messages/messages-stack.mjs';
import { PRACTICES, sow } from '../../proof/messages/sow.mjs';

/** P16: two processes start with a long backlog. Is the sender's rate ever exceeded, and do the nearest visits leave first?
 * @param {import('../bench.mjs').BenchContext} context @param {{ overdue: number, rate: number, seconds: number }} size rate: texts a second and sender @returns {Promise<import('../bench.mjs').Figure[]>} */
export async function backlog(context, { overdue, rate, seconds }) {
  const { newId } = loadTypeScript('libs/kernel/src/index.ts');
  const stack = await MessagesStack.start({ rate });
  try {
    for (const name of ['notifications 1', 'notifications 2']) await stack.kill(name);
    const now = await stack.now();
    const subjects = await sow(stack, { count: Math.min(overdue, 90_000), random: Math.random, now });
    for (let from = 0; from < subjects.length; from += 5_000) {
      const rows = JSON.stringify(subjects.slice(from, from + 5_000).map(({ host, patient, visit, request }) => ({ id: newId(), host, patient, visit: visit.id, request, start: visit.start })));
      await stack.rows('notifications', `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, host text, patient uuid, visit uuid, request uuid, start timestamptz)),
        m AS (INSERT INTO message (id, request_id, host, booking, patient, class, template, must_reach, channels, expires_at, visit_start, state, not_before, created_at)
          SELECT id, request, host, host, patient, 'consented-care', 'visit-reminder', false, '{sms}', $2::timestamptz + interval '2 days', start, 'pending', $2::timestamptz - interval '1 hour', $2::timestamptz - interval '1 hour' FROM r RETURNING id)
        INSERT INTO message_subject (message_id, host, position, kind, id, revision, step) SELECT r.id, r.host, 0, 'appointment', r.visit, 1, 'text-3d' FROM r JOIN m ON m.id = r.id`, [rows, new Date(now).toISOString()]);
    }
    await stack.rows('notifications', 'ANALYZE');
    for (const name of ['notifications 1', 'notifications 2']) stack.startProcess(name);
    const texts = async () => (await stack.rows('sandbox', 'SELECT count(*)::int AS n FROM message'))[0].n;
    await waitUntil(async () => (await texts()) > 0, { seconds: 60, everyMs: 100 });
    await new Promise((done) => setTimeout(done, seconds * 1_000));
    const sent = await stack.rows('sandbox', 'SELECT from_number AS sender, to_number AS phone, created_at AS at FROM message ORDER BY created_at');
    const startOf = new Map(subjects.map(({ phone, start }) => [phone, start]));
    const bySender = PRACTICES.map(({ number }) => sent.filter(({ sender }) => sender === number));
    const most = Math.max(...bySender.map((list) => mostInASecond(list.map(({ at }) => at.getTime()))));
    // How far from its place in the order of visits a text left, at the most.
    const displaced = Math.max(...bySender.map((list) => {
      const starts = list.map(({ phone }) => startOf.get(phone) ?? 0);
      const places = new Map([...starts].sort((a, b) => a - b).map((start, place) => [start, place]));
      return Math.max(0, ...starts.map((start, place) => Math.abs((places.get(start) ?? place) - place)));
    }));
    const whole = PRACTICES.every(({ id, number }) => {
      const mine = subjects.filter(({ host }) => host === id).map(({ start }) => start).sort((a, b) => a - b);
      const left = sent.filter(({ sender }) => sender === number).length;
      const latest = Math.max(...sent.filter(({ sender }) => sender === number).map(({ phone }) => startOf.get(phone) ?? 0));
      return latest <= (mine[Math.min(left + 2 * rate, mine.length - 1)] ?? Infinity);
    });
    context.note(`${sent.length} of ${subjects.length} overdue texts left in ${seconds} s over ${PRACTICES.length} senders; farthest from its place: ${displaced}`);
    return [
      { what: `${subjects.length} overdue: most texts of a sender in any second`, measured: String(most), limit: `${rate} granted`, ratio: most / rate, wanted: '<= 1', holds: most <= rate },
      { what: `${subjects.length} overdue: texts a second in all`, measured: (sent.length / seconds).toFixed(0), limit: `${rate * PRACTICES.length} granted`, ratio: sent.length / seconds / (rate * PRACTICES.length), wanted: 'told only', holds: null },
      { what: `${subjects.length} overdue: nearest visits first`, measured: whole ? 'yes' : 'no', limit: 'two seconds of the rate', ratio: null, wanted: 'yes', holds: whole },
    ];
  } finally {
    await stack.stop();
  }
}

/** @param {number[]} times ascending */
function mostInASecond(times) {
  let [most, first] = [0, 0];
  for (let last = 0; last < times.length; last += 1) {
    while ((times[last] ?? 0) - (times[first] ?? 0) >= 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
