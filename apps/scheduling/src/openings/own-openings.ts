import { Injectable } from '@nestjs/common';
import { type Instant, type OpeningId, type TimeRange, plusMinutes } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { openRanges } from '../availability/domain/working-hours';
import { openingIdOf } from './bookability';
import { bookableWindow, starts } from './domain/find-starts';
import { gridMinutes } from './domain/grid';
import type { HowToBook, Offering } from './domain/opening';
import { isWithinReach } from './domain/place-and-time';
import { type Fit, fitOf } from './domain/ranking';
import type { Candidate, OfferSearch, OpeningSource, ReadSlice } from './opening-source';
import { CalendarRepository, type Calendars } from './persistence/calendar.repository';
import { OfferingRepository } from './persistence/offering.repository';

const HELD_HERE: HowToBook = { bookable: 'hold' };

/** The free starts of the calendars that the partnership's practices keep here. */
@Injectable()
export class OwnOpenings implements OpeningSource {
  constructor(private readonly offerings: OfferingRepository, private readonly calendars: CalendarRepository) {}

  async open(sql: Sql, search: OfferSearch, from: Instant, now: Instant): Promise<ReadSlice | null> {
    const offerings = (await this.offerings.find(sql, search, from)).filter((offering) => isWithinReach(offering, search.near) && (search.accepts?.(offering) ?? true));
    if (offerings.length === 0) return null;
    return async (slice) => {
      if (slice.end <= now) return { streams: [], until: slice.end };
      const calendars = await this.calendars.load(sql, offerings, slice);
      return { streams: offerings.map((offering) => candidatesOf(offering, calendars, slice, now)), until: slice.end };
    };
  }
}

function* candidatesOf(offering: Offering, calendars: Calendars, slice: TimeRange, now: Instant): Generator<Candidate, void, void> {
  const window = bookableWindow(now, offering, slice, offering.zone);
  if (window.start >= window.end) return;
  const oneOf = calendars.candidates(offering).map((need) => ({ ...need, resources: need.resources.map((id) => ({ id, busy: calendars.busy(id) })) }));
  const open = openRanges(calendars.schedule(offering), window, offering.zone);
  for (const start of starts({ ...offering, open, busy: calendars.busy(offering.providerResource), oneOf, stepMinutes: gridMinutes(offering), window })) yield new OwnOpening(offering, calendars, start);
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
