import { Injectable } from '@nestjs/common';
import { DomainError, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { type SharedVisitCount, sharedVisits } from '../domain/shared-visits';
import { type CellKey, MeasureRepository } from '../persistence/measure.repository';

export class RowsNotYours extends DomainError {
  constructor() {
    super('forbidden', 'rows-not-yours', 'Only the host and the booking practice may open this number into its visits.');
  }
}

/** The visits behind one number, by id only. Throws RowsNotYours for a practice that is neither host nor booking practice. */
@Injectable()
export class OpenSharedVisits {
  constructor(private readonly work: UnitOfWork, private readonly measures: MeasureRepository) {}

  execute(actor: Actor, key: CellKey, counted: SharedVisitCount, after: string | null, limit: number) {
    if (actor.practice === null || ![key.host, key.booking].includes(actor.practice)) throw new RowsNotYours();
    return this.work.run(actor, async (tx) => {
      const found = await this.measures.rowsOfSharedVisits(tx, key, counted, tx.now, after, limit + 1);
      const ids = found.slice(0, limit);
      tx.audit.record({ action: 'measure.opened', entity: 'measure', entityId: sharedVisits.id, details: { ...key, count: counted, rows: ids.length } });
      return { asOf: formatInstant(tx.now), items: ids.map((id) => ({ appointment: id })), nextCursor: found.length > limit ? (ids.at(-1) ?? null) : null };
    });
  }
}
