import { MessageRequested } from '@slotmesh/contracts';
import { MINUTE, formatInstant, newId, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { RunningReminders } from '../../test/running-reminders';
import { TimerRepository } from './persistence/timer.repository';

const VISITS = 2_000;
const CUTS = 12;

/** Puts visits with one due timer each straight into the tables, as an outage would leave them: the store is the state. */
async function leaveBacklog(database: Client, reminders: RunningReminders): Promise<void> {
  const now = reminders.now;
  const [plan] = (await database.query<{ id: string }>('SELECT id FROM reminder_plan WHERE practice IS NULL ORDER BY version DESC')).rows;
  const patient = newId();
  await database.query(`INSERT INTO patient_record (id, practice, zone, channels, voice_only, deceased, changed_at) VALUES ($1, 'summit', 'America/Denver', '{sms}', false, false, $2)`, [patient, formatInstant(now)]);
  // Never quiet: this is about the backlog.
  await database.query(`INSERT INTO contact_preference VALUES ($1, 'summit', 'America/Denver', 'en', '00:00', '00:00', '{sms}', $2)`, [patient, formatInstant(now)]);
  const ids = Array.from({ length: VISITS }, () => newId());
  const starts = ids.map((_, n) => formatInstant(plusMs(now, (300 + ((n * 7919) % VISITS)) * MINUTE)));
  await database.query(
    `INSERT INTO appointment SELECT id, 1, 'booked', 'needs-action', 'summit', 'harbor', $3, 'skin-check', start, start + interval '30 minutes', 'America/Denver', $4 FROM unnest($1::uuid[], $2::timestamptz[]) AS v(id, start)`,
    [ids, starts, patient, formatInstant(now)],
  );
  await database.query(
    `INSERT INTO timer SELECT id, 1, 'text-1d', $3, 'summit', false, $4::timestamptz - interval '1 hour', $4::timestamptz - interval '1 hour', start, start FROM unnest($1::uuid[], $2::timestamptz[]) AS v(id, start)`,
    [ids, starts, plan!.id, formatInstant(now)],
  );
}

describe('a backlog of due timers', () => {
  let reminders: RunningReminders;
  let database: Client;

  beforeAll(async () => {
    reminders = await RunningReminders.start({ processes: 1 });
    await reminders.startProcess('all');
    database = new Client({ connectionString: reminders.database.adminUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await reminders.stop();
  });

  it('P13 P16: two processes whose database connections are cut again and again request each step exactly once, nearest visit first', async () => {
    await database.query('BEGIN');
    await leaveBacklog(database, reminders);
    await database.query('COMMIT');
    let cuts = 0;
    await eventually('the backlog is gone', async () => {
      // Why so few: a connection that is cut faster than a batch takes would never finish one.
      const { rowCount } = cuts < CUTS ? await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'reminders-worker' AND query ~ 'timer|step_outcome|outbox_append' AND state <> 'idle'`, [reminders.database.name]) : { rowCount: 0 };
      cuts += rowCount ?? 0;
      const { rows } = await database.query<{ n: string }>('SELECT count(*) AS n FROM timer');
      return rows[0]!.n === '0';
    }, 60);
    const subjects = () => reminders.events.gathered(MessageRequested).flatMap(({ data }) => data.subjects);
    await eventually('every request has left', () => subjects().length >= VISITS, 60);
    await reminders.settled();
    expect(subjects()).toHaveLength(VISITS);
    expect(new Set(subjects().map(({ id }) => id)).size).toBe(VISITS);
    const { rows: states } = await database.query<{ state: string; n: string }>('SELECT state, count(*) AS n FROM step_outcome GROUP BY state');
    expect(states).toEqual([{ state: 'requested', n: String(VISITS) }]);
    expect(cuts).toBeGreaterThan(0);
  });

  it('P16: a batch is the nearest visits of all that are due', async () => {
    await Promise.all(reminders.apps.splice(0).map((app) => app.close()));
    // A process that takes no events and fires no timers of its own.
    await reminders.startProcess('api');
    await leaveBacklog(database, reminders);
    const [app] = reminders.apps;
    const claimed = await app!.get(UnitOfWork).run(workerFor('test', null), (tx) => app!.get(TimerRepository).claim(tx, reminders.now, 100));
    const { rows } = await database.query<{ nearest: Date }>('SELECT min(visit_start) AS nearest FROM timer');
    expect(claimed).toHaveLength(100);
    expect(Math.max(...claimed.map((timer) => timer.visitStart))).toBeLessThanOrEqual(rows[0]!.nearest.getTime());
    expect(claimed.map((timer) => timer.visitStart)).toEqual(claimed.map((timer) => timer.visitStart).sort((a, b) => a - b));
  });
});
