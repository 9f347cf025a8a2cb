import { loadTypeScript } from '../../typescript/load.mjs';
import { percentile } from '../percentile.mjs';

const BATCH = 200;
const COLUMNS = 'appointment_id, revision, step, plan_id, host, answers_patient, ideal_at, fire_at, expires_at, visit_start';

/** The store of timers with millions pending: claims in the batches of the service beside plain DELETEs from a copy of the table; visits planned and voided by the service's own commands.
 * @param {import('../bench.mjs').BenchContext} context @param {{ pending: number, due: number, visits: number }} size @returns {Promise<import('../bench.mjs').Figure[]>} */
export async function store(context, { pending, due, visits }) {
  const { RunningReminders } = loadTypeScript('apps/reminders/test/running-reminders.ts');
  const { TimerRepository } = loadTypeScript('apps/reminders/src/timers/persistence/timer.repository.ts');
  const { PlanVisit } = loadTypeScript('apps/reminders/src/timers/commands/plan-visit.ts');
  const { UnitOfWork, workerFor } = loadTypeScript('libs/persistence/src/index.ts');
  const { formatInstant } = loadTypeScript('libs/kernel/src/index.ts');
  // Why the role of the API: its process fires no timer behind our back.
  const running = await RunningReminders.start({ role: 'api' });
  const { default: pg } = await import('pg');
  const admin = new pg.Client({ connectionString: running.database.adminUrl });
  await admin.connect();
  try {
    const now = running.now;
    const { rows: [plan] } = await admin.query('SELECT id FROM reminder_plan WHERE practice IS NULL');
    const fill = async (table) => {
      await admin.query(`INSERT INTO ${table} (${COLUMNS}) SELECT gen_random_uuid(), 1, 'text-3d', $1, 'summit', false, f.at, f.at, f.at + interval '1 day', f.at + interval '3 days'
        FROM (SELECT CASE WHEN n <= $3 THEN $2::timestamptz - random() * interval '6 hours' ELSE $2::timestamptz + interval '1 hour' + random() * interval '90 days' END AS at FROM generate_series(1, $4::int) AS n) f`, [plan.id, formatInstant(now), due, pending]);
      await admin.query(`VACUUM ANALYZE ${table}`);
    };
    await admin.query('CREATE TABLE plain (LIKE timer INCLUDING ALL)');
    await fill('timer');
    await fill('plain');
    context.note(`${pending} timers pending, ${due} of them due`);
    const app = running.apps[0];
    const work = app.get(UnitOfWork);
    const timers = app.get(TimerRepository);
    const own = await drain(() => work.run(workerFor('bench', null), async (tx) => (await timers.claim(tx, now, BATCH)).length));
    const raw = await drain(async () => {
      const text = `DELETE FROM plain WHERE ctid = ANY (ARRAY(SELECT ctid FROM plain WHERE fire_at <= $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)) RETURNING ${COLUMNS}`;
      return (await admin.query(text, [formatInstant(now)])).rowCount ?? 0;
    });
    const [{ planned, planTimes }, { voided }] = await planAndVoid({ running, admin, app, work, workerFor, PlanVisit, visits });
    return [
      { what: `claim, ${pending} pending, ${due} due`, measured: `${own.toFixed(0)}/s`, limit: `${raw.toFixed(0)}/s (DELETE .. SKIP LOCKED .. RETURNING, ${BATCH} at a time)`, ratio: own / raw, wanted: '>= 0.5', holds: own / raw >= 0.5 },
      { what: 'visits planned', measured: `${planned.toFixed(0)}/s, p99 ${percentile(planTimes, 0.99).toFixed(1)} ms`, limit: '-', ratio: null, wanted: 'told only', holds: null },
      { what: 'visits voided', measured: `${voided.toFixed(0)}/s`, limit: '-', ratio: null, wanted: 'told only', holds: null },
    ];
  } finally {
    await admin.end();
    await running.stop();
  }
}

/** @param {() => Promise<number>} batch @returns {Promise<number>} rows a second */
async function drain(batch) {
  const begin = performance.now();
  let rows = 0;
  for (let took = await batch(); took > 0; took = await batch()) rows += took;
  return (rows * 1_000) / (performance.now() - begin);
}

async function planAndVoid({ running, admin, app, work, workerFor, PlanVisit, visits }) {
  const plan = app.get(PlanVisit);
  const { newId, formatInstant } = loadTypeScript('libs/kernel/src/index.ts');
  const { appointmentSnapshot } = loadTypeScript('libs/contracts/src/index.ts');
  const made = Array.from({ length: visits }, () => running.visit({ patient: newId() }));
  await admin.query(`INSERT INTO patient_record (id, practice, zone, channels, voice_only, deceased, changed_at) SELECT id, 'summit', 'America/Denver', '{sms,email}', false, false, $2 FROM unnest($1::uuid[]) AS v(id)`, [made.map(({ patient }) => patient), formatInstant(running.now)]);
  const planTimes = [];
  const each = async (snapshots, change, times = []) => {
    const queue = [...snapshots];
    const begin = performance.now();
    await Promise.all(Array.from({ length: 4 }, async () => {
      for (let visit = queue.pop(); visit; visit = queue.pop()) {
        const start = performance.now();
        const snapshot = appointmentSnapshot.parse(visit);
        await work.run(workerFor('bench', null), (tx) => plan.execute(tx, snapshot, change, running.now));
        times.push(performance.now() - start);
      }
    }));
    return (snapshots.length * 1_000) / (performance.now() - begin);
  };
  const planned = await each(made, { trigger: 'booked', answersPatient: false, at: running.now }, planTimes);
  const voided = await each(made.map((visit) => ({ ...visit, revision: 2, status: 'cancelled' })), null);
  return [{ planned, planTimes }, { voided }];
}
