import { Injectable } from '@nestjs/common';
import { type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { ConnectionUnknown } from '../feed.errors';
import { type FeedFile, FeedFileRepository } from '../persistence/feed-file.repository';
import { type FeedSource, FeedSourceRepository } from '../persistence/feed-source.repository';

export interface ConnectionView {
  readonly id: string;
  readonly practice: PracticeId;
  readonly address: string;
  readonly publishedAt: string;
}
export const viewOfSource = ({ id, practice, address, publishedAt }: FeedSource): ConnectionView => ({ id, practice, address, publishedAt: formatInstant(publishedAt) });
export const viewOfFile = ({ kind, name, hash, etag, state, lines, report }: FeedFile) => ({ kind, name, hash, etag, state, lines, ...report });

@Injectable()
export class ReadConnections {
  constructor(private readonly sources: FeedSourceRepository, private readonly files: FeedFileRepository) {}

  async list(sql: Sql, after: string | null, limit: number): Promise<ConnectionView[]> {
    return (await this.sources.list(sql, after, limit)).map(viewOfSource);
  }

  async get(sql: Sql, id: string): Promise<ConnectionView & { readonly files: readonly ReturnType<typeof viewOfFile>[] }> {
    const source = await this.sources.find(sql, id);
    if (!source) throw new ConnectionUnknown();
    return { ...viewOfSource(source), files: (await this.files.of(sql, id)).map(viewOfFile) };
  }
}
