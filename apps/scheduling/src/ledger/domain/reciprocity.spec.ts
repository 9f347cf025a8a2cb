import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Brand, PracticeId } from '@slotmesh/kernel';
import fc from 'fast-check';
import { reciprocityOf } from './reciprocity';
import { type SlotMinutes, slotMinutes } from './slot-minutes';

const practice = 'harbor' as PracticeId;
const terms = { bandHours: 10, periodDays: 91, leastFactor: 0.5 };
const hours = (offered: number, taken: number) => ({ practice, offered: slotMinutes(offered * 60), filled: slotMinutes(0), taken: slotMinutes(taken * 60) });

describe('reciprocity', () => {
  test('inside the band nothing is proposed, beyond it a smaller quota for the time to come, never below what the agreement names', () => {
    expect(reciprocityOf(hours(100, 110), terms)).toMatchObject({ position: 'within-band', quotaFactor: 1, proposal: null });
    expect(reciprocityOf(hours(65, 100), terms)).toMatchObject({ position: 'takes-more', quotaFactor: 0.75, balance: -35 * 60, proposal: expect.stringContaining('Nothing changes until all have approved') });
    expect(reciprocityOf(hours(0, 100), terms)).toMatchObject({ quotaFactor: 0.5 });
    expect(reciprocityOf(hours(300, 100), terms)).toMatchObject({ position: 'offers-more', quotaFactor: 1, proposal: null });
  });

  test('the factor only narrows, only where the band is left, and more hours offered never make it smaller', () => {
    const minutes = fc.integer({ min: 0, max: 100_000 }).map(slotMinutes);
    fc.assert(fc.property(minutes, minutes, minutes, (offered, more, taken) => {
      const of = (sum: number) => reciprocityOf({ practice, offered: slotMinutes(sum), filled: null, taken }, terms);
      expect(of(offered).quotaFactor).toBeGreaterThanOrEqual(terms.leastFactor);
      expect(of(offered).quotaFactor).toBeLessThanOrEqual(1);
      expect(of(offered).quotaFactor < 1).toBe(of(offered).proposal !== null);
      expect(of(offered + more).quotaFactor).toBeGreaterThanOrEqual(of(offered).quotaFactor);
    }));
  });

  test('P19: slot time is no money by its type, and nothing of the ledger knows referrals or statements', () => {
    type Cents = Brand<number, 'Cents'>;
    const statement = (cents: Cents): Cents => cents;
    // @ts-expect-error minutes are never cents
    const owed: Cents = statement(slotMinutes(60));
    // @ts-expect-error and cents never minutes
    const time: SlotMinutes = 60 as Cents;
    expect([owed, time]).toEqual([60, 60]);
    const folder = join(__dirname, '..');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'));
    expect(sources.length).toBeGreaterThan(10);
    for (const file of sources) expect([file, /from '[^']*(?:referral|statement|shared-cost)/.exec(readFileSync(join(folder, file), 'utf8'))]).toEqual([file, null]);
  });
});
