import { Injectable } from '@nestjs/common';
import type { AppointmentId, HoldId, OfferId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { By } from '../../appointments/appointment.events';
import { BookAppointment } from '../../appointments/commands/book-appointment';
import { TakeVisitTime } from '../../appointments/commands/take-visit-time';
import { CancelAppointment } from '../../appointments/commands/cancel-appointment';
import { ChangeAppointment } from '../../appointments/commands/change-appointment';
import type { Appointment } from '../../appointments/domain/appointment';
import { HoldRepository } from '../../holds/persistence/hold.repository';
import { ChainGaps } from '../../visit-chains/chain-gaps';
import { PolicyFacts } from '../../policies/policy-facts';
import { VisitReasons } from '../../patients/visit-reasons';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { OfferOver, OfferUnknown, ReplacedVisitChanged, ReplacedVisitNearer } from '../domain/waitlist.errors';
import { OfferRoundRepository } from '../persistence/offer-round.repository';
import { type Offer, OfferRepository } from '../persistence/offer.repository';
import { WaitlistEntryRepository } from '../persistence/waitlist-entry.repository';
import { WaitlistAnswers } from '../waitlist-answers';
import { entryEnded, tellEnded } from '../waitlist.events';
import { EndRound } from './end-round';
import { roundHolder } from './round-hold';

export interface Acceptance {
  readonly offer: OfferId;
  /** Who takes it: kept as `bookedBy`. */
  readonly subject: string;
  readonly by?: By;
  /** The patient's answer, where there was one. */
  readonly answer: string | null;
  /** The revision of the later visit that whoever says yes was shown as given up, null: none was; left out: nobody looked at it just now. */
  readonly givesUp?: number | null;
}
/** FHIR appointment-cancellation-reason: scheduled from wait list. */
const SCHEDULED_FROM_WAITLIST = 'pat-swl';

/**
 * Books the offered time, and gives up the visit that it takes the place of: both or neither (P2). The first yes wins; the others of the round are told and
 * keep their places. Throws OfferUnknown, OfferOver, ReplacedVisitNearer, ReplacedVisitChanged, ChainGapBroken, and what a booking throws; then nothing has changed.
 */
@Injectable()
export class AcceptOffer {
  constructor(
    private readonly offers: OfferRepository, private readonly rounds: OfferRoundRepository, private readonly entries: WaitlistEntryRepository, private readonly holds: HoldRepository, private readonly occupancy: OccupancyRepository,
    private readonly change: ChangeAppointment, private readonly cancel: CancelAppointment, private readonly book: BookAppointment, private readonly time: TakeVisitTime, private readonly reasons: VisitReasons, private readonly endRound: EndRound,
    private readonly answers: WaitlistAnswers, private readonly policies: PolicyFacts, private readonly gaps: ChainGaps,
  ) {}

  async execute(tx: Tx, acceptance: Acceptance): Promise<{ readonly offer: Offer; readonly appointment: AppointmentId }> {
    const seen = await this.offers.find(tx, acceptance.offer);
    if (!seen || seen.practice !== tx.actor.practice) throw new OfferUnknown();
    const [round, entry] = await Promise.all([this.rounds.find(tx, seen.round), this.entries.find(tx, seen.entry)]);
    if (!round?.hold || !entry) throw new OfferOver(seen.state);
    const mayNeed = await this.time.mayNeed(tx, entry.practice, round.hold, entry.patient);
    const resources = [...(await this.occupancy.resourcesOf(tx, { hold: round.hold })), ...mayNeed];
    const { hold } = round;
    // Why all resources first and in one go: the visit given up and the time taken may share a room, and two such moves may cross.
    if (entry.replaces !== null) return this.change.withTime(tx, entry.replaces, null, resources, (old) => this.locked(tx, seen, hold, old, acceptance));
    await this.occupancy.lock(tx, resources);
    return this.locked(tx, seen, hold, null, acceptance);
  }

  /** With every resource locked. The hold of a round is always the same one. */
  private async locked(tx: Tx, seen: Offer, hold: HoldId, replaced: Appointment | null, { subject, by: who, answer, givesUp }: Acceptance): Promise<{ offer: Offer; appointment: AppointmentId }> {
    await this.holds.lock(tx, hold);
    const round = await this.rounds.lock(tx, seen.round);
    const open = await this.offers.lockOpen(tx, seen.round);
    const entry = await this.entries.lock(tx, seen.entry);
    const offer = open.find(({ id }) => id === seen.id);
    if (!offer || offer.expiresAt <= tx.now || !round?.hold || entry?.status !== 'waiting') throw new OfferOver(offer ? 'expired' : ((await this.offers.find(tx, seen.id))?.state ?? seen.state));
    // One that was cancelled meanwhile is not given up, and one that was moved nearer, or has begun, must not be.
    const old = replaced?.status === 'cancelled' ? null : replaced;
    if (old && !(['pending', 'booked'].includes(old.status) && old.start > round.start)) throw new ReplacedVisitNearer();
    const by: By = who ?? { kind: entry.practice === round.host ? 'host' : 'booking', practice: entry.practice };
    const sameCare = old && old.service === offer.service ? old : null;
    // Why before the rest: the chain is locked before referrals (P1).
    if (sameCare) await this.gaps.require(tx, sameCare, { start: round.start, end: round.end, zone: sameCare.zone }, false);
    if (old && givesUp !== undefined && old.revision !== givesUp) throw new ReplacedVisitChanged();
    // Why before the booking: the patient cannot be in two places, and the two times may overlap (P8). Its quota is given back by the booking, after the person (P1).
    if (old) await this.cancel.apply(tx, old, { reason: SCHEDULED_FROM_WAITLIST, by, keepQuotas: true, goesOn: true });
    const kept = sameCare?.host === round.host ? sameCare : null;
    const { host, service, visitType } = { ...offer, host: round.host };
    const appointment = await this.book.execute(tx, { practice: entry.practice, subject }, {
      what: { hold: round.hold, heldBy: roundHolder(round) }, patient: entry.patient, override: null, by, freed: old?.quotas ?? [], confidential: entry.confidential || (replaced?.confidential ?? false),
      // Why: for the patient it is a move, and is told as one.
      ...(old ? { replaces: old } : {}),
      ...(sameCare ? { place: { series: kept?.series ?? null, chain: sameCare.chain } } : {}),
      // The same care at an earlier time: the host still knows why, and the referral goes with it.
      referral: kept?.referral ?? (await this.policies.requiredReferral(tx, { patient: entry.patient, host, service, visitType })), answers: await this.answers.of(tx, entry, visitType), reason: kept?.sealedReason ? await this.reasons.open(tx, kept.host, kept.id, kept.sealedReason) : null,
    });
    for (const other of open) {
      const mine = other.id === offer.id;
      tellEnded(tx, await this.offers.end(tx, other, mine ? 'accepted' : 'lost'), mine ? { answer, appointment: appointment.id } : {});
    }
    await this.endRound.execute(tx, round, 'filled', appointment.id);
    await this.entries.end(tx, entry.id, 'booked', appointment.id);
    tx.outbox.add(entryEnded(entry, 'booked', appointment.id, tx.now));
    return { offer: { ...offer, state: 'accepted', revision: 2, endedAt: tx.now }, appointment: appointment.id };
  }
}
