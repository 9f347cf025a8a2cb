import { Injectable } from '@nestjs/common';
import { DomainError, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import type { MeasureSource } from '../persistence/measure-source';

export class RowsNotYours extends DomainError {
  constructor() {
    super('forbidden', 'rows-not-yours', 'Only a practice that took part in this number may open it into its rows.');
  }
}

/** The rows behind one number, by id only. Throws RowsNotYours for a practice that took no part. */
@Injectable()
export class OpenRows {
  constructor(private readonly work: UnitOfWork) {}

  execute<Key extends object, Count extends string>(actor: Actor, source: Omit<MeasureSource<never, never, Key, Count>, 'cells'>, key: Key, counted: Count, after: string | null, limit: number) {
    if (actor.practice === null || !source.parties(key).includes(actor.practice)) throw new RowsNotYours();
    return this.work.run(actor, async (tx) => {
      const found = await source.rows(tx, key, counted, after, limit + 1);
      const ids = found.slice(0, limit);
      tx.audit.record({ action: 'measure.opened', entity: 'measure', entityId: source.measure.definition.id, details: { ...key, count: counted, rows: ids.length } });
      return { asOf: formatInstant(tx.now), items: ids.map((id) => ({ [source.rowName(counted)]: id })), nextCursor: found.length > limit ? (ids.at(-1) ?? null) : null };
    });
  }
}
