import { createHash } from 'node:crypto';
import { DomainError, type Instant, LAST_INSTANT, instant, type OpeningId } from '@slotmesh/kernel';

/**
 * What an opening id says. References are the integers (1 to 2^31-1) that every visit type, provider, site, feed source and feed schedule has beside its
 * uuid: with them the id needs no table, is the same over searches, restarts and replicas, and fits into 64 characters.
 */
export type OpeningRef =
  | { readonly kind: 'own'; readonly visitType: number; readonly provider: number; readonly site: number; readonly start: Instant }
  | { readonly kind: 'feed'; readonly source: number; readonly schedule: number; readonly start: Instant };

/** The text was never an opening of this network. Answered like any opening that can never be booked. */
export class OpeningUnknown extends DomainError {
  constructor() {
    super('not-found', 'opening-unknown', 'There is no such opening. Search again and use the id of an item.');
  }
}

const LETTER = { own: 'o', feed: 'f' } as const;
const MAX_REF = 0x7fff_ffff;
const MAX_START = LAST_INSTANT;
const SHAPE = /^[of][0-9a-f]{46}$/;

/**
 * A letter and 46 hexadecimal digits: three references, the start in ms, and five bytes of a digest over both, so that a mistyped or made-up id is refused
 * before any look-up. The digest is no signature: whoever knows references can build an id, and what may be booked is decided when it is used.
 */
export function openingId(ref: OpeningRef): OpeningId {
  const refs = ref.kind === 'own' ? [ref.visitType, ref.provider, ref.site] : [ref.source, ref.schedule, 0];
  if (refs.some((n, i) => !Number.isInteger(n) || n > MAX_REF || n < (ref.kind === 'feed' && i === 2 ? 0 : 1))) throw new RangeError(`references are 1 to ${MAX_REF}: ${refs.join(', ')}`);
  if (!Number.isInteger(ref.start) || ref.start < 0 || ref.start >= MAX_START) throw new RangeError(`not a start: ${ref.start}`);
  const body = Buffer.alloc(18);
  refs.forEach((n, i) => body.writeUInt32BE(n, i * 4));
  body.writeUIntBE(ref.start, 12, 6);
  return `${LETTER[ref.kind]}${body.toString('hex')}${digest(ref.kind, body)}` as OpeningId;
}

/** The id of a start of an offering. */
export const openingIdOf = (offering: { readonly visitTypeRef: number; readonly providerRef: number; readonly siteRef: number }, start: Instant): OpeningId =>
  openingId({ kind: 'own', visitType: offering.visitTypeRef, provider: offering.providerRef, site: offering.siteRef, start });

/** Reads an id that `openingId` made. Throws OpeningUnknown for anything else. */
export function parseOpeningId(text: string): OpeningRef {
  if (!SHAPE.test(text)) throw new OpeningUnknown();
  const kind = text.startsWith(LETTER.own) ? 'own' : 'feed';
  const body = Buffer.from(text.slice(1, 37), 'hex');
  if (digest(kind, body) !== text.slice(37)) throw new OpeningUnknown();
  const [first, second, third] = [body.readUInt32BE(0), body.readUInt32BE(4), body.readUInt32BE(8)];
  const start = instant(body.readUIntBE(12, 6));
  // Why: anybody can make up an id, and calendars are not computed for times that nobody means.
  if (start >= MAX_START) throw new OpeningUnknown();
  return kind === 'own' ? { kind, visitType: first, provider: second, site: third, start } : { kind, source: first, schedule: second, start };
}

const digest = (kind: OpeningRef['kind'], body: Buffer): string => createHash('sha256').update(`slotmesh opening ${kind}`).update(body).digest('hex').slice(0, 10);
