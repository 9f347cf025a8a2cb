/** What the page lets people try, and what the amount is called; null: there is none. */
export const triedKinds = [
  { tried: 'advice', says: 'Find what we should share', amount: null },
  { tried: 'share', says: 'Every practice shares more or less of its time', amount: 'Share of its time, in %' },
  { tried: 'release', says: 'Shared time goes back to its owner earlier or later', amount: 'Days before' },
  { tried: 'add-slots', says: 'We add time', amount: 'Slots a day' },
  { tried: 'demand', says: 'Our patients ask for more', amount: 'More, in %' },
] as const;
export type Tried = (typeof triedKinds)[number]['tried'];
export const isTried = (value: unknown): value is Tried => triedKinds.some(({ tried }) => tried === value);

/** The question as the API takes it; whether the amount makes sense is for the API to say. */
export function questionOf(tried: Tried, amount: number, practice: string): object {
  switch (tried) {
    case 'advice': return { advice: true };
    case 'share': return { changes: [{ kind: 'rules', rules: { share: amount / 100 } }] };
    case 'release': return { changes: [{ kind: 'rules', rules: { releaseDays: amount } }] };
    case 'add-slots': return { changes: [{ kind: 'add-slots', practice, slotsPerDay: amount }] };
    case 'demand': return { changes: [{ kind: 'demand', practice, factor: 1 + amount / 100 }] };
  }
}
