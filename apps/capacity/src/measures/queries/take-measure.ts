import { Injectable } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { missingSources } from '../domain/sources';
import type { MeasureSource } from '../persistence/measure-source';
import { SourceProgressRepository } from '../persistence/source-progress.repository';

/** The numbers of a measure over a period, with their definition and what they may lack. */
@Injectable()
export class TakeMeasure {
  constructor(private readonly work: UnitOfWork, private readonly progress: SourceProgressRepository) {}

  execute<Period, Cell extends object>(actor: Actor, source: Pick<MeasureSource<Period, Cell, never, never>, 'measure' | 'cells'>, period: Period) {
    return this.work.run(actor, async (tx) => {
      const { measure } = source;
      const [items, sources] = [await source.cells(tx, period, actor.kind === 'operator'), await this.progress.of(tx, measure.sources)];
      return {
        definition: measure.definition, asOf: formatInstant(tx.now), sources: sources.map(({ topic, lastAt }) => ({ source: topic, lastChangeAt: lastAt })), missing: missingSources(sources), items, nextCursor: null,
      };
    });
  }
}
