import { Injectable } from '@nestjs/common';
import { DAY, type Instant, type OfferRoundId, type ServiceCode, type TimeRange, type SiteId, type VisitTypeId, type Zone, contains, newId, plusMinutes, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { rangeOfClosure } from '../../availability/domain/working-hours';
import { OwnOpenings } from '../../openings/own-openings';
import { oneByOne } from '../../shared/one-by-one';
import { type OpenTime, matchedTimes, withoutKept } from '../domain/matched-times';
import { OfferRoundRepository } from '../persistence/offer-round.repository';
import { type ReopenedTime, ReopenedTimeRepository } from '../persistence/reopened-time.repository';
import { WaitlistEntryRepository } from '../persistence/waitlist-entry.repository';

interface Found extends OpenTime {
  readonly visitType: VisitTypeId;
  readonly site: SiteId;
  readonly end: Instant;
}
/** Of one closure, or one change of hours: the nearest times, and who is first in turn. Whom these leave out is asked by the rounds all the same, after those. */
const MOST_TIMES = 1_000;
const MOST_WAITING = 200;
const MOST_ROUNDS = 100;

/** Lets rounds begin for time that is open again because a closure was lifted or became shorter, or because hours were added: one for each who waits and would take one, not one for each possible start. */
@Injectable()
export class OfferReopened {
  constructor(
    private readonly work: UnitOfWork, private readonly reopened: ReopenedTimeRepository, private readonly openings: OwnOpenings, private readonly entries: WaitlistEntryRepository, private readonly rounds: OfferRoundRepository,
  ) {}

  /** One look at what was reopened; returns how much there was. */
  async execute(limit = 10): Promise<number> {
    const due = await this.work.run(workerFor('reopened-times', null), (tx) => this.reopened.due(tx, tx.now, limit));
    return oneByOne(due, ({ id, host }) => this.work.run(workerFor('reopened-times', host), (tx) => this.one(tx, id)).then(() => 1));
  }

  private async one(tx: Tx, id: string): Promise<void> {
    const reopened = await this.reopened.take(tx, id);
    if (!reopened) return;
    const waiting = await this.entries.inTurn(tx, reopened.host, tx.now, MOST_WAITING);
    const services = new Set(waiting.map(({ wish }) => wish.service));
    const times = await this.timesOf(tx, reopened, services);
    // Why: a week of hours is added day by day, and a time would be kept on each of the days for everybody who waits.
    const left = withoutKept(waiting, await this.rounds.unasked(tx, reopened.host, MOST_TIMES), tx.now);
    for (const time of matchedTimes(left.map(({ wish }) => wish), times, tx.now, MOST_ROUNDS)) await this.rounds.begin(tx, { ...time, id: newId<OfferRoundId>() });
  }

  private async timesOf(tx: Tx, { host, site, provider, closure, pieces }: ReopenedTime, services: ReadonlySet<ServiceCode>): Promise<Found[]> {
    const reach = rangeOfClosure(closure, UTC);
    const range = { start: Math.max(plusMs(reach.start, -DAY), tx.now) as Instant, end: plusMs(reach.end, DAY) };
    const search = { practice: host, ...(site ? { site } : {}), ...(provider ? { provider } : {}), accepts: (offering: { readonly service: ServiceCode }) => services.has(offering.service) };
    if (services.size === 0 || range.start >= range.end) return [];
    const found: Found[] = [];
    for await (const candidates of (await this.openings.open(tx, search, { range, wanted: MOST_TIMES, now: tx.now })) ?? []) {
      for (const { offer, start: at, end } of candidates) {
        // Why again by the site's own zone: whole days begin at its midnight; and what was open all along has been offered before.
        if (offer.visitType === null || !(pieces ?? [rangeOfClosure(closure, offer.zone)]).some((piece) => holds(piece, at))) continue;
        found.push({ host, service: offer.service, visitType: offer.visitType, provider: offer.provider, site: offer.site, start: at, end, zone: offer.zone, latitude: offer.latitude, longitude: offer.longitude,
          taken: { start: plusMinutes(at, -offer.bufferBeforeMinutes), end: plusMinutes(end, offer.bufferAfterMinutes) } });
      }
      if (found.length >= MOST_TIMES) break;
    }
    return found.slice(0, MOST_TIMES);
  }
}

const UTC = 'UTC' as Zone;
const holds = (piece: TimeRange, at: Instant): boolean => contains(piece, { start: at, end: (at + 1) as Instant });
