import { Injectable } from '@nestjs/common';
import { type LocalDate, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { sharedVisits } from '../domain/shared-visits';
import { missingSources } from '../domain/sources';
import { MeasureRepository } from '../persistence/measure.repository';

/** Shared visits per host, booking practice, service and day, with their definition and what they may lack. */
@Injectable()
export class MeasureSharedVisits {
  constructor(private readonly work: UnitOfWork, private readonly measures: MeasureRepository) {}

  execute(actor: Actor, from: LocalDate, to: LocalDate) {
    return this.work.run(actor, async (tx) => {
      const [cells, sources] = [await this.measures.sharedVisits(tx, from, to, tx.now, actor.kind === 'operator'), await this.measures.sources(tx)];
      return {
        definition: sharedVisits,
        asOf: formatInstant(tx.now),
        sources: sources.map(({ topic, lastAt }) => ({ source: topic, lastChangeAt: lastAt })),
        missing: missingSources(sources),
        items: cells.map(({ own, ...cell }) => ({ ...cell, hidden: cell.booked === null || cell.cancelled === null, opens: own })),
        nextCursor: null,
      };
    });
  }
}
