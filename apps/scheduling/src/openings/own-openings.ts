import { Injectable } from '@nestjs/common';
import { type Instant, type OpeningId, type TimeRange, plusMinutes } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { openRanges } from '../availability/domain/working-hours';
import { openingIdOf, startsOf } from './bookability';
import { type PatientNeeds, tailored } from './domain/care';
import { bookableWindow, starts } from './domain/find-starts';
import type { HowToBook, Offering } from './domain/opening';
import { isWithinReach } from './domain/place-and-time';
import { type Fit, fitOf } from './domain/ranking';
import type { Candidate, OfferSearch, OpeningSource, ReadSlice } from './opening-source';
import { CalendarRepository, type Calendars } from './persistence/calendar.repository';
import { CareRepository } from './persistence/care.repository';
import { OfferingRepository } from './persistence/offering.repository';

const HELD_HERE: HowToBook = { bookable: 'hold' };

/** The free starts of the calendars that the partnership's practices keep here. */
@Injectable()
export class OwnOpenings implements OpeningSource {
  constructor(private readonly offerings: OfferingRepository, private readonly calendars: CalendarRepository, private readonly care: CareRepository) {}

  async open(sql: Sql, search: OfferSearch, from: Instant, now: Instant): Promise<ReadSlice | null> {
    const found = (await this.offerings.find(sql, search, from)).filter((offering) => isWithinReach(offering, search.near) && (search.accepts?.(offering) ?? true));
    const offerings = search.needs && found.length > 0 ? await this.forPatient(sql, found, search.needs, search.leave) : found;
    if (offerings.length === 0) return null;
    return async (slice) => {
      if (slice.end <= now) return { streams: [], until: slice.end };
      const calendars = await this.calendars.load(sql, offerings, slice);
      return { streams: offerings.map((offering) => candidatesOf(offering, calendars, slice, now)), until: slice.end };
    };
  }

  private async forPatient(sql: Sql, offerings: readonly Offering[], needs: PatientNeeds, leave: OfferSearch['leave']): Promise<Offering[]> {
    const resources = await this.care.helpful(sql, offerings.map(({ practice }) => practice));
    return offerings.flatMap((offering) => {
      const answer = tailored(offering, needs, resources);
      if ('offering' in answer) return [answer.offering];
      leave?.(answer.leftOut);
      return [];
    });
  }
}

function* candidatesOf(offering: Offering, calendars: Calendars, slice: TimeRange, now: Instant): Generator<Candidate, void, void> {
  const window = bookableWindow(now, offering, slice, offering.zone);
  if (window.start >= window.end) return;
  for (const start of starts(startsOf(offering, calendars, window))) yield new OwnOpening(offering, calendars, start);
}

class OwnOpening implements Candidate {
  readonly id: OpeningId;
  readonly end: Instant;
  readonly how = HELD_HERE;
  readonly isOneVisit = true;

  constructor(readonly offer: Offering, private readonly calendars: Calendars, readonly start: Instant) {
    this.id = openingIdOf(offer, start);
    this.end = plusMinutes(start, offer.durationMinutes);
  }

  fit(): Fit {
    return fitOf(this.offer, this.start, openRanges(this.calendars.schedule(this.offer), this, this.offer.zone), this.calendars.busy(this.offer.providerResource));
  }
}
