import type { Instant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Change, type ChangeSource, changeStream } from './change-stream';

const change = (number: number): Change => ({ number, type: 't', id: `e${number}`, at: 0 as Instant });
const framesOf = (text: string): { event: string; id: number }[] => [...text.matchAll(/^event: (\w+)\nid: (\d+)$/gm)].map(([, event, id]) => ({ event: event!, id: Number(id) }));

/** Reads until nothing more is there. */
async function readAll(kept: readonly Change[], last: number, lastEventId: string | null, page: number) {
  const gone = new AbortController();
  const source: ChangeSource = {
    head: async () => ({ last, oldest: kept[0]?.number ?? null }),
    after: async (number) => kept.filter((one) => one.number > number).slice(0, page),
    wait: async () => gone.abort(),
  };
  let text = '';
  for await (const part of changeStream(source, lastEventId, 1_000, gone.signal)) text += part;
  return framesOf(text);
}

describe('a stream of changes', () => {
  it('tells who comes back every change that it missed, once and in order, or says reset', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(60), fc.nat(60), fc.nat(80), fc.integer({ min: 1, max: 7 }), fc.boolean(), async (last, forgotten, known, page, early) => {
      const kept = Array.from({ length: last }, (_, i) => change(i + 1)).filter(({ number }) => number > forgotten && !(early && number === forgotten + 3));
      const frames = await readAll(kept, last, String(known), page);
      const told = frames.filter(({ event }) => event === 'change').map(({ id }) => id);
      const missed = Array.from({ length: Math.max(0, last - known) }, (_, i) => known + 1 + i);
      if (frames.some(({ event }) => event === 'reset')) {
        expect(known > last || missed.some((number) => !kept.some((one) => one.number === number)) || (kept.length === 0 && known < last)).toBe(true);
        expect(frames.at(-1)!.id).toBe(last);
      } else expect(told).toEqual(missed);
    }), { examples: [[4, 1, 1, 1, true]] });
  });

  it('says to a new listener where it stands and to an unknown id that all is to be loaded anew', async () => {
    expect(await readAll([change(1), change(2)], 2, null, 9)).toEqual([{ event: 'ready', id: 2 }]);
    for (const id of ['', 'x', '-1', '3', '9'.repeat(20)]) expect(await readAll([change(1), change(2)], 2, id, 9)).toEqual([{ event: 'reset', id: 2 }]);
  });

  it('keeps a quiet connection with comments', async () => {
    const gone = new AbortController();
    const source: ChangeSource = { head: async () => ({ last: 0, oldest: null }), after: async () => [], wait: (_, ms) => new Promise((resolve) => setTimeout(resolve, ms)) };
    let beats = 0;
    for await (const part of changeStream(source, null, 5, gone.signal)) if (part === ': still here\n\n' && ++beats === 3) gone.abort();
    expect(beats).toBe(3);
  });
});
