import { type Instant, formatInstant } from '@slotmesh/kernel';

/** One change of a practice. Numbers of a practice have no gaps; what changed is read where it lives. */
export interface Change {
  readonly number: number;
  readonly type: string;
  readonly id: string;
  readonly at: Instant;
}

/** Where a stream reads from. */
export interface ChangeSource {
  head(): Promise<{ readonly last: number; readonly oldest: number | null }>;
  /** What comes behind `number`, in order and not without limit; empty: nothing yet. */
  after(number: number): Promise<readonly Change[]>;
  /** Waits until there may be something behind `number`, the time is over or the listener is gone. */
  wait(number: number, ms: number, gone: AbortSignal): Promise<void>;
}

const frame = (event: string, id: number, data: object): string => `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * The text of an event stream, from behind `lastEventId`. Pulled, not pushed: for a listener who reads slowly only a number is kept. Where numbers are missing (they were forgotten, or the
 * database is another one) `reset` says so instead of going on as if nothing had been.
 */
export async function* changeStream(source: ChangeSource, lastEventId: string | null, heartbeatMs: number, gone: AbortSignal): AsyncGenerator<string> {
  yield 'retry: 2000\n\n';
  const { last, oldest } = await source.head();
  const known = lastEventId !== null && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : null;
  let at = last;
  if (lastEventId === null) yield frame('ready', last, { sequence: last });
  else if (known === null || known > last || known < (oldest ?? last + 1) - 1) yield frame('reset', last, { sequence: last });
  else at = known;
  while (!gone.aborted) {
    const changes = await source.after(at);
    if (changes.length === 0 && at < last) {
      at = last;
      yield frame('reset', last, { sequence: last });
      continue;
    }
    if (changes.length === 0) {
      const before = performance.now();
      await source.wait(at, heartbeatMs, gone);
      if (!gone.aborted && performance.now() - before >= heartbeatMs - 1) yield ': still here\n\n';
      continue;
    }
    let text = '';
    for (const { number, type, id, at: time } of changes) {
      if (number !== at + 1) {
        at = changes.at(-1)!.number;
        text += frame('reset', at, { sequence: at });
        break;
      }
      at = number;
      text += frame('change', number, { type, id, sequence: number, time: formatInstant(time) });
    }
    yield text;
  }
}
