import { type Instant, type ProviderId, type TimeRange, type WaitlistEntryId, overlaps } from '@slotmesh/kernel';
import { type FreedTime, type Wish, suits } from './wish';

export interface OpenTime extends FreedTime {
  readonly provider: ProviderId;
  /** With buffers: what the provider could not give twice. */
  readonly taken: TimeRange;
}

/**
 * Which of many times that are open again become rounds: in turn, each waiting wish gets the first time that suits it and stands in no other's way, so that never
 * more is kept than is wanted. `wishes` come in turn, `times` by start.
 */
export function matchedTimes<T extends OpenTime>(wishes: readonly Wish[], times: readonly T[], now: Instant, most: number): T[] {
  const matched: T[] = [];
  for (const wish of wishes) {
    if (matched.length >= most) break;
    const time = times.find((one) => suits(wish, one, now) && !matched.some((other) => other.provider === one.provider && overlaps(other.taken, one.taken)));
    if (time) matched.push(time);
  }
  return matched;
}

/** Who waits for what. */
export interface Waiting {
  readonly id: WaitlistEntryId;
  readonly wish: Wish;
}
/** A time of a round that goes on, with who was asked in it and will not be again. */
export interface KeptTime extends FreedTime {
  readonly asked: readonly WaitlistEntryId[];
}

/** Those of who waits, in turn, for whom no time is kept already: each kept time is for the first whom it suits and who was not asked yet. */
export function withoutKept<W extends Waiting>(waiting: readonly W[], kept: readonly KeptTime[], now: Instant): W[] {
  const left = [...waiting];
  for (const time of kept) {
    const first = left.findIndex(({ id, wish }) => !time.asked.includes(id) && suits(wish, time, now));
    if (first >= 0) left.splice(first, 1);
  }
  return left;
}
