import { isTried, questionOf, triedKinds } from './what-if-question';

describe('a question to the simulator', () => {
  it('is what the API takes, with percents as shares and factors', () => {
    expect(triedKinds.map(({ tried }) => questionOf(tried, 20, 'harbor'))).toEqual([
      { advice: true },
      { changes: [{ kind: 'rules', rules: { share: 0.2 } }] },
      { changes: [{ kind: 'rules', rules: { releaseDays: 20 } }] },
      { changes: [{ kind: 'add-slots', practice: 'harbor', slotsPerDay: 20 }] },
      { changes: [{ kind: 'demand', practice: 'harbor', factor: 1.2 }] },
    ]);
  });
  it('is one of those that the page offers', () => {
    expect(triedKinds.every(({ tried }) => isTried(tried))).toBe(true);
    expect([isTried('partner-leaves'), isTried(null)]).toEqual([false, false]);
  });
});
