import { Injectable } from '@nestjs/common';
import { newId, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { seededChoice } from '../twilio/domain/seeded-choice';
import type { Channel, Fault, FaultKind, FaultOrder, Hit } from './domain/fault';

interface FaultRow {
  id: string;
  channel: Channel;
  kind: FaultKind;
  remaining: number | null;
  probability: number | null;
  seed: number;
  recipient: string | null;
  delay_ms: number;
  error_code: number | null;
  draws: number;
  hits: number;
  created_at: Date;
  cleared: boolean;
}

@Injectable()
export class FaultRepository {
  async add(tx: Tx, order: FaultOrder): Promise<Fault> {
    const [row] = await tx.query<FaultRow>(
      `INSERT INTO fault (id, channel, kind, remaining, probability, seed, recipient, delay_ms, error_code, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING *`,
      [newId(), order.channel, order.kind, order.probability === undefined ? (order.times ?? 1) : null, order.probability ?? null, order.seed, order.to ?? null, order.delayMs, order.kind === 'undelivered' ? order.errorCode : null, toDate(tx.now)],
    );
    return faultOf(row!);
  }

  async list(tx: Tx): Promise<Fault[]> {
    return (await tx.query<FaultRow>('SELECT * FROM fault ORDER BY id DESC LIMIT 200')).map(faultOf);
  }

  /** Ends one fault, or all where no id is given. Returns how many. */
  clear(tx: Tx, id: string | null): Promise<number> {
    return tx.execute('UPDATE fault SET cleared = true WHERE NOT cleared AND ($1::uuid IS NULL OR id = $1)', [id]);
  }

  /** Draws for one request: the oldest fault that strikes counts itself and is returned. */
  async strike(tx: Tx, channel: Channel, recipient: string | null, among: readonly FaultKind[]): Promise<Hit | null> {
    const open = await tx.query<FaultRow>(
      `SELECT * FROM fault WHERE channel = $1 AND NOT cleared AND (remaining IS NULL OR remaining > 0)
         AND (recipient IS NULL OR recipient = $2) AND kind = ANY ($3) ORDER BY id FOR UPDATE`,
      [channel, recipient, among],
    );
    const at = open.findIndex((fault) => fault.probability === null || seededChoice(fault.seed, 'fault', fault.draws) < fault.probability);
    const hit = open[at];
    const drawn = hit ? open.slice(0, at + 1) : open;
    // Why one statement: every request waits for these rows.
    if (drawn.length > 0) await tx.execute('UPDATE fault SET draws = draws + 1, hits = hits + (id IS NOT DISTINCT FROM $2)::int, remaining = remaining - (id IS NOT DISTINCT FROM $2)::int WHERE id = ANY ($1::uuid[])', [drawn.map(({ id }) => id), hit?.id ?? null]);
    return hit ? faultOf(hit) : null;
  }
}

function faultOf(row: FaultRow): Fault {
  return {
    id: row.id, channel: row.channel, kind: row.kind, remaining: row.remaining, probability: row.probability, seed: row.seed,
    to: row.recipient, delayMs: row.delay_ms, errorCode: row.error_code, draws: row.draws, hits: row.hits, createdAt: row.created_at, cleared: row.cleared,
  };
}
