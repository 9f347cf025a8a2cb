import { Injectable } from '@nestjs/common';
import { type AppointmentId, type PatientId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type ArmCounts, nothingYet } from '../domain/attendance';
import type { Experiment } from '../domain/experiment';

const row = z.object({ arm: z.string(), booked: z.int(), patients: z.int(), first_visits: z.int(), first_attended: z.int(), all_visits: z.int(), all_attended: z.int(), cancelled_ahead: z.int(), cancelled_late: z.int(), unmarked: z.int() })
  .transform((r): ArmCounts => ({
    arm: r.arm, booked: r.booked, patients: r.patients, first: { visits: r.first_visits, attended: r.first_attended }, all: { visits: r.all_visits, attended: r.all_attended }, cancelledAhead: r.cancelled_ahead, cancelledLate: r.cancelled_late, unmarked: r.unmarked,
  }));
const figures = z.array(z.object({ arm: z.string(), visits: z.int(), attended: z.int(), z: z.number().nullable(), verdict: z.enum(['better', 'worse', 'open']).nullable() }));
/** What a look saw of each arm, by patients' first visits; z and verdict against the control. */
export type LookFigures = z.output<typeof figures>;
const lookRow = z.object({ look: z.int(), bound: z.number(), figures, at: z.date().transform(instantOfDate) });
export type Look = z.output<typeof lookRow>;

@Injectable()
export class ExperimentVisitRepository {
  /** Gives a visit its arm, once. Visits of one patient come one after the other here, so that of two one is the first. */
  async assign(tx: Tx, experiment: Experiment, appointment: AppointmentId, patient: PatientId, arm: string): Promise<void> {
    await tx.execute(`SELECT pg_advisory_xact_lock(hashtextextended('experiment-patient/' || $1 || '/' || $2, 0))`, [experiment.id, patient]);
    await tx.execute(
      `INSERT INTO experiment_assignment (appointment_id, experiment_id, practice, patient_id, arm, first_of_patient, at)
       SELECT $1, $2, $3, $4, $5, NOT EXISTS (SELECT FROM experiment_assignment WHERE experiment_id = $2 AND patient_id = $4), $6 ON CONFLICT DO NOTHING`,
      [appointment, experiment.id, experiment.practice, patient, arm, formatInstant(tx.now)],
    );
  }

  /** What became of the visits of each arm, in the order of the arms. */
  async counts(tx: Tx, experiment: Experiment): Promise<ArmCounts[]> {
    const found = await tx.query(
      `SELECT s.arm, count(*)::int AS booked, count(DISTINCT s.patient_id)::int AS patients,
         count(*) FILTER (WHERE s.first_of_patient AND a.status IN ('fulfilled', 'noshow'))::int AS first_visits, count(*) FILTER (WHERE s.first_of_patient AND a.status = 'fulfilled')::int AS first_attended,
         count(*) FILTER (WHERE a.status IN ('fulfilled', 'noshow'))::int AS all_visits, count(*) FILTER (WHERE a.status = 'fulfilled')::int AS all_attended,
         count(*) FILTER (WHERE a.status = 'cancelled' AND a.revised_at < a.start_at)::int AS cancelled_ahead, count(*) FILTER (WHERE a.status = 'cancelled' AND a.revised_at >= a.start_at)::int AS cancelled_late,
         count(*) FILTER (WHERE a.status IN ('booked', 'arrived', 'checked-in') AND a.end_at <= $2)::int AS unmarked
       FROM experiment_assignment s JOIN appointment a ON a.id = s.appointment_id WHERE s.experiment_id = $1 GROUP BY s.arm`,
      [experiment.id, formatInstant(tx.now)],
    );
    const counted = new Map(found.map((one) => row.parse(one)).map((one) => [one.arm, one]));
    return experiment.arms.map(({ key }) => counted.get(key) ?? nothingYet(key));
  }

  async looks(tx: Tx, experiment: string): Promise<Look[]> {
    return (await tx.query('SELECT look, bound, figures, at FROM experiment_look WHERE experiment_id = $1 ORDER BY look', [experiment])).map((one) => lookRow.parse(one));
  }

  async addLook(tx: Tx, experiment: Experiment, look: Omit<Look, 'at'>): Promise<void> {
    await tx.execute('INSERT INTO experiment_look (experiment_id, practice, look, bound, figures, at) VALUES ($1, $2, $3, $4, $5, $6)', [experiment.id, experiment.practice, look.look, look.bound, JSON.stringify(look.figures), formatInstant(tx.now)]);
  }
}
