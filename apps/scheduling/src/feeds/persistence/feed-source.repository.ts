import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, instantOfDate, newId, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';

/** A publication that a practice without staff stands for. */
export interface FeedSource {
  readonly id: string;
  readonly practice: PracticeId;
  readonly address: string;
  readonly publishedAt: Instant;
}
interface Row { id: string; practice_id: PracticeId; address: string; published_at: Date }
const SELECT = 'SELECT id, practice_id, address, published_at FROM feed_source';
const sourceOf = (row: Row): FeedSource => ({ id: row.id, practice: row.practice_id, address: row.address, publishedAt: instantOfDate(row.published_at) });

@Injectable()
export class FeedSourceRepository {
  async find(sql: Sql, id: string): Promise<FeedSource | null> {
    const [row] = await sql.query<Row>(`${SELECT} WHERE id = $1`, [id]);
    return row ? sourceOf(row) : null;
  }
  async byAddress(sql: Sql, address: string): Promise<FeedSource | null> {
    const [row] = await sql.query<Row>(`${SELECT} WHERE address = $1`, [address]);
    return row ? sourceOf(row) : null;
  }
  async ofPractice(sql: Sql, practice: PracticeId): Promise<FeedSource | null> {
    const [row] = await sql.query<Row>(`${SELECT} WHERE practice_id = $1`, [practice]);
    return row ? sourceOf(row) : null;
  }
  async list(sql: Sql, after: string | null, limit: number): Promise<FeedSource[]> {
    return (await sql.query<Row>(`${SELECT} WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`, [after, limit])).map(sourceOf);
  }

  async add(tx: Tx, practice: PracticeId, address: string, publishedAt: Instant): Promise<FeedSource> {
    const id = newId();
    await tx.execute('INSERT INTO feed_source (id, practice_id, address, published_at, connected_at) VALUES ($1, $2, $3, $4, $5)', [id, practice, address, toDate(publishedAt), toDate(tx.now)]);
    return { id, practice, address, publishedAt };
  }
  async publishedAt(tx: Tx, source: FeedSource, at: Instant): Promise<FeedSource> {
    if (at !== source.publishedAt) await tx.execute('UPDATE feed_source SET published_at = $2 WHERE id = $1', [source.id, toDate(at)]);
    return { ...source, publishedAt: at };
  }
}
