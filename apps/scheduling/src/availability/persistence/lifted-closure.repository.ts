import { Injectable } from '@nestjs/common';
import { type PracticeId, newId, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

@Injectable()
export class LiftedClosureRepository {
  /** Notes a closure as it stands, before it is lifted or changed: what of its time is open afterwards is offered to who waits. */
  async note(tx: Tx, practice: PracticeId, closure: string): Promise<void> {
    await tx.execute(
      `INSERT INTO reopened_time (id, practice_id, site_id, provider_id, from_date, to_date, from_at, to_at, reopened_at)
       SELECT $1, practice_id, site_id, provider_id, from_date, to_date, from_at, to_at, $4 FROM closure WHERE id = $2 AND practice_id = $3`,
      [newId(), closure, practice, toDate(tx.now)],
    );
  }
}
