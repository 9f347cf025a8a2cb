import { Injectable } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type DayCounts, type Rates, dayCounts, rates } from '../domain/counts';

const row = z.object({ id: z.string(), loaded_at: z.date(), what_if: z.string(), request_hash: z.string(), lines: z.int(), unread_lines: z.int(), days: z.array(dayCounts), rates });

export interface StoredTrial {
  readonly id: string;
  readonly loadedAt: string;
  readonly whatIf: string;
  /** Of the whole request, to know a repetition by. */
  readonly requestHash: string;
  /** Lines of the file, and how many of them could not be read and are in no count. */
  readonly rows: number;
  readonly unreadLines: number;
  readonly days: readonly DayCounts[];
  readonly rates: Rates;
}

@Injectable()
export class TrialRepository {
  /** Adds nothing where there is one of this id. */
  async add(tx: Tx, { id, whatIf, requestHash, rows, unreadLines, days, rates: derived }: Omit<StoredTrial, 'loadedAt'>): Promise<boolean> {
    const added = await tx.execute('INSERT INTO trial (id, practice, loaded_by, loaded_at, what_if, request_hash, lines, unread_lines, days, rates) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING',
      [id, tx.actor.practice, tx.actor.subject, formatInstant(tx.now), whatIf, requestHash, rows, unreadLines, JSON.stringify(z.array(dayCounts).parse(days)), JSON.stringify(rates.parse(derived))]);
    return added === 1;
  }

  /** Of those who loaded it: a practice, or operators. */
  async find(tx: Tx, id: string): Promise<StoredTrial | null> {
    const [found] = await tx.query('SELECT id, loaded_at, what_if, request_hash, lines, unread_lines, days, rates FROM trial WHERE id = $1 AND practice IS NOT DISTINCT FROM $2', [id, tx.actor.practice]);
    if (!found) return null;
    const { loaded_at, what_if, request_hash, lines, unread_lines, ...rest } = row.parse(found);
    return { ...rest, loadedAt: loaded_at.toISOString(), whatIf: what_if, requestHash: request_hash, rows: lines, unreadLines: unread_lines };
  }

  /** Gives the what-if of it, or null where there is none. */
  async forget(tx: Tx, id: string): Promise<string | null> {
    const [gone] = await tx.query<{ what_if: string }>('DELETE FROM trial WHERE id = $1 AND practice IS NOT DISTINCT FROM $2 RETURNING what_if', [id, tx.actor.practice]);
    return gone?.what_if ?? null;
  }
}
