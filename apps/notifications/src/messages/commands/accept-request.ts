import { Injectable } from '@nestjs/common';
import type { EventData, MessageRequested } from '@slotmesh/contracts';
import { DomainError, newId, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { waitForFamily } from '../persistence/family-rows';
import { ReferenceNotYetKnown } from '../../projections/missing-reference';

/** Reminders of one day are asked for within this. */
const WAIT_FOR_FAMILY_MS = 1_500;

/** Puts a requested message in the queue, once per request. Throws ReferenceNotYetKnown where patient or practice have not come yet. */
@Injectable()
export class AcceptRequest {
  async execute(tx: Tx, request: EventData<typeof MessageRequested>): Promise<void> {
    const foreign = request.subjects.find(({ kind }) => kind !== 'appointment' && kind !== 'offer' && kind !== 'recall');
    if (foreign) throw new DomainError('unprocessable', 'subject-without-owner', `There is no service yet that owns subjects of the kind ${foreign.kind}.`);
    const [known] = await tx.query<{ patient: boolean; practices: string }>(
      `SELECT EXISTS (SELECT FROM patient WHERE id = $1) AS patient, (SELECT count(*) FROM practice WHERE id IN ($2, $3)) AS practices`,
      [request.patient, request.host, request.booking],
    );
    if (!known?.patient) throw new ReferenceNotYetKnown('patient');
    if (Number(known.practices) < new Set([request.host, request.booking]).size) throw new ReferenceNotYetKnown('practice');
    const id = newId();
    const added = await tx.execute(
      `INSERT INTO message (id, request_id, host, booking, patient, class, template, must_reach, channels, expires_at, visit_start, state, not_before, created_at, page)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', $12, $12, $13) ON CONFLICT (request_id) DO NOTHING`,
      [id, request.id, request.host, request.booking, request.patient, request.class, request.template, request.mustReach, request.channels, toDate(request.expiresAt), toDate(request.visitStart), toDate(tx.now), request.page ?? null],
    );
    if (added === 0) return;
    const rows = request.subjects.map(({ kind, id: subject, revision, step }, position) => ({ position, kind, id: subject, revision, step }));
    await tx.execute(
      `INSERT INTO message_subject (message_id, host, position, kind, id, revision, step)
       SELECT $1, $2, s.position, s.kind, s.id, s.revision, s.step FROM jsonb_to_recordset($3::jsonb) AS s(position smallint, kind text, id uuid, revision int, step text)`,
      [id, request.host, JSON.stringify(rows)],
    );
    await waitForFamily(tx, id, WAIT_FOR_FAMILY_MS);
  }
}
