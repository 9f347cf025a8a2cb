import { Injectable } from '@nestjs/common';
import { type PracticeId, type ServiceCode, addDays, localDateOf, parseLocalDate, parseZone } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { measureCalled } from '../../measures/domain/catalogue';
import { CatalogueRepository } from '../../measures/persistence/catalogue.repository';
import { type KnownDemand, MOST_DAYS } from '../domain/demand-series';
import { OpeningDaysRepository } from './opening-days.repository';

const UTC = parseZone('UTC');

@Injectable()
export class KnownDemandRepository {
  constructor(private readonly cells: CatalogueRepository, private readonly openings: OpeningDaysRepository) {}

  /** What is known of a practice's demand for a service this morning, and of when it is open. */
  async of(tx: Tx, practice: PracticeId, service: ServiceCode): Promise<KnownDemand> {
    const today = localDateOf(tx.now, (await this.openings.zone(tx, practice)) ?? UTC);
    const from = addDays(today, -MOST_DAYS);
    const stated = await this.openings.stated(tx, practice, from);
    const cells = await this.cells.own(tx, measureCalled('demand'), practice, { from, to: addDays(today, -1), by: 'day', group: [], service }, MOST_DAYS);
    return { today, ...stated, demand: new Map(cells.map(({ period, numerator }) => [parseLocalDate(period), numerator])) };
  }
}
