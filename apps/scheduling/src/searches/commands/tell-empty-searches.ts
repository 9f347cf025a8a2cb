import { Injectable } from '@nestjs/common';
import { EmptySearchesCounted } from '@slotmesh/contracts';
import { type Instant, formatInstant, stableId } from '@slotmesh/kernel';
import { type Sql, UnitOfWork, eventOf, workerFor } from '@slotmesh/persistence';
import { EmptySearchRepository } from '../persistence/empty-search.repository';

const AT_ONCE = 200;

/** When an hour is over, tells once how many searches for each service found nothing in it. */
@Injectable()
export class TellEmptySearches {
  constructor(private readonly work: UnitOfWork, private readonly searches: EmptySearchRepository) {}

  execute(): Promise<number> {
    return this.work.run(workerFor('empty-searches', null), async (tx) => {
      const told = await this.searches.tell(tx, tx.now, AT_ONCE);
      if (told.length > 0) await this.searches.forget(tx, tx.now);
      tx.outbox.add(...told.map(({ practice, service, hour, searches }) => {
        const id = stableId(`empty-searches/${practice}/${service}/${formatInstant(hour)}`);
        return eventOf(EmptySearchesCounted, { key: id, host: practice }, { id, practice, service, hour: formatInstant(hour), searches, at: formatInstant(tx.now) });
      }));
      return told.length;
    });
  }

  nextDue(sql: Sql): Promise<Instant | null> {
    return this.searches.nextDue(sql);
  }
}
