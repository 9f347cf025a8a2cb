import { Injectable } from '@nestjs/common';
import { newId, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { type FeedKind, feedKinds } from '../domain/feed-manifest';
import { type FeedReport, emptyReport, feedReport } from '../domain/feed-report';
import type { FeedSource } from './feed-source.repository';

/** `reading` counts the passes over a file; `lines` says how far this one is; stale: what it builds on has changed, read it again. */
export interface FeedFile {
  readonly id: string;
  readonly kind: FeedKind;
  readonly name: string;
  readonly hash: string;
  readonly etag: string | null;
  readonly state: 'reading' | 'taken' | 'stale';
  readonly reading: number;
  readonly lines: number;
  readonly changed: number;
  readonly report: FeedReport;
}
type Row = Omit<FeedFile, 'report'> & { report: unknown };
const COLUMNS = 'id, kind, name, hash, etag, state, reading, lines, changed, report';
const fileOf = (row: Row): FeedFile => ({ ...row, report: feedReport.parse(row.report) });

@Injectable()
export class FeedFileRepository {
  /** The file, locked, in the reading that these bytes need: the present one where they are the same, else a new one from the first line. */
  async beginOrResume(tx: Tx, source: FeedSource, file: { readonly kind: FeedKind; readonly name: string; readonly hash: string; readonly etag: string | null }): Promise<FeedFile> {
    const [row] = await tx.query<Row>(
      `INSERT INTO feed_file (id, practice_id, source_id, kind, name, hash, etag, state, reading, report, touched_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'reading', 1, $8::jsonb, $9)
       ON CONFLICT (source_id, kind, name) DO UPDATE SET touched_at = excluded.touched_at, etag = excluded.etag RETURNING ${COLUMNS}`,
      [newId(), source.practice, source.id, file.kind, file.name, file.hash, file.etag, JSON.stringify(emptyReport()), toDate(tx.now)]);
    const present = fileOf(row!);
    if (present.hash === file.hash && present.state !== 'stale') return present;
    return { ...present, hash: file.hash, state: 'reading', reading: present.reading + 1, lines: 0, changed: 0, report: emptyReport() };
  }

  async save(tx: Tx, file: FeedFile): Promise<void> {
    await tx.execute('UPDATE feed_file SET hash = $2, state = $3, reading = $4, lines = $5, changed = $6, report = $7::jsonb WHERE id = $1', [file.id, file.hash, file.state, file.reading, file.lines, file.changed, JSON.stringify(file.report)]);
  }

  /** Files whose lines refer to those of `kind` are read again at the next import. */
  async makeStaleAfter(tx: Tx, source: FeedSource, kind: FeedKind): Promise<void> {
    await tx.execute(`UPDATE feed_file SET state = 'stale' WHERE source_id = $1 AND kind = ANY ($2::text[])`, [source.id, feedKinds.slice(feedKinds.indexOf(kind) + 1)]);
  }

  /** Files that were read by their address and that the publication no longer names: what they gave is no longer offered. */
  async forgetUnlisted(tx: Tx, source: FeedSource, listed: readonly string[]): Promise<void> {
    // Why by address only: a recorded folder holds a part of what its manifest names, and calls it otherwise.
    const gone = await tx.query<{ id: string }>(`SELECT id FROM feed_file WHERE source_id = $1 AND kind = 'Slot' AND name ~ '^https?://' AND name <> ALL ($2::text[]) ORDER BY id FOR NO KEY UPDATE`, [source.id, [...listed]]);
    if (gone.length === 0) return;
    const ids = gone.map(({ id }) => id);
    await tx.execute('DELETE FROM feed_slot WHERE file_id = ANY ($1::uuid[])', [ids]);
    await tx.execute('DELETE FROM feed_file WHERE id = ANY ($1::uuid[])', [ids]);
  }

  async of(sql: Sql, source: string): Promise<FeedFile[]> {
    return (await sql.query<Row>(`SELECT ${COLUMNS} FROM feed_file WHERE source_id = $1 ORDER BY array_position(ARRAY['Location', 'Schedule', 'Slot'], kind), name`, [source])).map(fileOf);
  }
}
