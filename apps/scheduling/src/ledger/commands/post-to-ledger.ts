import { Injectable } from '@nestjs/common';
import type { Sql } from '@slotmesh/persistence';
import type { Posting } from '../domain/posting';
import { type LedgerVisit, postingsOfVisit } from '../domain/visit-postings';
import { LedgerRepository } from '../persistence/ledger.repository';

/** One event about a visit: its number and its time. */
export interface VisitEvent {
  readonly visit: LedgerVisit;
  readonly step: number;
  readonly at: Parameters<typeof postingsOfVisit>[2]['at'];
}

/** Writes what an event moves into the ledger, once: an event that comes again, and one that comes after a later one of its visit, adds nothing. */
@Injectable()
export class PostToLedger {
  constructor(private readonly ledger: LedgerRepository) {}

  async sharedTime(sql: Sql, postings: readonly Posting[]): Promise<void> {
    await this.ledger.add(sql, postings);
  }

  /** Events of visits, those of one visit in their order. */
  async visits(sql: Sql, events: readonly VisitEvent[]): Promise<void> {
    const known = await this.ledger.visits(sql, [...new Set(events.map(({ visit }) => visit.id))]);
    const postings = events.flatMap(({ visit, step, at }) => {
      const last = known.get(visit.id) ?? { standing: null, step: 0 };
      if (step <= last.step) return [];
      const made = postingsOfVisit(last.standing, visit, { step, at });
      const to = made.at(-1);
      if (to) {
        const { account } = to.to;
        const { agreement, host, booking, day, minutes } = to;
        known.set(visit.id, { step, standing: booking !== null && (account === 'booked' || account === 'used' || account === 'wasted') ? { account, agreement, host, booking, day, minutes } : null });
      }
      return made;
    });
    await this.ledger.add(sql, postings);
  }
}
