import { Injectable } from '@nestjs/common';
import type { EventData, MessageOutcomeRecorded } from '@slotmesh/contracts';
import { type AppointmentId, type Instant, type MessageRequestId, type PatientId, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { AskedMessage } from '../domain/reached';

export interface StepOutcome {
  readonly appointment: AppointmentId;
  readonly revision: number;
  readonly step: string;
  readonly plan: string;
  readonly host: PracticeId;
  readonly patient: PatientId;
  readonly state: 'requested' | 'skipped' | 'call-list';
  readonly reason: string | null;
  readonly idealAt: Instant;
  readonly dueAt: Instant | null;
  readonly request: MessageRequestId | null;
}

const text = z.date().transform((at) => formatInstant(instantOfDate(at)));
const shown = z.object({ revision: z.number(), step: z.string(), state: z.string(), reason: z.string().nullable(), channel: z.string().nullable(), ideal_at: text.nullable(), due_at: text.nullable(), at: text });
export type ShownOutcome = z.output<typeof shown>;
const askedRow = z.object({ appointment_id: z.string(), revision: z.number(), state: z.string(), due_at: z.date().transform(instantOfDate).nullable() });

@Injectable()
export class StepOutcomeRepository {
  /** Writes what became of steps; the first word about a step stands until notifications reports on its message. */
  async record(tx: Tx, outcomes: readonly StepOutcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    const rows = outcomes.map((o) => ({
      appointment_id: o.appointment, revision: o.revision, step: o.step, plan_id: o.plan, host: o.host, patient_id: o.patient, state: o.state, reason: o.reason,
      ideal_at: formatInstant(o.idealAt), due_at: o.dueAt === null ? null : formatInstant(o.dueAt), request_id: o.request, at: formatInstant(tx.now),
    }));
    await tx.execute(
      `INSERT INTO step_outcome (appointment_id, revision, step, plan_id, host, patient_id, state, reason, ideal_at, due_at, request_id, at)
       SELECT appointment_id, revision, step, plan_id, host, patient_id, state, reason, ideal_at, due_at, request_id, at
       FROM jsonb_to_recordset($1::jsonb) AS r(appointment_id uuid, revision int, step text, plan_id uuid, host text, patient_id uuid, state text, reason text,
         ideal_at timestamptz, due_at timestamptz, request_id uuid, at timestamptz)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
  }

  /** Of a step outside the plan. False: its message was asked for already, and went or may still go. */
  async request(tx: Tx, step: Pick<StepOutcome, 'appointment' | 'revision' | 'step' | 'host' | 'patient'> & { readonly request: MessageRequestId }): Promise<boolean> {
    return (await tx.execute(
      `INSERT INTO step_outcome (appointment_id, revision, step, host, patient_id, state, request_id, at) VALUES ($1, $2, $3, $4, $5, 'requested', $6, $7)
       ON CONFLICT (appointment_id, revision, step) DO UPDATE SET state = 'requested', reason = NULL, request_id = excluded.request_id, message_id = NULL, channel = NULL, at = excluded.at
       WHERE step_outcome.state IN ('skipped', 'call-list', 'undelivered')`,
      [step.appointment, step.revision, step.step, step.host, step.patient, step.request, formatInstant(tx.now)],
    )) === 1;
  }

  /** Steps of a revision that are settled: they are never planned again. */
  async settledSteps(tx: Tx, appointment: AppointmentId, revision: number): Promise<Set<string>> {
    const rows = await tx.query<{ step: string }>('SELECT step FROM step_outcome WHERE appointment_id = $1 AND revision = $2', [appointment, revision]);
    return new Set(rows.map(({ step }) => step));
  }

  /** Steps that stayed away for a reason that was taken back may be planned again. */
  async forgetSkipped(tx: Tx, appointment: AppointmentId, revision: number, reasons: readonly string[]): Promise<void> {
    await tx.execute(`DELETE FROM step_outcome WHERE appointment_id = $1 AND revision = $2 AND state = 'skipped' AND reason = ANY ($3::text[])`, [appointment, revision, reasons]);
  }

  /** The version of the plan by which a revision was planned last; null where it was not. */
  async planOf(tx: Tx, appointment: AppointmentId, revision: number): Promise<string | null> {
    const [row] = await tx.query<{ plan_id: string }>('SELECT plan_id FROM step_outcome WHERE appointment_id = $1 AND revision = $2 AND plan_id IS NOT NULL ORDER BY at DESC, plan_id DESC LIMIT 1', [appointment, revision]);
    return row?.plan_id ?? null;
  }

  /** Messages that were asked for, by visit. */
  async asked(tx: Tx, appointments: readonly AppointmentId[]): Promise<Map<string, (AskedMessage & { readonly revision: number })[]>> {
    const found = new Map<string, (AskedMessage & { readonly revision: number })[]>();
    if (appointments.length === 0) return found;
    const rows = await tx.query('SELECT appointment_id, revision, state, due_at FROM step_outcome WHERE appointment_id = ANY ($1::uuid[]) AND request_id IS NOT NULL', [appointments]);
    for (const row of rows) {
      const { appointment_id, revision, state, due_at } = askedRow.parse(row);
      found.set(appointment_id, [...(found.get(appointment_id) ?? []), { revision, state, dueAt: due_at }]);
    }
    return found;
  }

  /** What notifications says of a message; records of one message come in order, so the last word counts. */
  async report(tx: Tx, outcome: EventData<typeof MessageOutcomeRecorded>): Promise<void> {
    await tx.execute(
      `INSERT INTO step_outcome (appointment_id, revision, step, host, patient_id, state, reason, request_id, message_id, channel, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       ON CONFLICT (appointment_id, revision, step) DO UPDATE SET state = excluded.state, reason = excluded.reason, message_id = excluded.message_id, channel = excluded.channel, at = excluded.at`,
      [outcome.subject.id, outcome.subject.revision, outcome.subject.step, outcome.host, outcome.patient, outcome.outcome, outcome.reason, outcome.request, outcome.id, outcome.channel, formatInstant(outcome.at)],
    );
  }

  async of(tx: Tx, appointment: AppointmentId): Promise<ShownOutcome[]> {
    const rows = await tx.query('SELECT revision, step, state, reason, channel, ideal_at, due_at, at FROM step_outcome WHERE appointment_id = $1 ORDER BY revision, coalesce(due_at, ideal_at, at), step', [appointment]);
    return rows.map((row) => shown.parse(row));
  }
}
