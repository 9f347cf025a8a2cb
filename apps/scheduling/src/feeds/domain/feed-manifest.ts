import { instantText } from '@slotmesh/contracts';
import type { Instant } from '@slotmesh/kernel';
import { z } from 'zod';

/** In the order in which they are read: slots hang on schedules, schedules on locations. */
export const feedKinds = ['Location', 'Schedule', 'Slot'] as const;
export type FeedKind = (typeof feedKinds)[number];

export interface FeedManifest {
  /** The publication's own address, without query and closing slash: the same feed, wherever it was read from. */
  readonly address: string;
  readonly publishedAt: Instant;
  readonly files: readonly { readonly kind: FeedKind; readonly url: string }[];
}

/** The answer of `$bulk-publish` (SMART Scheduling Links). Types of resources that this network does not use are passed over. */
export const feedManifest = z.looseObject({
  transactionTime: instantText,
  request: z.string().max(2_000).refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be the http(s) address of the publication'),
  output: z.array(z.looseObject({ type: z.string(), url: z.string().max(2_000) })).max(20_000),
}).transform(({ transactionTime, request, output }): FeedManifest => ({
  address: addressOf(request), publishedAt: transactionTime,
  files: output.flatMap(({ type, url }) => feedKinds.filter((kind) => kind === type).map((kind) => ({ kind, url }))),
}));

function addressOf(request: string): string {
  const { origin, pathname } = new URL(request);
  return origin + pathname.replace(/\/+$/, '');
}

/** Words in front of a host's name that say what it serves, not whose it is. */
const GENERIC = new Set(['www', 'api', 'apis', 'fhir', 'data', 'feed', 'feeds', 'open', 'public', 'smart', 'scheduling', 'smart-scheduling', 'ssl']);

/** A practice code from the host of a publication (`api.riteaid.com` -> `riteaid`); null where the host is only a number. */
export function practiceCodeOf(address: string): string | null {
  const { hostname } = new URL(address);
  if (/^[\d.]+$|:|\[/.test(hostname)) return null;
  const labels = hostname.toLowerCase().split('.');
  const name = labels.find((label, index) => !GENERIC.has(label) || index >= labels.length - 2) ?? '';
  const code = name.replace(/[^a-z0-9-]/g, '').replace(/^-+|-+$/g, '');
  return code === '' ? null : code;
}
