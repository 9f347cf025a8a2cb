import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, type Instant, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../../config';
import { KEPT_MS } from '../commands/refresh-publication';
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
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly publication: PublicationRepository, @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig) {}

  /** The manifest as of a version; its files bear the version in their addresses, so that they belong together. */
  async manifest(at: Instant, since: Instant | null): Promise<Manifest> {
    const state = await this.work.run(reader, (tx) => this.publication.states(tx, at));
    const output = Object.entries(publishedFiles).map(([name, type]) => {
      const url = new URL(`/smart-scheduling/${name}-${versionText(at)}.ndjson`, this.config.PUBLIC_URL);
      if (since !== null) url.searchParams.set('_since', formatInstant(since));
      return { type, url: url.href, extension: { state } };
    });
    return { transactionTime: formatInstant(at), request: new URL('/smart-scheduling/$bulk-publish', this.config.PUBLIC_URL).href, output, error: [] };
  }

  /** Throws PublicationOver where rows of that time are no longer kept, or it never was a version. */
  async file(kind: PublishedKind, at: Instant, since: Instant | null): Promise<Readable> {
    const { changedAt } = await this.work.run(reader, (tx) => this.publication.state(tx));
    if (changedAt === null || at > changedAt || (at !== changedAt && at < this.clock.now() - KEPT_MS)) throw new PublicationOver();
    return Readable.from(this.pages(kind, at, since), { objectMode: false });
  }

  /** Why page by page: nobody's slow line keeps a transaction open, and no file has to fit into memory. */
  private async *pages(kind: PublishedKind, at: Instant, since: Instant | null): AsyncGenerator<string, void, void> {
    for (let after = ''; ; ) {
      const start = after;
      const rows = await this.work.run(reader, (tx) => this.publication.lines(tx, kind, at, since, start, PAGE));
      if (rows.length > 0) yield rows.map(({ line }) => `${line}\n`).join('');
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.id;
    }
  }
}
