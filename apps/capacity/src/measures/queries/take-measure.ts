import { Injectable } from '@nestjs/common';
import { NEUTRAL_CODE, formatInstant, nameFor } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { ReferenceRepository } from '../../reference/persistence/reference.repository';
import { missingSources } from '../domain/sources';
import type { MeasureSource } from '../persistence/measure-source';
import { SourceProgressRepository } from '../persistence/source-progress.repository';

/** The numbers of a measure over a period, with their definition and what they may lack. A service that tells why somebody comes has no code of its own in the numbers of others. */
@Injectable()
export class TakeMeasure {
  constructor(private readonly work: UnitOfWork, private readonly progress: SourceProgressRepository, private readonly reference: ReferenceRepository) {}

  execute<Period, Cell extends { readonly service?: string; readonly opens: boolean }>(actor: Actor, source: Pick<MeasureSource<Period, Cell, never, never>, 'measure' | 'cells'>, period: Period) {
    return this.work.run(actor, async (tx) => {
      const { measure } = source;
      const [cells, sources, sensitive] = [await source.cells(tx, period, actor.kind === 'operator'), await this.progress.of(tx, measure.sources), await this.reference.sensitiveServices(tx)];
      const items = cells.map((cell): Cell => (cell.service === undefined ? cell : { ...cell, service: nameFor(cell.opens ? 'own-staff' : 'statistics', { name: cell.service, sensitive: sensitive.has(cell.service) }, NEUTRAL_CODE) }));
      return {
        definition: measure.definition, asOf: formatInstant(tx.now), sources: sources.map(({ topic, lastAt }) => ({ source: topic, lastChangeAt: lastAt })), missing: missingSources(sources), items, nextCursor: null,
      };
    });
  }
}
