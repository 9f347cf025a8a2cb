import { Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { type AppointmentId, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { ExperimentOfVisit } from '../domain/choose-arm';
import { type Experiment, experimentState, stoppedBecause } from '../domain/experiment';

const at = z.date().transform(instantOfDate);
const arm = z.object({ key: z.string(), weight: z.int(), plan: z.string().nullable() });
const row = z.object({
  id: z.string(), practice: practiceId, name: z.string(), control_plan: z.string(), control_version: z.string().nullable(), arms: z.array(arm), patients: z.int(), looks: z.int(), days: z.int(), seed: z.string(), state: experimentState,
  made_by: z.string(), made_at: at, approved_by: z.string().nullable(), approved_at: at.nullable(), started_at: at.nullable(), ends_at: at.nullable(), stopped_at: at.nullable(), stopped_by: z.string().nullable(), because: stoppedBecause.nullable(), reason: z.string().nullable(),
}).transform((r): Experiment => ({
  id: r.id, practice: r.practice, name: r.name, controlPlan: r.control_plan, controlVersion: r.control_version, arms: r.arms, patients: r.patients, looks: r.looks, days: r.days, seed: r.seed, state: r.state, madeBy: r.made_by, madeAt: r.made_at,
  approvedBy: r.approved_by, approvedAt: r.approved_at, startedAt: r.started_at, endsAt: r.ends_at, stoppedAt: r.stopped_at, stoppedBy: r.stopped_by, because: r.because, reason: r.reason,
}));
const assignedRow = z.object({ assigned: z.string().nullable() });
const COLUMNS = 'e.id, e.practice, e.name, e.control_plan, e.control_version, e.arms, e.patients, e.looks, e.days, e.seed, e.state, e.made_by, e.made_at, e.approved_by, e.approved_at, e.started_at, e.ends_at, e.stopped_at, e.stopped_by, e.because, e.reason';

@Injectable()
export class ExperimentRepository {
  async add(tx: Tx, e: Experiment): Promise<void> {
    await tx.execute(
      'INSERT INTO experiment (id, practice, name, control_plan, arms, patients, looks, days, seed, state, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
      [e.id, e.practice, e.name, e.controlPlan, JSON.stringify(e.arms), e.patients, e.looks, e.days, e.seed, e.state, e.madeBy, formatInstant(e.madeAt)],
    );
  }

  async find(tx: Tx, id: string): Promise<Experiment | null> {
    const [found] = await tx.query(`SELECT ${COLUMNS} FROM experiment e WHERE e.id = $1`, [id]);
    return found ? row.parse(found) : null;
  }

  /** Held until the end of the transaction. */
  async lock(tx: Tx, id: string): Promise<Experiment | null> {
    const [found] = await tx.query(`SELECT ${COLUMNS} FROM experiment e WHERE e.id = $1 FOR NO KEY UPDATE`, [id]);
    return found ? row.parse(found) : null;
  }

  /** Writes where an experiment stands; what it asks is never changed. */
  async step(tx: Tx, e: Experiment): Promise<void> {
    const time = (value: Experiment['startedAt']): string | null => (value === null ? null : formatInstant(value));
    await tx.execute(
      'UPDATE experiment SET state = $2, control_version = $3, approved_by = $4, approved_at = $5, started_at = $6, ends_at = $7, stopped_at = $8, stopped_by = $9, because = $10, reason = $11 WHERE id = $1',
      [e.id, e.state, e.controlVersion, e.approvedBy, time(e.approvedAt), time(e.startedAt), time(e.endsAt), time(e.stoppedAt), e.stoppedBy, e.because, e.reason],
    );
  }

  /** The newest first. */
  async list(tx: Tx, after: string | null, limit: number): Promise<Experiment[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM experiment e WHERE $1::uuid IS NULL OR e.id < $1 ORDER BY e.id DESC LIMIT $2`, [after, limit])).map((found) => row.parse(found));
  }

  async running(tx: Tx): Promise<Experiment[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM experiment e WHERE e.state = 'running' ORDER BY e.id`)).map((found) => row.parse(found));
  }

  async runningAbout(tx: Tx, practice: PracticeId, controlPlan: string): Promise<string | null> {
    const [found] = await tx.query<{ id: string }>(`SELECT id FROM experiment WHERE practice = $1 AND control_plan = $2 AND state = 'running'`, [practice, controlPlan]);
    return found?.id ?? null;
  }

  /** What runs at a visit's host, with the arm that the visit has. */
  async ofVisit(tx: Tx, host: PracticeId, appointment: AppointmentId): Promise<ExperimentOfVisit[]> {
    const found = await tx.query(
      `SELECT ${COLUMNS}, a.arm AS assigned FROM experiment e LEFT JOIN experiment_assignment a ON a.experiment_id = e.id AND a.appointment_id = $2 WHERE e.practice = $1 AND e.state = 'running' ORDER BY e.id`, [host, appointment]);
    return found.map((one) => ({ experiment: row.parse(one), assigned: assignedRow.parse(one).assigned }));
  }
}
