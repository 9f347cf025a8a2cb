import { Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { type AppointmentId, type Instant, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';

/** One step of one revision of one visit, waiting for its time. */
export interface Timer {
  readonly appointment: AppointmentId;
  readonly revision: number;
  readonly step: string;
  readonly plan: string;
  readonly host: PracticeId;
  readonly answersPatient: boolean;
  readonly idealAt: Instant;
  readonly fireAt: Instant;
  readonly expiresAt: Instant;
  readonly visitStart: Instant;
}

const date = z.date().transform(instantOfDate);
const row = z.object({
  appointment_id: z.string().transform((id) => id as AppointmentId), revision: z.number(), step: z.string(), plan_id: z.string(), host: practiceId, answers_patient: z.boolean(),
  ideal_at: date, fire_at: date, expires_at: date, visit_start: date,
}).transform((r): Timer => ({ appointment: r.appointment_id, revision: r.revision, step: r.step, plan: r.plan_id, host: r.host, answersPatient: r.answers_patient, idealAt: r.ideal_at, fireAt: r.fire_at, expiresAt: r.expires_at, visitStart: r.visit_start }));
const COLUMNS = 'appointment_id, revision, step, plan_id, host, answers_patient, ideal_at, fire_at, expires_at, visit_start';

/** Batches that one look is good for. Why not one: with a long backlog each look sorts all that is due (2,500 timers a second where the plain statement takes 23,000). */
const BATCHES_AHEAD = 50;
/** Real time: what became due meanwhile waits no longer to take its place. */
const LOOKS_AGAIN_MS = 1_000;

/** Where the nearest visits' due timers lie. A place may be another timer's by the time it is claimed: then that is due as well, or is left. */
async function nearestDue(tx: Tx, now: Instant, limit: number): Promise<string[]> {
  const found = await tx.query<{ place: string }>('SELECT ctid::text AS place FROM timer WHERE fire_at <= $1 ORDER BY visit_start, appointment_id, step LIMIT $2', [formatInstant(now), limit * BATCHES_AHEAD]);
  return found.map(({ place }) => place);
}

@Injectable()
export class TimerRepository {
  private nearest: { readonly places: string[]; readonly until: number } = { places: [], until: 0 };

  /** Sets timers; a step that waits already or has an outcome stays as it is. */
  async set(tx: Tx, timers: readonly Timer[]): Promise<void> {
    if (timers.length === 0) return;
    const rows = timers.map((t) => ({
      appointment_id: t.appointment, revision: t.revision, step: t.step, plan_id: t.plan, host: t.host, answers_patient: t.answersPatient,
      ideal_at: formatInstant(t.idealAt), fire_at: formatInstant(t.fireAt), expires_at: formatInstant(t.expiresAt), visit_start: formatInstant(t.visitStart),
    }));
    await tx.execute(
      `INSERT INTO timer (${COLUMNS})
       SELECT ${COLUMNS} FROM jsonb_to_recordset($1::jsonb) AS r(appointment_id uuid, revision int, step text, plan_id uuid, host text, answers_patient boolean,
         ideal_at timestamptz, fire_at timestamptz, expires_at timestamptz, visit_start timestamptz)
       WHERE NOT EXISTS (SELECT FROM step_outcome o WHERE o.appointment_id = r.appointment_id AND o.revision = r.revision AND o.step = r.step)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
  }

  /** Takes every timer of a visit away and returns them. */
  async takeOf(tx: Tx, appointment: AppointmentId): Promise<Timer[]> {
    return (await tx.query(`DELETE FROM timer WHERE appointment_id = $1 RETURNING ${COLUMNS}`, [appointment])).map((found) => row.parse(found));
  }

  /** Takes a batch of what is due, nearest visit first (P16). What another worker has just taken is passed over; a crash gives it back. */
  async claim(tx: Tx, now: Instant, limit: number): Promise<Timer[]> {
    for (;;) {
      if (this.nearest.places.length === 0 || Date.now() > this.nearest.until) this.nearest = { places: await nearestDue(tx, now, limit), until: Date.now() + LOOKS_AGAIN_MS };
      const places = this.nearest.places.splice(0, limit);
      if (places.length === 0) return [];
      const found = await tx.query(
        `DELETE FROM timer WHERE ctid = ANY (ARRAY(SELECT ctid FROM timer WHERE ctid = ANY ($2::tid[]) AND fire_at <= $1 FOR UPDATE SKIP LOCKED)) RETURNING ${COLUMNS}`,
        [formatInstant(now), places],
      );
      if (found.length > 0) return found.map((one) => row.parse(one)).sort((a, b) => a.visitStart - b.visitStart);
    }
  }

  async pendingOf(tx: Tx, appointment: AppointmentId): Promise<Timer[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM timer WHERE appointment_id = $1 ORDER BY fire_at, step`, [appointment])).map((found) => row.parse(found));
  }

  async due(sql: Sql, now: Instant): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
    const [found] = await sql.query<{ now: boolean; next: Date | null }>('SELECT EXISTS (SELECT FROM timer WHERE fire_at <= $1) AS now, (SELECT min(fire_at) FROM timer WHERE fire_at > $1) AS next', [formatInstant(now)]);
    return { dueNow: found?.now ?? false, nextDue: found?.next ? instantOfDate(found.next) : null };
  }
}
