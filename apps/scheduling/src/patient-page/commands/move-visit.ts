import { Injectable } from '@nestjs/common';
import { DomainError, type Instant, type OpeningId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { recordMove } from '../../absences/commands/record-move';
import { AbsenceRepository } from '../../absences/persistence/absence.repository';
import { RescheduleAppointment } from '../../appointments/commands/reschedule-appointment';
import { AnotherVisitThen, MoveWithinHost } from '../../appointments/domain/appointment.errors';
import { ApprovalNeeded } from '../../appointments/domain/approval';
import { OpeningUnknown, parseOpeningId } from '../../openings/domain/opening-id';
import { KeptForOthers, LinkOrPhoneOnly, NotShared, OpeningNeverBookable, OpeningTaken } from '../../openings/domain/opening.errors';
import { AnswersRequired, RefusedByPolicy } from '../../policies/domain/policy.errors';
import { AuthorisationExpired, ReferralOfAnother } from '../../referrals/domain/referral.errors';
import { ChainGapBroken } from '../../visit-chains/domain/visit-chain.errors';
import type { LinkedVisit } from '../linked-visits';
import { PageRefusals, moveRefused } from '../page-refusals';
import { PatientLinks } from '../patient-links';
import { RefusedBefore } from '../patient-page.errors';
import { ChangeVisit } from './change-visit';

export type Move = { readonly token: string } | 'done' | 'stale' | 'taken';

/**
 * The patient moves the visit to another opening of the same visit type. Throws LinkUnknown, LinkEnded, TooManyPageRefusals.
 *
 * Whose rights apply: the booking practice's. A host's own patient may have what the host's own desk could give; a patient whom a partner booked only what the
 * agreement in force shares with that partner now, counted in its quotas (P7). With the host's rights one shared opening would be a key to the whole calendar.
 */
@Injectable()
export class MoveVisit {
  constructor(private readonly change: ChangeVisit, private readonly refusals: PageRefusals, private readonly reschedule: RescheduleAppointment, private readonly links: PatientLinks, private readonly absences: AbsenceRepository) {}

  execute(token: string, revision: number, opening: OpeningId): Promise<Move> {
    return this.change.execute(token, {
      action: 'move', revision,
      isDone: (appointment) => appointment.revision === revision + 1 && appointment.status === 'booked' && startOf(opening) === appointment.start,
      fn: (tx, visit) => this.refusals.attempt<Move>(tx, () => this.move(tx, visit, opening), async (error) => {
        if (!(error instanceof DomainError) || !REFUSALS.some((kind) => error instanceof kind)) throw error;
        // Why one answer for all: "another visit then" would tell a parent of a confidential one.
        await this.refusals.remember(tx, visit, startOf(opening));
        tx.audit.record(moveRefused(visit.appointment, error.code));
        return 'taken';
      }),
    });
  }

  private async move(tx: Tx, visit: LinkedVisit, opening: OpeningId): Promise<Move> {
    const { appointment, place, representative } = visit;
    const ref = parseOpeningId(opening);
    // Why: an id can be made up, and the patient chooses the time of this visit, not another kind of visit.
    if (ref.kind !== 'own' || ref.visitType !== place.visitTypeRef) throw new OpeningNeverBookable();
    await this.refusals.requireNew(tx, visit, ref.start);
    const absences = await this.absences.affecting(tx, appointment.id);
    const moved = await this.reschedule.execute(tx, appointment.booking, { id: appointment.id, opening, version: appointment.version, override: null });
    // What lay on a closed day is settled by it, as by a move of the desk.
    const agreed = { how: 'page', by: representative === null ? 'patient' : 'representative' };
    for (const absence of absences) await recordMove(tx, this.absences, absence, appointment, { opening, to: moved.id, agreed, by: tx.actor.subject });
    // Why a new link: the old one ends a day after the old time.
    return { token: this.links.issue(moved, representative).token };
  }
}

const REFUSALS = [OpeningTaken, KeptForOthers, OpeningUnknown, OpeningNeverBookable, NotShared, LinkOrPhoneOnly, AnotherVisitThen, MoveWithinHost, AuthorisationExpired, ReferralOfAnother, RefusedByPolicy, AnswersRequired, ChainGapBroken, ApprovalNeeded, RefusedBefore] as const;

function startOf(opening: OpeningId): Instant | null {
  try {
    return parseOpeningId(opening).start;
  } catch {
    return null;
  }
}
