import { Injectable } from '@nestjs/common';
import { DomainError, type Instant, type OfferId, type OfferRoundId, type PersonId, type PracticeId, type ResourceId, newId } from '@slotmesh/kernel';
import { StartAgain, type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { Hold } from '../../holds/domain/hold';
import { HoldOpening } from '../../holds/commands/hold-opening';
import { Bookability, resourcesFor } from '../../openings/bookability';
import type { PatientNeeds } from '../../openings/domain/care';
import type { Offering } from '../../openings/domain/opening';
import { openingIdOf } from '../../openings/domain/opening-id';
import { kilometresBetween } from '../../openings/domain/place-and-time';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { oneByOne } from '../../shared/one-by-one';
import { suffice } from '../../policies/domain/questions';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { ChainGaps } from '../../visit-chains/chain-gaps';
import { PolicyFacts } from '../../policies/policy-facts';
import { inOrderOfAsking } from '../domain/look';
import { type Candidate, MOST_OFFERS, cutOff, looksAgainAt, nextOffers } from '../domain/round';
import { suits } from '../domain/wish';
import { type OfferRound, OfferRoundRepository } from '../persistence/offer-round.repository';
import { OfferRepository } from '../persistence/offer.repository';
import { WaitlistEntryRepository } from '../persistence/waitlist-entry.repository';
import { WaitlistAnswers } from '../waitlist-answers';
import type { WaitlistEntry } from '../waitlist-entry';
import { tellEnded, tellMade } from '../waitlist.events';
import { EndRound } from './end-round';
import { RoundHold, roundHolder } from './round-hold';

/** Several times what is asked at once: some are busy with another round at that moment. */
const ENOUGH = 16;
/** By their own record, answers and needs; that many are not refused one behind the other while somebody is left who would be taken. */
const MOST_LOOKED_AT = 500;

interface Waits extends Candidate {
  readonly entry: WaitlistEntry;
  readonly needs: PatientNeeds | null;
}

/** Offers freed times to who waits for them, one look at a time: takes the hold, asks in turn, closes windows that have passed, gives the time back at the end. */
@Injectable()
export class RunRounds {
  constructor(
    private readonly work: UnitOfWork, private readonly rounds: OfferRoundRepository, private readonly offers: OfferRepository, private readonly entries: WaitlistEntryRepository,
    private readonly offerings: OfferingRepository, private readonly bookability: Bookability, private readonly holdOpening: HoldOpening, private readonly held: RoundHold, private readonly endRound: EndRound,
    private readonly patients: PatientRepository, private readonly policies: PolicyFacts, private readonly answers: WaitlistAnswers, private readonly appointments: AppointmentRepository, private readonly gaps: ChainGaps, private readonly occupancy: OccupancyRepository,
  ) {}

  /** One look at all rounds that are due; returns how many there were. */
  async execute(limit = 50): Promise<number> {
    const due = await this.work.run(workerFor('offer-rounds', null), (tx) => this.rounds.due(tx, tx.now, limit));
    return oneByOne(due, ({ id, host }) => this.work.run(workerFor('offer-rounds', host), (tx) => this.one(tx, id)).then(() => 1));
  }

  private async one(tx: Tx, id: OfferRoundId): Promise<void> {
    const seen = await this.rounds.find(tx, id);
    const hold = seen ? await this.held.lock(tx, seen) : null;
    // Why before the round: its hold will take them, and who closes a day locks them first, too (P1).
    if (seen?.state === 'new' && seen.hold === null) await this.occupancy.lock(tx, await this.needed(tx, seen));
    const round = await this.rounds.lock(tx, id);
    if (!round || round.nextAt === null || round.nextAt > tx.now) return;
    if (round.hold !== seen?.hold) throw new StartAgain('the round took its hold meanwhile');
    const offering = await this.offeringOf(tx, round);
    if (!offering) return this.finish(tx, round, hold, 'not-open');
    if (round.state === 'new') return this.begin(tx, round, offering);
    if (!hold || hold.state !== 'active' || hold.expiresAt <= tx.now) return this.finish(tx, round, hold, 'exhausted');
    await this.ask(tx, { ...round, cutOff: round.cutOff ?? hold.expiresAt }, hold, offering);
  }

  /** What a hold of the round may take. */
  private async needed(tx: Tx, round: OfferRound): Promise<ResourceId[]> {
    const offering = await this.offeringOf(tx, round);
    if (!offering) return [];
    try {
      const time = await this.bookability.decide(tx, round.host, openingIdOf(offering, round.start), tx.now);
      return 'lost' in time ? [] : resourcesFor(time);
    } catch (error) {
      if (error instanceof DomainError) return [];
      throw error;
    }
  }

  private async begin(tx: Tx, round: OfferRound, offering: Offering): Promise<void> {
    const end = cutOff(round.start, offering.minimumNoticeMinutes);
    // Why before the hold: a time that nobody waits for stays open to every desk.
    const waiting = this.waiting(tx, round, offering);
    const first = await waiting.next();
    if (first.done || tx.now >= end) return this.finish(tx, round, null, 'nobody-waits');
    const hold = await this.take(tx, round, offering, end);
    if (!hold) return this.finish(tx, round, null, 'not-open');
    await this.rounds.open(tx, round.id, hold.id, end);
    await this.ask(tx, { ...round, state: 'open', hold: hold.id, cutOff: end }, hold, offering, from(first.value, waiting));
  }

  /** `seen`: who waits, where the look has begun already; who is asked is locked and looked at once more. */
  private async ask(tx: Tx, round: OfferRound & { readonly cutOff: Instant }, hold: Hold, offering: Offering, seen?: AsyncIterable<Waits>): Promise<void> {
    const open = await this.offers.lockOpen(tx, round.id);
    for (const offer of open.filter(({ expiresAt }) => expiresAt <= tx.now)) tellEnded(tx, await this.offers.end(tx, offer, 'expired'));
    const [first, ...others] = open.filter(({ expiresAt }) => expiresAt > tx.now).map(({ expiresAt }) => expiresAt);
    if (first !== undefined) return this.rounds.goOn(tx, round.id, round.made, Math.min(first, ...others) as Instant);
    // Why before the look: however many still wait, nobody more is asked, and the time is not kept for them.
    if (round.made >= MOST_OFFERS) return this.finish(tx, round, hold, 'exhausted');
    const { candidates, more } = await this.nextInTurn(tx, hold, offering, seen ?? this.waiting(tx, round, offering));
    // Why locked: somebody may withdraw, or another round may ask, at this moment. Who is gone by then makes room for the next.
    const free = await this.entries.lockWaiting(tx, candidates.map(({ id }) => id));
    const { offers, expiresAt, wakeAt } = nextOffers(candidates.filter(({ id }) => free.has(id)), round, tx.now);
    // Why again soon: all of them were busy with another round at this moment, or they sleep, and there are others behind them.
    if (offers.length === 0 && more) return this.rounds.goOn(tx, round.id, round.made, Math.min(looksAgainAt(candidates, tx.now), round.cutOff) as Instant);
    if (offers.length === 0) return wakeAt === null ? this.finish(tx, round, hold, round.made === 0 ? 'nobody-waits' : 'exhausted') : this.rounds.goOn(tx, round.id, round.made, wakeAt);
    for (const { entry } of offers) {
      const id = newId<OfferId>();
      await this.offers.add(tx, { id, round: round.id, entry: entry.id, practice: entry.practice, host: round.host, patient: entry.patient, channels: entry.channels, offeredAt: tx.now, expiresAt });
      const offer = await this.offers.find(tx, id);
      if (offer) tellMade(tx, offer);
    }
    await this.rounds.goOn(tx, round.id, round.made + offers.length, expiresAt);
  }

  /** Whom the time suits, in the order in which they are asked, read as far as somebody goes on. */
  private async *waiting(tx: Tx, round: OfferRound, offering: Offering): AsyncGenerator<Waits> {
    const time = { host: round.host, service: offering.service, start: round.start, zone: offering.zone, latitude: offering.latitude, longitude: offering.longitude };
    const freed = { id: round.id, host: round.host, freedBy: round.freedBy, service: offering.service, start: round.start, end: round.end };
    const list = inOrderOfAsking<Waits>(async (part) => {
      const found = await this.entries.candidates(tx, freed, tx.now, { ...part, behind: part.behind?.entry ?? null });
      return found.map(({ entry, zone, needs }) => ({ id: entry.id, needs, urgency: entry.urgency, addedAt: entry.addedAt, kilometres: entry.wish.near ? kilometresBetween(entry.wish.near, offering) : null, zone, entry }));
    }, tx.now);
    for await (const one of list) if (suits(one.entry.wish, time, tx.now)) yield one;
  }

  /**
   * Who may be asked next, in order: only for whom an agreement in force lets it (P7), whose needs can be met then, and whom the host's policy takes with what it
   * asks answered; a yes must not be refused. Decided again when somebody says it. As few are looked at as one look can ask, because the time is locked meanwhile.
   */
  private async nextInTurn(tx: Tx, hold: Hold, offering: Offering, waiting: AsyncIterable<Waits>): Promise<{ readonly candidates: readonly Waits[]; readonly more: boolean }> {
    /** With what the agreement asks of who comes; null: not for this practice, or not surely, because the provider answers partners first. */
    const may = new Map<PracticeId, readonly string[] | null>();
    const candidates: Waits[] = [];
    // Why: who waits at two practices is asked once.
    const persons = new Set<PersonId>();
    let lookedAt = 0;
    for await (const one of waiting) {
      if (candidates.length >= ENOUGH) return { candidates, more: true };
      const { practice, person } = one.entry;
      if (persons.has(person)) continue;
      if (!may.has(practice)) {
        const time = await this.bookability.decideHeld(tx, practice, hold, tx.now);
        may.set(practice, time === null || time.approveBy !== null ? null : time.conditions);
      }
      const conditions = may.get(practice) ?? null;
      if (conditions === null) continue;
      if (lookedAt++ >= MOST_LOOKED_AT) break;
      if (one.needs !== null && !(await this.bookability.couldHave(tx, practice, hold, tx.now, one.needs))) continue;
      if (conditions.length > 0 && !(await this.isMeant(tx, hold, offering, one.entry))) continue;
      if (!(await this.fits(tx, offering, hold.start, one.entry)) || !(await this.keepsGaps(tx, offering, hold, one.entry))) continue;
      candidates.push(one);
      persons.add(person);
    }
    return { candidates, more: false };
  }

  /** Whether the agreement lets this very patient have it, as the booking would decide. */
  private async isMeant(tx: Tx, hold: Hold, { practice, service, visitType }: Offering, entry: WaitlistEntry): Promise<boolean> {
    const patient = await this.patients.find(tx, entry.patient);
    if (patient === null) return false;
    const referral = await this.policies.requiredReferral(tx, { patient: entry.patient, host: practice, service, visitType });
    return this.bookability.mayBeFor(tx, entry.practice, hold, tx.now, { person: entry.person, payer: patient.payer, referral: referral !== null });
  }

  private async fits(tx: Tx, offering: Offering, start: Instant, entry: WaitlistEntry): Promise<boolean> {
    const { policy } = offering;
    if (policy !== null && policy.questions.length > 0 && !suffice(policy.questions, await this.answers.of(tx, entry, offering.visitType))) return false;
    const patient = await this.patients.find(tx, entry.patient);
    if (patient === null || (policy === null && patient.payer === null)) return patient !== null;
    return (await this.policies.of(tx, patient, offering.practice, { ofVisit: entry.replaces }))?.decide(offering, start).allowed ?? false;
  }

  /** A visit that would be given up and is linked with others: the new time has to keep the gaps. */
  private async keepsGaps(tx: Tx, { service, zone }: Offering, { start, end }: Hold, entry: WaitlistEntry): Promise<boolean> {
    const old = entry.replaces === null ? null : await this.appointments.find(tx, entry.replaces);
    return old === null || old.service !== service || (await this.gaps.keeper(tx, old))({ start, end, zone });
  }

  /** Null: closed meanwhile, taken by a desk, or not open any more. */
  private async take(tx: Tx, round: OfferRound, offering: Offering, until: Instant): Promise<Hold | null> {
    try {
      return await tx.savepoint(() => this.holdOpening.execute(tx, roundHolder(round), openingIdOf(offering, round.start), { until }));
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  private async finish(tx: Tx, round: OfferRound, hold: Hold | null, state: 'nobody-waits' | 'exhausted' | 'not-open'): Promise<void> {
    for (const offer of await this.offers.lockOpen(tx, round.id)) tellEnded(tx, await this.offers.end(tx, offer, 'expired'));
    if (hold) await this.held.release(tx, round, hold);
    await this.endRound.execute(tx, round, state);
  }

  private async offeringOf(tx: Tx, round: OfferRound): Promise<Offering | null> {
    const [offering] = await this.offerings.find(tx, { visitType: round.visitType, provider: round.provider, site: round.site }, round.start);
    return offering ?? null;
  }
}

async function* from<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
