import { phoneNumber } from './phone-number';
import { TwilioError } from './twilio-errors';

/** What GET Messages.json asks for. Instants bound date_sent, both ends included. */
export interface ListFilter {
  readonly to: string | null;
  readonly from: string | null;
  readonly sentFrom: Date | null;
  readonly sentTo: Date | null;
  readonly pageSize: number;
  readonly page: number;
  /** Position tokens: `PA<sid>` = after this message, `PB<sid>` = before it. */
  readonly pageToken: { readonly side: 'after' | 'before'; readonly sid: string } | null;
}

type Query = Readonly<Record<string, unknown>>;

/** Reads the query, with the keys `DateSent`, `DateSent<`, `DateSent>`; a date without a time is a whole day in GMT. */
export function readListFilter(query: Query): ListFilter {
  const on = range(text(query, 'DateSent'));
  const before = range(text(query, 'DateSent<'));
  const after = range(text(query, 'DateSent>'));
  const [to, from] = [text(query, 'To'), text(query, 'From')];
  return {
    to: to === null ? null : (phoneNumber(to) ?? to),
    from: from === null ? null : (phoneNumber(from) ?? from),
    sentFrom: latest(on?.start, after?.start),
    sentTo: earliest(on?.end, before?.end),
    pageSize: Math.min(1000, whole(query, 'PageSize', 50, 1)),
    page: whole(query, 'Page', 0, 0),
    pageToken: token(text(query, 'PageToken')),
  };
}

/** The query of a neighbouring page: the same filters, another token. */
export function pageQuery(query: Query, page: number, pageToken: string | null): string {
  const next = new URLSearchParams();
  for (const key of ['To', 'From', 'DateSent', 'DateSent<', 'DateSent>']) {
    const value = text(query, key);
    if (value !== null) next.set(key, value);
  }
  next.set('PageSize', String(readListFilter(query).pageSize));
  next.set('Page', String(page));
  if (pageToken !== null) next.set('PageToken', pageToken);
  return next.toString();
}

function text(query: Query, key: string): string | null {
  const value = query[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

function whole(query: Query, key: string, otherwise: number, least: number): number {
  const value = text(query, key);
  if (value === null) return otherwise;
  if (!/^\d+$/.test(value) || Number(value) < least) throw new TwilioError(20001, `Invalid parameter ${key}`);
  return Number(value);
}

function range(value: string | null): { start: Date; end: Date } | null {
  if (value === null) return null;
  const day = /^\d{4}-\d\d-\d\d$/.test(value);
  const start = new Date(day ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(start.getTime())) throw new TwilioError(20001, 'Invalid parameter DateSent');
  return { start, end: day ? new Date(start.getTime() + 86_400_000 - 1) : start };
}

const latest = (a: Date | undefined, b: Date | undefined): Date | null => (a && b ? (a > b ? a : b) : (a ?? b ?? null));
const earliest = (a: Date | undefined, b: Date | undefined): Date | null => (a && b ? (a < b ? a : b) : (a ?? b ?? null));

function token(value: string | null): ListFilter['pageToken'] {
  if (value === null) return null;
  const found = /^P([AB])((?:SM|MM)[0-9a-fA-F]{32})$/.exec(value);
  if (!found?.[2]) throw new TwilioError(20001, 'Invalid parameter PageToken');
  return { side: found[1] === 'A' ? 'after' : 'before', sid: found[2] };
}
