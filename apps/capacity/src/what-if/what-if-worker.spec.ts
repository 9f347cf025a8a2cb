import { join } from 'node:path';
import { everybodyReaches, usualBehaviour, usualRules } from '../simulation/domain/partnership';
import { workInThread } from '../threads/work-in-thread';

const file = join(__dirname, 'what-if.worker');
const task = (runs: number) => ({ version: 1, changes: null, own: null, partnersAreKnown: false, partnership: { practices: everybodyReaches([0.88, 0.97, 1.1].map((load, p) => ({ id: `p${p}`, slotsPerDay: 20, load }))), rules: { ...usualRules, share: 0 }, behaviour: usualBehaviour }, settings: { runs, seed: 1 } });

describe('a what-if in a thread of its own', () => {
  it('tells its progress and then the advice', async () => {
    const messages: unknown[] = [];
    await workInThread({ file, data: task(5), onMessage: (message) => messages.push(message) });
    expect(messages[0]).toMatchObject({ kind: 'progress', done: 1 });
    expect(messages.at(-1)).toMatchObject({ kind: 'answer', answer: { verdict: 'share', sharingHelps: true } });
  });

  it('ends in the middle when it is cancelled', async () => {
    const cancelled = new AbortController();
    const messages: unknown[] = [];
    await expect(workInThread({ file, data: task(500), signal: cancelled.signal, onMessage: (message) => { messages.push(message); cancelled.abort(new Error('cancelled')); } })).rejects.toThrow('cancelled');
    expect(messages).not.toContainEqual(expect.objectContaining({ kind: 'answer' }));
  });

  it('passes on why a thread could not work', async () => {
    await expect(workInThread({ file: join(__dirname, 'no-such.worker'), data: {}, onMessage: () => undefined })).rejects.toThrow('Cannot find module');
  });
});
