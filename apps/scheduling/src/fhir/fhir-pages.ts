import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../config';
import { FHIR_ROOT } from './fhir-route';
import type { Slice } from './persistence/directory.repository';
import { type Searchset, searchsetOf } from './resources/bundle';
import type { Issue } from './resources/operation-outcome';
import type { Resource } from './resources/r4';
import { cursorOf, keyOf } from './search/cursor';

/** `more`: there are more that no next link leads to. */
interface Paging { readonly _count: number; readonly _cursor?: string | undefined; readonly more?: boolean }
interface PageShown {
  readonly page: Paging;
  readonly resources: readonly Resource<string>[];
  /** The cursor of the next page. */
  readonly next: string | null;
  readonly issues?: readonly Issue[];
  /** What the links shall ask, where it did not stand in the URL. */
  readonly asked?: URLSearchParams;
}

/** What follows the id that the cursor holds; one more is read than is shown, so that it is known whether there is a next page. */
export const sliceOf = ({ _count, _cursor }: Paging, id: z.ZodType<string, string>): Slice => ({ after: keyOf(_cursor, z.tuple([id]))?.[0] ?? null, limit: _count + 1 });

/** Lists as Bundles, with links that lead through the gateway. */
@Injectable()
export class FhirPages {
  readonly base: string;

  constructor(@Inject(SCHEDULING_CONFIG) config: SchedulingConfig) {
    this.base = `${config.PUBLIC_URL}/${FHIR_ROOT}`;
  }

  /** A page of rows that were read by `sliceOf`. */
  byId<Row extends { readonly id: string }>(request: FastifyRequest, page: Paging, rows: readonly Row[], view: (row: Row) => Resource<string>): Searchset {
    const shown = rows.slice(0, page._count);
    const last = shown.at(-1);
    return this.of(request, { page, resources: shown.map(view), next: rows.length > page._count && last ? cursorOf(last.id) : null });
  }

  of(request: FastifyRequest, { page, resources, next, issues = [], asked }: PageShown): Searchset {
    const { pathname, searchParams } = new URL(request.url, this.base);
    const self = asked ?? searchParams;
    const url = (query: URLSearchParams): string => `${new URL(this.base).origin}${pathname}${query.size > 0 ? `?${query.toString()}` : ''}`;
    const following = new URLSearchParams(self);
    following.set('_cursor', next ?? '');
    return searchsetOf(this.base, { resources, self: url(self), next: next === null ? null : url(following), isAll: page._cursor === undefined && next === null && page.more !== true, issues });
  }
}
