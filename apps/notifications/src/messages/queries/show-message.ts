import { Injectable } from '@nestjs/common';
import { DomainError, formatInstant, instantOfDate } from '@slotmesh/kernel';
import { UnitOfWork, unseal } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { PatientKeys } from '../../providers/patient-keys';
import { MESSAGE_COLUMNS, type ShownMessage, readMessage } from './list-messages';

const at = z.date().transform((date) => formatInstant(instantOfDate(date)));
const attempt = z.object({
  id: z.uuid(), channel: z.string(), state: z.string(), subjects: z.array(z.object({ id: z.uuid(), revision: z.int() })), template: z.string(), templateVersion: z.int(), language: z.string(), rules: z.array(z.string()),
  reference: z.string(), providerId: z.string().nullable(), providerStatus: z.string().nullable(), errorCode: z.int().nullable(), intentAt: at, validUntil: at, sealed: z.string().nullable(),
  segments: z.int().nullable(), cost: z.object({ micros: z.coerce.number(), currency: z.string() }).nullable(),
  /** The yes that was relied on; null: none is kept, as for answers to the patient's own text. */
  consent: z.object({ id: z.uuid(), source: z.string(), scope: z.string(), class: z.string().nullable(), recordedBy: z.string().nullable(), at: z.string() }).nullable(),
});
const report = z.object({ attempt: z.uuid(), status: z.string(), errorCode: z.int().nullable(), receivedAt: at });

export type MessageEvidence = ShownMessage & { readonly attempts: readonly (Omit<z.output<typeof attempt>, 'sealed'> & { readonly text: string | null; readonly reports: readonly Omit<z.output<typeof report>, 'attempt'>[] })[] };

export class MessageNotFound extends DomainError {
  constructor(id: string) {
    super('not-found', 'message-not-found', 'There is no such message in your practice.', { id });
  }
}

/** One message with all its evidence: every attempt with the consent that was relied on, the rules that were looked at, what it said, what the provider reported and what it cost. */
@Injectable()
export class ShowMessage {
  constructor(private readonly work: UnitOfWork, private readonly keys: PatientKeys) {}

  async execute(caller: StaffCaller, id: string): Promise<MessageEvidence> {
    const found = await this.work.run(caller.actor, async (tx) => {
      const [row] = await tx.query(`SELECT ${MESSAGE_COLUMNS} FROM message m WHERE m.id = $1`, [id]);
      if (!row) throw new MessageNotFound(id);
      const message = readMessage(row);
      const attempts = z.array(attempt).parse(await tx.query(
        `SELECT id, channel, state, subjects, template, template_version AS "templateVersion", language, rules, code AS reference, provider_id AS "providerId", provider_status AS "providerStatus", error_code AS "errorCode",
           intent_at AS "intentAt", valid_until AS "validUntil", sealed_body AS sealed, segments,
           CASE WHEN cost_micros IS NOT NULL THEN jsonb_build_object('micros', cost_micros, 'currency', cost_currency) END AS cost,
           (SELECT jsonb_build_object('id', e.id, 'source', e.source, 'scope', e.scope, 'class', e.class, 'recordedBy', e.recorded_by, 'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) FROM consent_evidence e WHERE e.id = attempt.consent) AS consent
         FROM attempt WHERE message_id = $1 ORDER BY id`,
        [id],
      ));
      const reports = z.array(report).parse(await tx.query(
        `SELECT attempt_id AS attempt, status, error_code AS "errorCode", received_at AS "receivedAt" FROM delivery_report WHERE attempt_id = ANY ($1::uuid[]) ORDER BY delivery_report.id`,
        [attempts.map((each) => each.id)],
      ));
      const others = await tx.query<{ patient: string }>('SELECT DISTINCT patient FROM message_subject WHERE message_id = $1 AND patient IS NOT NULL', [id]);
      for (const patient of new Set([message.patient, ...others.map((other) => other.patient)])) tx.audit.record({ action: 'message.read', entity: 'message', entityId: id, patient });
      return { message, attempts, reports };
    });
    const key = found.message.patient && found.attempts.some(({ sealed }) => sealed) ? await this.keys.find(found.message.patient) : null;
    return {
      ...found.message,
      attempts: found.attempts.map(({ sealed, ...rest }) => ({
        ...rest,
        text: key && sealed ? unseal(key, sealed, `${found.message.patient}:body`) : null,
        reports: found.reports.filter((each) => each.attempt === rest.id).map(({ attempt: _, ...each }) => each),
      })),
    };
  }
}
