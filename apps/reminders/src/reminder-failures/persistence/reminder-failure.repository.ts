import { Injectable } from '@nestjs/common';
import { reminderFailure } from '@slotmesh/contracts';
import { type AppointmentId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { ReminderFailureReason, ReminderStep } from '../domain/reminder-failure';

const stepRow = z.object({ step: z.string(), plan_id: z.string().nullable(), state: z.enum(['waiting', 'requested', 'sent', 'delivered', 'undelivered', 'unknown', 'skipped', 'call-list']), reason: z.string().nullable() });
export type StepOfVisit = ReminderStep & { readonly step: string; readonly plan: string | null };

@Injectable()
export class ReminderFailureRepository {
  /** Every step of a revision, settled or still waiting. */
  async stepsOf(tx: Tx, appointment: AppointmentId, revision: number): Promise<StepOfVisit[]> {
    const rows = await tx.query(
      `SELECT step, plan_id, state, reason FROM step_outcome WHERE appointment_id = $1 AND revision = $2
       UNION ALL SELECT step, plan_id, 'waiting', NULL FROM timer WHERE appointment_id = $1 AND revision = $2`,
      [appointment, revision],
    );
    return rows.map((row) => stepRow.parse(row)).map(({ plan_id, ...rest }) => ({ ...rest, plan: plan_id }));
  }

  async callsOf(tx: Tx, appointment: AppointmentId, revision: number): Promise<number> {
    const [row] = await tx.query<{ calls: number }>('SELECT coalesce(sum(calls), 0)::int AS calls FROM call_list_entry WHERE appointment_id = $1 AND revision = $2', [appointment, revision]);
    return row?.calls ?? 0;
  }

  /** What was said of a visit last, held until the end of the transaction. */
  async said(tx: Tx, appointment: AppointmentId): Promise<{ revision: number; reason: ReminderFailureReason } | null> {
    const [row] = await tx.query('SELECT revision, reason FROM reminder_failure WHERE appointment_id = $1 FOR UPDATE', [appointment]);
    return row ? z.object({ revision: z.int(), reason: reminderFailure }).parse(row) : null;
  }

  async say(tx: Tx, appointment: AppointmentId, host: PracticeId, revision: number, reason: ReminderFailureReason): Promise<void> {
    await tx.execute(
      'INSERT INTO reminder_failure (appointment_id, host, revision, reason, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (appointment_id) DO UPDATE SET revision = excluded.revision, reason = excluded.reason, at = excluded.at',
      [appointment, host, revision, reason, formatInstant(tx.now)],
    );
  }

  async takeBack(tx: Tx, appointment: AppointmentId): Promise<void> {
    await tx.execute('DELETE FROM reminder_failure WHERE appointment_id = $1', [appointment]);
  }
}
