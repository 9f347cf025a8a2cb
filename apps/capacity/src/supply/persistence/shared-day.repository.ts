import { Injectable } from '@nestjs/common';
import type { EventData, SharedTimeEnded } from '@slotmesh/contracts';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

/** Minutes that one event of a date adds. */
export interface SharedMinutes {
  readonly offered?: number;
  readonly withdrawn?: number;
  readonly takenBack?: number;
  readonly returned?: number;
  readonly wasted?: number;
}

@Injectable()
export class SharedDayRepository {
  /** A date's events come in order and each once, so they add up. */
  async add(tx: Tx, { id, agreement, host, date }: Pick<EventData<typeof SharedTimeEnded>, 'id' | 'agreement' | 'host' | 'date'>, { offered = 0, withdrawn = 0, takenBack = 0, returned = 0, wasted = 0 }: SharedMinutes, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO shared_day AS d (id, agreement, host, day, offered, withdrawn, taken_back, returned, wasted, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (id) DO UPDATE SET offered = d.offered + excluded.offered, withdrawn = d.withdrawn + excluded.withdrawn, taken_back = d.taken_back + excluded.taken_back, returned = d.returned + excluded.returned,
         wasted = d.wasted + excluded.wasted, changed_at = excluded.changed_at`,
      [id, agreement, host, date, offered, withdrawn, takenBack, returned, wasted, formatInstant(at)]);
  }
}
