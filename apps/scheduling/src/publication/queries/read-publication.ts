import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../../config';
import { type PublishedKind, versionText } from '../domain/published-resources';
import { PublicationRepository } from '../persistence/publication.repository';
import { PublicationOver } from '../publication.errors';

export interface Manifest {
  readonly transactionTime: string;
  readonly request: string;
  readonly output: readonly { readonly type: PublishedKind; readonly url: string; readonly extension: { readonly state: readonly string[] } }[];
  readonly error: readonly never[];
}
export const publishedFiles = { locations: 'Location', schedules: 'Schedule', slots: 'Slot' } as const;
const PAGE = 1_000;
const reader = workerFor('publication', null);

@Injectable()
export class ReadPublication {
  constructor(private readonly work: UnitOfWork, private readonly publication: PublicationRepository, @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig) {}

  /** The manifest as of a version; its files bear the version in their addresses, so that they belong together. */
  async manifest(at: Instant, since: Instant | null): Promise<Manifest> {
    const { state, counts } = await this.work.run(reader, async (tx) => {
      const counts: { readonly name: string; readonly type: PublishedKind; readonly count: number }[] = [];
      for (const [name, type] of Object.entries(publishedFiles)) counts.push({ name, type, count: await this.publication.count(tx, type, at, since) });
      return { state: await this.publication.states(tx, at), counts };
    });
    const output = counts.flatMap(({ name, type, count }) => Array.from({ length: Math.max(1, Math.ceil(count / this.config.PUBLICATION_FILE_LINES)) }, (_, part) => {
      const url = new URL(`/smart-scheduling/${name}-${versionText(at)}${part === 0 ? '' : `-${part}`}.ndjson`, this.config.PUBLIC_URL);
      if (since !== null) url.searchParams.set('_since', formatInstant(since));
      return { type, url: url.href, extension: { state } };
    }));
    return { transactionTime: formatInstant(at), request: new URL('/smart-scheduling/$bulk-publish', this.config.PUBLIC_URL).href, output, error: [] };
  }

  /** The lines of a part, the first of which is 0. Throws PublicationOver where rows of that time are no longer kept, it never was a version, or has no such part. */
  async file(kind: PublishedKind, at: Instant, part: number, since: Instant | null): Promise<Readable> {
    const size = this.config.PUBLICATION_FILE_LINES;
    const after = await this.work.run(reader, async (tx) => {
      const { changedAt, keptFrom } = await this.publication.state(tx);
      if (changedAt === null || keptFrom === null || at > changedAt || at < keptFrom) return null;
      return part === 0 ? '' : this.publication.idBefore(tx, kind, at, since, part * size);
    });
    if (after === null) throw new PublicationOver();
    return Readable.from(this.pages(kind, at, since, after, size), { objectMode: false });
  }

  /** Why page by page: nobody's slow line keeps a transaction open, and no file has to fit into memory. */
  private async *pages(kind: PublishedKind, at: Instant, since: Instant | null, begin: string, most: number): AsyncGenerator<string, void, void> {
    for (let after = begin, left = most; left > 0; ) {
      const [start, limit] = [after, Math.min(left, PAGE)];
      const rows = await this.work.run(reader, (tx) => this.publication.lines(tx, kind, at, since, start, limit));
      if (rows.length > 0) yield rows.map(({ line }) => `${line}\n`).join('');
      const last = rows.at(-1);
      if (!last || rows.length < limit) return;
      after = last.id;
      left -= rows.length;
    }
  }
}
