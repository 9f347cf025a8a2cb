import { Injectable } from '@nestjs/common';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { SourceProgress } from '../domain/sources';

const source = z.object({ topic: z.string(), records: z.coerce.number(), last_at: z.date().nullable(), parked: z.coerce.number() })
  .transform(({ last_at, ...rest }): SourceProgress => ({ ...rest, lastAt: last_at === null ? null : formatInstant(instantOfDate(last_at)) }));

@Injectable()
export class SourceProgressRepository {
  async of(tx: Tx, topics: readonly string[]): Promise<SourceProgress[]> {
    return (await tx.query('SELECT topic, records, last_at, parked FROM source_progress() WHERE topic = ANY ($1)', [[...topics]])).map((row) => source.parse(row));
  }
}
