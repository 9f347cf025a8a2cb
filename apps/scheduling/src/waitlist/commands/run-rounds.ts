import { Injectable } from '@nestjs/common';
import { DomainError, type Instant, type OfferId, type OfferRoundId, type PracticeId, newId } from '@slotmesh/kernel';
import { StartAgain, type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { Hold } from '../../holds/domain/hold';
import { HoldOpening } from '../../holds/commands/hold-opening';
import { Bookability, openingIdOf } from '../../openings/bookability';
import type { PatientNeeds } from '../../openings/domain/care';
import type { Offering } from '../../openings/domain/opening';
import { kilometresBetween } from '../../openings/domain/place-and-time';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import { type Candidate, cutOff, nextOffers } from '../domain/round';
import { suits } from '../domain/wish';
import { type OfferRound, OfferRoundRepository } from '../persistence/offer-round.repository';
import { OfferRepository } from '../persistence/offer.repository';
import { WaitlistEntryRepository } from '../persistence/waitlist-entry.repository';
import type { WaitlistEntry } from '../waitlist-entry';
import { tellEnded, tellMade } from '../waitlist.events';
import { RoundHold, roundHolder } from './round-hold';

/** Offers freed times to who waits for them, one look at a time: takes the hold, asks in turn, closes windows that have passed, gives the time back at the end. */
@Injectable()
export class RunRounds {
  constructor(
    private readonly work: UnitOfWork, private readonly rounds: OfferRoundRepository, private readonly offers: OfferRepository, private readonly entries: WaitlistEntryRepository,
    private readonly offerings: OfferingRepository, private readonly bookability: Bookability, private readonly holdOpening: HoldOpening, private readonly held: RoundHold,
  ) {}

  /** One look at all rounds that are due; returns how many there were. */
  async execute(limit = 50): Promise<number> {
    const due = await this.work.run(workerFor('offer-rounds', null), (tx) => this.rounds.due(tx, tx.now, limit));
    const failures: unknown[] = [];
    // Why go on: one round that fails must not keep the others waiting.
    for (const { id, host } of due) await this.work.run(workerFor('offer-rounds', host), (tx) => this.one(tx, id)).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
    return due.length;
  }

  private async one(tx: Tx, id: OfferRoundId): Promise<void> {
    const seen = await this.rounds.find(tx, id);
    const hold = seen ? await this.held.lock(tx, seen) : null;
    const round = await this.rounds.lock(tx, id);
    if (!round || round.nextAt === null || round.nextAt > tx.now) return;
    if (round.hold !== seen?.hold) throw new StartAgain('the round took its hold meanwhile');
    const offering = await this.offeringOf(tx, round);
    if (!offering) return this.finish(tx, round, hold, 'not-open');
    if (round.state === 'new') return this.begin(tx, round, offering);
    if (!hold || hold.state !== 'active' || hold.expiresAt <= tx.now) return this.finish(tx, round, hold, 'exhausted');
    await this.ask(tx, { ...round, cutOff: round.cutOff ?? hold.expiresAt }, hold, offering);
  }

  private async begin(tx: Tx, round: OfferRound, offering: Offering): Promise<void> {
    const end = cutOff(round.start, offering.minimumNoticeMinutes);
    // Why before the hold: a time that nobody waits for stays open to every desk.
    if ((await this.waiting(tx, round, offering)).length === 0 || tx.now >= end) return this.finish(tx, round, null, 'nobody-waits');
    const hold = await this.take(tx, round, offering, end);
    if (!hold) return this.finish(tx, round, null, 'not-open');
    await this.rounds.open(tx, round.id, hold.id, end);
    await this.ask(tx, { ...round, state: 'open', hold: hold.id, cutOff: end }, hold, offering);
  }

  private async ask(tx: Tx, round: OfferRound & { readonly cutOff: Instant }, hold: Hold, offering: Offering): Promise<void> {
    const open = await this.offers.lockOpen(tx, round.id);
    for (const offer of open.filter(({ expiresAt }) => expiresAt <= tx.now)) tellEnded(tx, await this.offers.end(tx, offer, 'expired'));
    const [first, ...others] = open.filter(({ expiresAt }) => expiresAt > tx.now).map(({ expiresAt }) => expiresAt);
    if (first !== undefined) return this.rounds.goOn(tx, round.id, round.made, Math.min(first, ...others) as Instant);
    const candidates = await this.allowed(tx, hold, await this.waiting(tx, round, offering));
    // Why locked: somebody may withdraw, or another round may ask, at this moment. Who is gone by then makes room for the next.
    const free = await this.entries.lockWaiting(tx, candidates.map(({ id }) => id));
    const { offers, expiresAt, wakeAt } = nextOffers(candidates.filter(({ id }) => free.has(id)), round, tx.now);
    if (offers.length === 0) return wakeAt === null ? this.finish(tx, round, hold, round.made === 0 ? 'nobody-waits' : 'exhausted') : this.rounds.goOn(tx, round.id, round.made, wakeAt);
    for (const { entry } of offers) {
      const id = newId<OfferId>();
      await this.offers.add(tx, { id, round: round.id, entry: entry.id, practice: entry.practice, host: round.host, patient: entry.patient, channels: entry.channels, offeredAt: tx.now, expiresAt });
      const offer = await this.offers.find(tx, id);
      if (offer) tellMade(tx, offer);
    }
    await this.rounds.goOn(tx, round.id, round.made + offers.length, expiresAt);
  }

  private async waiting(tx: Tx, round: OfferRound, offering: Offering): Promise<(Candidate & { readonly entry: WaitlistEntry; readonly needs: PatientNeeds | null })[]> {
    const time = { host: round.host, service: offering.service, start: round.start, zone: offering.zone, latitude: offering.latitude, longitude: offering.longitude };
    const found = await this.entries.candidates(tx, { id: round.id, host: round.host, freedBy: round.freedBy, service: offering.service, start: round.start, end: round.end });
    return found.filter(({ entry }) => suits(entry.wish, time, tx.now)).map(({ entry, zone, needs }) => ({ id: entry.id, needs, urgency: entry.urgency, addedAt: entry.addedAt, kilometres: entry.wish.near ? kilometresBetween(entry.wish.near, offering) : null, zone, entry }));
  }

  /** Only for whom an agreement in force lets it (P7), and whose needs can be met then; decided again when somebody says yes. */
  private async allowed<C extends { readonly entry: WaitlistEntry; readonly needs: PatientNeeds | null }>(tx: Tx, hold: Hold, waiting: readonly C[]): Promise<C[]> {
    const may = new Map<PracticeId, boolean>();
    for (const { entry } of waiting) if (!may.has(entry.practice)) may.set(entry.practice, (await this.bookability.decideHeld(tx, entry.practice, hold, tx.now)) !== null);
    const allowed: C[] = [];
    for (const one of waiting) {
      if (may.get(one.entry.practice) && (one.needs === null || (await this.bookability.couldHave(tx, one.entry.practice, hold, tx.now, one.needs)))) allowed.push(one);
    }
    return allowed;
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
    await this.rounds.end(tx, round.id, state);
  }

  private async offeringOf(tx: Tx, round: OfferRound): Promise<Offering | null> {
    const [offering] = await this.offerings.find(tx, { visitType: round.visitType, provider: round.provider, site: round.site }, round.start);
    return offering ?? null;
  }
}
