import { Injectable } from '@nestjs/common';
import { HOUR, plusMs, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

/** What is counted of one subject at one practice, and how many of them an hour of domain time lets pass. */
export interface RefusalLimit {
  readonly kind: 'overlap' | 'patient-page' | 'emergency';
  readonly perHour: number;
}

/** `times` ends with the newest: stopped while as many as the limit lets pass are less than an hour old. */
const STOPPED = 'cardinality(r.times) >= $4::int AND r.times[cardinality(r.times) - $4::int + 1] > $5::timestamptz';

/** Refusals that may tell of a patient's other visits (P8), counted in the database, so that requests at once and several processes count as one. */
@Injectable()
export class RefusalCounts {
  /** Whether the subject of the transaction was refused too often in the last hour. */
  async isStopped(tx: Tx, limit: RefusalLimit): Promise<boolean> {
    const [row] = await tx.query<{ stopped: boolean }>(`SELECT ${STOPPED} AS stopped FROM refusal_count r WHERE r.practice_id = $1 AND r.subject = $2 AND r.kind = $3`, valuesOf(tx, limit));
    return row?.stopped ?? false;
  }

  /** The same, and others of the subject wait here until the transaction has ended: what it tells is counted before the next is tried. The first of all locks (P1). */
  async lock(tx: Tx, limit: RefusalLimit): Promise<boolean> {
    const values = valuesOf(tx, limit);
    const [, [row]] = await Promise.all([
      tx.execute(`INSERT INTO refusal_count (practice_id, subject, kind, times) VALUES ($1, $2, $3, '{}') ON CONFLICT DO NOTHING`, values.slice(0, 3)),
      tx.query<{ stopped: boolean }>(`SELECT ${STOPPED} AS stopped FROM refusal_count r WHERE r.practice_id = $1 AND r.subject = $2 AND r.kind = $3 FOR UPDATE`, values),
    ]);
    return row?.stopped ?? false;
  }

  /** Counts refusals of one answer. False: others at the same time have used up the hour, so nothing may be told of these. */
  async add(tx: Tx, limit: RefusalLimit, refusals = 1): Promise<boolean> {
    const counted = await tx.execute(
      `INSERT INTO refusal_count AS r (practice_id, subject, kind, times) VALUES ($1, $2, $3, array_fill($6::timestamptz, ARRAY[$7::int]))
       ON CONFLICT (practice_id, subject, kind) DO UPDATE SET times = (r.times || excluded.times)[greatest(1, cardinality(r.times) + $7::int - $4::int + 1) :] WHERE NOT (${STOPPED})`,
      [...valuesOf(tx, limit), toDate(tx.now), Math.min(refusals, limit.perHour)]);
    return counted === 1;
  }
}

const valuesOf = (tx: Tx, { kind, perHour }: RefusalLimit): unknown[] => [tx.actor.practice, tx.actor.subject, kind, perHour, toDate(plusMs(tx.now, -HOUR))];
