import { waitUntil } from '../../launcher/wait-until.mjs';
import { MessagesStack } from '../../proof/messages/messages-stack.mjs';
import { sow } from '../../proof/messages/sow.mjs';
import { percentile } from '../percentile.mjs';

const WARM_UP_SECONDS = 3;

/** From the instant at which a timer is due, through reminders, Kafka and notifications, to the text at the sandbox, at an even pace. Two notifications and one reminders process.
 * @param {import('../bench.mjs').BenchContext} context @param {{ perSecond: number, seconds: number }} size @returns {Promise<import('../bench.mjs').Figure[]>} */
export async function wayOut(context, { perSecond, seconds }) {
  const stack = await MessagesStack.start({ rate: 1_000, reminders: true });
  try {
    const count = perSecond * (seconds + WARM_UP_SECONDS);
    const now = await stack.now();
    const subjects = await sow(stack, { count, random: Math.random, now });
    const first = (await stack.now()) + 10_000;
    const due = subjects.map((subject, index) => ({ visit: subject.visit.id, patient: subject.patient, host: subject.host, start: subject.visit.start, end: subject.visit.end, due: new Date(first + (index * 1_000) / perSecond).toISOString() }));
    const rows = JSON.stringify(due);
    const from = 'FROM jsonb_to_recordset($1::jsonb) AS r(visit uuid, patient uuid, host text, start timestamptz, "end" timestamptz, due timestamptz)';
    await stack.rows('reminders', `INSERT INTO patient_record (id, practice, zone, channels, voice_only, deceased, changed_at) SELECT patient, host, 'America/New_York', '{sms,email}', false, false, '2020-01-01' ${from}`, [rows]);
    await stack.rows('reminders', `INSERT INTO contact_preference (patient_id, practice, zone, language, quiet_from, quiet_until, channels, changed_at) SELECT patient, host, 'America/New_York', 'en', '00:00', '00:00', '{sms,email}', '2020-01-01' ${from}`, [rows]);
    await stack.rows('reminders', `INSERT INTO appointment (id, revision, status, participation, host, booking, patient_id, service, start_at, end_at, zone, revised_at) SELECT visit, 1, 'booked', 'needs-action', host, host, patient, 'primary-care-visit', start, "end", 'America/New_York', '2020-01-01' ${from}`, [rows]);
    await stack.rows('reminders', `INSERT INTO timer (appointment_id, revision, step, plan_id, host, answers_patient, ideal_at, fire_at, expires_at, visit_start)
      SELECT visit, 1, 'text-3d', (SELECT id FROM reminder_plan WHERE practice IS NULL LIMIT 1), host, false, due, due, due + interval '1 day', start ${from}`, [rows]);
    const late = first - (await stack.now());
    if (late < 1_000) context.note(`the first timer was due ${(-late).toFixed(0)} ms before the last was written`);
    const texts = async () => (await stack.rows('sandbox', 'SELECT count(*)::int AS n FROM message'))[0].n;
    if (!(await waitUntil(async () => (await texts()) >= count, { seconds: seconds * 4 + 60, everyMs: 500 }))) context.note(`only ${await texts()} of ${count} texts arrived`);
    const arrived = new Map((await stack.rows('sandbox', 'SELECT to_number AS phone, created_at AS at FROM message')).map(({ phone, at }) => [phone, at.getTime()]));
    const waits = subjects.slice(perSecond * WARM_UP_SECONDS).map(({ phone }, index) => (arrived.get(phone) ?? Infinity) - Date.parse(due[index + perSecond * WARM_UP_SECONDS]?.due ?? ''));
    const p99 = percentile(waits, 0.99);
    context.note(`due -> request at the provider: p50 ${percentile(waits, 0.5).toFixed(0)} ms, p90 ${percentile(waits, 0.9).toFixed(0)} ms, max ${Math.max(...waits).toFixed(0)} ms`);
    const times = [...arrived.values()].sort((a, b) => a - b);
    const left = ((times.length - 1) * 1_000) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
    const what = `due -> request at the provider, ${perSecond}/s`;
    return [
      { what: `${what}, p99`, measured: `${p99.toFixed(0)} ms`, limit: '-', ratio: null, wanted: '< 250 ms', holds: p99 < 250 },
      { what: `${what}, texts a second that left`, measured: left.toFixed(0), limit: `${perSecond} due`, ratio: left / perSecond, wanted: 'told only', holds: null },
    ];
  } finally {
    await stack.stop();
  }
}
